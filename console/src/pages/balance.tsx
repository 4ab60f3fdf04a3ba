// Stub.

export function BalancePage() {
  return null;
}
