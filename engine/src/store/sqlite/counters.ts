// What is counted for each destination: deliveries that were made, and the dispatch mark. Written once a group.

import { periodMs } from '../store.ts';
import type { Statements } from './statements.ts';

const writeDay = `INSERT INTO days VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
  created = created + excluded.created, first = min(first, excluded.first), last = max(last, excluded.last)`;
const writeCreated = `INSERT INTO counters (destination, created) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET created = created + excluded.created`;
const writeMark = `INSERT INTO counters (destination, mark) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET mark = max(ifnull(mark, 0), excluded.mark)`;

/** More destinations than there can be. */
const destinationsMax = 2 ** 24;

interface Day {
  readonly created: number;
  readonly first: number;
  readonly last: number;
}

export class Counters {
  readonly #statements: Statements;
  #created = new Map<number, number>();
  #marks = new Map<number, number>();
  /** By period and destination, as one number. */
  #days = new Map<number, Day>();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  begin(): void {
    this.#created.clear();
    this.#days.clear();
    this.#marks.clear();
  }

  created(destination: number, seq: number, createdAtMs: number): void {
    this.#created.set(destination, (this.#created.get(destination) ?? 0) + 1);
    const key = Math.floor(createdAtMs / periodMs) * destinationsMax + destination;
    const day = this.#days.get(key);
    this.#days.set(key, {
      created: (day?.created ?? 0) + 1,
      first: Math.min(seq, day?.first ?? seq),
      last: Math.max(seq, day?.last ?? seq),
    });
  }

  mark(destination: number, seq: number): void {
    this.#marks.set(destination, Math.max(seq, this.#marks.get(destination) ?? seq));
  }

  /** Remembers how things stand; what it gives goes back to that. */
  save(): () => void {
    const [created, marks, days] = [new Map(this.#created), new Map(this.#marks), new Map(this.#days)];
    return () => {
      this.#created = created;
      this.#days = days;
      this.#marks = marks;
    };
  }

  write(): void {
    for (const [destination, count] of this.#created) this.#statements.run(writeCreated, destination, count);
    for (const [key, { created, first, last }] of this.#days) {
      this.#statements.run(writeDay, Math.floor(key / destinationsMax), key % destinationsMax, created, first, last);
    }
    for (const [destination, seq] of this.#marks) this.#statements.run(writeMark, destination, seq);
  }
}
