// Retention on a clock that stands until a test moves it: what goes, what stays, and that the file does not grow.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from '@mortise/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelDefinition } from './flow/definitions.ts';
import { VirtualClock } from './harness/virtual-clock.ts';
import { openRetention } from './retention.ts';
import { openBlobs } from './store/blobs.ts';
import type { Blobs } from './store/blobs.ts';
import { sampleDelivery, sampleEnd, sampleId, sampleMessage, startMs } from './store/conformance/samples.ts';
import { openSqliteStore } from './store/sqlite/open.ts';
import type { DeliveryState } from './store/delivery-state.ts';
import type { Store, StoredBody } from './store/store.ts';

const hourMs = 3_600_000;
let folder: string;
let store: Store;
let blobs: Blobs;
let clock: VirtualClock;
let lines: string[];
let journal: { keepMs: number; atMostBytes: number; bodies: 'all' };
let channels: ChannelDefinition[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-retention-'));
  clock = new VirtualClock(startMs);
  store = await openSqliteStore({ folder, nowMs: () => clock.nowMs(), inThread: false });
  blobs = await openBlobs(join(folder, 'blobs'));
  lines = [];
  channels = [];
  journal = { keepMs: hourMs, atMostBytes: 1e12, bodies: 'all' };
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Accepts one message that came now, and ends its delivery. */
async function pass(n: number, more: { state?: DeliveryState; source?: string; body?: StoredBody } = {}): Promise<void> {
  const nowMs = clock.nowMs();
  const id = sampleId('a', n, nowMs);
  const { state = 'done', ...rest } = more;
  await store.commit({
    messages: [sampleMessage(n, { id, root: id, acceptedAtMs: nowMs, ...rest })],
    deliveries: [sampleDelivery(n, id, { id: sampleId('b', n, nowMs), createdAtMs: nowMs })],
    keys: [{ name: 'order', value: String(n), root: id }],
  });
  if (state !== 'waiting') await store.commit({ changes: [sampleEnd(n, { state, endedAtMs: nowMs })] });
}

/** One look of retention, now. */
async function look(): Promise<void> {
  const say =
    (level: string) =>
    (_facts: unknown, text: string): void =>
      void lines.push(`${level} ${text}`);
  const log = { info: say('info'), warn: say('warn'), error: say('error'), debug: () => undefined } as unknown as Logger;
  const sweepBlobs = async (): Promise<void> => void (await blobs.sweep(() => store.read.blobs(), Date.now() + 60_000));
  const options = { store, clock, log, sweepBlobs, keeps: () => ({ journal, channels }) };
  const retention = openRetention(options);
  const nowMs = clock.nowMs();
  retention.start();
  // It sets a timer for the next look when it is done with this one.
  while (clock.nowMs() < nowMs + 1000) {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    clock.advance();
  }
  await retention.stop();
}

async function left(): Promise<readonly number[]> {
  return (await store.read.journal({ limit: 1000 })).map(({ delivery }) => delivery.seq).reverse();
}

describe('retention by age', () => {
  it('drops what ended longer ago than it is kept, with its keys; what is open stays, and all of it balances', async () => {
    await pass(1);
    await pass(2, { state: 'waiting' });
    await pass(3, { state: 'dead' });
    clock.pass(startMs + hourMs / 2);
    await pass(4);
    clock.pass(startMs + hourMs + 1);
    await look();
    expect(await left()).toEqual([2, 4]);
    expect(lines).toEqual(['warn Dropped 2 deliveries: older than it is kept. 1 of them were dead or invalid.']);
    for (const [value, count] of [
      ['1', 0],
      ['2', 1],
      ['3', 0],
    ] as const)
      expect(await store.read.journal({ limit: 9, key: { name: 'order', value } })).toHaveLength(count);
    const { rows } = await store.read.balance();
    expect(rows).toMatchObject([{ created: 4, dropped: 2, states: { done: 2, dead: 1, waiting: 1 } }]);
    await store.commit({ changes: [sampleEnd(2, { endedAtMs: clock.nowMs() })] });
    clock.pass(clock.nowMs() + 2 * hourMs);
    await look();
    expect(await left()).toEqual([]);
  });

  it('keeps a channel’s messages as long as the channel says', async () => {
    channels = [
      { name: 'long', kind: 'publish-subscribe', keepMs: 10 * hourMs },
      { name: 'short', kind: 'publish-subscribe', keepMs: hourMs / 10 },
      { name: 'other', kind: 'publish-subscribe' },
    ];
    for (const [i, name] of ['long', 'short', 'other'].entries()) await pass(i + 1, { source: `/channels/${name}` });
    clock.pass(startMs + hourMs / 5);
    await look();
    expect(await left()).toEqual([1, 3]);
    clock.pass(startMs + 2 * hourMs);
    await look();
    expect(await left()).toEqual([1]);
  });

  it('deletes the blob file of what it dropped, and none that is still referred to', async () => {
    const written = [await blobs.write(new Uint8Array(9)), await blobs.write(new Uint8Array(9))] as const;
    await pass(1, { body: { kind: 'blob', holds: 'bytes', ...written[0] } });
    await pass(2, { state: 'waiting', body: { kind: 'blob', holds: 'bytes', ...written[1] } });
    clock.pass(startMs + 2 * hourMs);
    await look();
    await expect(firstChunk(written[0].blob)).rejects.toMatchObject({ code: 'MORTISE_STORE_BLOB_MISSING' });
    expect(await firstChunk(written[1].blob)).toHaveLength(9);
  });
});

describe('retention by size', () => {
  it('drops the oldest until the journal fits, and neither what is open nor what is dead', async () => {
    const body = { kind: 'bytes', bytes: new Uint8Array(100_000) } as const;
    for (let n = 1; n <= 60; n++) {
      clock.pass(startMs + n);
      await pass(n, { body, state: n === 1 ? 'dead' : n === 2 ? 'waiting' : 'done' });
    }
    clock.pass(startMs + 100);
    journal = { ...journal, atMostBytes: 2_000_000 };
    await look();
    expect(await store.read.usedBytes()).toBeLessThan(2_000_000);
    const seqs = await left();
    expect(seqs.slice(0, 2)).toEqual([1, 2]);
    expect(seqs).toEqual([1, 2, ...seqs.slice(2)]);
    expect(lines).toEqual([expect.stringMatching(/^info Dropped \d+ deliveries: more than journal.atMost\.$/)]);
  });

  it('says once that what is left may not be dropped', async () => {
    await pass(1, { state: 'dead' });
    journal = { ...journal, atMostBytes: 1 };
    await look();
    expect(await left()).toEqual([1]);
    expect(lines).toEqual([expect.stringMatching(/^warn The journal is larger than journal.atMost/)]);
  });
});

describe('the file', () => {
  it('does not grow under steady load that is kept for a short time', { timeout: 60_000 }, async () => {
    const sizes: number[] = [];
    const body = { kind: 'bytes', bytes: new Uint8Array(20_000) } as const;
    let n = 0;
    for (let round = 0; round < 12; round++) {
      await Promise.all(Array.from({ length: 100 }, () => pass(++n, { body })));
      clock.pass(clock.nowMs() + hourMs + 1);
      await look();
      sizes.push(fileBytes());
    }
    expect(await left()).toEqual([]);
    expect(sizes[0]).toBeGreaterThan(2_000_000);
    expect(Math.max(...sizes)).toBeLessThan(1.5 * Math.min(...sizes.slice(1)));
    const { rows } = await store.read.balance();
    expect(rows).toMatchObject([{ created: 1200, dropped: 1200, states: { done: 1200 } }]);
  });
});

/** As large as the file is once its log is copied into it. */
function fileBytes(): number {
  const database = new DatabaseSync(join(folder, 'mortise.db'), { readOnly: true });
  const of = (pragma: string): number => Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
  const bytes = of('page_count') * of('page_size');
  database.close();
  return bytes;
}

async function firstChunk(blob: string): Promise<Uint8Array | undefined> {
  for await (const chunk of blobs.open(blob)) return chunk;
  return undefined;
}
