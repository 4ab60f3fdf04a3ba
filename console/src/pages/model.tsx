// Stub.

export function ModelPage() {
  return null;
}
