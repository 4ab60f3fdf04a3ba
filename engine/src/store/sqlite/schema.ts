// The tables of the embedded store, and how a file of an older version becomes one of this version.

import { renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../delivery-state.ts';
import { storeError } from '../errors.ts';
import { copyDatabase } from './copy.ts';

/** What stands in the column `state`. The numbers are in files: never change one, only add. Those up to `openStateMax` are open. */
export const stateCodes: Readonly<Record<DeliveryState, number>> = {
  waiting: 0,
  held: 1,
  'in-doubt': 2,
  done: 3,
  filtered: 4,
  invalid: 5,
  dead: 6,
  discarded: 7,
  abandoned: 8,
  unclaimed: 9,
};

export const openStateMax = stateCodes['in-doubt'];
/** States from here on are rare, and have an index. */
export const troubleStateMin = stateCodes.invalid;

/** What steps keep: see state-table.ts. `joined` tells for good which deliveries became a part of a message. */
const stateTables = `
  CREATE TABLE states (
    id INTEGER PRIMARY KEY, flow TEXT NOT NULL, step TEXT NOT NULL, key TEXT NOT NULL,
    version INTEGER NOT NULL, value TEXT NOT NULL, until INTEGER, UNIQUE (flow, step, key)
  );
  CREATE INDEX states_until ON states (until) WHERE until IS NOT NULL;
  CREATE TABLE members (state INTEGER, place INTEGER, seq INTEGER NOT NULL, PRIMARY KEY (state, place)) WITHOUT ROWID;
  CREATE INDEX member_seqs ON members (seq);
  CREATE TABLE joined (message BLOB, place INTEGER, seq INTEGER NOT NULL, PRIMARY KEY (message, place)) WITHOUT ROWID;
  CREATE INDEX joined_seqs ON joined (seq);
`;

/** Migrations in order; the file's `user_version` says how many it has had. Never change one that was released, only add. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO facts VALUES ('clean', 1), ('seq', 1), ('secret', random() >> 32);

  CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE counters (destination INTEGER PRIMARY KEY, created INTEGER NOT NULL DEFAULT 0, mark INTEGER);

  -- A message has the number of the delivery that it came with; one that came with none has a number below zero.
  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, id BLOB NOT NULL, root BLOB, parent BLOB, replay_of BLOB,
    source TEXT NOT NULL, type TEXT NOT NULL, subject TEXT, time TEXT NOT NULL,
    content_type TEXT, data_schema TEXT, headers TEXT, keys TEXT, variables TEXT,
    accepted_at INTEGER NOT NULL, expires_at INTEGER,
    body_kind INTEGER NOT NULL, blob_bytes INTEGER, body
  );
  CREATE INDEX blobs ON messages (body) WHERE body_kind > 1;

  -- What of a delivery never changes. The message is the one of the same number where the column is null.
  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY, id BLOB NOT NULL, message INTEGER, parent BLOB,
    destination INTEGER NOT NULL, flow INTEGER NOT NULL, entry TEXT, lane TEXT, options TEXT, created_at INTEGER NOT NULL
  );

  -- Finds messages and deliveries by the message's id: other = 0 gives the message, any other a further delivery of it.
  -- The root stands here where it is another message.
  CREATE TABLE links (message BLOB, other INTEGER, seq INTEGER NOT NULL, root BLOB, PRIMARY KEY (message, other)) WITHOUT ROWID;

  -- What of a delivery changes, while work is owed. It stays small, so that its pages are written again and again.
  CREATE TABLE open (
    destination INTEGER, seq INTEGER, state INTEGER NOT NULL, plain INTEGER, suspect INTEGER, marked INTEGER,
    attempts INTEGER NOT NULL, due_at INTEGER, ended_at INTEGER, revision TEXT, error TEXT, detail TEXT, journal TEXT,
    outputs INTEGER, holds_lane INTEGER, crashes INTEGER,
    PRIMARY KEY (destination, seq)
  ) WITHOUT ROWID;
  CREATE INDEX held ON open (due_at, seq) WHERE state = 1 AND due_at IS NOT NULL;

  -- The same of deliveries that have ended, written once, in the order of their ends.
  CREATE TABLE ended (
    seq INTEGER PRIMARY KEY, destination INTEGER NOT NULL, state INTEGER NOT NULL,
    attempts INTEGER NOT NULL, due_at INTEGER, ended_at INTEGER, revision TEXT, error TEXT, detail TEXT, journal TEXT,
    outputs INTEGER, holds_lane INTEGER, crashes INTEGER
  );
  CREATE INDEX troubles ON ended (state, seq) WHERE state >= 5;
  CREATE INDEX held_lanes ON ended (seq) WHERE holds_lane = 1;

  -- Logs of keys, each with the hash by which it is found: see key-log.ts.
  CREATE TABLE once (
    n INTEGER PRIMARY KEY, hash INTEGER NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, messages TEXT NOT NULL, until INTEGER NOT NULL
  );
  CREATE TABLE dedupe (
    n INTEGER PRIMARY KEY, hash INTEGER NOT NULL, flow TEXT NOT NULL, step TEXT NOT NULL, key TEXT NOT NULL,
    root BLOB NOT NULL, until INTEGER NOT NULL
  );
  CREATE INDEX dedupe_roots ON dedupe (root);
  CREATE TABLE keys (n INTEGER PRIMARY KEY, hash INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, root BLOB NOT NULL);
  CREATE TABLE runs (log INTEGER, run INTEGER, hash INTEGER, n INTEGER, PRIMARY KEY (log, run, hash, n)) WITHOUT ROWID;
  CREATE TABLE sealed_runs (
    log INTEGER, run INTEGER, first INTEGER NOT NULL, last INTEGER NOT NULL, until INTEGER NOT NULL,
    filter BLOB, filter_until INTEGER NOT NULL,
    PRIMARY KEY (log, run)
  );

  CREATE TABLE cursors (scope TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE calls (
    delivery BLOB, call TEXT, about TEXT, body_kind INTEGER NOT NULL, blob_bytes INTEGER, body, PRIMARY KEY (delivery, call)
  ) WITHOUT ROWID;
  CREATE TABLE replies (
    root BLOB PRIMARY KEY, about TEXT, body_kind INTEGER NOT NULL, blob_bytes INTEGER, body
  ) WITHOUT ROWID;
  CREATE INDEX call_blobs ON calls (body) WHERE body_kind > 1;
  CREATE INDEX reply_blobs ON replies (body) WHERE body_kind > 1;
  `,
  // The key of a message: CloudEvents' extension `partitionkey`.
  'ALTER TABLE messages ADD COLUMN message_key TEXT;',
  'CREATE TABLE IF NOT EXISTS pauses (kind TEXT, name TEXT, since INTEGER, reason TEXT, PRIMARY KEY (kind, name));',
  // Retention and the balance of a day.
  `
  -- What was created in each quarter of an hour, counted as it was, and between which numbers it stands.
  CREATE TABLE days (
    period INTEGER, destination INTEGER, created INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (period, destination)
  ) WITHOUT ROWID;
  INSERT INTO days SELECT created_at / 900000, destination, count(*), min(seq), max(seq) FROM deliveries GROUP BY 1, 2;

  -- What of it retention dropped, by the state in which it was.
  CREATE TABLE dropped (
    period INTEGER, destination INTEGER, state INTEGER, count INTEGER NOT NULL, PRIMARY KEY (period, destination, state)
  ) WITHOUT ROWID;
  INSERT INTO facts VALUES ('dropped_outputs', 0), ('dropped_parents', 0);

  CREATE TABLE files (
    scope TEXT, id TEXT, at INTEGER NOT NULL, name TEXT, read INTEGER NOT NULL, accepted INTEGER NOT NULL,
    invalid INTEGER NOT NULL, whole INTEGER NOT NULL, PRIMARY KEY (scope, id)
  ) WITHOUT ROWID;
  CREATE INDEX file_times ON files (at);
  `,
  stateTables,
  ['messages', 'deliveries', 'calls', 'replies', 'states', 'cursors']
    .map((table) => `ALTER TABLE ${table} ADD COLUMN checksum INTEGER;`)
    .join('\n'),
  // Erasing and legal holds. What versions before this one deleted was not overwritten: the first scrub makes up for it.
  `
  CREATE TABLE holds (id TEXT PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, about TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX replays ON messages (replay_of) WHERE replay_of IS NOT NULL;
  INSERT INTO facts SELECT 'remnants', EXISTS (SELECT 1 FROM counters WHERE created > 0);
  `,
  'ALTER TABLE pauses ADD COLUMN drains_to INTEGER;',
  // From here on the time of a message is empty where it is that of its acceptance: engines of before would show no time.
  '',
];

/** Brings the file to this version. Throws MORTISE_STORE_NEWER where it is of a later one. */
export function migrate(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    const found = `The store in ${file} has version ${version}; this engine knows versions up to ${migrations.length}.`;
    throw storeError('MORTISE_STORE_NEWER', found);
  }
  if (version === migrations.length) return;
  if (version > 0) keepCopy(database, file, version);
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** The file as the older version left it, beside it: the way back. One from an upgrade that was cut off is made anew. */
function keepCopy(database: DatabaseSync, file: string, version: number): void {
  const copy = `${file}.version-${version}`;
  rmSync(`${copy}.part`, { force: true });
  copyDatabase(database, `${copy}.part`);
  renameSync(`${copy}.part`, copy);
}
