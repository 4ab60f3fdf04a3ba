// Business keys, by which people find journeys.

import { BulkInsert } from './bulk-insert.ts';
import { KeyLog } from './key-log.ts';
import type { Statements } from './statements.ts';
import { uuidToBytes } from './uuid.ts';
import type { Packed, Row } from './values.ts';
import { asNumber, asText } from './values.ts';

const businessKeyLog = 2;

/** Keys in sealed runs, by the index; then those that are not in it yet. */
const selectSealed = `SELECT k.root FROM sealed_runs s
  CROSS JOIN runs r ON r.log = s.log AND r.run = s.run AND r.hash = ?1
  CROSS JOIN keys k ON k.n = r.n
  WHERE s.log = ${businessKeyLog} AND k.name = ?2 AND k.value = ?3 AND in_time()`;
const selectFresh = `SELECT root FROM keys WHERE n > (SELECT ifnull(max(last), 0) FROM sealed_runs WHERE log = ${businessKeyLog})
  AND hash = ?1 AND name = ?2 AND value = ?3 AND in_time()`;

export class BusinessKeyTable {
  readonly log: KeyLog;
  readonly rows: BulkInsert;
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.log = new KeyLog(statements, { log: businessKeyLog, table: 'keys', expires: false });
    this.rows = new BulkInsert(statements, 'keys', 5);
  }

  /** Adds what is packed at `at`: name, value, root, hash. */
  add(commit: readonly Packed[], at: number): void {
    const hash = asNumber(commit[at + 3]);
    this.rows.next.push(
      this.log.add(hash, 0),
      hash,
      asText(commit[at]),
      asText(commit[at + 1]),
      uuidToBytes(asText(commit[at + 2])),
    );
    this.rows.added();
  }

  /** Removes rows by their numbers, a JSON list; then the index of a run of which none is left. */
  remove(numbers: string): void {
    this.#statements.run('DELETE FROM keys WHERE n IN (SELECT value FROM json_each(?))', numbers);
    this.log.removeEmptied();
  }
}

/** The roots that a business key leads to. */
export function findRoots(statements: Statements, name: string, value: string, hash: number): readonly Row[] {
  return statements.rows(`${selectSealed} UNION ${selectFresh}`, hash, name, value);
}

/** The same for the connection that writes, which has no time limit. */
export function findRootsToWrite(statements: Statements, name: string, value: string, hash: number): readonly Row[] {
  return statements.rows(`${selectSealed} UNION ${selectFresh}`.replaceAll(' AND in_time()', ''), hash, name, value);
}
