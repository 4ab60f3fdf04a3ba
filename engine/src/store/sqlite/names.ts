// Names that stand in many rows (destinations, flows) as small numbers.

import { storeError } from '../errors.ts';
import type { Statements } from './statements.ts';
import { asNumber, asText } from './values.ts';

/** Names and their numbers, remembered in memory. */
export class Names {
  readonly #statements: Statements;
  readonly #ids = new Map<string, number>();
  readonly #names = new Map<number, string>();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** The number of a name, which is added where it is new. */
  idOf(name: string): number {
    const known = this.find(name);
    if (known !== undefined) return known;
    this.#statements.run('INSERT INTO names (name) VALUES (?)', name);
    return this.find(name) ?? 0;
  }

  /** The number of a name, if it was ever added. */
  find(name: string): number | undefined {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const row = this.#statements.row('SELECT id FROM names WHERE name = ?', name);
    if (!row) return undefined;
    const id = asNumber(row[0]);
    this.#ids.set(name, id);
    return id;
  }

  /** The name of a number that stands in a row. */
  nameOf(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const row = this.#statements.row('SELECT name FROM names WHERE id = ?', id);
    if (!row) throw storeError('MORTISE_STORE_CORRUPT', `A row names destination or flow ${id}, which there is none of.`);
    const name = asText(row[0]);
    this.#names.set(id, name);
    return name;
  }

  /** Forgets all, after a transaction that may have added names was undone. */
  forget(): void {
    this.#ids.clear();
    this.#names.clear();
  }
}
