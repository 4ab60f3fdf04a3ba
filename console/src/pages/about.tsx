// Stub.

export function About() {
  return null;
}
