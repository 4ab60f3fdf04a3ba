// Stub.

export function Models() {
  return null;
}
