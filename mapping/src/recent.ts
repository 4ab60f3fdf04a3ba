// What was found last, by a text: an expression is asked about several times in a row, and what many flows share comes again soon.

const entriesMax = 8;
/** What is longer is not kept: it would hold as much memory as all the rest. */
const charactersMax = 16_384;

export class Recent<Value> {
  readonly #entries = new Map<string, Value>();

  /** What `find` gives for this key, now or the last time. */
  get(key: string, find: () => Value): Value {
    if (key.length > charactersMax) return find();
    const value = this.#entries.get(key) ?? find();
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest = key] = this.#entries.keys();
    if (this.#entries.size > entriesMax) this.#entries.delete(oldest);
    return value;
  }
}
