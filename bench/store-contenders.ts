// What the embedded store is measured against: bare SQLite that writes the same rows, in one commit, in two, and in a thread of its own.

import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

/** So many hops are under way at once; a group is half of them. */
export const inFlight = 256;
const groupHops = inFlight / 2;

export const body = JSON.stringify({ order: 'x'.repeat(1012) });
export const journal = {
  startedAtMs: 1795435200000,
  tookMs: 1.23,
  steps: [
    ['map', 0.2],
    ['validate', 0.1],
  ],
};
export const headers = { 'content-type': 'application/json', 'user-agent': 'shop/1.0' };

/** Does hops until the time is up; tells how many. */
export type Run = (untilMs: number) => Promise<number>;

const messageTable = `
  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, id, root, parent, replay_of, source, type, subject, time, content_type, data_schema,
    headers, keys, variables, accepted_at, expires_at, body_kind, blob_bytes, body);`;
const [headersText, journalText] = [JSON.stringify(headers), JSON.stringify(journal)];
const attributes = ['/systems/shop/order-created', 'order.created', 'order-4711', '2026-11-23T12:00:00.000Z', 'application/json'];

/** What stands behind a message's number and id. */
function messageRest(nowMs: number): readonly SQLInputValue[] {
  return [null, null, null, ...attributes, 'shop-order@1', headersText, null, null, nowMs, null, 0, null, body];
}

function outcomeOf(nowMs: number): readonly SQLInputValue[] {
  return [1, null, nowMs + 3, 'a1b2c3d4e5f6', null, '202 Accepted', journalText, 0, null, null];
}

/** What is posted of a hop: its number and the time, then the rest of its row. */
const [acceptLength, settleLength] = [2 + messageRest(0).length, 2 + outcomeOf(0).length];

interface Bare {
  /** The statement that inserts into the table. */
  insert(table: string, columns: number): StatementSync;
  prepare(sql: string): StatementSync;
  /** Ids of the hop `seq`, in buffers that are used again. */
  ids(seq: number, nowMs: number): readonly [message: Buffer, delivery: Buffer];
  /** Within one commit. */
  commit(rows: () => void): void;
}

function openBareFile(file: string, tables: string): Bare {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = wal; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768');
  database.exec(messageTable + tables);
  const [begin, commit] = [database.prepare('BEGIN'), database.prepare('COMMIT')];
  const ids = [Buffer.alloc(16), Buffer.alloc(16)] as const;
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
    for (; performance.now() < untilMs; hops += groupHops) group();
    return hops;
  };
}

/** The same rows as they are in the end, with the same durability; no index but the row's number. */
export function openBare(file: string): Run {
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
    message.run(seq, messageId, ...messageRest(nowMs));
    delivery.run(seq, deliveryId, null, null, 1, 2, null, null, null, nowMs, 3, ...outcomeOf(nowMs));
  };
  return inGroups(() => bare.commit(() => repeat(insert)));
}

/** The least that a store has to do: what is accepted, found by its id and known to be owed, in one commit; that it is done in another. */
interface TwoCommits {
  accept(seq: number, nowMs: number, rest: readonly SQLInputValue[]): void;
  settle(seq: number, outcome: readonly SQLInputValue[]): void;
  commit(rows: () => void): void;
}

function openLeast(file: string): TwoCommits {
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
  return {
    accept(seq, nowMs, rest) {
      const [messageId, deliveryId] = bare.ids(seq, nowMs);
      message.run(seq, messageId, ...rest);
      delivery.run(seq, deliveryId, null, null, 1, 2, null, null, null, nowMs);
      link.run(messageId, seq);
      open.run(seq, 0);
    },
    settle(seq, outcome) {
      close.run(seq);
      ended.run(seq, 3, ...outcome);
    },
    commit: (rows) => bare.commit(rows),
  };
}

export function openTwoCommits(file: string): Run {
  const least = openLeast(file);
  let [accepted, settled] = [0, 0];
  return inGroups(() => {
    least.commit(() => repeat((nowMs) => least.accept(++accepted, nowMs, messageRest(nowMs))));
    least.commit(() => repeat((nowMs) => least.settle(++settled, outcomeOf(nowMs))));
  });
}

function repeat(hop: (nowMs: number) => void): void {
  for (let i = 0; i < groupHops; i++) hop(Date.now());
}

/** What is posted: one list for a group, since nothing is cheaper to post. */
export interface Posted {
  readonly kind: 'accept' | 'settle';
  readonly values: readonly SQLInputValue[];
}

/** The two commits in a thread of its own. Two groups are under way, so that one is posted while the other is written. */
export function openPosted(file: string): { readonly run: Run; close(): Promise<void> } {
  const worker = new Worker(new URL('./store-contender-thread.ts', import.meta.url), { workerData: file });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  failed.catch(() => undefined);
  const waiting: (() => void)[] = [];
  worker.on('message', () => waiting.shift()?.());
  let seq = 0;
  const post = (posted: Posted): Promise<void> => {
    worker.postMessage(posted);
    return Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), failed]);
  };
  const lane = async (untilMs: number): Promise<number> => {
    let hops = 0;
    for (; performance.now() < untilMs; hops += groupHops) {
      const first = seq + 1;
      seq += groupHops;
      await post({ kind: 'accept', values: valuesOf(first, messageRest) });
      await post({ kind: 'settle', values: valuesOf(first, outcomeOf) });
    }
    return hops;
  };
  return {
    run: async (untilMs) => (await Promise.all([lane(untilMs), lane(untilMs)])).reduce((sum, hops) => sum + hops),
    close: async () => void (await worker.terminate()),
  };
}

function valuesOf(first: number, restOf: (nowMs: number) => readonly SQLInputValue[]): readonly SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (let seq = first; seq < first + groupHops; seq++) {
    const nowMs = Date.now();
    values.push(seq, nowMs, ...restOf(nowMs));
  }
  return values;
}

/** What the thread does with what is posted. */
export function openPostedWriter(file: string): (posted: Posted) => void {
  const least = openLeast(file);
  return ({ kind, values }) =>
    least.commit(() => {
      const length = kind === 'accept' ? acceptLength : settleLength;
      for (let at = 0; at < values.length; at += length) {
        const [seq, nowMs, rest] = [Number(values[at]), Number(values[at + 1]), values.slice(at + 2, at + length)];
        if (kind === 'accept') least.accept(seq, nowMs, rest);
        else least.settle(seq, rest);
      }
    });
}
