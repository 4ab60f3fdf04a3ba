// A data folder of an older version becomes one of this version, with a copy beside it as the way back.

import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleId, startMs } from '../conformance/samples.ts';
import { openSqliteStore } from './open.ts';
import { migrations } from './schema.ts';

const hourMs = 3_600_000;
let folder: string;
const file = (name = 'mortise.db') => join(folder, name);
const versionOf = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true });
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  database.close();
  return version;
};

/**
 * The fixture was written by version 1 of the store: 60 messages, one a minute, of which a third is done with one output
 * each that waits, a third is dead, and a third waits.
 */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-upgrade-'));
  writeFileSync(file(), gunzipSync(readFileSync(new URL('./fixtures/version-1.db.gz', import.meta.url))));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a store of version 1', () => {
  it('is upgraded with all that is in it, and counted by day', async () => {
    const store = await openSqliteStore({ folder, inThread: false, nowMs: () => startMs });
    const { rows, ...sums } = await store.read.balance();
    expect(sums).toEqual({ outputsSaid: 20, outputsFound: 20, strayMessages: 0 });
    const byDestination = new Map(rows.map((row) => [row.destination, row]));
    expect(byDestination.get('flow:orders')).toMatchObject({ created: 60, states: { done: 20, dead: 20, waiting: 20 } });
    expect(byDestination.get('outbound:erp.orders')).toMatchObject({ created: 20, states: { waiting: 20 } });
    expect((await store.read.period(startMs, startMs + hourMs)).rows).toEqual(expect.arrayContaining([...rows]));
    expect((await store.read.period(startMs, startMs + hourMs / 4)).rows).toMatchObject([{ created: 15 }, { created: 5 }]);
    expect(await store.read.cursor('s')).toBe(59);
    expect(await store.read.blobs()).toEqual(new Set(['0'.repeat(32)]));
    expect(await store.read.journal({ key: { name: 'order', value: '9' }, limit: 9 })).toHaveLength(2);
    const dedupe = { flow: 'orders', step: 'once', key: '9' };
    expect(await store.findDedupe(dedupe, startMs)).toEqual({ root: sampleId('a', 9, startMs + 9 * 60_000) });
    await store.close();
  });

  it('leaves a copy of what it was: put in its place, it is what it was', async () => {
    await (await openSqliteStore({ folder, inThread: true })).close();
    expect((await readdir(folder)).filter((name) => name.includes('version'))).toEqual(['mortise.db.version-1']);
    expect(versionOf(file())).toBe(migrations.length);
    expect(versionOf(file('mortise.db.version-1'))).toBe(1);
    renameSync(file('mortise.db.version-1'), file());
    expect(versionOf(file())).toBe(1);
    const again = await openSqliteStore({ folder, inThread: false });
    expect((await again.read.balance()).rows).toHaveLength(2);
    await again.close();
  });

  it('stays what it was where the upgrade fails', async () => {
    const database = new DatabaseSync(file());
    database.exec('CREATE TABLE dropped (in_the_way)');
    database.close();
    await expect(openSqliteStore({ folder, inThread: false })).rejects.toMatchObject({ code: 'MORTISE_STORE_FAILED' });
    expect(versionOf(file())).toBe(1);
    const left = new DatabaseSync(file());
    expect(left.prepare("SELECT name FROM sqlite_schema WHERE name = 'days'").get()).toBeUndefined();
    left.exec('DROP TABLE dropped');
    left.close();
    await (await openSqliteStore({ folder, inThread: false })).close();
    expect(versionOf(file())).toBe(migrations.length);
  });

  it('is not copied when there is nothing to upgrade', async () => {
    for (let i = 0; i < 2; i++) await (await openSqliteStore({ folder: join(folder, 'new'), inThread: false })).close();
    expect((await readdir(join(folder, 'new'))).filter((name) => name.includes('version'))).toEqual([]);
  });
});
