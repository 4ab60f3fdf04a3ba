// What only the embedded store has: its settings, its file, its lock, and how it fails.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleDelivery, sampleEnd, sampleId, sampleMessage } from '../conformance/samples.ts';
import type { Commit, Store } from '../store.ts';
import { Core } from './core.ts';
import { localHands } from './local.ts';
import { openSqliteStore, prepareSqliteStore } from './open.ts';
import { migrations } from './schema.ts';
import { openReader, openWriter, requireVersion } from './settings.ts';
import { SqliteStore } from './store.ts';

let parent: string;
let folder: string;
let file: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'mortise-store-'));
  folder = join(parent, 'data');
  file = join(folder, 'mortise.db');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

function accept(seq: number, bodyBytes = 10): Commit {
  const body = { kind: 'json', text: JSON.stringify('x'.repeat(bodyBytes)) } as const;
  return { messages: [sampleMessage(seq, { body })], deliveries: [sampleDelivery(seq, sampleId('a', seq))] };
}

async function fill(store: Store, count: number, bodyBytes = 10): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => store.commit(accept(store.takeSeq(), bodyBytes))));
}

describe.skipIf(process.platform === 'win32')('the data folder (needs the modes of files that Windows has not)', () => {
  it('is its owner’s alone where it is made', async () => {
    await (await openSqliteStore({ folder })).close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('keeps its mode where it is there', async () => {
    await mkdir(folder);
    await chmod(folder, 0o750);
    await (await openSqliteStore({ folder })).close();
    expect((await stat(folder)).mode & 0o777).toBe(0o750);
  });
});

describe('a store that was prepared', () => {
  it('has touched nothing until it is opened, and can be given up', async () => {
    await prepareSqliteStore({ folder }).end();
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    const store = await prepareSqliteStore({ folder }).open();
    await fill(store, 1);
    await store.close();
  });
});

describe('settings', () => {
  it('hold for the connection that writes and the one that reads', async () => {
    await mkdir(folder);
    const writer = openWriter(file, 'here');
    const of = (database: DatabaseSync, name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(['journal_mode', 'synchronous', 'page_size', 'journal_size_limit'].map((name) => of(writer, name))).toEqual([
      'wal',
      2,
      4096,
      67_108_864,
    ]);
    const reader = openReader(file);
    expect(of(reader, 'query_only')).toBe(1);
    expect(() => reader.exec('CREATE TABLE t (a)')).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  it.each(['3.51.2', '3.50.9', '2.99.99'])('refuse SQLite %s', (version) => {
    expect(() => requireVersion(version)).toThrow(expect.objectContaining({ code: 'MORTISE_STORE_UNFIT' }));
  });

  it.each(['3.51.3', '3.53.0', '4.0.0'])('take SQLite %s', (version) => {
    expect(() => requireVersion(version)).not.toThrow();
  });

  it('are read back: what did not take is told', () => {
    const temporary = '';
    expect(() => openWriter(temporary, 'here')).toThrow(expect.objectContaining({ code: 'MORTISE_STORE_UNFIT' }));
  });

  it('keep the write-ahead log short while commits go on', async () => {
    const store = await openSqliteStore({ folder });
    let logBytesMax = 0;
    for (let i = 0; i < 60; i++) {
      await fill(store, 100, 10_000);
      logBytesMax = Math.max(logBytesMax, (await stat(`${file}-wal`)).size);
    }
    expect((await stat(file)).size).toBeGreaterThan(30e6);
    expect(logBytesMax).toBeLessThan(50e6);
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });
});

describe('the file', () => {
  it.each(migrations.map((_, i) => i + 1))('of version %d is brought up to date', async (version) => {
    await mkdir(folder);
    const database = new DatabaseSync(file);
    for (const migration of migrations.slice(0, version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
    const store = await openSqliteStore({ folder });
    await fill(store, 1);
    expect((await store.read.balance()).rows).toHaveLength(1);
    await store.close();
  });

  it('of version 1 keeps its messages and deliveries, which then may be members of states', async () => {
    await mkdir(folder);
    const database = new DatabaseSync(file);
    const id = (n: number): string => sampleId('a', n).replaceAll('-', '');
    database.exec(`${migrations[0]};
      INSERT INTO names VALUES (1, 'flow:orders'), (2, 'orders');
      INSERT INTO messages (seq, id, source, type, time, accepted_at, body_kind, body)
        VALUES (1, x'${id(1)}', '/systems/shop/orders', 'order', '2026-01-01T00:00:00Z', 5, 0, '{"n":1}');
      INSERT INTO deliveries (seq, id, destination, flow, entry, created_at)
        VALUES (1, x'${sampleId('b', 1).replaceAll('-', '')}', 1, 2, 'wait', 5);
      INSERT INTO links VALUES (x'${id(1)}', 0, 1, NULL);
      INSERT INTO open (destination, seq, state, attempts, due_at) VALUES (1, 1, 1, 0, 9);
      INSERT INTO counters (destination, created) VALUES (1, 1);
      UPDATE facts SET value = 2 WHERE name = 'seq';
      PRAGMA user_version = 1`);
    database.close();
    const store = await openSqliteStore({ folder });
    expect(await store.read.heldDue(10, 10)).toEqual({ due: [1] });
    const held = await store.read.delivery({ seq: 1 });
    expect(held?.delivery).toMatchObject({ state: 'held', entry: 'wait', flow: 'orders' });
    expect(held?.message.body).toEqual({ kind: 'json', text: '{"n":1}' });
    const key = { flow: 'orders', step: 'group', key: 'x' };
    const message = sampleMessage(2);
    const delivery = sampleDelivery(store.takeSeq(), message.id, { state: 'held' });
    const join = [{ place: 1, delivery: delivery.id }];
    await store.commit({
      messages: [message],
      deliveries: [delivery],
      states: [{ ...key, was: 0, version: store.takeSeq(), value: 1, join }],
    });
    expect(await store.read.members(key, 0, 10, 1e6)).toEqual([{ place: 1, delivery, message }]);
    expect(await store.read.journey(sampleId('a', 1))).toMatchObject({ joined: [], deliveries: [{ seq: 1 }] });
    await store.close();
  });

  it.each([true, false])('of a newer version is refused, and not touched (thread: %s)', async (inThread) => {
    const store = await openSqliteStore({ folder, inThread });
    await store.close();
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${migrations.length + 1}; PRAGMA journal_mode = delete`);
    database.close();
    const before = await readFile(file);
    await expect(openSqliteStore({ folder, inThread })).rejects.toMatchObject({ code: 'MORTISE_STORE_NEWER' });
    expect((await readFile(file)).subarray(100).equals(before.subarray(100))).toBe(true);
  });

  it.each([true, false])('that is no database is refused (thread: %s)', async (inThread) => {
    await mkdir(folder);
    await writeFile(file, Buffer.alloc(20_000, 'no database at all '));
    await expect(openSqliteStore({ folder, inThread })).rejects.toMatchObject({ code: 'MORTISE_STORE_CORRUPT' });
  });

  it.each([true, false])('that is damaged is told of by the question that meets it (thread: %s)', async (inThread) => {
    const first = await openSqliteStore({ folder, inThread });
    await fill(first, 2000);
    await first.close();
    const handle = await open(file, 'r+');
    const { size } = await handle.stat();
    for (let at = 80 * 4096; at < size; at += 8192) await handle.write(Buffer.alloc(4096, 0xa5), 0, 4096, at);
    await handle.close();
    const asked = openSqliteStore({ folder, inThread }).then(async (store) => {
      try {
        await store.read.journal({ limit: 1000, states: ['dead', 'done'] });
        await store.read.balance();
      } finally {
        await store.close().catch(() => undefined);
      }
    });
    await expect(asked).rejects.toMatchObject({ code: 'MORTISE_STORE_CORRUPT' });
  });
});

describe('the lock', () => {
  it.each([true, false])('keeps a second store out of the folder, and is gone after close (thread: %s)', async (inThread) => {
    const first = await openSqliteStore({ folder, inThread });
    const refused = openSqliteStore({ folder, inThread });
    await expect(refused).rejects.toMatchObject({ code: 'MORTISE_STORE_LOCKED' });
    await expect(refused).rejects.toThrow(folder);
    await expect(refused).rejects.toThrow(String(process.pid));
    await first.close();
    await (await openSqliteStore({ folder, inThread })).close();
  });

  it('needs a folder that can be used', async () => {
    await writeFile(folder, 'a file where the folder should be');
    await expect(openSqliteStore({ folder })).rejects.toMatchObject({ code: 'MORTISE_STORE_UNFIT' });
  });

  it('is let go of when opening fails', async () => {
    await mkdir(folder);
    await writeFile(file, Buffer.alloc(20_000, 'no database at all '));
    await expect(openSqliteStore({ folder })).rejects.toMatchObject({ code: 'MORTISE_STORE_CORRUPT' });
    await rm(file);
    await (await openSqliteStore({ folder })).close();
  });
});

describe('a killed process', () => {
  it('leaves everything that it said was done, and no lock', { timeout: 120_000 }, async () => {
    const fixture = fileURLToPath(new URL('./commits.fixture.ts', import.meta.url));
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [fixture, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [said, refused]: [string[], unknown[]] = [[], []];
      for await (const line of createInterface({ input: child.stdout })) {
        said.push(line);
        if (said.length === 1) refused.push(await openSqliteStore({ folder }).catch((error: Error) => error.message));
        if (said.length === 3000 + round * 517) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      expect(refused).toEqual([expect.stringContaining(`Process ${child.pid} `)]);
      await compareWith(said);
    }
  });

  async function compareWith(said: readonly string[]): Promise<void> {
    const store = await openSqliteStore({ folder });
    expect(store.recovered.clean).toBe(false);
    for (const line of said.slice(1)) {
      const [what, seq] = line.split(' ');
      const state = (await store.read.delivery({ seq: Number(seq) }))?.delivery.state;
      const right = what === 'ended' ? ['done'] : ['waiting', 'done'];
      expect(right, line).toContain(state);
    }
    const balance = await store.read.balance();
    expect(balance).toMatchObject({ outputsSaid: balance.outputsFound, strayMessages: 0 });
    for (const { created, states } of balance.rows)
      expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(created);
    await store.close();
  }
});

describe('a disk that is full', () => {
  /** A store in this thread whose file may grow to so many pages. */
  async function openSmall(pagesMax: number): Promise<Store> {
    await mkdir(folder, { recursive: true });
    const core = new Core(file, 'here');
    core.database.exec(`PRAGMA max_page_count = ${pagesMax}`);
    return new SqliteStore(localHands(core, openReader(file), 10_000), Date.now, () => undefined);
  }

  it('fails the group, ends the store, and keeps what was committed before', async () => {
    const store = await openSmall(200);
    await fill(store, 20, 1000);
    const settled = await Promise.allSettled(
      [accept(100), accept(101, 3_000_000), accept(102)].map((commit) => store.commit(commit)),
    );
    const failed = { code: 'MORTISE_STORE_FAILED' };
    expect(settled.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    for (const outcome of settled) expect(outcome).toMatchObject({ reason: failed });
    expect(await store.failed).toMatchObject(failed);
    await expect(store.commit(accept(103))).rejects.toMatchObject(failed);
    expect(store.queuedBytes).toBe(0);
    await cp(folder, join(parent, 'left'), { recursive: true });
    await store.close();
    const again = await openSqliteStore({ folder: join(parent, 'left') });
    expect(again.recovered).toMatchObject({ clean: false, waiting: new Map([['flow:orders', 20]]) });
    await again.close();
  });

  it('fails what was already handed over behind the group', async () => {
    const store = await openSmall(200);
    const first = store.commit(accept(1, 3_000_000));
    const later = store.failed.then(() => Promise.allSettled([store.commit(accept(2))]));
    await expect(first).rejects.toMatchObject({ code: 'MORTISE_STORE_FAILED' });
    expect(await later).toMatchObject([{ status: 'rejected' }]);
    expect(await store.read.message(sampleId('a', 1))).toBeUndefined();
    await store.close();
  });
});

describe('questions', () => {
  it.each([true, false])('that take too long are refused, and commits go on (thread: %s)', async (inThread) => {
    const store = await openSqliteStore({ folder, inThread, questionTimeoutMs: 0 });
    await fill(store, 1100);
    const questions = [
      () => store.read.balance(),
      () => store.read.journal({ limit: 1000 }),
      () => store.read.journey(sampleId('a', 1)),
    ];
    for (const ask of questions) await expect(ask()).rejects.toMatchObject({ code: 'MORTISE_STORE_SLOW_QUESTION' });
    expect((await store.read.delivery({ seq: 1 }))?.delivery.seq).toBe(1);
    await store.commit({ changes: [sampleEnd(1)] });
    await store.close();
  });

  it('in memory see what was committed, and are gone after close', async () => {
    const store = await openSqliteStore({ folder: ':memory:' });
    await fill(store, 10);
    expect((await store.read.waiting('flow:orders', 0, 100, 1e6)).map(({ delivery }) => delivery.seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    await store.close();
    const again = await openSqliteStore({ folder: ':memory:' });
    expect(again.recovered.waiting).toEqual(new Map());
    await again.close();
  });
});
