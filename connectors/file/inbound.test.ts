// Reading a folder: order, settling, identity, refusals, back-pressure, and what a crash leaves behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Busy, Unavailable } from '@mortise/sdk';
import { manualClock, openInboundForTest } from '@mortise/sdk/testing';
import type { InboundForTest, InboundHarness } from '@mortise/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import connector from './connector.ts';
import { testFolder } from './fixtures/folders.ts';
import type { TestFolder } from './fixtures/folders.ts';
import { inbounds } from './inbound.ts';

let folder: TestFolder;
let opened: InboundHarness[];

beforeEach(() => {
  folder = testFolder();
  opened = [];
});

afterEach(async () => {
  for (const inbound of opened) await inbound.close();
  folder.remove();
});

describe('a message', () => {
  it('says which file it was', async () => {
    folder.write('order.txt', 'one');
    utimesSync(folder.at('order.txt'), 1_700_000_000, 1_700_000_000);
    const inbound = await open();
    await inbound.poll();
    expect(inbound.accepted.messages).toMatchObject([
      {
        subject: 'order.txt',
        time: '2023-11-14T22:13:20.000Z',
        headers: { 'file-name': 'order.txt', 'file-modified': '2023-11-14T22:13:20.000Z', 'file-size': '3' },
      },
    ]);
    expect(bodies(inbound)).toEqual(['one']);
  });

  it('may be empty', async () => {
    folder.write('order.txt', '');
    const inbound = await open();
    await inbound.poll();
    expect(bodies(inbound)).toEqual(['']);
  });

  it('of a large file is a stream of the same bytes', async () => {
    const bytes = new Uint8Array(3_000_000).map((_, index) => index % 251);
    folder.write('large.bin', bytes);
    const inbound = await open();
    await inbound.poll();
    expect(Buffer.compare(inbound.accepted.messages[0]?.body as Uint8Array, bytes)).toBe(0);
    expect(folder.names('.done')).toEqual(['large.bin']);
  });
});

describe('files are taken', () => {
  it('by name, or the oldest first', async () => {
    for (const [name, seconds] of [
      ['b', 1],
      ['a', 3],
      ['c', 2],
    ] as const) {
      folder.write(name, name);
      utimesSync(folder.at(name), seconds, seconds);
    }
    const oldestFirst = await open({ options: { order: 'modified', after: 'delete' } });
    await oldestFirst.poll();
    expect(bodies(oldestFirst)).toEqual(['b', 'c', 'a']);
    for (const name of ['b', 'a', 'c']) folder.write(name, name);
    const byName = await open();
    await byName.poll();
    expect(bodies(byName)).toEqual(['a', 'b', 'c']);
  });

  it('where their names fit the pattern, and no links, folders or unfinished files', async () => {
    for (const name of ['orders.csv', 'orders.xml', '.orders.csv', 'orders.csv.tmp']) folder.write(name, name);
    writeFileSync(join(folder.path, '..', 'secret.csv'), 'secret');
    symlinkSync(join(folder.path, '..', 'secret.csv'), folder.at('link.csv'));
    mkdirSync(folder.at('folder.csv'));
    const inbound = await open({ options: { pattern: '*.csv' } });
    await inbound.poll();
    expect(bodies(inbound)).toEqual(['orders.csv']);
  });

  it('when they have settled', async () => {
    const clock = manualClock();
    const inbound = await open({ options: { settle: '2s' }, clock });
    const pollAfter = async (ms: number) => {
      clock.advance(ms);
      await inbound.poll();
      return inbound.accepted.messages.length;
    };
    folder.write('order.txt', 'half');
    expect(await pollAfter(0)).toBe(0);
    folder.write('order.txt', 'half and more');
    expect(await pollAfter(2000)).toBe(0);
    expect(await pollAfter(1999)).toBe(0);
    expect(await pollAfter(1)).toBe(1);
    expect(bodies(inbound)).toEqual(['half and more']);
  });

  it('by one of several engines', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `order-${n}`);
    for (const name of names) folder.write(name, name);
    const engines = await Promise.all(
      ['.claimed-1', '.claimed-2', '.claimed-3'].map((claimed) => open({ options: { claimed } })),
    );
    await Promise.all(engines.map((engine) => engine.poll()));
    expect(engines.flatMap(bodies)).toHaveLength(names.length);
    expect(new Set(engines.flatMap(bodies))).toEqual(new Set(names));
    expect(new Set(folder.names('.done'))).toEqual(new Set(names));
  });
});

describe('a file that was accepted', () => {
  it('is deleted where that is asked for', async () => {
    folder.write('order.txt', 'one');
    await (await open({ options: { after: 'delete' } })).poll();
    expect(folder.names('.done')).toEqual([]);
    expect(folder.visible()).toEqual([]);
  });

  it('overwrites none of the same name', async () => {
    const inbound = await open({ clock: manualClock(Date.UTC(2026, 0, 1)) });
    for (const text of ['one', 'two', 'three']) {
      folder.write('order.txt', text);
      await inbound.poll();
    }
    const names = ['order.txt', 'order.20260101T000000000Z.txt', 'order.20260101T000000000Z-2.txt'];
    expect(names.map((name) => folder.read('.done', name))).toEqual(['one', 'two', 'three']);
  });

  it('leaves no claim', async () => {
    folder.write('order.txt', 'one');
    await (await open()).poll();
    expect(folder.names('.claimed', 'test-system.read')).toEqual([]);
  });
});

describe('a file that comes again', () => {
  it('with the same content is skipped, which is logged', async () => {
    const inbound = await open();
    for (const time of [1, 2]) {
      folder.write('order.txt', 'one');
      utimesSync(folder.at('order.txt'), time, time);
      await inbound.poll();
    }
    expect(bodies(inbound)).toEqual(['one']);
    expect(folder.visible()).toEqual([]);
    expect(folder.names('.done')).toHaveLength(2);
    expect(inbound.log.lines).toMatchObject([
      { level: 'info', facts: { file: 'order.txt', message: inbound.accepted.messages[0]?.id } },
    ]);
  });

  it('with the same content is accepted where that is asked for and its time is another', async () => {
    const inbound = await open({ options: { repeat: 'accept' } });
    for (const time of [1, 2, 2]) {
      folder.write('order.txt', 'one');
      utimesSync(folder.at('order.txt'), time, time);
      await inbound.poll();
    }
    expect(bodies(inbound)).toEqual(['one', 'one']);
  });

  it('with other content, or under another name, is accepted', async () => {
    const inbound = await open();
    for (const [name, text] of [
      ['a', 'one'],
      ['a', 'two'],
      ['b', 'one'],
    ] as const) {
      folder.write(name, text);
      await inbound.poll();
    }
    expect(bodies(inbound)).toEqual(['one', 'two', 'one']);
  });
});

describe('a file that is refused', () => {
  it('moves aside with its reason', async () => {
    folder.write('order.txt', 'nonsense');
    const inbound = await open();
    inbound.accepted.refuseWith(() => ({ code: 'MORTISE_FORMAT_SYNTAX', message: 'No comma.', position: { line: 1 } }));
    await inbound.poll();
    expect(folder.names('.refused')).toEqual(['order.txt', 'order.txt.reason.json']);
    expect(JSON.parse(folder.read('.refused', 'order.txt.reason.json'))).toEqual({
      accepted: 0,
      refused: [{ id: 'message-1', code: 'MORTISE_FORMAT_SYNTAX', message: 'No comma.', position: { line: 1 } }],
    });
    expect(inbound.log.lines).toMatchObject([
      { level: 'warn', facts: { file: 'order.txt', refused: 1, code: 'MORTISE_FORMAT_SYNTAX' } },
    ]);
  });

  it('lists a hundred of its refusals, and does not hold up the next file', async () => {
    folder.write('a.txt', 'nonsense');
    folder.write('b.txt', 'fine');
    const inbound = await open();
    inbound.accepted.splitInto(() => 250);
    inbound.accepted.refuseWith(({ subject }) => (subject === 'a.txt' ? { code: 'X', message: 'No.' } : undefined));
    await inbound.poll();
    expect(JSON.parse(folder.read('.refused', 'a.txt.reason.json')).refused).toHaveLength(100);
    expect(folder.names('.done')).toEqual(['b.txt']);
  });

  it.skipIf(process.getuid?.() === 0)('may be one that may not be read (needs an account that is not root)', async () => {
    writeFileSync(folder.at('order.txt'), 'secret', { mode: 0o000 });
    await (await open()).poll();
    expect(JSON.parse(folder.read('.refused', 'order.txt.reason.json'))).toMatchObject({ refused: [{ code: 'EACCES' }] });
  });
});

describe('under back-pressure', () => {
  it.each([new Busy('Too much.', 1000), new Unavailable('The engine stops.')])(
    '(%s) the file stays claimed, and what is behind it waits',
    async (error) => {
      for (const name of ['a', 'b']) folder.write(name, name);
      const inbound = await open();
      inbound.accepted.failNext(error);
      await expect(inbound.poll()).rejects.toBe(error);
      expect(folder.visible()).toEqual(['b']);
      expect(folder.names('.done')).toEqual([]);
      await inbound.poll();
      expect(bodies(inbound)).toEqual(['a', 'b']);
    },
  );

  it('a new file of the same name does not overwrite the claimed one', async () => {
    folder.write('a', 'one');
    const inbound = await open();
    inbound.accepted.failNext(new Busy('Too much.', 1000));
    await inbound.poll().catch(() => undefined);
    folder.write('a', 'two');
    await inbound.poll();
    expect(bodies(inbound)).toEqual(['one', 'two']);
  });

  it('nothing more is claimed once the inbound is to stop', async () => {
    for (const name of ['a', 'b']) folder.write(name, name);
    const inbound = await open();
    inbound.accepted.hold();
    const polling = inbound.poll();
    await inbound.until('a is on its way', () => inbound.accepted.waiting === 1);
    await inbound.closeInbound();
    await polling;
    expect(bodies(inbound)).toEqual(['a']);
    expect(folder.visible()).toEqual(['b']);
  });
});

describe('a file that fails otherwise', () => {
  it('is taken up again, holds up no other, and makes the poll fail', async () => {
    for (const name of ['a', 'b']) folder.write(name, name);
    const inbound = await open();
    inbound.accepted.failNext(new Error('Odd.'));
    await expect(inbound.poll()).rejects.toThrow('Odd.');
    expect(bodies(inbound)).toEqual(['b']);
    await inbound.poll();
    expect(bodies(inbound)).toEqual(['b', 'a']);
  });

  it('is looked for once more where it vanished after it was claimed, and then forgotten', async () => {
    folder.write('a', 'one');
    const inbound = await open();
    inbound.accepted.failNext(new Busy('Too much.', 1000));
    await inbound.poll().catch(() => undefined);
    const [claim = ''] = folder.names('.claimed', 'test-system.read');
    rmSync(folder.at('.claimed', 'test-system.read', claim, 'a'));
    expect([await inbound.poll(), inbound.accepted.messages]).toEqual(['idle', []]);
    expect(folder.names('.claimed', 'test-system.read')).toEqual([]);
  });

  it('is taken once the share is back on which it was claimed', async () => {
    folder.write('a', 'one');
    const inbound = await open();
    inbound.accepted.failNext(new Busy('Too much.', 1000));
    await inbound.poll().catch(() => undefined);
    folder.down();
    await expect(inbound.poll()).rejects.toMatchObject({ code: 'MORTISE_FILE_FOLDER' });
    folder.up();
    await inbound.poll();
    expect(bodies(inbound)).toEqual(['one']);
  });
});

describe('the folder', () => {
  it('that is missing fails the poll, not the opening, and is made where that is asked for', async () => {
    const missing = folder.at('orders');
    const inbound = await open({ connection: { folder: missing } });
    await expect(inbound.poll()).rejects.toMatchObject({
      code: 'MORTISE_FILE_FOLDER',
      message: expect.stringContaining(missing),
    });
    await (await open({ connection: { folder: missing, create: true } })).poll();
    expect(folder.names()).toEqual(['orders']);
    await inbound.poll();
  });

  it('that is a file fails the poll', async () => {
    folder.write('orders', '');
    await expect((await open({ connection: { folder: folder.at('orders') } })).poll()).rejects.toMatchObject({
      code: 'MORTISE_FILE_FOLDER',
    });
  });
});

describe('after a crash', () => {
  it('between claim and commit the file is taken', async () => {
    folder.write('order.txt', 'one');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'until-killed.ts'), 'read', folder.path], {
      stdio: 'pipe',
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(folder.visible()).toEqual([]);
    const inbound = await open();
    await inbound.poll();
    expect(bodies(inbound)).toEqual(['one']);
    expect(folder.names('.done')).toEqual(['order.txt']);
    expect(folder.names('.claimed', 'test-system.read')).toEqual([]);
  });

  it('what is left is taken first, in order, the empty claim is removed, and what is of another pattern stays', async () => {
    for (const [claim, name] of [
      ['1', 'z.csv'],
      ['2', 'b.csv'],
      ['3', 'a.xml'],
    ] as const) {
      mkdirSync(folder.at('.claimed', 'test-system.read', claim), { recursive: true });
      folder.write(join('.claimed', 'test-system.read', claim, name), name);
    }
    mkdirSync(folder.at('.claimed', 'test-system.read', '4'));
    folder.write('a.csv', 'a.csv');
    const inbound = await open({ options: { pattern: '*.csv' } });
    await inbound.poll();
    expect(bodies(inbound)).toEqual(['b.csv', 'z.csv', 'a.csv']);
    expect(folder.names('.claimed', 'test-system.read')).toEqual(['3']);
    expect(inbound.log.lines).toMatchObject([{ level: 'warn', facts: { files: 1 } }]);
  });

  it('what another inbound has claimed is left alone', async () => {
    mkdirSync(folder.at('.claimed', 'other-system.read', '1'), { recursive: true });
    folder.write(join('.claimed', 'other-system.read', '1', 'a.csv'), 'a');
    const inbound = await open();
    await inbound.poll();
    expect(inbound.accepted.messages).toEqual([]);
  });
});

async function open(
  test: Partial<InboundForTest> & { readonly options?: Readonly<Record<string, unknown>> } = {},
): Promise<InboundHarness> {
  const inbound = await openInboundForTest({
    connector,
    inbounds,
    name: 'read',
    connection: { folder: folder.path },
    ...test,
    options: { settle: '0ms', ...test.options },
  });
  opened.push(inbound);
  return inbound;
}

function bodies(inbound: InboundHarness): unknown[] {
  return inbound.accepted.messages.map((message) => Buffer.from(message.body as Uint8Array).toString('utf8'));
}
