// Measures the embedded store against bare SQLite: hops (accept, then settle) a second, and bytes written, in one run. Between the two stands
// the least that a store has to do: bare SQLite that writes a hop in two commits, and finds a message by its id.
// `npx -c 'node bench/store.ts [seconds] [rows beforehand]'`

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
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

const contenders = ['bare', 'twoCommits', 'store'] as const;
type Contender = (typeof contenders)[number];

interface Slice {
  readonly hops: number;
  readonly hopsPerSecond: number;
  readonly bytesPerBodyByte: number;
}

/** Does hops until the time is up; tells how many. */
type Run = (untilMs: number) => Promise<number>;

type Slices = Readonly<Record<Contender, Slice>>;

async function compare(folder: string): Promise<void> {
  const store = await openSqliteStore({ folder: join(folder, 'store') });
  const runs: Readonly<Record<Contender, Run>> = {
    bare: openBare(join(folder, 'bare.db')),
    twoCommits: openTwoCommits(join(folder, 'two.db')),
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
      store: await measure(runs.store),
    });
  }
  await store.close();
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
  print('median', { bare: sum('bare'), twoCommits: sum('twoCommits'), store: sum('store') });
  const ratio = (of: Contender, to: Contender): string =>
    middle(slices.map((slice) => slice[of].hopsPerSecond / slice[to].hopsPerSecond)).toFixed(2);
  const latency = [0.5, 0.99, 1].map((part) => percentile(latenciesMs, part).toFixed(1));
  console.log(
    `median of ratios ${ratio('store', 'bare')} (to hold: 0.7); commit p50 ${latency[0]} ms, p99 ${latency[1]} ms, longest ${latency[2]} ms`,
  );
  console.log(
    `two commits and an id: ${ratio('twoCommits', 'bare')} of bare SQLite; the store is ${ratio('store', 'twoCommits')} of that`,
  );
}

function print(what: string, { bare, twoCommits, store }: Slices): void {
  const rows = `bare ${Math.round(bare.hopsPerSecond)} hops/s, two commits ${Math.round(twoCommits.hopsPerSecond)}, store ${Math.round(store.hopsPerSecond)}`;
  const bytes = [bare, twoCommits, store].map((slice) => slice.bytesPerBodyByte.toFixed(2)).join(', ');
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

// ---- bare SQLite ---------------------------------------------------------------------------------------------------

const messageTable = `
  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, id, root, parent, replay_of, source, type, subject, time, content_type, data_schema,
    headers, keys, variables, accepted_at, expires_at, body_kind, blob_bytes, body);`;
const [headersText, journalText] = [JSON.stringify(headers), JSON.stringify(journal)];
const outcomeOf = (nowMs: number): SQLInputValue[] => [
  1,
  null,
  nowMs + 3,
  'a1b2c3d4e5f6',
  null,
  '202 Accepted',
  journalText,
  0,
  null,
  null,
];

interface Bare {
  /** The statement that inserts into the table. */
  insert(table: string, columns: number): StatementSync;
  prepare(sql: string): StatementSync;
  /** Ids of the hop `seq`, in buffers that are used again. */
  ids(seq: number, nowMs: number): readonly [message: Buffer, delivery: Buffer];
  message(seq: number, id: Buffer, nowMs: number): SQLInputValue[];
  /** Within one commit. */
  commit(rows: () => void): void;
}

function openBareFile(file: string, tables: string): Bare {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = wal; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768');
  database.exec(messageTable + tables);
  const [begin, commit] = [database.prepare('BEGIN'), database.prepare('COMMIT')];
  const ids = [Buffer.alloc(16), Buffer.alloc(16)] as const;
  const attributes = [
    '/systems/shop/order-created',
    'order.created',
    'order-4711',
    '2026-11-23T12:00:00.000Z',
    'application/json',
  ];
  return {
    insert: (table, columns) =>
      database.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(',')})`),
    prepare: (sql) => database.prepare(sql),
    ids(seq, nowMs) {
      for (const id of ids) {
        id.writeUIntBE(nowMs, 0, 6);
        id.writeUInt32BE(seq, 6);
      }
      return ids;
    },
    message: (seq, id, nowMs) => [
      seq,
      id,
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
    ],
    commit(rows) {
      begin.run();
      rows();
      commit.run();
    },
  };
}

/** Hops in groups of half of what the store has in flight: as it commits them. */
function inGroups(group: () => void): Run {
  return async (untilMs) => {
    let hops = 0;
    for (; performance.now() < untilMs; hops += inFlight / 2) group();
    return hops;
  };
}

/** The same rows as they are in the end, with the same durability; no index but the row's number. */
function openBare(file: string): Run {
  const bare = openBareFile(
    file,
    `CREATE TABLE deliveries (
      seq INTEGER PRIMARY KEY, id, message, parent, destination, flow, entry, lane, options, created_at, state, attempts, due_at,
      ended_at, revision, error, detail, journal, outputs, holds_lane, crashes)`,
  );
  const [message, delivery] = [bare.insert('messages', 19), bare.insert('deliveries', 21)];
  let seq = 0;
  const insert = (nowMs: number): void => {
    const [messageId, deliveryId] = bare.ids(++seq, nowMs);
    message.run(...bare.message(seq, messageId, nowMs));
    delivery.run(seq, deliveryId, null, null, 1, 2, null, null, null, nowMs, 3, ...outcomeOf(nowMs));
  };
  return inGroups(() => bare.commit(() => repeat(insert)));
}

/** The least that a store has to do: what is accepted, found by its id and known to be owed, in one commit; that it is done in another. */
function openTwoCommits(file: string): Run {
  const bare = openBareFile(
    file,
    `CREATE TABLE deliveries (
      seq INTEGER PRIMARY KEY, id, message, parent, destination, flow, entry, lane, options, created_at);
    CREATE TABLE links (id PRIMARY KEY, seq) WITHOUT ROWID;
    CREATE TABLE open (seq INTEGER PRIMARY KEY, state);
    CREATE TABLE ended (
      seq INTEGER PRIMARY KEY, state, attempts, due_at, ended_at, revision, error, detail, journal, outputs, holds_lane, crashes)`,
  );
  const [message, delivery, link] = [bare.insert('messages', 19), bare.insert('deliveries', 10), bare.insert('links', 2)];
  const [open, ended] = [bare.insert('open', 2), bare.insert('ended', 12)];
  const close = bare.prepare('DELETE FROM open WHERE seq = ?');
  let [accepted, settled] = [0, 0];
  const accept = (nowMs: number): void => {
    const [messageId, deliveryId] = bare.ids(++accepted, nowMs);
    message.run(...bare.message(accepted, messageId, nowMs));
    delivery.run(accepted, deliveryId, null, null, 1, 2, null, null, null, nowMs);
    link.run(messageId, accepted);
    open.run(accepted, 0);
  };
  const settle = (nowMs: number): void => {
    close.run(++settled);
    ended.run(settled, 3, ...outcomeOf(nowMs));
  };
  return inGroups(() => {
    bare.commit(() => repeat(accept));
    bare.commit(() => repeat(settle));
  });
}

function repeat(hop: (nowMs: number) => void): void {
  for (let i = 0; i < inFlight / 2; i++) hop(Date.now());
}

const data = mkdtempSync(join(tmpdir(), 'mortise-bench-'));
try {
  await compare(data);
} finally {
  rmSync(data, { recursive: true, force: true });
}
