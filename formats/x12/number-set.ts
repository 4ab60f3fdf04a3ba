// Remembers control numbers: those that follow each other as one range, so that a long file costs no memory.

/** So many that do not follow each other are remembered; of more, a repetition may go unseen. */
const othersMax = 100_000;

export class NumberSet {
  readonly #others = new Set<string>();
  #first = Number.NaN;
  #last = Number.NaN;
  /** The range holds numbers that are all written with as many digits, or without zeros before them. */
  #digits = 0;

  /** False where it was there already. */
  add(text: string): boolean {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(this.#first) && !Number.isNaN(number)) {
      this.#first = this.#last = number;
      this.#digits = text.length;
      return !this.#isOther(text);
    }
    if (this.#isWritten(text, number)) {
      if (number >= this.#first && number <= this.#last) return false;
      if (number === this.#last + 1) {
        this.#last = number;
        return !this.#isOther(text);
      }
    }
    if (this.#isOther(text)) return false;
    if (this.#others.size < othersMax) this.#others.add(text);
    return true;
  }

  #isOther(text: string): boolean {
    return this.#others.size > 0 && this.#others.has(text);
  }

  #isWritten(text: string, number: number): boolean {
    return text.length === this.#digits || (text === String(number) && text.length > this.#digits);
  }
}
