// Stub.

export function Tables() {
  return null;
}
