// Suspects take turns: one at a time, and last those during which the process died before.

import { describe, expect, it } from 'vitest';
import { SuspectTurns } from './suspects.ts';

describe('suspects', () => {
  it('run one at a time, those of the fewest crashes first, otherwise as they came', async () => {
    const turns = new SuspectTurns();
    const log: string[] = [];
    const take = (name: string, crashes: number): Promise<void> =>
      turns.take(crashes, async () => {
        log.push(`${name} begins`);
        await Promise.resolve();
        log.push(`${name} ends`);
      });
    await Promise.all([take('a', 2), take('b', 0), take('c', 1), take('d', 0)]);
    expect(log).toEqual(['b', 'd', 'c', 'a'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('that come while one runs wait for it, and go before those that are known', async () => {
    const turns = new SuspectTurns();
    const log: string[] = [];
    const late: Promise<void>[] = [];
    const first = turns.take(0, async () => {
      late.push(turns.take(1, async () => void log.push('known')));
      late.push(turns.take(0, async () => void log.push('new')));
      await Promise.resolve();
      log.push('first');
    });
    await first;
    await Promise.all(late);
    expect(log).toEqual(['first', 'new', 'known']);
  });

  it('that fail let the next one run, and tell whoever waits for them', async () => {
    const turns = new SuspectTurns();
    const failing = turns.take(0, () => Promise.reject(new Error('the store was closed')));
    let ran = false;
    const next = turns.take(0, async () => void (ran = true));
    await expect(failing).rejects.toThrow('the store was closed');
    await next;
    expect(ran).toBe(true);
    await turns.take(0, async () => {});
  });
});
