// The recording accept keeps the contract of `Accept`: duplicates by key, one commit, nothing committed on failure.

import { describe, expect, it } from 'vitest';
import { Busy, Unavailable } from '../errors.ts';
import { acceptRecorder } from './connector-accept.ts';
import { pause } from './connector-until.ts';

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('a commit', () => {
  it('is of messages, key and cursor together', async () => {
    const recorder = acceptRecorder();
    const accepted = await recorder.accept([{ body: 1 }, { body: 2 }], { key: 'k', cursor: 7 });
    expect(accepted.map(({ duplicate }) => duplicate)).toEqual([false, false]);
    expect(recorder.commits).toMatchObject([{ key: 'k', cursor: 7, messages: [{ body: 1 }, { body: 2 }] }]);
    expect(recorder.cursor).toBe(7);
  });

  it('keeps the cursor of the last one that named one', async () => {
    const recorder = acceptRecorder('start');
    expect(recorder.cursor).toBe('start');
    await recorder.accept([], { cursor: { page: 2 } });
    await recorder.accept([{ body: 1 }]);
    expect(recorder.cursor).toEqual({ page: 2 });
  });

  it('under a known key tells where another body came, if it is asked for', async () => {
    const recorder = acceptRecorder();
    const [first] = await recorder.accept([{ body: Buffer.from('one') }], { key: 'k' });
    const again = async (body: unknown) => recorder.accept([{ body }], { key: 'k', sameBody: true });
    expect(await again(chunks('o', 'ne'))).toEqual([{ id: first?.id, duplicate: true }]);
    expect(await again(chunks('two'))).toEqual([{ id: first?.id, duplicate: true, conflict: true }]);
    expect(recorder.commits).toHaveLength(1);
  });

  it('reads a stream whole before', async () => {
    const recorder = acceptRecorder();
    await recorder.accept([{ body: chunks('hel', 'lo') }]);
    expect(Buffer.from(recorder.messages[0]?.body as Uint8Array).toString()).toBe('hello');
  });

  it('does not happen where the stream breaks', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('The line is cut.');
    }
    const recorder = acceptRecorder();
    await expect(recorder.accept([{ body: broken() }], { key: 'k' })).rejects.toThrow('cut');
    expect(recorder.commits).toEqual([]);
    expect(await recorder.accept([{ body: 1 }], { key: 'k' })).toMatchObject([{ duplicate: false }]);
  });

  it('waits while it is held back', async () => {
    const recorder = acceptRecorder();
    recorder.hold();
    const accepting = recorder.accept([{ body: 1 }]);
    await pause();
    expect([recorder.waiting, recorder.commits.length]).toEqual([1, 0]);
    recorder.release();
    await accepting;
    expect([recorder.waiting, recorder.commits.length]).toEqual([0, 1]);
  });
});

describe('a key', () => {
  it('a second time gives the ids of the first and commits nothing', async () => {
    const recorder = acceptRecorder();
    const [first] = await recorder.accept([{ body: 1 }], { key: 'k' });
    const [second] = await recorder.accept([{ body: 2 }], { key: 'k', cursor: 3 });
    expect(second).toEqual({ ...first, duplicate: true });
    expect([recorder.commits.length, recorder.cursor, recorder.duplicates]).toEqual([1, undefined, 1]);
  });

  it('makes concurrent ones wait for the first', async () => {
    const recorder = acceptRecorder();
    recorder.hold();
    const accepting = [1, 2, 3].map((body) => recorder.accept([{ body }], { key: 'k' }));
    await pause();
    recorder.release();
    const accepted = (await Promise.all(accepting)).flat();
    expect(accepted.map(({ duplicate }) => duplicate)).toEqual([false, true, true]);
    expect(recorder.messages).toMatchObject([{ body: 1 }]);
  });

  it('is free again where the first failed', async () => {
    const recorder = acceptRecorder();
    recorder.failNext(new Unavailable('The engine stops.'));
    await expect(recorder.accept([{ body: 1 }], { key: 'k' })).rejects.toThrow('stops');
    expect(await recorder.accept([{ body: 1 }], { key: 'k' })).toMatchObject([{ duplicate: false }]);
  });
});

describe('failures', () => {
  it('come as often as told, and commit nothing', async () => {
    const recorder = acceptRecorder();
    recorder.failNext(new Busy('Later.', 100), 2);
    for (const _ of [1, 2]) await expect(recorder.accept([{ body: 1 }])).rejects.toThrow('Later.');
    await recorder.accept([{ body: 1 }]);
    expect([recorder.calls, recorder.failures, recorder.commits.length]).toEqual([3, 2, 1]);
  });

  it('of a dying engine come after the commit, and go on until it lives again', async () => {
    const recorder = acceptRecorder();
    recorder.dieAfterNextCommit();
    await expect(recorder.accept([{ body: 1 }], { key: 'k', cursor: 1 })).rejects.toThrow('stops');
    await expect(recorder.accept([{ body: 2 }])).rejects.toThrow('stops');
    recorder.revive();
    expect(await recorder.accept([{ body: 1 }], { key: 'k' })).toMatchObject([{ id: recorder.messages[0]?.id, duplicate: true }]);
    expect([recorder.commits.length, recorder.cursor]).toEqual([1, 1]);
  });
});

describe('what is accepted', () => {
  it('may be refused', async () => {
    const recorder = acceptRecorder();
    recorder.refuseWith(({ body }) => (body === 2 ? { code: 'NO', message: 'No.' } : undefined));
    const accepted = await recorder.accept([{ body: 1 }, { body: 2 }]);
    expect(accepted.map(({ refused }) => refused?.code)).toEqual([undefined, 'NO']);
  });

  it('may be several records', async () => {
    const recorder = acceptRecorder();
    recorder.splitInto(() => 3);
    expect(new Set((await recorder.accept([{ body: 1 }])).map(({ id }) => id)).size).toBe(3);
  });

  it('may have a reply, which is waited for so long', async () => {
    const recorder = acceptRecorder();
    recorder.replyWith(({ body }) => (body === 1 ? { body: 'yes' } : new Promise(() => undefined)));
    const [answered, silent] = await recorder.accept([{ body: 1 }, { body: 2 }]);
    expect(await answered?.reply?.wait(10_000)).toEqual({ body: 'yes' });
    expect(await silent?.reply?.wait(1)).toBeUndefined();
    silent?.reply?.abandon();
    expect(recorder.abandoned).toEqual([silent?.id]);
  });
});
