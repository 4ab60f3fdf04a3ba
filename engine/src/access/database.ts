// The file of users, sessions, tokens, audit and alerts, `access.db` in the data folder: opened durable, and brought to this version.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { accessError } from './errors.ts';

export const accessName = 'access.db';

/** In order; the file's `user_version` says how many it has had. Never change one that was released, only add. */
const migrations: readonly string[] = [
  `
  CREATE TABLE users (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, password TEXT, disabled INTEGER NOT NULL, grants TEXT NOT NULL,
    created_at INTEGER NOT NULL, seen_at INTEGER
  );
  CREATE TABLE sessions (
    hash BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL, address TEXT NOT NULL, browser TEXT NOT NULL
  );
  CREATE INDEX session_users ON sessions (user);
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, user TEXT NOT NULL, label TEXT NOT NULL, grants TEXT,
    created_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, seen_at INTEGER
  );
  CREATE INDEX token_users ON tokens (user);
  `,
  // What is searched by is read out of the entries themselves: nothing beside them could say otherwise.
  `
  CREATE TABLE audit (
    n INTEGER PRIMARY KEY, entry TEXT NOT NULL,
    at TEXT AS (json_extract(entry, '$.at')), who TEXT AS (json_extract(entry, '$.who')),
    action TEXT AS (json_extract(entry, '$.action'))
  );
  CREATE INDEX audit_times ON audit (at);
  CREATE INDEX audit_users ON audit (who, n);
  CREATE INDEX audit_actions ON audit (action, n);
  CREATE TABLE audit_begun (id INTEGER PRIMARY KEY, facts TEXT NOT NULL);
  CREATE TABLE audit_checkpoints (n INTEGER PRIMARY KEY, checkpoint TEXT NOT NULL);
  `,
  `
  CREATE TABLE data_keys (id INTEGER PRIMARY KEY, made_at INTEGER NOT NULL, sealed BLOB NOT NULL);
  CREATE TABLE secrets (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, changed_at INTEGER NOT NULL, key INTEGER NOT NULL, sealed BLOB NOT NULL
  );
  `,
  // The step of the last code of the second factor; null where there is none.
  'ALTER TABLE users ADD COLUMN totp_step INTEGER;',
  'CREATE TABLE approvals (id TEXT PRIMARY KEY, facts TEXT NOT NULL);',
  // Of whoever comes by single sign-on: issuer and subject.
  'ALTER TABLE users ADD COLUMN subject TEXT; CREATE UNIQUE INDEX user_subjects ON users (subject) WHERE subject IS NOT NULL;',
  // What is raised has no end; see alert-record.ts.
  `
  CREATE TABLE alerts (
    n INTEGER PRIMARY KEY, rule TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL,
    count INTEGER NOT NULL, finding TEXT NOT NULL, began_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, told_at INTEGER, ended_at INTEGER
  );
  CREATE UNIQUE INDEX alerts_raised ON alerts (rule, subject) WHERE ended_at IS NULL;
  CREATE INDEX alerts_ended ON alerts (ended_at) WHERE ended_at IS NOT NULL;
  CREATE TABLE alert_notices (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL, receiver TEXT NOT NULL, made_at INTEGER NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL, due_at INTEGER NOT NULL, ended_at INTEGER, error TEXT
  );
  CREATE INDEX alert_notices_waiting ON alert_notices (due_at, n) WHERE state = 'waiting';
  CREATE INDEX alert_notices_ended ON alert_notices (ended_at) WHERE ended_at IS NOT NULL;
  CREATE TABLE alert_mutes (rule TEXT PRIMARY KEY, until INTEGER NOT NULL, since INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT);
  CREATE TABLE alert_watches (name TEXT PRIMARY KEY, since INTEGER NOT NULL);
  `,
  // Each user has one invitation at most.
  'CREATE TABLE invitations (user TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, ends_at INTEGER NOT NULL);',
];

/** `:memory:` keeps it in memory, for tests. Throws MORTISE_ACCESS_DAMAGED. */
export function openAccessDatabase(folder: string): DatabaseSync {
  if (folder !== ':memory:') mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = folder === ':memory:' ? folder : join(folder, accessName);
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    database.exec('PRAGMA journal_mode = wal; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    migrate(database, file);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR')
      throw accessError('MORTISE_ACCESS_DAMAGED', `${file} cannot be used: ${error.message}.`, { cause: error });
    throw error;
  }
}

function migrate(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    const found = `${file} has version ${version}; this engine knows versions up to ${migrations.length}.`;
    throw accessError('MORTISE_ACCESS_DAMAGED', found);
  }
  if (version === migrations.length) return;
  transaction(database, () => {
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

export type Prepare = (sql: string) => StatementSync;

/** Each statement is prepared once: that costs more than asking it. */
export function prepared(database: DatabaseSync): Prepare {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

/** All of it or nothing. */
export function transaction<Result>(database: DatabaseSync, write: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = write();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
