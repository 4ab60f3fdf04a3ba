// Stub.

export function Flows() {
  return null;
}
