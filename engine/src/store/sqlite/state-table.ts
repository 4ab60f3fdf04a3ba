// What steps keep under keys, and which deliveries are members of it.

import { checksumOf } from './checksum.ts';
import { Conflict } from './conflict.ts';
import { idBytes } from './delivery-table.ts';
import { stateCodes } from './schema.ts';
import type { Statements } from './statements.ts';
import type { Tables } from './tables.ts';
import type { Packed } from './values.ts';
import { asNumber, asText } from './values.ts';

const select = 'SELECT id, version, until FROM states WHERE flow = ? AND step = ? AND key = ?';
const insert = 'INSERT INTO states (flow, step, key, version, until, value, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)';
const update = 'UPDATE states SET version = ?, until = ?, value = ?, checksum = ? WHERE id = ?';

const those = 'SELECT seq FROM members WHERE state = ? AND place BETWEEN ? AND ?';
const moveHeld = `INSERT INTO ended (seq, destination, state, attempts, ended_at, revision, detail, journal, outputs, crashes)
  SELECT o.seq, o.destination, ?, o.attempts, ?, o.revision, o.detail, o.journal, o.outputs, o.crashes
  FROM members m CROSS JOIN deliveries d ON d.seq = m.seq CROSS JOIN open o ON o.destination = d.destination AND o.seq = m.seq
  WHERE m.state = ? AND m.place BETWEEN ? AND ? AND o.state = ${stateCodes.held}`;
const deleteHeld = `DELETE FROM open WHERE (destination, seq) IN (SELECT d.destination, d.seq FROM members m CROSS JOIN deliveries d ON d.seq = m.seq
  WHERE m.state = ? AND m.place BETWEEN ? AND ?) AND state = ${stateCodes.held}`;
const endDead = `UPDATE ended SET state = ?, ended_at = ?, due_at = NULL, error = NULL, holds_lane = NULL WHERE seq IN (${those}) AND state = ${stateCodes.dead}`;
const note = `INSERT INTO joined SELECT ?, place, seq FROM members WHERE state = ? AND place BETWEEN ? AND ?`;
const forgetMembers = 'DELETE FROM members WHERE state = ? AND place BETWEEN ? AND ?';

const sweepEveryMs = 1000;
/** Removed with one transaction: few enough not to be felt, enough to keep up with what comes. */
const sweptAtOnce = 1000;
const sweep = `DELETE FROM states WHERE id IN (SELECT s.id FROM states s WHERE s.until <= ?
  AND NOT EXISTS (SELECT 1 FROM members m WHERE m.state = s.id) LIMIT ${sweptAtOnce})`;

export class StateTable {
  readonly #statements: Statements;
  readonly #tables: Tables;
  /** The state that was changed last: those who join and leave are of it. */
  #id = 0;
  #sweptAtMs = 0;

  constructor(statements: Statements, tables: Tables) {
    this.#statements = statements;
    this.#tables = tables;
  }

  /** Carries out what is packed at `at`: flow, step, key, was, version, value, until. Throws a Conflict, before it writes. */
  change(commit: readonly Packed[], at: number, nowMs: number): void {
    const [flow, step, key] = [asText(commit[at]), asText(commit[at + 1]), asText(commit[at + 2])];
    const [was, version, value, until] = [
      asNumber(commit[at + 3]),
      asNumber(commit[at + 4]),
      commit[at + 5],
      commit[at + 6] ?? null,
    ];
    const row = this.#statements.row(select, flow, step, key);
    const found = row === undefined ? 0 : asNumber(row[1]);
    const forgotten = row !== undefined && typeof row[2] === 'number' && row[2] <= nowMs;
    if (found !== was && !(forgotten && was === 0))
      throw new Conflict(`The state "${key}" of step ${step} is of version ${found}, not ${was}`);
    const text = value ?? 'null';
    const checksum = checksumOf([flow, step, key, version, until, text]);
    if (row) {
      this.#id = asNumber(row[0]);
      this.#statements.run(update, version, until, text, checksum, this.#id);
    } else {
      this.#statements.run(insert, flow, step, key, version, until, text, checksum);
      this.#id = asNumber(this.#statements.row('SELECT last_insert_rowid()')?.[0]);
    }
  }

  join(place: number, seq: number): void {
    this.#statements.run('INSERT INTO members VALUES (?, ?, ?)', this.#id, place, seq);
  }

  /** Carries out what is packed at `at`: from, through, state, end, and the message that was made of them. */
  leave(commit: readonly Packed[], at: number): void {
    this.#tables.flush();
    const range = [this.#id, asNumber(commit[at]), asNumber(commit[at + 1])] as const;
    const [state, endedAtMs, into] = [asNumber(commit[at + 2]), asNumber(commit[at + 3]), commit[at + 4]];
    if (typeof into === 'string') this.#statements.run(note, idBytes(into), ...range);
    this.#statements.run(moveHeld, state, endedAtMs, ...range);
    this.#statements.run(deleteHeld, ...range);
    this.#statements.run(endDead, state, endedAtMs, ...range);
    this.#statements.run(forgetMembers, ...range);
  }

  /** What is kept is nothing any more: packed behind those who join and leave. */
  forget(): void {
    this.#statements.run('DELETE FROM members WHERE state = ?', this.#id);
    this.#statements.run('DELETE FROM states WHERE id = ?', this.#id);
  }

  /** Now and then removes what is forgotten. */
  sweep(nowMs: number): void {
    if (nowMs < this.#sweptAtMs + sweepEveryMs) return;
    this.#sweptAtMs = nowMs;
    this.#statements.run(sweep, nowMs);
  }
}
