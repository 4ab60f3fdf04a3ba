// What the supplier and the ledger of the demo have in common: each is a process of its own that takes files from a folder, looks at them
// strictly, and answers by files under numbers of its own. It remembers all that it ever got, so that one can see what that was.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A file that is answered with. */
export interface Answer {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface PlayedSystem {
  /** Holds `in` and `out`, and the memory, `memory.db`. */
  readonly folder: string;
  readonly takes: RegExp;
  /** What a file is answered with. Throws an `Objection` where it is not what was agreed. */
  answer(bytes: Uint8Array, memory: Memory): readonly Answer[];
}

/** What is wrong with a file. */
export class Objection extends Error {}

/** What such a system remembers; all that one file changes is one transaction. */
export class Memory {
  readonly database: DatabaseSync;

  constructor(folder: string) {
    this.database = new DatabaseSync(join(folder, 'memory.db'));
    this.database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA busy_timeout = 10000;
      CREATE TABLE IF NOT EXISTS received (name TEXT, digest TEXT, bytes BLOB, times INTEGER, PRIMARY KEY (name, digest)) STRICT;
      CREATE TABLE IF NOT EXISTS answer (name TEXT PRIMARY KEY, bytes BLOB, dropped INTEGER NOT NULL DEFAULT 0) STRICT;
      CREATE TABLE IF NOT EXISTS seen (kind TEXT, number INTEGER, about TEXT, PRIMARY KEY (kind, number)) STRICT;
      CREATE TABLE IF NOT EXISTS drawn (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS objection (name TEXT, what TEXT) STRICT;
    `);
  }

  /** The next number of our own. */
  draw(kind: string): number {
    const row = this.database
      .prepare('INSERT INTO drawn VALUES (?, 1) ON CONFLICT (kind) DO UPDATE SET last = last + 1 RETURNING last')
      .get(kind);
    return Number(row?.['last']);
  }

  /** Notes a number of the other side's. Throws an `Objection` where it was there before. */
  see(kind: string, number: number, about: string): void {
    const { changes } = this.database.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?, ?)').run(kind, number, about);
    if (changes === 0) throw new Objection(`The ${kind} ${number} was there before.`);
  }

  /** Whether these bytes came for the first time under this name. */
  receive(name: string, bytes: Uint8Array): boolean {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const row = this.database
      .prepare('INSERT INTO received VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times')
      .get(name, digest, bytes);
    return row?.['times'] === 1;
  }

  together(work: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

const lookMs = 100;

/** Works until the process that started this one is gone, however it went. */
export function play(system: PlayedSystem): void {
  for (const name of ['in', 'out']) mkdirSync(join(system.folder, name), { recursive: true });
  const memory = new Memory(system.folder);
  setInterval(() => {
    for (const name of readdirSync(join(system.folder, 'in'))) if (system.takes.test(name)) take(system, memory, name);
    drop(system, memory);
  }, lookMs);
  process.once('disconnect', () => process.exit(0));
}

/** A file that comes again with the same content is one that was taken: there is nothing to be done. */
function take(system: PlayedSystem, memory: Memory, name: string): void {
  const path = join(system.folder, 'in', name);
  const bytes = readFileSync(path);
  try {
    memory.together(() => {
      if (!memory.receive(name, bytes)) return;
      for (const answer of system.answer(bytes, memory))
        memory.database.prepare('INSERT INTO answer (name, bytes) VALUES (?, ?)').run(answer.name, answer.bytes);
    });
  } catch (error) {
    if (!(error instanceof Objection)) throw error;
    memory.together(() => {
      memory.receive(name, bytes);
      memory.database.prepare('INSERT INTO objection VALUES (?, ?)').run(name, error.message);
    });
  }
  rmSync(path);
}

/** An answer appears whole, under its name. One that was dropped when the process ended is dropped again, with the same content. */
function drop({ folder }: PlayedSystem, { database }: Memory): void {
  for (const { name, bytes } of database.prepare('SELECT name, bytes FROM answer WHERE dropped = 0 ORDER BY rowid').all()) {
    const path = join(folder, 'out', String(name));
    writeFileSync(`${path}.part`, bytes as Uint8Array);
    renameSync(`${path}.part`, path);
    database.prepare('UPDATE answer SET dropped = 1 WHERE name = ?').run(String(name));
  }
}
