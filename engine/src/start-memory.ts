// How V8 keeps memory while an engine starts.

import { setFlagsFromString } from 'node:v8';
import { collectsAlone } from './store/idle-memory.ts';

/**
 * Keeps the young generation as small as it is by now, until what this gives is called: most of what a start makes stays, V8 takes that for a reason to let
 * the young generation grow, and each of its pages is the kernel's to fill, at a moment when all wait for the engine. Under load it grows as ever.
 */
export function keepYoungSmall(): () => void {
  for (const flag of ['--semi-space-growth-factor=1', ...collectsAlone]) setFlagsFromString(flag);
  return () => setFlagsFromString('--semi-space-growth-factor=2');
}
