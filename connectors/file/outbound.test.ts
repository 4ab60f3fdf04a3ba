// Writing files: whole or not at all, once, and never out of the folder.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rejected, Unavailable } from '@mortise/sdk';
import { bodyStreamOf, openOutboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { OutboundHarness, SendForTest } from '@mortise/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renameIfFree } from './client.ts';
import connector from './connector.ts';
import { testFolder } from './fixtures/folders.ts';
import type { TestFolder } from './fixtures/folders.ts';
import { temporaryNameOf, withSuffix } from './names.ts';
import { outbounds } from './outbound.ts';

let folder: TestFolder;
let outbound: OutboundHarness;

beforeEach(async () => {
  folder = testFolder();
  outbound = await open();
});

afterEach(async () => {
  await outbound.close();
  folder.remove();
});

describe('a file', () => {
  it('has the name and the body, and nothing lies beside it', async () => {
    expect(await send('one', {})).toEqual({ detail: 'order.txt' });
    expect(folder.names()).toEqual(['order.txt']);
    expect(folder.read('order.txt')).toBe('one');
  });

  it('of many megabytes comes from a stream', async () => {
    const bytes = new Uint8Array(5_000_000).map((_, index) => index % 251);
    await outbound.send(bodyStreamOf(bytes, 60_000), { name: 'large.bin' });
    expect(Buffer.compare(readFileSync(folder.at('large.bin')), bytes)).toBe(0);
  });

  it('that cannot be read to its end leaves nothing behind, and is tried again', async () => {
    const broken = { kind: 'stream', sizeBytes: 10, open: brokenChunks };
    await expect(outbound.send(broken, { name: 'order.txt' })).rejects.toBeInstanceOf(Unavailable);
    expect(folder.names()).toEqual([]);
  });

  it('is not written once time is up, not even half', async () => {
    const stop = new AbortController();
    const slow = { kind: 'stream', sizeBytes: 10, open: () => chunksThen(() => stop.abort()) };
    await expect(outbound.send(slow, { name: 'order.txt' }, { signal: stop.signal })).rejects.toBeInstanceOf(Unavailable);
    expect(folder.names()).toEqual([]);
  });

  it('needs bytes', async () => {
    await expect(outbound.send({ n: 1 }, { name: 'order.txt' })).rejects.toBeInstanceOf(Rejected);
  });
});

describe('the same delivery again', () => {
  it('has no second effect', async () => {
    await send('one', {}, { deliveryId: 'd-1' });
    const before = statSync(folder.at('order.txt'));
    for (const ifExists of ['fail', 'wait', 'replace', 'suffix']) {
      expect(await send('one', { ifExists }, { deliveryId: 'd-1', attempt: 2 })).toEqual({ detail: 'order.txt' });
    }
    expect(statSync(folder.at('order.txt'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(folder.names()).toEqual(['order.txt']);
  });

  it('has no second effect where it got a suffix', async () => {
    folder.write('order.txt', 'other');
    const name = withSuffix('order.txt', 'd-1');
    for (const attempt of [1, 2])
      expect(await send('one', { ifExists: 'suffix' }, { deliveryId: 'd-1', attempt })).toEqual({ detail: name });
    expect(folder.names().toSorted()).toEqual([name, 'order.txt'].toSorted());
    expect(folder.read(name)).toBe('one');
  });

  it('clears away what an attempt left that died', async () => {
    folder.write(temporaryNameOf('d-1'), 'half of something long');
    await send('one', {}, { deliveryId: 'd-1', attempt: 2 });
    expect(folder.names()).toEqual(['order.txt']);
    expect(folder.read('order.txt')).toBe('one');
  });
});

describe('where another file has the name', () => {
  beforeEach(() => folder.write('order.txt', 'other'));

  it('the new one is refused', async () => {
    await expect(send('one', {})).rejects.toBeInstanceOf(Rejected);
    expect(folder.read('order.txt')).toBe('other');
    expect(folder.names()).toEqual(['order.txt']);
  });

  it('the new one waits until the other is gone', async () => {
    await expect(send('one', { ifExists: 'wait' })).rejects.toBeInstanceOf(Unavailable);
    await renameIfFree(folder.at('order.txt'), folder.at('taken.txt'));
    await send('one', { ifExists: 'wait' });
    expect(folder.read('order.txt')).toBe('one');
  });

  it('the new one replaces it', async () => {
    await send('one', { ifExists: 'replace' });
    expect(folder.read('order.txt')).toBe('one');
    expect(folder.names()).toEqual(['order.txt']);
  });

  it('the new one is refused where even the name with the suffix is taken', async () => {
    folder.write(withSuffix('order.txt', 'd-1'), 'third');
    await expect(send('one', { ifExists: 'suffix' }, { deliveryId: 'd-1' })).rejects.toBeInstanceOf(Rejected);
  });

  it('a link is no file with the same content, and is not followed', async () => {
    symlinkSync(folder.at('order.txt'), folder.at('link.txt'));
    await expect(send('other', { name: 'link.txt' })).rejects.toBeInstanceOf(Rejected);
    await send('one', { name: 'link.txt', ifExists: 'replace' });
    expect(folder.read('order.txt')).toBe('other');
    expect(folder.read('link.txt')).toBe('one');
  });

  it('a folder is never replaced', async () => {
    mkdirSync(folder.at('folder'));
    await expect(send('one', { name: 'folder', ifExists: 'replace' })).rejects.toBeInstanceOf(Rejected);
  });

  it('without hard links it is found as well', async () => {
    folder.write('new.txt', 'new');
    expect(await renameIfFree(folder.at('new.txt'), folder.at('order.txt'))).toBe(false);
    expect(await renameIfFree(folder.at('new.txt'), folder.at('free.txt'))).toBe(true);
    expect(folder.names()).toEqual(['free.txt', 'order.txt']);
  });
});

describe('the name', () => {
  it('may lead into subfolders, which are made', async () => {
    expect(await send('one', { name: '2026/01/order.txt', subfolders: true })).toEqual({
      detail: join('2026', '01', 'order.txt'),
    });
    expect(folder.read('2026', '01', 'order.txt')).toBe('one');
  });

  it('may not lead out of the folder', async () => {
    mkdirSync(join(folder.path, '..', 'elsewhere'));
    symlinkSync(join(folder.path, '..', 'elsewhere'), folder.at('link'));
    for (const name of ['../order.txt', '/order.txt', 'link/order.txt', 'link/deeper/order.txt']) {
      await expect(send('one', { name, subfolders: true })).rejects.toBeInstanceOf(Rejected);
    }
    expect(folder.names('..', 'elsewhere')).toEqual([]);
  });

  it('may not lead through a file', async () => {
    folder.write('file', '');
    await expect(send('one', { name: 'file/order.txt', subfolders: true })).rejects.toBeInstanceOf(Rejected);
  });

  it('that is too long for the disk is refused', async () => {
    await expect(send('one', { name: 'x'.repeat(300) })).rejects.toBeInstanceOf(Rejected);
  });

  it('may be as long as the disk allows', async () => {
    await send('one', { name: 'x'.repeat(255) });
    expect(folder.names()).toEqual(['x'.repeat(255)]);
  });
});

describe('the folder', () => {
  it('that is missing, or no folder, makes it Unavailable', async () => {
    writeFileSync(folder.at('file'), '');
    for (const name of ['missing', 'file']) {
      const other = await open({ folder: folder.at(name) });
      await expect(other.send('one', { name: 'sub/order.txt', subfolders: true })).rejects.toBeInstanceOf(Unavailable);
    }
    expect(folder.names()).toEqual(['file']);
  });

  it('that is missing is made where that is asked for', async () => {
    const other = await open({ folder: folder.at('a', 'b'), create: true });
    await other.send('one', { name: 'order.txt' });
    expect(folder.read('a', 'b', 'order.txt')).toBe('one');
  });
});

describe('a crash', () => {
  it('leaves whole files only, and what was in the air is written by the next attempt', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'until-killed.ts'), 'write', folder.path], {
      stdio: 'pipe',
    });
    child.stdout.resume();
    await waitUntil(
      'one is being written after the third',
      () => folder.has('file-3') && folder.visible().length < folder.names().length,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const done = folder.visible().length;
    const whole = (n: number) => new Uint8Array(4 * 1024 * 1024).fill(n % 256);
    for (let n = 1; n <= done; n++) expect(Buffer.compare(readFileSync(folder.at(`file-${n}`)), whole(n))).toBe(0);
    for (const n of [done, done + 1])
      await outbound.send(whole(n), { name: `file-${n}` }, { deliveryId: `delivery-${n}`, attempt: 2 });
    expect(folder.names()).toHaveLength(done + 1);
  });
});

function open(connection: unknown = { folder: folder.path }): Promise<OutboundHarness> {
  return openOutboundForTest({ connector, outbounds, name: 'write', connection });
}

function send(body: string, options: Readonly<Record<string, unknown>>, how?: SendForTest) {
  return outbound.send(body, { name: 'order.txt', ...options }, how);
}

async function* chunksThen(then: () => void): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(5);
  then();
  yield new Uint8Array(5);
}

function brokenChunks(): AsyncGenerator<Uint8Array> {
  return chunksThen(() => {
    throw new Error('The blob cannot be read.');
  });
}
