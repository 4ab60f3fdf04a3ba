// Measures the embedded store against bare SQLite: hops (accept, then settle) a second, and bytes written, in one run. Between the two stand
// the least that a store has to do, bare SQLite that writes a hop in two commits and finds a message by its id; and the same in a thread of its
// own, to which the rows are posted: a store that synced in the engine's thread would make everything else wait.
// `npx -c 'node bench/store.ts [seconds] [rows beforehand]'`

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../engine/src/store/sqlite/open.ts';
import type { Commit, Store } from '../engine/src/store/store.ts';
import { body, headers, inFlight, journal, openBare, openPosted, openTwoCommits } from './store-contenders.ts';
import type { Run } from './store-contenders.ts';

const seconds = Number(process.argv[2] ?? 30);
const rowsBefore = Number(process.argv[3] ?? 0);
const sliceMs = 1500;

const latenciesMs: number[] = [];
let made = 0;

const contenders = ['bare', 'twoCommits', 'posted', 'store'] as const;
type Contender = (typeof contenders)[number];

interface Slice {
  readonly hops: number;
  readonly hopsPerSecond: number;
  readonly bytesPerBodyByte: number;
}

type Slices = Readonly<Record<Contender, Slice>>;

async function compare(folder: string): Promise<void> {
  const store = await openSqliteStore({ folder: join(folder, 'store') });
  const posted = openPosted(join(folder, 'posted.db'));
  const runs: Readonly<Record<Contender, Run>> = {
    bare: openBare(join(folder, 'bare.db')),
    twoCommits: openTwoCommits(join(folder, 'two.db')),
    posted: posted.run,
    store: (untilMs) => storeRun(store, untilMs),
  };
  for (const run of Object.values(runs))
    for (let rows = 0; rows < rowsBefore / 2; ) rows += await run(performance.now() + sliceMs);
  const slices: Slices[] = [];
  latenciesMs.length = 0;
  for (let i = 0; i < (seconds * 1000) / (contenders.length * sliceMs); i++) {
    slices.push({
      bare: await measure(runs.bare),
      twoCommits: await measure(runs.twoCommits),
      posted: await measure(runs.posted),
      store: await measure(runs.store),
    });
  }
  await store.close();
  await posted.close();
  report(slices);
}

function report(slices: readonly Slices[]): void {
  for (const slice of slices) print('slice', slice);
  const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >>> 1] ?? 0;
  const sum = (which: Contender): Slice => ({
    hops: slices.reduce((hops, slice) => hops + slice[which].hops, 0),
    hopsPerSecond: middle(slices.map((slice) => slice[which].hopsPerSecond)),
    bytesPerBodyByte: middle(slices.map((slice) => slice[which].bytesPerBodyByte)),
  });
  print('median', { bare: sum('bare'), twoCommits: sum('twoCommits'), posted: sum('posted'), store: sum('store') });
  const ratio = (of: Contender, to: Contender): string =>
    middle(slices.map((slice) => slice[of].hopsPerSecond / slice[to].hopsPerSecond)).toFixed(2);
  const latency = [0.5, 0.99, 1].map((part) => percentile(latenciesMs, part).toFixed(1));
  console.log(
    `median of ratios ${ratio('store', 'bare')} (to hold: 0.7); commit p50 ${latency[0]} ms, p99 ${latency[1]} ms, longest ${latency[2]} ms`,
  );
  console.log(
    `two commits and an id: ${ratio('twoCommits', 'bare')} of bare SQLite; in a thread of its own ${ratio('posted', 'bare')}; the store is ${ratio('store', 'posted')} of that`,
  );
}

function print(what: string, { bare, twoCommits, posted, store }: Slices): void {
  const [one, two, there, own] = [bare, twoCommits, posted, store].map((slice) => Math.round(slice.hopsPerSecond));
  const rows = `bare ${one} hops/s, two commits ${two}, in a thread ${there}, store ${own}`;
  const bytes = [bare, twoCommits, posted, store].map((slice) => slice.bytesPerBodyByte.toFixed(2)).join(', ');
  console.log(`${what}: ${rows} (${(store.hopsPerSecond / bare.hopsPerSecond).toFixed(2)}); ${bytes} bytes written a body byte`);
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

const data = mkdtempSync(join(tmpdir(), 'mortise-bench-'));
try {
  await compare(data);
} finally {
  rmSync(data, { recursive: true, force: true });
}
