// Watches over what compressed data expand to: a small body must not become one that fills memory, disk or hours.

import { formatError } from '../format.ts';

export interface ExpansionLimits {
  /** How many bytes may come out. */
  readonly bytesMax: number;
  /** How many bytes may come out of one, on average, once more than a mebibyte came. */
  readonly ratioMax: number;
}

const ratioFromBytes = 1024 ** 2;

/**
 * The pieces as they are, up to the limit: behind it MORTISE_FORMAT_LIMIT is thrown. `readBytes` tells how many bytes were read
 * for what came, and `what` names the data in the message.
 */
export class ExpansionGuard {
  readonly #limits: ExpansionLimits;
  #bytes = 0;

  constructor(limits: ExpansionLimits) {
    this.#limits = limits;
  }

  *pass(piece: Uint8Array, readBytes: number, what: string): Generator<Uint8Array> {
    const { bytesMax, ratioMax } = this.#limits;
    const allowed = piece.subarray(0, bytesMax - this.#bytes);
    this.#bytes += piece.length;
    if (allowed.length > 0) yield allowed;
    if (this.#bytes > bytesMax) throw this.#tooMuch(`${what} expand to more than ${bytesMax} bytes (bytesMax).`);
    if (this.#bytes > ratioFromBytes && this.#bytes > ratioMax * readBytes)
      throw this.#tooMuch(`${what} expand to more than ${ratioMax} times their length (ratioMax).`);
  }

  #tooMuch(message: string): Error {
    return formatError('MORTISE_FORMAT_LIMIT', message);
  }
}
