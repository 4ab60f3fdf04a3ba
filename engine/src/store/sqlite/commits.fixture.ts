// A process that opens the store of the folder it is given and commits without end, and says of each commit when it is done.

import { sampleDelivery, sampleEnd, sampleId, sampleMessage } from '../conformance/samples.ts';
import type { Store } from '../store.ts';
import { openSqliteStore } from './open.ts';

const inFlight = 32;

async function main(folder: string): Promise<void> {
  const store = await openSqliteStore({ folder });
  process.stdout.write('open\n');
  await Promise.all(Array.from({ length: inFlight }, () => commitForever(store)));
}

/** Every third delivery ends, with a message that came of it. */
async function commitForever(store: Store): Promise<void> {
  for (;;) {
    const seq = store.takeSeq();
    const message = sampleMessage(seq, { body: { kind: 'json', text: JSON.stringify('x'.repeat(seq % 5000)) } });
    await store.commit({ messages: [message], deliveries: [sampleDelivery(seq, message.id)] });
    process.stdout.write(`made ${seq}\n`);
    if (seq % 3 === 0) await end(store, seq);
  }
}

async function end(store: Store, seq: number): Promise<void> {
  const outputSeq = store.takeSeq();
  const output = sampleMessage(outputSeq, { root: sampleId('a', seq), parent: sampleId('a', seq) });
  const delivery = sampleDelivery(outputSeq, output.id, { parent: sampleId('b', seq), destination: 'outbound:erp.orders' });
  await store.commit({ changes: [sampleEnd(seq, { outputs: 1 })], messages: [output], deliveries: [delivery] });
  process.stdout.write(`ended ${seq}\n`);
}

await main(process.argv[2] ?? '');
