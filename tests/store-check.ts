// What a process said it had stored, compared with what is there: in another process, after whatever happened to it.

import { join } from 'node:path';
import { expect } from 'vitest';
import { openBlobs } from '../engine/src/store/blobs.ts';
import { sampleId } from '../engine/src/store/conformance/samples.ts';
import { openSqliteStore } from '../engine/src/store/sqlite/open.ts';
import type { FileStore, StoredBody } from '../engine/src/store/store.ts';
import { blobBytes, hasBlob, textOf } from './store-words.ts';

/** What the lines say was done: the deliveries that were made, and of those that ended the outputs. */
export class Said {
  readonly made = new Set<number>();
  readonly ended = new Map<number, number>();
  failed = false;
  /** What was said to be done after the store had said that it failed. */
  readonly afterFailure: string[] = [];

  hear(line: string): void {
    const [what, seq, output] = line.split(' ');
    if (what === 'failed') this.failed = true;
    if (what !== 'made' && what !== 'ended') return;
    if (this.failed) this.afterFailure.push(line);
    this.made.add(Number(what === 'made' ? seq : output));
    if (what === 'ended') this.ended.set(Number(seq), Number(output));
  }

  /** The next life of the process. */
  begin(): void {
    this.failed = false;
  }
}

/** Throws where something that was said to be done is not there, not as it was written, or not in its state. */
export async function checkStore(folder: string, { made, ended, afterFailure }: Said): Promise<void> {
  expect(afterFailure).toEqual([]);
  const store = await openSqliteStore({ folder, inThread: false });
  try {
    const lost = await Promise.all([...made].map((seq) => isThere(store, folder, seq, ended.has(seq))));
    expect(lost.filter((reason) => reason !== undefined)).toEqual([]);
    const balance = await store.read.balance();
    expect(balance).toMatchObject({ outputsSaid: balance.outputsFound, strayMessages: 0 });
    for (const { created, states } of balance.rows)
      expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(created);
  } finally {
    await store.close();
  }
}

/** Undefined where it is as it was said. One of which the end was not said may have ended all the same. */
async function isThere(store: FileStore, folder: string, seq: number, hasEnded: boolean): Promise<string | undefined> {
  const found = await store.read.delivery({ seq });
  if (!found) return `${seq} is not there`;
  if (found.damage !== undefined) return `${seq} is damaged: ${found.damage}`;
  if (hasEnded && found.delivery.state !== 'done') return `${seq} is ${found.delivery.state}; its end was said`;
  if (found.message.id !== sampleId('a', seq)) return `${seq} carries ${found.message.id}`;
  return (await isWritten(found.message.body, folder, seq)) ? undefined : `${seq} has another body`;
}

async function isWritten(body: StoredBody, folder: string, seq: number): Promise<boolean> {
  if (body.kind === 'json') return body.text === textOf(seq);
  if (body.kind !== 'blob' || !hasBlob(seq)) return false;
  const chunks = await Array.fromAsync((await openBlobs(join(folder, 'blobs'))).open(body.blob), (chunk) =>
    Uint8Array.from(chunk),
  );
  return Buffer.concat(chunks).equals(blobBytes(seq));
}
