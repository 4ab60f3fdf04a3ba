// Bits that the disk flips, anywhere in the files of a store: found, and never delivered as if they were what was written.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MortiseError } from '@mortise/sdk';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleDelivery, sampleEnd, sampleMessage } from '../conformance/samples.ts';
import type { FileStore, WaitingDelivery } from '../store.ts';
import { openSqliteStore } from './open.ts';

/** `MORTISE_TEST_FLIPS=2000` for the figures of docs/reliability.md. */
const flips = Number(process.env['MORTISE_TEST_FLIPS'] ?? 60);
const isLong = flips > 60;
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? 1);
/** A prime: the flips are spread over the file. */
const stride = 1_299_709;
const destinations = ['flow:orders', 'outbound:erp.orders'];
const countOfEach = 150;

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mortise-damage-'));
  folder = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** Deliveries that wait, in two destinations, with options; some others have ended. */
async function fill(): Promise<ReadonlyMap<number, WaitingDelivery>> {
  const store = await openSqliteStore({ folder, inThread: false });
  for (let n = 0; n < countOfEach; n++) {
    for (const destination of destinations) {
      const seq = store.takeSeq();
      const body = { kind: 'json', text: JSON.stringify({ id: seq, note: 'x'.repeat((seq * 37) % 400) }) } as const;
      const message = sampleMessage(seq, { body, headers: { 'x-shop': `shop ${seq}` } });
      await store.commit({
        messages: [message],
        deliveries: [sampleDelivery(seq, message.id, { destination, options: { to: seq } })],
      });
      if (n % 10 === 0) await store.commit({ changes: [sampleEnd(seq)] });
    }
  }
  const all = await allWaiting(store);
  await store.close();
  return new Map(all.map((found) => [found.delivery.seq, found]));
}

async function allWaiting({ read }: FileStore): Promise<readonly WaitingDelivery[]> {
  const found: WaitingDelivery[] = [];
  for (const name of destinations) {
    let page = await read.waiting(name, 0, 1000, 1e9);
    while (page.length > 0) {
      found.push(...page);
      page = await read.waiting(name, page.at(-1)?.delivery.seq ?? 0, 1000, 1e9);
    }
  }
  return found;
}

/** What a store with one flipped bit gives: whether the damage was told, and what it would deliver. */
async function read(copy: string): Promise<{ readonly told: boolean; readonly delivered: readonly WaitingDelivery[] }> {
  let store: FileStore | undefined;
  try {
    store = await openSqliteStore({ folder: copy, inThread: false });
    const all = await allWaiting(store);
    const { rows } = await store.read.balance();
    const isEven = rows.every(({ created, states }) => created === Object.values(states).reduce((sum, count) => sum + count, 0));
    return {
      told: !isEven || all.some(({ damage }) => damage !== undefined),
      delivered: all.filter(({ damage }) => damage === undefined),
    };
  } catch (error) {
    if (!(error instanceof MortiseError && /^MORTISE_STORE_(CORRUPT|FAILED|NEWER)$/.test(error.code))) throw error;
    return { told: true, delivered: [] };
  } finally {
    await store?.close().catch(() => undefined);
  }
}

it(`delivers nothing that is not what was written, over ${flips} flipped bits (MORTISE_TEST_SEED=${seed})`, {
  timeout: 1_800_000,
}, async () => {
  const written = await fill();
  expect(written.size).toBe(2 * countOfEach * 0.9);
  const bytes = readFileSync(join(folder, 'mortise.db'));
  const counts = { told: 0, harmless: 0, lost: [] as number[] };
  for (let flip = 0; flip < flips; flip++) {
    const copy = join(parent, 'copy');
    cpSync(folder, copy, { recursive: true });
    const at = (seed * 15_485_863 + flip * stride) % (bytes.length * 8);
    const changed = Buffer.from(bytes);
    changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
    writeFileSync(join(copy, 'mortise.db'), changed);
    const { told, delivered } = await read(copy);
    for (const found of delivered) expect(found).toEqual(written.get(found.delivery.seq));
    if (told) counts.told += 1;
    else if (delivered.length === written.size) counts.harmless += 1;
    else counts.lost.push(at);
    rmSync(copy, { recursive: true });
  }
  if (isLong) console.log(JSON.stringify({ ...counts, lost: counts.lost.length }));
  expect(counts.lost).toEqual([]);
});

/** A store whose log holds `commits`, each on disk before the next began, as a process leaves it that is killed. */
async function leaveLog(commits: number): Promise<Buffer> {
  const store = await openSqliteStore({ folder, inThread: false });
  for (let n = 0; n < commits; n++) {
    const message = sampleMessage(store.takeSeq());
    await store.commit({ messages: [message], deliveries: [sampleDelivery(store.takeSeq(), message.id)] });
  }
  cpSync(folder, join(parent, 'left'), { recursive: true });
  await store.close();
  return readFileSync(join(parent, 'left', 'mortise.db-wal'));
}

/** Where the frames of a log begin, and those among them that end a commit. */
function framesOf(log: Buffer): { readonly all: readonly number[]; readonly ends: readonly number[] } {
  const frameBytes = 24 + log.readUInt32BE(8);
  const all = Array.from({ length: Math.floor((log.length - 32) / frameBytes) }, (_, i) => 32 + i * frameBytes);
  return { all, ends: all.filter((at) => log.readUInt32BE(at + 4) !== 0) };
}

async function openWith(log: Buffer): Promise<number> {
  writeFileSync(join(parent, 'left', 'mortise.db-wal'), log);
  const store = await openSqliteStore({ folder: join(parent, 'left'), inThread: false });
  const { waiting } = store.recovered;
  await store.close();
  return waiting.get('flow:orders') ?? 0;
}

it.each(['the page of a frame', 'the head of a frame', 'the head of the log'])(
  'tells that a bit of the log is flipped in %s',
  async (where) => {
    const log = await leaveLog(20);
    const middle = framesOf(log).ends[10] ?? 0;
    const at = where === 'the head of the log' ? 17 : where === 'the head of a frame' ? middle + 9 : middle + 100;
    log[at] = (log[at] ?? 0) ^ 4;
    await expect(openWith(log)).rejects.toMatchObject({ code: 'MORTISE_STORE_CORRUPT' });
  },
);

it('takes a log whose last commit did not come to its end for what a power cut leaves', async () => {
  const log = await leaveLog(20);
  const last = framesOf(log).all.at(-1) ?? 0;
  log[last + 200] = (log[last + 200] ?? 0) ^ 4;
  expect(await openWith(log)).toBe(19);
  expect(await openWith(log.subarray(0, last + 1000))).toBe(19);
});
