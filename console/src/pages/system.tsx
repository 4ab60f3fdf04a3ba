// Stub.

export function SystemPage() {
  return null;
}
