// First in, first out, without moving what is behind.

export class Fifo<T> {
  private entries: (T | undefined)[] = [];
  private head = 0;

  get size(): number {
    return this.entries.length - this.head;
  }

  push(entry: T): void {
    this.entries.push(entry);
  }

  shift(): T | undefined {
    if (this.head === this.entries.length) return undefined;
    const entry = this.entries[this.head];
    this.entries[this.head++] = undefined;
    // Half of the list is spent: cut it off, so that it does not grow for ever.
    if (this.head > 1024 && this.head * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
    return entry;
  }

  /** The entry at `index` from the front, or the last one. */
  peek(index: number): T | undefined {
    return this.entries[Math.min(this.head + index, this.entries.length - 1)];
  }

  clear(): void {
    this.entries = [];
    this.head = 0;
  }
}
