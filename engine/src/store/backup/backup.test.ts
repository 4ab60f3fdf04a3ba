// Backups: of one moment, whole or not there, checked before anything is restored, paused afterwards.

import { appendFile, mkdtemp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBlobs } from '../blobs.ts';
import { sampleDelivery, sampleEnd, sampleId, sampleMessage, startMs } from '../conformance/samples.ts';
import { openSqliteStore } from '../sqlite/open.ts';
import { migrations } from '../sqlite/schema.ts';
import type { FileStore } from '../store.ts';
import type { Manifest } from './manifest.ts';
import { restoreBackup } from './restore.ts';
import { backupFolder, writeBackup } from './write.ts';

const facts = { takenAt: '2026-11-23T12:00:00.000Z', version: '1.2.3', project: { name: 'acme', revision: 'r1' } };
const bytes = new Uint8Array(100_000).fill(7);
let parent: string;
let store: FileStore | undefined;
const at = (name: string) => join(parent, name);

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'mortise-backup-'));
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  await rm(parent, { recursive: true, force: true });
});

/** Three messages of which one is done, one waits for an outbound and has a blob, and one is in doubt. */
async function fill(inThread = false): Promise<FileStore> {
  store = await openSqliteStore({ folder: at('data'), inThread });
  const { blob, sizeBytes } = await (await openBlobs(join(at('data'), 'blobs'))).write(bytes);
  const body = { kind: 'blob', blob, sizeBytes, holds: 'bytes' } as const;
  const owed = [{}, { destination: 'outbound:erp.orders' }, { state: 'in-doubt', destination: 'outbound:crm.notes' }] as const;
  await store.commit({
    messages: [sampleMessage(1), sampleMessage(2, { body }), sampleMessage(3)],
    deliveries: owed.map((more, i) => sampleDelivery(i + 1, sampleId('a', i + 1), more)),
  });
  await store.commit({ changes: [sampleEnd(1)] });
  return store;
}

function backup(open: FileStore, target = at('backup')): Promise<Manifest> {
  return writeBackup({ target, dataFolder: at('data'), copyTo: (file) => open.copyTo(file), facts });
}

describe('a backup', () => {
  it.each([true, false])('of an open store is restored as it was, with its blobs, paused (thread: %s)', async (inThread) => {
    const open = await fill(inThread);
    const manifest = await backup(open);
    expect(manifest).toMatchObject({ ...facts, storeVersion: migrations.length, missing: [] });
    expect(await readdir(parent)).toEqual(['backup', 'data']);
    await open.commit({ messages: [sampleMessage(4)], deliveries: [sampleDelivery(4, sampleId('a', 4))] });
    await open.close();
    const { owed } = await restoreBackup(at('backup'), at('restored'), startMs);
    expect(owed).toEqual([
      { destination: 'outbound:crm.notes', state: 'in-doubt', count: 1 },
      { destination: 'outbound:erp.orders', state: 'waiting', count: 1 },
    ]);
    store = await openSqliteStore({ folder: at('restored'), inThread: false });
    expect((await store.read.journal({ limit: 9 })).map(({ delivery }) => delivery.seq)).toEqual([3, 2, 1]);
    const [blob = ''] = await store.read.blobs();
    const read = (await openBlobs(join(at('restored'), 'blobs'))).open(blob);
    expect(Buffer.concat(await Array.fromAsync(read, (chunk) => Uint8Array.from(chunk)))).toEqual(Buffer.from(bytes));
    const database = new DatabaseSync(join(at('restored'), 'mortise.db'), { readOnly: true });
    const pauses = database.prepare('SELECT kind, name, since FROM pauses').all();
    database.close();
    expect(pauses.map((row) => ({ ...row }))).toEqual([{ kind: 'engine', name: '*', since: startMs }]);
  });

  it('of a folder that no engine works on has what its log holds too; one that is worked on is refused', async () => {
    const open = await fill();
    await expect(backupFolder(at('backup'), at('data'), facts)).rejects.toMatchObject({ code: 'MORTISE_STORE_LOCKED' });
    await open.close();
    await backupFolder(at('backup'), at('data'), facts);
    await restoreBackup(at('backup'), at('restored'), startMs);
    store = await openSqliteStore({ folder: at('restored'), inThread: false });
    expect(await store.read.journal({ limit: 9 })).toHaveLength(3);
    await expect(backupFolder(at('other'), at('nothing'), facts)).rejects.toMatchObject({ code: 'MORTISE_STORE_CORRUPT' });
  });

  it.skipIf(process.platform === 'win32')(
    'is its owner’s alone, and so is what is restored of it (needs the modes of files that Windows has not)',
    async () => {
      await (await fill()).close();
      await backupFolder(at('backup'), at('data'), facts);
      await restoreBackup(at('backup'), at('restored'), startMs);
      const modes = await Promise.all(['backup', 'restored'].map(async (made) => (await stat(at(made))).mode & 0o777));
      expect(modes).toEqual([0o700, 0o700]);
    },
  );

  it('is not written over anything, and leaves nothing where it fails', async () => {
    const open = await fill();
    await mkdir(at('full'));
    await writeFile(join(at('full'), 'x'), 'x');
    await expect(backup(open, at('full'))).rejects.toMatchObject({ code: 'MORTISE_STORE_BACKUP_TARGET' });
    await expect(backup(open, join(at('full'), 'x'))).rejects.toMatchObject({ code: 'MORTISE_STORE_BACKUP_TARGET' });
    const copyTo = () => Promise.reject(new Error('no room'));
    await expect(writeBackup({ target: at('b'), dataFolder: at('data'), copyTo, facts })).rejects.toThrow('no room');
    expect(await readdir(parent)).toEqual(['data', 'full']);
  });

  it('names blobs that have no file, and has the rest', async () => {
    const open = await fill();
    await rm(join(at('data'), 'blobs'), { recursive: true });
    expect((await backup(open)).missing).toEqual([...(await open.read.blobs())]);
    await expect(restoreBackup(at('backup'), at('restored'), startMs)).resolves.toBeDefined();
  });
});

describe('a restore', () => {
  const damages: Readonly<Record<string, (manifest: Manifest) => Promise<unknown>>> = {
    'a byte more': () => appendFile(join(at('backup'), 'mortise.db'), 'x'),
    'another byte': async () => {
      const path = join(at('backup'), 'mortise.db');
      const content = await readFile(path);
      content[5000] = (content[5000] ?? 0) ^ 1;
      await writeFile(path, content);
    },
    'a file that is gone': ({ files }) => rm(join(at('backup'), files[1]?.path ?? '')),
    'no manifest': () => rm(join(at('backup'), 'manifest.json')),
    'a manifest that is none': () => writeFile(join(at('backup'), 'manifest.json'), '{"kind":"mortise-backup"}'),
    'a path that leads out': (manifest) =>
      rewrite({ ...manifest, files: [...manifest.files, { path: '../../evil', bytes: 1, sha256: '0'.repeat(64) }] }),
  };

  it.each(Object.keys(damages))('refuses %s, and leaves nothing', async (name) => {
    const manifest = await backup(await fill());
    await damages[name]?.(manifest);
    const restoring = restoreBackup(at('backup'), at('restored'), startMs);
    await expect(restoring).rejects.toMatchObject({ code: 'MORTISE_STORE_BACKUP_DAMAGED' });
    expect(await readdir(parent)).toEqual(['backup', 'data']);
  });

  it('refuses a folder that has files, and a backup of a newer version', async () => {
    const manifest = await backup(await fill());
    const taken = restoreBackup(at('backup'), at('data'), startMs);
    await expect(taken).rejects.toMatchObject({ code: 'MORTISE_STORE_RESTORE_TAKEN' });
    await rewrite({ ...manifest, storeVersion: migrations.length + 1 });
    const newer = restoreBackup(at('backup'), at('restored'), startMs);
    await expect(newer).rejects.toMatchObject({ code: 'MORTISE_STORE_NEWER' });
  });

  const rewrite = (manifest: object) => writeFile(join(at('backup'), 'manifest.json'), JSON.stringify(manifest));
});
