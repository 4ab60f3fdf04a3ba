// Decodes what stands inside a container, while the container is read: its own faults come before those of what is inside.

import type { BoundFormat } from './format-options.ts';
import type { Decoded } from './format.ts';

/**
 * What the format makes of the pieces. Where it finds a fault, the pieces are read to their end first: a container that is broken
 * explains what is broken inside, and decoding it in memory, where it is read first, says the same.
 */
export async function* decodeInside(format: BoundFormat, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Decoded> {
  // The format may not close the pieces when it stops: the rest of them is still to be read.
  const lent: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
  try {
    try {
      yield* format.decode(lent);
    } catch (error) {
      await drain(pieces);
      throw error;
    }
    await drain(pieces);
  } finally {
    await pieces.return(undefined);
  }
}

async function drain(pieces: AsyncIterator<Uint8Array>): Promise<void> {
  while (!(await pieces.next()).done);
}
