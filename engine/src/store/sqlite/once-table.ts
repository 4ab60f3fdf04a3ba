// Keys under which something was committed once, with the messages of that commit, until they expire.

import { BulkInsert } from './bulk-insert.ts';
import { KeyLog } from './key-log.ts';
import type { Statements } from './statements.ts';
import type { Packed } from './values.ts';
import { asNumber, asText, readJson } from './values.ts';

const select = 'SELECT messages, until FROM once WHERE n = ? AND scope = ? AND key = ?';

export class OnceTable {
  readonly log: KeyLog;
  readonly rows: BulkInsert;
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.log = new KeyLog(statements, { log: 0, table: 'once', expires: true });
    this.rows = new BulkInsert(statements, 'once', 6);
  }

  /**
   * The messages that were committed under the key that is packed at `at` (scope, key, messages, until, hash, and whether it
   * may be known), if it has not expired.
   */
  find(commit: readonly Packed[], at: number, nowMs: number): readonly string[] | undefined {
    if (commit[at + 5] !== 1) return undefined;
    this.rows.flush();
    const [scope, key] = [asText(commit[at]), asText(commit[at + 1])];
    const row = this.log.find(asNumber(commit[at + 4]), (n) => this.#statements.row(select, n, scope, key));
    return row && asNumber(row[1]) > nowMs ? readJson<readonly string[]>(row[0]) : undefined;
  }

  add(commit: readonly Packed[], at: number): void {
    const [untilMs, hash] = [asNumber(commit[at + 3]), asNumber(commit[at + 4])];
    const n = this.log.add(hash, untilMs);
    this.rows.next.push(n, hash, asText(commit[at]), asText(commit[at + 1]), asText(commit[at + 2]), untilMs);
    this.rows.added();
  }
}
