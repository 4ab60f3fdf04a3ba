// Blob files: written whole or not at all, read as often as needed, swept when nothing refers to them.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BodyTooLarge } from '@mortise/sdk';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Blobs } from './blobs.ts';
import { openBlobs } from './blobs.ts';

let folder: string;
let blobs: Blobs;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'mortise-blobs-')), 'blobs');
  blobs = await openBlobs(folder);
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(body, (chunk) => Uint8Array.from(chunk)));
}

async function files(): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('write', () => {
  it('gives back the same bytes, whatever the chunks, each time it is opened', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200_000, size: 'max' }),
        fc.integer({ min: 1, max: 70_000 }),
        async (bytes, size) => {
          const { blob, sizeBytes } = await blobs.write(inChunks(bytes, size), 200_000);
          expect(sizeBytes).toBe(bytes.length);
          const body = blobs.open(blob);
          for (let i = 0; i < 2; i++) expect((await readAll(body)).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('takes bytes in one piece, puts the file two folders deep, and leaves no other file', async () => {
    const { blob } = await blobs.write(Buffer.from('abc'), 3);
    expect(blob).toMatch(/^[0-9a-f]{32}-[0-9a-f]{8}$/);
    expect(await files()).toEqual([join(folder, blob.slice(28, 30), blob.slice(30, 32), blob)]);
    expect(await readFile(String((await files())[0]), 'utf8')).toBe('abc');
  });

  it('gives names that ascend with time and never repeat', async () => {
    const first = await blobs.write(new Uint8Array(), 0);
    await expect.poll(() => Date.now().toString(16).padStart(12, '0') > first.blob.slice(0, 12)).toBe(true);
    const later = await Promise.all(Array.from({ length: 20 }, () => blobs.write(new Uint8Array(), 0)));
    expect(new Set(later.map(({ blob }) => blob)).size).toBe(20);
    for (const { blob } of later) expect(blob > first.blob).toBe(true);
  });

  it('stops at the limit, before it reads more, and leaves nothing', async () => {
    let given = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        given++;
        yield new Uint8Array(1000);
      }
    };
    await expect(blobs.write(endless(), 4500)).rejects.toThrow(BodyTooLarge);
    expect(given).toBe(5);
    expect(await files()).toEqual([]);
  });

  it('passes on what the body throws, and leaves nothing', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new RangeError('cut off');
    };
    await expect(blobs.write(broken(), 100)).rejects.toThrow(RangeError);
    expect(await files()).toEqual([]);
  });

  it('says so where the disk refuses it', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
    await expect(blobs.write(new Uint8Array(1), 1)).rejects.toMatchObject({ code: 'MORTISE_STORE_BLOB_UNWRITTEN' });
    await rm(folder);
  });

  it('passes 64 MB in constant memory', async () => {
    const chunk = new Uint8Array(1 << 20).fill(7);
    const large = async function* (): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 64; i++) yield chunk;
    };
    const { blob, sizeBytes } = await blobs.write(large(), 1 << 30);
    expect(sizeBytes).toBe(64 << 20);
    const hash = createHash('sha256');
    let chunkBytesMax = 0;
    for await (const part of blobs.open(blob)) {
      hash.update(part);
      chunkBytesMax = Math.max(chunkBytesMax, part.byteLength);
    }
    const expected = createHash('sha256');
    for (let i = 0; i < 64; i++) expected.update(chunk);
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
    expect(chunkBytesMax).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('open', () => {
  it('says where a blob is missing, and takes no other name', async () => {
    await expect(readAll(blobs.open('0'.repeat(32)))).rejects.toMatchObject({ code: 'MORTISE_STORE_BLOB_MISSING' });
    for (const name of ['../../etc/passwd', '', 'A'.repeat(32), `${'0'.repeat(32)}.part`]) {
      expect(() => blobs.open(name)).toThrow(expect.objectContaining({ code: 'MORTISE_STORE_VALUE' }));
      await expect(blobs.remove(name)).rejects.toMatchObject({ code: 'MORTISE_STORE_VALUE' });
    }
  });

  it('lets go of the file when the reader stops early', async () => {
    const { blob } = await blobs.write(new Uint8Array(200_000), 200_000);
    for await (const chunk of blobs.open(blob)) {
      expect(chunk.byteLength).toBe(64 * 1024);
      break;
    }
    await blobs.remove(blob);
    expect(await files()).toEqual([]);
  });
});

describe('a blob that the disk changed', () => {
  it.each(['a flipped bit', 'a cut-off end'])('is told of in place of its end: %s', async (how) => {
    const { blob } = await blobs.write(Buffer.alloc(200_000, 'abc'));
    const [file = ''] = await files();
    const bytes = await readFile(file);
    if (how === 'a flipped bit') bytes[150_000] = (bytes[150_000] ?? 0) ^ 1;
    await writeFile(file, how === 'a flipped bit' ? bytes : bytes.subarray(0, 199_999));
    const read = async (): Promise<void> => {
      for await (const chunk of blobs.open(blob)) expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: 'MORTISE_STORE_BLOB_DAMAGED' });
  });
});

describe('remove and sweep', () => {
  const write = async () => (await blobs.write(Buffer.from('x'), 1)).blob;
  const pathOf = (blob: string) => join(folder, blob.slice(28, 30), blob.slice(30, 32), blob);

  it('removes a blob once and does not mind a second time', async () => {
    const blob = await write();
    await blobs.remove(blob);
    await blobs.remove(blob);
    await expect(readAll(blobs.open(blob))).rejects.toMatchObject({ code: 'MORTISE_STORE_BLOB_MISSING' });
  });

  it('sweeps what nothing refers to and is old enough, unfinished files too, and nothing else', async () => {
    const [kept, old, fresh] = [await write(), await write(), await write()];
    const long = new Date(Date.now() - 3_600_000);
    await utimes(pathOf(kept), long, long);
    await utimes(pathOf(old), long, long);
    await writeFile(`${pathOf(old)}.part`, 'x');
    await utimes(`${pathOf(old)}.part`, long, long);
    await mkdir(join(folder, 'zz', 'zz'), { recursive: true });
    await writeFile(join(folder, 'zz', 'zz', 'README'), 'not ours');
    await utimes(join(folder, 'zz', 'zz', 'README'), long, long);
    expect(await blobs.sweep(async () => new Set([kept]))).toBe(2);
    expect([kept, old, fresh].map((blob) => existsSync(pathOf(blob)))).toEqual([true, false, true]);
    expect(existsSync(join(folder, 'zz', 'zz', 'README'))).toBe(true);
    expect(await blobs.sweep(async () => new Set(), Date.now() + 60_000)).toBe(2);
  });

  it('asks what is referenced after it has listed what is old: a row may come meanwhile', async () => {
    const blob = await write();
    expect(await blobs.sweep(async () => new Set([blob]), Date.now() + 60_000)).toBe(0);
    const late = await blobs.sweep(async () => new Set([blob, await write()]), Date.now() + 60_000);
    expect([late, (await files()).length]).toEqual([0, 2]);
  });

  it('sweeps nothing where no blob was ever written', async () => {
    expect(await blobs.sweep(async () => new Set(), Date.now())).toBe(0);
  });

  it.skipIf(process.getuid?.() === 0)(
    'leaves nothing where the folder cannot be written (needs a user other than root)',
    async () => {
      await write();
      await chmod(folder, 0o500);
      await expect(blobs.write(new Uint8Array(1), 1)).rejects.toMatchObject({ code: 'MORTISE_STORE_BLOB_UNWRITTEN' });
      await chmod(folder, 0o700);
    },
  );
});
