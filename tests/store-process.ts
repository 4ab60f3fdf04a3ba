// A process that accepts and settles in the store of the folder it is given, and says of each commit when it is done: for tests of crash points.

import { join } from 'node:path';
import { openBlobs } from '../engine/src/store/blobs.ts';
import type { Blobs } from '../engine/src/store/blobs.ts';
import { sampleDelivery, sampleEnd, sampleId, sampleMessage } from '../engine/src/store/conformance/samples.ts';
import { openSqliteStore } from '../engine/src/store/sqlite/open.ts';
import type { FileStore, StoredBody } from '../engine/src/store/store.ts';
import { blobBytes, hasBlob, textOf } from './store-words.ts';

const inFlight = 8;
/** Where nothing ends it before, it ends itself. */
const commitsMax = 160;

async function main(folder: string): Promise<void> {
  const store = await openSqliteStore({ folder });
  const blobs = await openBlobs(join(folder, 'blobs'));
  void store.failed.then(() => {
    say('failed');
    process.exit(5);
  });
  say('open');
  const each = Array.from({ length: inFlight }, () => work(store, blobs, commitsMax / inFlight));
  await Promise.all(each);
  await store.close();
  say('closed');
}

/** Every third delivery ends, with a message that came of it. What the disk refused is nothing that was said to be done. */
async function work(store: FileStore, blobs: Blobs, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const seq = store.takeSeq();
    try {
      const message = sampleMessage(seq, { body: await bodyOf(blobs, seq) });
      await store.commit({ messages: [message], deliveries: [sampleDelivery(seq, message.id)] });
      say(`made ${seq}`);
      if (seq % 3 === 0) await end(store, seq);
    } catch (error) {
      say(`refused ${seq} ${String(error).slice(0, 200).replaceAll('\n', ' ')}`);
    }
  }
}

async function bodyOf(blobs: Blobs, seq: number): Promise<StoredBody> {
  if (!hasBlob(seq)) return { kind: 'json', text: textOf(seq) };
  return { kind: 'blob', holds: 'bytes', ...(await blobs.write(blobBytes(seq))) };
}

async function end(store: FileStore, seq: number): Promise<void> {
  const outputSeq = store.takeSeq();
  const body = { kind: 'json', text: textOf(outputSeq) } as const;
  const output = sampleMessage(outputSeq, { root: sampleId('a', seq), parent: sampleId('a', seq), body });
  const delivery = sampleDelivery(outputSeq, output.id, { parent: sampleId('b', seq), destination: 'outbound:erp.orders' });
  await store.commit({ changes: [sampleEnd(seq, { outputs: 1 })], messages: [output], deliveries: [delivery] });
  say(`ended ${seq} ${outputSeq}`);
}

/** A pipe takes it at once: what was said is with the parent, even if the next moment is the last. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main(process.argv[2] ?? '');
