// The thread in which a database's statements run: takes what has gathered, and commits it together.

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Connection } from './client.ts';
import type { Request, Response, Settings, StagedWrite } from './protocol.ts';

/** A transaction of more holds the lock too long for the other application. */
const writesPerTransaction = 200;

const port = parentPort;
if (!port) throw new Error('This file is run as a thread.');
// The thread is started by database.ts, which posts nothing but this.
const connection = new Connection(workerData as Settings);

port.on('message', (first: Request | 'close') => {
  const gathered = [first];
  while (gathered.length < writesPerTransaction) {
    const next: { readonly message: Request | 'close' } | undefined = receiveMessageOnPort(port);
    if (!next) break;
    gathered.push(next.message);
  }
  port.postMessage(answer(gathered.filter((message) => message !== 'close')));
  if (!gathered.includes('close')) return;
  connection.close();
  port.close();
});

function answer(requests: readonly Request[]): Response[] {
  const writes = requests.filter((request) => 'write' in request);
  const reads = requests.filter((request) => 'read' in request);
  const outcomes = writes.length > 0 ? connection.writeAll(writes.map(({ write }): StagedWrite => write)) : [];
  return [
    ...writes.map(({ id }, index) => ({ id, outcome: outcomes[index] as Response['outcome'] })),
    ...reads.map(({ id, read }) => ({ id, outcome: connection.read(read) })),
  ];
}
