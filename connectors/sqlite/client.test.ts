// Ping, while others hold the lock; and what an error of SQLite means.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ping } from './client.ts';
import { failureOf } from './failures.ts';
import { testDatabase } from './fixtures/database.ts';
import type { TestDatabase } from './fixtures/database.ts';

describe('ping', () => {
  let database: TestDatabase;

  // Without a write-ahead log, who writes keeps readers out.
  beforeEach(() => void (database = testDatabase('delete')));
  afterEach(() => database.remove());

  const asked = (busyTimeout: number, signal = new AbortController().signal) =>
    ping({ file: database.file, busyTimeout, create: false }, signal);

  it('says how many tables there are', async () => {
    expect(await asked(0)).toBe('tables: 1');
  });

  it('answers once the lock is free, and does not stop the engine meanwhile', async () => {
    database.lock('EXCLUSIVE');
    const asking = asked(10_000);
    setImmediate(() => database.unlock());
    expect(await asking).toBe('tables: 1');
  });

  it('fails where the lock is held for too long', async () => {
    database.lock('EXCLUSIVE');
    await expect(asked(30)).rejects.toThrow('database is locked');
  });

  it('ends its wait when its signal is aborted', async () => {
    database.lock('EXCLUSIVE');
    const stop = new AbortController();
    const asking = asked(10_000, stop.signal);
    stop.abort();
    await expect(asking).rejects.toThrow('aborted');
  });
});

describe('an error', () => {
  const settings = { file: '/shop.db', busyTimeoutMs: 0, create: false, readOnly: false };
  const sqlite = (errcode: number) => Object.assign(new Error('SQLite says so'), { errcode });

  it.each([
    ['SQLITE_BUSY', 5, 'unavailable'],
    ['SQLITE_BUSY_SNAPSHOT', 517, 'unavailable'],
    ['SQLITE_READONLY', 8, 'unavailable'],
    ['SQLITE_IOERR_FSYNC', 1034, 'unavailable'],
    ['SQLITE_FULL', 13, 'unavailable'],
    ['SQLITE_CORRUPT', 11, 'unavailable'],
    ['SQLITE_ERROR', 1, 'rejected'],
    ['SQLITE_CONSTRAINT_UNIQUE', 2067, 'rejected'],
    ['SQLITE_TOOBIG', 18, 'rejected'],
    ['SQLITE_MISMATCH', 20, 'rejected'],
  ])('%s (%i) is %s', (_, code, kind) => expect(failureOf(sqlite(code), settings)).toMatchObject({ kind }));

  it('of the disk during COMMIT leaves it in doubt; other errors then do not', () => {
    expect(failureOf(sqlite(1034), settings, true)).toEqual({ kind: 'inDoubt', message: '/shop.db: SQLite says so' });
    expect(failureOf(sqlite(5), settings, true)).toMatchObject({ kind: 'unavailable', locked: true });
    expect(failureOf(sqlite(787), settings, true)).toMatchObject({ kind: 'rejected' });
  });

  it("is the statement's fault where it would write and may only read, and where it is none of SQLite's", () => {
    expect(failureOf(sqlite(8), { ...settings, readOnly: true })).toMatchObject({ kind: 'rejected' });
    expect(failureOf(new Error('No.'), settings)).toEqual({ kind: 'rejected', message: 'No.' });
  });
});
