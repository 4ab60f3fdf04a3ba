// Measures the embedded store against bare SQLite: hops (accept, then settle) a second, and bytes written, in one run.
// `npx -c 'node bench/store.ts [seconds] [rows beforehand]'`

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../engine/src/store/sqlite/open.ts';
import type { Commit, Store } from '../engine/src/store/store.ts';

const seconds = Number(process.argv[2] ?? 30);
const rowsBefore = Number(process.argv[3] ?? 0);
const inFlight = 256;
const sliceMs = 1500;
const body = JSON.stringify({ order: 'x'.repeat(1012) });
const journal = {
  startedAtMs: 1795435200000,
  tookMs: 1.23,
  steps: [
    ['map', 0.2],
    ['validate', 0.1],
  ],
};
const headers = { 'content-type': 'application/json', 'user-agent': 'shop/1.0' };

const latenciesMs: number[] = [];
let made = 0;

interface Slice {
  readonly hops: number;
  readonly hopsPerSecond: number;
  readonly bytesPerBodyByte: number;
}

/** Does hops until the time is up; tells how many. */
type Run = (untilMs: number) => Promise<number>;

async function compare(folder: string): Promise<void> {
  const store = await openSqliteStore({ folder: join(folder, 'store') });
  const bare = openBare(join(folder, 'bare.db'));
  for (let rows = 0; rows < rowsBefore / 2; ) rows += await storeRun(store, performance.now() + sliceMs);
  for (let rows = 0; rows < rowsBefore / 2; ) rows += await bare(performance.now() + sliceMs);
  const slices: { readonly bare: Slice; readonly store: Slice }[] = [];
  latenciesMs.length = 0;
  for (let i = 0; i < (seconds * 1000) / (2 * sliceMs); i++) {
    slices.push({ bare: await measure(bare), store: await measure((untilMs) => storeRun(store, untilMs)) });
  }
  await store.close();
  report(slices);
}

function report(slices: readonly { readonly bare: Slice; readonly store: Slice }[]): void {
  for (const { bare, store } of slices) print('slice', bare, store);
  const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >>> 1] ?? 0;
  const sum = (which: 'bare' | 'store'): Slice => ({
    hops: slices.reduce((hops, slice) => hops + slice[which].hops, 0),
    hopsPerSecond: middle(slices.map((slice) => slice[which].hopsPerSecond)),
    bytesPerBodyByte: middle(slices.map((slice) => slice[which].bytesPerBodyByte)),
  });
  print('median', sum('bare'), sum('store'));
  const ratio = middle(slices.map(({ bare, store }) => store.hopsPerSecond / bare.hopsPerSecond));
  const latency = [0.5, 0.99, 1].map((part) => percentile(latenciesMs, part).toFixed(1));
  console.log(
    `median of ratios ${ratio.toFixed(2)} (to hold: 0.7); commit p50 ${latency[0]} ms, p99 ${latency[1]} ms, longest ${latency[2]} ms`,
  );
}

function print(what: string, bare: Slice, store: Slice): void {
  const rows = `bare ${Math.round(bare.hopsPerSecond)} hops/s, store ${Math.round(store.hopsPerSecond)} hops/s`;
  const bytes = `${bare.bytesPerBodyByte.toFixed(2)} and ${store.bytesPerBodyByte.toFixed(2)} bytes written a body byte`;
  console.log(`${what}: ${rows} (${(store.hopsPerSecond / bare.hopsPerSecond).toFixed(2)}), ${bytes}`);
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

async function measure(run: Run): Promise<Slice> {
  const [startMs, written] = [performance.now(), bytesWritten()];
  const hops = await run(startMs + sliceMs);
  const tookMs = performance.now() - startMs;
  return { hops, hopsPerSecond: (hops / tookMs) * 1000, bytesPerBodyByte: (bytesWritten() - written) / (hops * body.length) };
}

/** What the process has caused to be written to disk; 0 where the system does not tell. */
function bytesWritten(): number {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

// ---- the store -----------------------------------------------------------------------------------------------------

async function storeRun(store: Store, untilMs: number): Promise<number> {
  let hops = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      await hop(store);
      hops++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return hops;
}

async function hop(store: Store): Promise<void> {
  const [nowMs, seq] = [Date.now(), store.takeSeq()];
  const startMs = performance.now();
  await store.commit(acceptOf(seq, nowMs));
  latenciesMs.push(performance.now() - startMs);
  const outcome = { attempts: 1, endedAtMs: nowMs + 3, revision: 'a1b2c3d4e5f6', detail: '202 Accepted', journal, outputs: 0 };
  await store.commit({ changes: [{ seq, from: ['waiting'], state: 'done', ...outcome }] });
}

function acceptOf(seq: number, nowMs: number): Commit {
  const id = idOf(nowMs, '7', made++);
  const flow = 'shop-orders';
  const attributes = { subject: 'order-4711', dataContentType: 'application/json', dataSchema: 'shop-order@1', headers };
  const message = {
    id,
    root: id,
    source: '/systems/shop/order-created',
    type: 'order.created',
    time: '2026-11-23T12:00:00.000Z',
  };
  const properties = { keys: {}, variables: {}, acceptedAtMs: nowMs, body: { kind: 'json', text: body } } as const;
  const owed = { seq, id: idOf(nowMs, '8', made), message: id, destination: `flow:${flow}`, flow, createdAtMs: nowMs };
  return { messages: [{ ...message, ...attributes, ...properties }], deliveries: [{ ...owed, state: 'waiting', attempts: 0 }] };
}

function idOf(nowMs: number, version: string, n: number): string {
  const [time, count] = [nowMs.toString(16).padStart(12, '0'), n.toString(16).padStart(8, '0')];
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${count.slice(0, 3)}-8${count.slice(3, 6)}-${count.slice(6)}00000${count.slice(3)}`;
}

// ---- bare SQLite ---------------------------------------------------------------------------------------------------

/** The same rows as they are in the end, inserted 256 a transaction, with the same durability; no index but the row's number. */
function openBare(file: string): Run {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = wal; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768');
  database.exec(`
    CREATE TABLE messages (
      seq INTEGER PRIMARY KEY, id, root, parent, replay_of, source, type, subject, time, content_type, data_schema,
      headers, keys, variables, accepted_at, expires_at, body_kind, blob_bytes, body);
    CREATE TABLE deliveries (
      seq INTEGER PRIMARY KEY, id, message, parent, destination, flow, entry, lane, options, created_at, state, attempts, due_at,
      ended_at, revision, error, detail, journal, outputs, holds_lane, crashes)`);
  const message = database.prepare(`INSERT INTO messages VALUES (${Array.from({ length: 19 }, () => '?').join(',')})`);
  const delivery = database.prepare(`INSERT INTO deliveries VALUES (${Array.from({ length: 21 }, () => '?').join(',')})`);
  const [begin, commit] = [database.prepare('BEGIN'), database.prepare('COMMIT')];
  const [messageId, deliveryId] = [Buffer.alloc(16), Buffer.alloc(16)];
  const [headersText, journalText] = [JSON.stringify(headers), JSON.stringify(journal)];
  let seq = 0;
  const insert = (nowMs: number): void => {
    seq++;
    for (const id of [messageId, deliveryId]) id.writeUIntBE(nowMs, 0, 6);
    messageId.writeUInt32BE(seq, 6);
    deliveryId.writeUInt32BE(seq, 6);
    const attributes = [
      '/systems/shop/order-created',
      'order.created',
      'order-4711',
      '2026-11-23T12:00:00.000Z',
      'application/json',
    ];
    message.run(
      seq,
      messageId,
      null,
      null,
      null,
      ...attributes,
      'shop-order@1',
      headersText,
      null,
      null,
      nowMs,
      null,
      0,
      null,
      body,
    );
    const outcome = [1, null, nowMs + 3, 'a1b2c3d4e5f6', null, '202 Accepted', journalText, 0, null, null];
    delivery.run(seq, deliveryId, null, null, 1, 2, null, null, null, nowMs, 3, ...outcome);
  };
  return async (untilMs) => {
    let hops = 0;
    for (; performance.now() < untilMs; hops += inFlight / 2) {
      begin.run();
      for (let i = 0; i < inFlight / 2; i++) insert(Date.now());
      commit.run();
    }
    return hops;
  };
}

const data = mkdtempSync(join(tmpdir(), 'mortise-bench-'));
try {
  await compare(data);
} finally {
  rmSync(data, { recursive: true, force: true });
}
