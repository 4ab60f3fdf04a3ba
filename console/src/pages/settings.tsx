// Stub.

export function Settings() {
  return null;
}
