// Hides the second bytes of characters of two from the cutter: in Shift_JIS and its like some are a delimiter or quote elsewhere.

/** Copies chunks with every byte that follows a lead byte set to zero, also where they were cut between the two. */
export class TrailMask {
  readonly #leads: Uint8Array;
  #afterLead = false;

  /** `leads`: for each byte, 1 where it begins a character of two bytes. */
  constructor(leads: Uint8Array) {
    this.#leads = leads;
  }

  hide(chunk: Uint8Array): Uint8Array {
    const masked = new Uint8Array(chunk);
    for (let at = 0; at < masked.length; at++) {
      const byte = masked[at] as number;
      if (this.#afterLead) masked[at] = 0;
      // A line end is never a second byte: a broken character does not take it along.
      this.#afterLead = !this.#afterLead && this.#leads[byte] === 1;
      if (byte === 0x0a || byte === 0x0d) [masked[at], this.#afterLead] = [byte, false];
    }
    return masked;
  }
}
