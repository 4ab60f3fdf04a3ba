// Messages of which the process dies: set aside after three deaths, and everything else is delivered.

import { expect, it } from 'vitest';
import { ownEngines } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { arrived, deadOf, send, settledOrEnded, startPoisoned, writePoisonProject } from './poison-project.ts';

/** The first time it is only one of those that were under way; then it has a mark of its own, three times. */
const deaths = 4;
const engines = ownEngines();

it.each(['loop', 'exit', 'kill'] as const)(
  'one whose function would %s is dead after three marked deaths, and named',
  async (does) => {
    const folder = writePoisonProject('750ms');
    let engine = await startPoisoned(engines, folder);
    await engine.ready();
    for (let n = 0; n < 10; n++) await send(engine, 'own', `good-${n}`);
    await send(engine, 'own', 'bad', does).catch(() => undefined);
    const ends = [await engine.ended];
    for (
      engine = await startPoisoned(engines, folder);
      (await settledOrEnded(engine)) === 'ended';
      engine = await startPoisoned(engines, folder)
    ) {
      ends.push(await engine.ended);
      expect(ends.length).toBeLessThanOrEqual(deaths);
    }
    expect(ends).toEqual(Array.from({ length: deaths }, () => (does === 'exit' ? 3 : 'SIGKILL')));
    await sendMore(engine);
    expect(arrived(folder)).toBe(20);
    expect(await deadOf(engine)).toEqual([{ flow: 'own', code: 'MORTISE_DELIVERY_CRASHED' }]);
    expect(await engine.balance()).toMatchObject({ even: true });
    expect(await engine.stop()).toBe(0);
  },
);

async function sendMore(engine: EngineProcess): Promise<void> {
  for (let n = 10; n < 20; n++) await send(engine, 'own', `good-${n}`);
  await engine.settled();
}
