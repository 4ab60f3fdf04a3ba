// A thread that copies the write-ahead log into the database while the writer goes on, so that no commit waits for it.

import type { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import type { CheckpointCalls } from './calls.ts';
import { serve } from './serve.ts';
import { openCheckpointer } from './settings.ts';

const { file } = workerData as { readonly file: string };
let database: DatabaseSync | undefined;

serve<CheckpointCalls>({
  checkpoint: () => {
    database ??= openCheckpointer(file);
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  },
  close: () => database?.close(),
});
