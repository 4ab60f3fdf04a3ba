// The audit: who did, saw, exported and changed what. Entries are only ever added, each chained to the one before.

import type { DatabaseSync } from 'node:sqlite';
import { beginning, checkpointKind, hashOf, signedText } from './audit-chain.ts';
import type { AuditEntry, AuditResult, Checkpoint } from './audit-chain.ts';
import { prepared, transaction } from './database.ts';
import type { Prepare } from './database.ts';
import type { SigningKey } from './signing-key.ts';

/** What is known before it is done. */
export type AuditFacts = Pick<AuditEntry, 'who' | 'by' | 'from' | 'action' | 'about'>;
/** What is known behind it. */
export interface AuditOutcome {
  readonly result: AuditResult;
  readonly code?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditFilter {
  readonly who?: string;
  readonly action?: string;
  readonly result?: string;
  /** A part of the text of the entry. */
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  /** Those with a smaller number. */
  readonly before?: number;
  readonly limit: number;
}

/** So many entries are signed by themselves; more often by whoever asks. */
const checkpointEvery = 1000;
const pageRows = 1000;

export class Audit {
  private readonly database: DatabaseSync;
  private readonly prepare: Prepare;
  private readonly key: SigningKey;
  private readonly nowMs: () => number;

  constructor(database: DatabaseSync, key: SigningKey, nowMs: () => number) {
    this.database = database;
    this.prepare = prepared(database);
    this.key = key;
    this.nowMs = nowMs;
  }

  /** What was begun and not ended when the process died becomes an entry of its own. Once, by the engine. */
  recover(): void {
    for (const row of this.prepare('SELECT id, facts FROM audit_begun ORDER BY id').all())
      this.end(Number(row['id']), JSON.parse(String(row['facts'])) as AuditFacts, { result: 'unknown' });
  }

  get publicKey(): string {
    return this.key.publicKey;
  }

  /** On disk before it is done, so that no crash hides it. Gives what `end` wants. */
  begin(facts: AuditFacts): number {
    const { lastInsertRowid } = this.prepare('INSERT INTO audit_begun (facts) VALUES (?)').run(JSON.stringify(facts));
    return Number(lastInsertRowid);
  }

  end(begun: number, facts: AuditFacts, outcome: AuditOutcome): void {
    transaction(this.database, () => {
      this.write(facts, outcome);
      this.prepare('DELETE FROM audit_begun WHERE id = ?').run(begun);
    });
  }

  add(facts: AuditFacts, outcome: AuditOutcome): void {
    transaction(this.database, () => this.write(facts, outcome));
  }

  /** The newest first. */
  search({ who, action, result, text, since, until, before, limit }: AuditFilter): readonly AuditEntry[] {
    const conditions: readonly (readonly [string, string | number | undefined])[] = [
      ['who = ?', who],
      ['action = ?', action],
      ["json_extract(entry, '$.result') = ?", result],
      ['instr(lower(entry), lower(?)) > 0', text],
      ['at >= ?', since],
      ['at < ?', until],
      ['n < ?', before],
    ];
    const given = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
    const where = ['1', ...given.map(({ sql }) => sql)].join(' AND ');
    const rows = this.prepare(`SELECT entry FROM audit WHERE ${where} ORDER BY n DESC LIMIT ?`);
    return rows.all(...given.map(({ value }) => value), limit).map((row) => JSON.parse(String(row['entry'])) as AuditEntry);
  }

  /** The texts of all entries as they are chained, oldest first. */
  *lines(): Generator<string> {
    yield* auditLines(this.prepare);
  }

  /** Of the newest entry; undefined where there is none. */
  checkpoint(): Checkpoint | undefined {
    const last = this.last();
    if (last.n === 0) return undefined;
    const known = this.prepare('SELECT checkpoint FROM audit_checkpoints WHERE n = ?').get(last.n);
    if (known) return JSON.parse(String(known['checkpoint'])) as Checkpoint;
    const facts = { n: last.n, at: new Date(this.nowMs()).toISOString(), hash: last.hash };
    const checkpoint: Checkpoint = { kind: checkpointKind, ...facts, signature: this.key.sign(signedText(facts)) };
    this.prepare('INSERT INTO audit_checkpoints (n, checkpoint) VALUES (?, ?)').run(last.n, JSON.stringify(checkpoint));
    return checkpoint;
  }

  checkpoints(): readonly Checkpoint[] {
    const rows = this.prepare('SELECT checkpoint FROM audit_checkpoints ORDER BY n').all();
    return rows.map((row) => JSON.parse(String(row['checkpoint'])) as Checkpoint);
  }

  private last(): { readonly n: number; readonly hash: string } {
    const row = this.prepare('SELECT n, entry FROM audit ORDER BY n DESC LIMIT 1').get();
    return row ? { n: Number(row['n']), hash: hashOf(String(row['entry'])) } : { n: 0, hash: beginning };
  }

  private write({ who, by, from, action, about }: AuditFacts, { result, code, before, after }: AuditOutcome): void {
    const last = this.last();
    const n = last.n + 1;
    const at = new Date(this.nowMs()).toISOString();
    // JSON leaves out what is undefined.
    const entry = { n, at, who, by, from, action, about, result, code, before, after, previous: last.hash };
    this.prepare('INSERT INTO audit (n, entry) VALUES (?, ?)').run(n, JSON.stringify(entry));
    if (n % checkpointEvery === 0) this.checkpoint();
  }
}

export function* auditLines(prepare: Prepare): Generator<string> {
  let n = 0;
  for (;;) {
    const rows = prepare('SELECT n, entry FROM audit WHERE n > ? ORDER BY n LIMIT ?').all(n, pageRows);
    for (const row of rows) yield String(row['entry']);
    if (rows.length < pageRows) return;
    n = Number(rows.at(-1)?.['n']);
  }
}
