// Reading a claimed file: its identity, and what happens when somebody writes to it meanwhile.

import { appendFileSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gather } from '@mortise/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testFolder } from './fixtures/folders.ts';
import type { TestFolder } from './fixtures/folders.ts';
import { readClaimed } from './reading.ts';

let folder: TestFolder;

beforeEach(() => void (folder = testFolder()));
afterEach(() => folder.remove());

describe('the key of a file', () => {
  it.each([10, 300_000])('of %i bytes depends on its name and content', async (size) => {
    const keyOf = async (path: string, name: string, fill: string) => {
      folder.write(path, fill.repeat(size));
      await using file = await readClaimed(folder.at(path), name);
      return file.key;
    };
    const key = await keyOf('a', 'order', 'x');
    expect(key).toMatch(new RegExp(`^order:${size}:[0-9a-f]{64}$`));
    expect(await keyOf('b', 'order', 'x')).toBe(key);
    expect(await keyOf('a', 'order', 'y')).not.toBe(key);
    expect(await keyOf('a', 'other', 'x')).not.toBe(key);
  });
});

describe('a large file', () => {
  it('is a stream that fails at its end where the file has grown meanwhile', async () => {
    folder.write('large', new Uint8Array(2_000_000));
    await using file = await readClaimed(folder.at('large'), 'large');
    const chunks = (file.incoming.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    expect((await chunks.next()).done).toBe(false);
    appendFileSync(folder.at('large'), 'more');
    const rest = gather({ [Symbol.asyncIterator]: () => chunks });
    await expect(rest).rejects.toMatchObject({
      code: 'MORTISE_FILE_CHANGED',
      message: expect.stringContaining('2000004 bytes, and had 2000000'),
    });
  });
});

describe('opening', () => {
  it('does not follow a link', async () => {
    folder.write('secret', 'secret');
    symlinkSync(folder.at('secret'), folder.at('link'));
    await expect(readClaimed(folder.at('link'), 'link')).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it.skipIf(process.platform !== 'linux')('leaves nothing open (needs /proc to see it)', async () => {
    folder.write('large', new Uint8Array(1_000_000));
    const handles = () => readdirSync('/proc/self/fd').filter((fd) => target(fd) === folder.at('large'));
    const file = await readClaimed(folder.at('large'), 'large');
    expect(handles()).toHaveLength(1);
    await gather(file.incoming.body as AsyncIterable<Uint8Array>);
    await file[Symbol.asyncDispose]();
    expect(handles()).toHaveLength(0);
  });
});

function target(fd: string): string {
  try {
    return readlinkSync(join('/proc/self/fd', fd));
  } catch {
    return 'closed meanwhile';
  }
}
