// Stub.

export function Mesh() {
  return null;
}
