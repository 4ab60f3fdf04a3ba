// What is counted for each destination: deliveries that were made, and the dispatch mark. Written once a group.

import type { Statements } from './statements.ts';

const writeCreated = `INSERT INTO counters (destination, created) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET created = created + excluded.created`;
const writeMark = `INSERT INTO counters (destination, mark) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET mark = max(ifnull(mark, 0), excluded.mark)`;

export class Counters {
  readonly #statements: Statements;
  #created = new Map<number, number>();
  #marks = new Map<number, number>();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  begin(): void {
    this.#created.clear();
    this.#marks.clear();
  }

  created(destination: number): void {
    this.#created.set(destination, (this.#created.get(destination) ?? 0) + 1);
  }

  mark(destination: number, seq: number): void {
    this.#marks.set(destination, Math.max(seq, this.#marks.get(destination) ?? seq));
  }

  /** Remembers how things stand; what it gives goes back to that. */
  save(): () => void {
    const [created, marks] = [new Map(this.#created), new Map(this.#marks)];
    return () => {
      this.#created = created;
      this.#marks = marks;
    };
  }

  write(): void {
    for (const [destination, count] of this.#created) this.#statements.run(writeCreated, destination, count);
    for (const [destination, seq] of this.#marks) this.#statements.run(writeMark, destination, seq);
  }
}
