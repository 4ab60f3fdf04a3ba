// Messages that do harm: code that never returns or wants all memory. The engine and the other flows go on, or the process ends and says why.

import { expect, it } from 'vitest';
import { ownEngines } from './engine-process.ts';
import { arrived, deadOf, harmful, send, startPoisoned, writePoisonProject } from './poison-project.ts';

const engines = ownEngines();

it('an expression or a script in the sandbox that loops, or takes all memory, is dead; other flows go on', async () => {
  const folder = writePoisonProject();
  const engine = await startPoisoned(engines, folder);
  await engine.ready();
  for (const name of Object.keys(harmful)) await send(engine, name, `bad-${name}`);
  for (let n = 0; n < 20; n++) await send(engine, n % 2 === 0 ? 'good' : 'own', `good-${n}`);
  await engine.settled();
  expect(arrived(folder)).toBe(20);
  expect((await deadOf(engine)).map(({ flow }) => flow).sort()).toEqual(Object.keys(harmful).sort());
  expect(await engine.stop()).toBe(0);
});

it('a function of the project that never returns ends the process, which names the message', async () => {
  const folder = writePoisonProject('750ms');
  const engine = await startPoisoned(engines, folder);
  await engine.ready();
  await send(engine, 'own', 'bad-loop', 'loop').catch(() => undefined);
  expect(await engine.ended).toBe('SIGKILL');
  expect(engine.log()).toMatch(/"event":"engine.stalled","message":"[0-9a-f-]{36}"/);
});
