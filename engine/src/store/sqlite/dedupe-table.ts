// Dedupe keys: which root message has one, until it expires or is released.

import type { DedupeKey } from '../store.ts';
import { BulkInsert } from './bulk-insert.ts';
import { Conflict } from './conflict.ts';
import { KeyLog } from './key-log.ts';
import type { Statements } from './statements.ts';
import { bytesToUuid, uuidToBytes } from './uuid.ts';
import type { Packed } from './values.ts';
import { asBytes, asNumber, asText } from './values.ts';

const select = 'SELECT root, until FROM dedupe WHERE n = ? AND flow = ? AND step = ? AND key = ?';

export class DedupeTable {
  readonly log: KeyLog;
  readonly rows: BulkInsert;
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.log = new KeyLog(statements, { log: 1, table: 'dedupe', expires: true });
    this.rows = new BulkInsert(statements, 'dedupe', 7);
  }

  /** The newest row of a key decides: where that has expired, older ones have too or were replaced. */
  find({ flow, step, key }: DedupeKey, hash: number, nowMs: number): { readonly root: string } | undefined {
    this.rows.flush();
    const row = this.log.find(hash, (n) => this.#statements.row(select, n, flow, step, key));
    return row && asNumber(row[1]) > nowMs ? { root: bytesToUuid(asBytes(row[0])) } : undefined;
  }

  /** Adds what is packed at `at`: flow, step, key, root, until, hash, and whether it may be known. Throws a Conflict. */
  add(commit: readonly Packed[], at: number, nowMs: number): void {
    const name = { flow: asText(commit[at]), step: asText(commit[at + 1]), key: asText(commit[at + 2]) };
    const [root, untilMs, hash] = [asText(commit[at + 3]), asNumber(commit[at + 4]), asNumber(commit[at + 5])];
    const owner = commit[at + 6] === 1 ? this.find(name, hash, nowMs) : undefined;
    if (owner && owner.root !== root)
      throw new Conflict(`Key "${name.key}" of step ${name.step} belongs to message ${owner.root}`);
    const n = this.log.add(hash, untilMs);
    this.rows.next.push(n, hash, name.flow, name.step, name.key, uuidToBytes(root), untilMs);
    this.rows.added();
  }

  release(root: string, flow: string): void {
    this.rows.flush();
    this.#statements.run('DELETE FROM dedupe WHERE root = ? AND flow = ?', uuidToBytes(root), flow);
  }
}
