// A thread that copies the database for a backup, on a connection of its own, so that neither commits nor questions wait.

import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import type { CopyCalls } from './calls.ts';
import { copyDatabase } from './copy.ts';
import { serve } from './serve.ts';

const { file } = workerData as { readonly file: string };

serve<CopyCalls>({
  copy: (target) => {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    try {
      copyDatabase(database, target);
    } finally {
      database.close();
    }
  },
});
