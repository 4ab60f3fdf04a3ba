// The thread of the floor that writes: each group is one transaction with fsync.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const { dataFolder } = workerData as { readonly dataFolder: string };
const database = new DatabaseSync(join(dataFolder, 'floor.db'));
database.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = wal; PRAGMA synchronous = FULL');
database.exec('CREATE TABLE entries (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL)');
const [begin, end] = [database.prepare('BEGIN'), database.prepare('COMMIT')];
const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?)');

parentPort?.on('message', (group: readonly (readonly [number, string])[]) => {
  begin.run();
  const nowMs = Date.now();
  // What was accepted has the even numbers, what became of it the odd ones: both grow at the end of the table.
  for (const [id, text] of group) insert.run(id > 0 ? 2 * id : -2 * id + 1, nowMs, text);
  end.run();
  parentPort?.postMessage(null);
});
