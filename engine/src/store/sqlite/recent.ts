// The destinations of the deliveries that were made last, by sequence number: almost all changes come soon after.

const size = 1 << 16;

export class RecentDestinations {
  readonly #seqs = new Float64Array(size);
  readonly #destinations = new Int32Array(size);

  set(seq: number, destination: number): void {
    const slot = seq % size;
    this.#seqs[slot] = seq;
    this.#destinations[slot] = destination;
  }

  /** Undefined where it is not remembered. */
  get(seq: number): number | undefined {
    const slot = seq % size;
    return this.#seqs[slot] === seq ? this.#destinations[slot] : undefined;
  }
}
