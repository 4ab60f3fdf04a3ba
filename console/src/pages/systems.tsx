// Stub.

export function Systems() {
  return null;
}
