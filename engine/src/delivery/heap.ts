// A heap of what is due: the earliest first.

export interface Due {
  readonly dueAtMs: number;
}

export class DueHeap<T extends Due> {
  private entries: T[] = [];

  get size(): number {
    return this.entries.length;
  }

  get first(): T | undefined {
    return this.entries[0];
  }

  add(entry: T): void {
    this.entries.push(entry);
    let at = this.entries.length - 1;
    while (at > 0 && this.before(at, (at - 1) >> 1)) at = this.swap(at, (at - 1) >> 1);
  }

  /** Takes the first if it is due by then. */
  takeDue(nowMs: number): T | undefined {
    const first = this.entries[0];
    if (!first || first.dueAtMs > nowMs) return undefined;
    const last = this.entries.pop() as T;
    if (this.entries.length === 0) return first;
    this.entries[0] = last;
    this.sink(0);
    return first;
  }

  /** Moves all by the same time: they stay in order. */
  shift(byMs: number): void {
    this.entries = this.entries.map((entry) => ({ ...entry, dueAtMs: entry.dueAtMs + byMs }));
  }

  private sink(from: number): void {
    for (let at = from; ; ) {
      const children = [2 * at + 1, 2 * at + 2].filter((child) => child < this.entries.length);
      const least =
        children.length === 2 && this.before(children[1] as number, children[0] as number) ? children[1] : children[0];
      if (least === undefined || !this.before(least, at)) return;
      at = this.swap(at, least);
    }
  }

  private before(a: number, b: number): boolean {
    return (this.entries[a] as T).dueAtMs < (this.entries[b] as T).dueAtMs;
  }

  private swap(a: number, b: number): number {
    [this.entries[a], this.entries[b]] = [this.entries[b] as T, this.entries[a] as T];
    return b;
  }
}
