// What a scrub leaves in the files: nothing of rows that are gone, also of what an older version deleted.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from './open.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-scrub-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const canary = 'c4n4ry';
const filesWithIt = (): string[] => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(canary));

/** Rows of every size, written and deleted again, as a version without any overwriting would have. */
function leaveRemnants(): void {
  const database = new DatabaseSync(join(folder, 'mortise.db'));
  database.exec('PRAGMA secure_delete = OFF; CREATE TABLE remnant (text TEXT)');
  for (const length of [1, 40, 900, 100_000]) database.prepare('INSERT INTO remnant VALUES (?)').run(canary.repeat(length));
  database.exec('DELETE FROM remnant; DROP TABLE remnant');
  database.close();
}

describe('a scrub', () => {
  it.each([0, 1])('leaves nothing of what was deleted before, with remnants = %s', async (remnants) => {
    await (await openSqliteStore({ folder })).close();
    leaveRemnants();
    const database = new DatabaseSync(join(folder, 'mortise.db'));
    database.prepare("UPDATE facts SET value = ? WHERE name = 'remnants'").run(remnants);
    database.close();
    expect(filesWithIt()).not.toEqual([]);
    const store = await openSqliteStore({ folder });
    await store.scrub();
    expect(filesWithIt()).toEqual([]);
    await store.close();
  });

  it('says so where another program holds on to the log', async () => {
    const store = await openSqliteStore({ folder });
    const reader = new DatabaseSync(join(folder, 'mortise.db'), { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM facts').get();
    await store.commit({ cursor: { scope: 'x', value: 1 } });
    await expect(store.scrub()).rejects.toMatchObject({ code: 'MORTISE_STORE_LOG_IN_USE' });
    reader.exec('COMMIT');
    reader.close();
    await store.scrub();
    await store.commit({ cursor: { scope: 'x', value: 2 } });
    expect(await store.read.cursor('x')).toBe(2);
    await store.close();
  });
});
