// Drops what retention no longer keeps: a slice of deliveries at a time, with what only they referred to.

import { periodMs } from '../store.ts';
import type { Dropped } from '../store.ts';
import { HeldJourneys } from './holds.ts';
import { stateCodes } from './schema.ts';
import type { Statements } from './statements.ts';
import type { Row, Value } from './values.ts';
import { asNumber } from './values.ts';

const list = '(SELECT value FROM json_each(?))';
/** What of the list may go: the state may have changed since it was made. */
const selectDroppable = `SELECT e.seq, ifnull(d.message, d.seq), hex(d.id), d.created_at, e.destination, e.state, e.outputs, d.parent, ifnull(m.root, m.id)
  FROM json_each(?) j CROSS JOIN ended e ON e.seq = j.value CROSS JOIN deliveries d ON d.seq = e.seq
  LEFT JOIN messages m ON m.seq = ifnull(d.message, d.seq)
  WHERE ifnull(e.ended_at, d.created_at) < ? AND e.holds_lane IS NOT 1 AND NOT EXISTS (SELECT 1 FROM members m WHERE m.seq = e.seq)`;
const deleteLinks = `DELETE FROM links WHERE (message, other) IN (
  SELECT m.id, d.seq FROM json_each(?) j CROSS JOIN deliveries d ON d.seq = j.value CROSS JOIN messages m ON m.seq = d.message)`;
const selectLeft = `SELECT m.seq, hex(m.id), m.body_kind > 1 FROM json_each(?) j CROSS JOIN messages m ON m.seq = j.value
  WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.seq = m.seq)
  AND NOT EXISTS (SELECT 1 FROM links l WHERE l.message = m.id AND l.other > 0)`;
const writeDropped = 'INSERT INTO dropped VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count';
const addFact = 'UPDATE facts SET value = value + ? WHERE name = ?';

const troubles: ReadonlySet<Value> = new Set([stateCodes.dead, stateCodes.invalid]);

export class Dropper {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** `seqs` is a JSON list of numbers of deliveries. */
  drop(seqs: string, endedBeforeMs: number): Dropped {
    // A hold may have been set since the list was made.
    const held = new HeldJourneys(this.#statements);
    const isFree = ({ 8: root }: Row): boolean =>
      held.isEmpty || !(root instanceof Uint8Array) || held.holding(root).length === 0;
    const rows = this.#statements.rows(selectDroppable, seqs, endedBeforeMs).filter(isFree);
    if (rows.length === 0) return { deliveries: 0, messages: 0, troubles: 0, blobs: 0 };
    this.#note(rows);
    const numbers = JSON.stringify(rows.map((row) => row[0]));
    this.#statements.run(deleteLinks, numbers);
    this.#statements.run(`DELETE FROM ended WHERE seq IN ${list}`, numbers);
    this.#statements.run(`DELETE FROM deliveries WHERE seq IN ${list}`, numbers);
    this.#statements.run(`DELETE FROM joined WHERE seq IN ${list}`, numbers);
    this.#deleteByIds(
      'calls',
      'delivery',
      rows.map((row) => row[2] ?? null),
    );
    const left = this.#dropMessages(JSON.stringify([...new Set(rows.map((row) => row[1]))]));
    return {
      deliveries: rows.length,
      troubles: rows.filter((row) => troubles.has(row[5] ?? null)).length,
      messages: left.length,
      blobs: left.filter((row) => row[2] === 1).length,
    };
  }

  /** Messages that no delivery carries any more, of those that are listed. */
  #dropMessages(listed: string): readonly Row[] {
    const left = this.#statements.rows(selectLeft, listed);
    const ids = left.map((row) => row[1] ?? null);
    this.#statements.run(`DELETE FROM messages WHERE seq IN ${list}`, JSON.stringify(left.map((row) => row[0])));
    this.#deleteByIds('links', 'other = 0 AND message', ids);
    this.#deleteByIds('replies', 'root', ids);
    this.#deleteByIds('joined', 'message', ids);
    return left;
  }

  #deleteByIds(table: string, column: string, ids: readonly Value[]): void {
    this.#statements.run(`DELETE FROM ${table} WHERE ${column} IN (SELECT unhex(value) FROM json_each(?))`, JSON.stringify(ids));
  }

  /** What is gone goes on counting, where it was counted. */
  #note(rows: readonly Row[]): void {
    const counts = new Map<string, { readonly at: readonly [number, Value, Value]; count: number }>();
    for (const [, , , createdAtMs, destination = null, state = null] of rows) {
      const at = [Math.floor(asNumber(createdAtMs) / periodMs), destination, state] as const;
      const counted = counts.get(at.join()) ?? { at, count: 0 };
      counted.count++;
      counts.set(at.join(), counted);
    }
    for (const { at, count } of counts.values()) this.#statements.run(writeDropped, ...at, count);
    const outputs = rows.reduce((sum, row) => sum + (typeof row[6] === 'number' ? row[6] : 0), 0);
    this.#statements.run(addFact, outputs, 'dropped_outputs');
    this.#statements.run(addFact, rows.filter((row) => row[7] !== null).length, 'dropped_parents');
  }
}
