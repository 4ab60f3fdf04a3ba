// The thread of the contender to which rows are posted.

import { parentPort, workerData } from 'node:worker_threads';
import { openPostedWriter } from './store-contenders.ts';
import type { Posted } from './store-contenders.ts';

const write = openPostedWriter(workerData as string);

parentPort?.on('message', (posted: Posted) => {
  write(posted);
  parentPort?.postMessage('written');
});
