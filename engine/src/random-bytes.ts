// Random bytes for ids, taken from a pool: asking the system for a few at a time costs more than all the rest of an id.

import { randomFillSync } from 'node:crypto';
import type { RandomBytes } from './delivery/ids.ts';

const poolBytes = 4096;

export function pooledRandomBytes(): RandomBytes {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;
  return (count) => {
    if (used + count > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    used += count;
    return pool.slice(used - count, used);
  };
}
