// The proof of a project as a page: one file, that loads nothing.

import type { Proof } from '@mortise/engine';

export function proofPage(proof: Proof): string {
  return JSON.stringify(proof);
}
