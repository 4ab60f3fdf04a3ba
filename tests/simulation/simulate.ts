// `npm run simulate`: simulates seeds, and tells which went wrong and how.

import { parseArgs } from 'node:util';
import { planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});

if (values.seed === undefined) await simulateMany(Number(values.from), Number(values.seeds));
else await simulateOne(Number(values.seed));

async function simulateMany(from: number, count: number): Promise<void> {
  const startedMs = performance.now();
  let [failed, steps] = [0, 0];
  for (let seed = from; seed < from + count; seed++) {
    const result = await simulate(seed);
    steps += result.steps;
    if (result.findings.length === 0) continue;
    failed += 1;
    console.log(
      `seed ${seed}: ${result.findings[0]}${result.findings.length > 1 ? ` (and ${result.findings.length - 1} more)` : ''}`,
    );
  }
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(`${count} seeds, ${failed} with findings; ${steps} steps; ${(count / seconds).toFixed(1)} seeds/s`);
  if (failed > 0) process.exitCode = 1;
}

async function simulateOne(seed: number): Promise<void> {
  const result = await simulate(seed);
  console.log(JSON.stringify({ ...planOf(seed), messages: planOf(seed).messages.length }, null, 1));
  for (const finding of result.findings) console.log(finding);
  if (result.findings.length > 0) console.log('made smaller:', JSON.stringify(await shrink(planOf(seed)), undefined, 1));
  console.log(`seed ${seed}: ${result.findings.length} findings, ${result.steps} steps, digest ${result.digest}`);
  if (result.findings.length > 0) process.exitCode = 1;
}
