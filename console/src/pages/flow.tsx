// Stub.

export function FlowPage() {
  return null;
}
