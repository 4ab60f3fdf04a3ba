// Compares the mapping package with the reference package, with the last of it that evaluated at once, with closures in place of code, and
// with plain JavaScript: ratios of one run, in `mapping-results.md`. What `npm ci --prefix bench/jsonata-1` installs is left out without it.
//
//   node bench/mapping.ts [rounds] [name of the one mapping, in place of all: nothing is written then]

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { compileAsyncExpression, compileExpression } from '@mortise/mapping';
import jsonata from 'jsonata';
import { mappingCases, orderCase } from './mapping-cases.ts';
import { compileClosures } from './mapping-closures.ts';
import type { MappingCase } from './mapping-cases.ts';

type Evaluate = () => unknown;

const rounds = Number(process.argv[2] ?? 25);
const only = process.argv[3];
/** One measurement takes about so much time of a processor; the best of all rounds counts, since whatever else runs only makes it slower. */
const sliceMs = 3;
/** What takes longer than that for one evaluation is measured so often: neither the clock nor the host's compiler matter much then. */
const slowRounds = 4;

type Former = (expression: string) => { evaluate(input: unknown): unknown };
const former = formerReference();

/** The reference package of version 1, where it is installed. */
function formerReference(): Former | undefined {
  try {
    return createRequire(join(import.meta.dirname, 'jsonata-1/package.json'))('jsonata') as Former;
  } catch {
    return undefined;
  }
}

/** Version 1 does not know all that version 2 knows. */
function formerOf(expression: string): ReturnType<Former> | undefined {
  try {
    return former?.(expression);
  } catch {
    return undefined;
  }
}

interface Row {
  readonly name: string;
  readonly perSecond: number;
  readonly timesReference: number;
  readonly timesByHand: number | undefined;
  readonly timesWaiting: number;
  readonly timesFormer: number | undefined;
  readonly timesClosures: number | undefined;
}

async function row(one: MappingCase): Promise<Row> {
  const { expression, input, byHand } = one;
  const ours = compileExpression(expression);
  const waiting = compileAsyncExpression(expression);
  const theirs = jsonata(expression);
  await requireSame(one.name, ours.evaluate(input, {}, 0), await theirs.evaluate(input));
  const closures = compileClosures(expression);
  const older = formerOf(expression);
  if (closures) await requireSame(`${one.name}, closures`, ours.evaluate(input, {}, 0), closures(input));
  const contenders: readonly (Evaluate | undefined)[] = [
    () => ours.evaluate(input, {}, 0),
    () => theirs.evaluate(input),
    () => waiting.evaluate(input, {}, 0),
    byHand && (() => byHand(input as never)),
    older && (() => older.evaluate(input)),
    closures && (() => closures(input)),
  ];
  const best = contenders.map(() => Infinity);
  const runs: readonly Runs[] = [atOnce, waited, waited, atOnce, atOnce, atOnce];
  const sizes: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const [at, evaluate] of contenders.entries()) {
      const run = runs[at] as Runs;
      if (!evaluate || (sizes[at] === 1 && round >= slowRounds)) continue;
      sizes[at] ??= await timesInSlice(evaluate, run);
      best[at] = Math.min(best[at] as number, await run(evaluate, sizes[at] as number));
    }
  const [mine = 0] = best;
  const times = (at: number): number => (best[at] as number) / mine;
  return {
    name: one.name,
    perSecond: 1e9 / mine,
    timesReference: times(1),
    timesWaiting: times(2),
    timesByHand: byHand ? times(3) : undefined,
    timesFormer: older ? times(4) : undefined,
    timesClosures: closures ? times(5) : undefined,
  };
}

async function requireSame(name: string, mine: unknown, reference: unknown): Promise<void> {
  if (JSON.stringify(mine) !== JSON.stringify(reference)) throw new Error(`The results of "${name}" differ.`);
  await Promise.resolve();
}

/**
 * Milliseconds that the process has computed: what others compute beside it does not count. The one mapping is measured alone, by the clock:
 * computed time goes in ticks of some milliseconds on some systems.
 */
function computedMs(): number {
  if (only !== undefined) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** So many evaluations, which take a slice of time together: found by trying, thrice since the clock may tick meanwhile. */
async function timesInSlice(evaluate: Evaluate, run: Runs): Promise<number> {
  for (let times = 1; ; times *= 2) {
    let least = Infinity;
    for (let tried = 0; tried < 3 && least * times >= sliceMs * 1e6; tried += 1)
      least = Math.min(least, await run(evaluate, times));
    if (least * times >= sliceMs * 1e6) return times;
  }
}

/** Nanoseconds of an evaluation, of so many. */
type Runs = (evaluate: Evaluate, times: number) => Promise<number>;

/** The last value: without it the compiler may see that nobody wants what plain JavaScript makes, and leave out a part of it. */
export let kept: unknown;

const atOnce: Runs = async (evaluate, times) => {
  const start = computedMs();
  for (let at = 0; at < times; at += 1) kept = evaluate();
  return ((computedMs() - start) * 1e6) / times;
};

const waited: Runs = async (evaluate, times) => {
  const start = computedMs();
  for (let at = 0; at < times; at += 1) kept = await evaluate();
  return ((computedMs() - start) * 1e6) / times;
};

/** Milliseconds to compile, warm; the best of several hundred. */
function compileMs(expression: string): number {
  let best = Infinity;
  for (let at = 0; at < 400; at += 1) {
    const start = performance.now();
    compileExpression(`${expression}/* ${at} */`);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Bytes of the heap that one compiled mapping takes, after it has run. */
function bytesEach(expression: string, input: unknown): number | undefined {
  const collect = globalThis.gc;
  if (!collect) return undefined;
  const count = 500;
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: count }, (_, at) => compileExpression(`${expression}/* ${at} */`));
  for (const one of kept) one.evaluate(input, {}, 0);
  collect();
  return (process.memoryUsage().heapUsed - before) / kept.length;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** How many times as fast the mappings are that a peer knows, on the geometric mean. */
function means(peer: string, of: (row: Row) => number | undefined): readonly string[] {
  const known = rows.map(of).filter((times) => times !== undefined);
  if (known.length === 0) return [];
  return [
    `- Geometric mean of the ${known.length} mappings that ${peer} can evaluate: ${geometricMean(known).toFixed(2)} times ${peer}.`,
  ];
}

function others(all: readonly Row[]): readonly string[] {
  if (all.length === 0) return [];
  const mean = geometricMean(all.map(({ timesReference }) => timesReference));
  return [`- Geometric mean of the other ${all.length}: ${mean.toFixed(0)} times the reference.`];
}

const rows: Row[] = [];
for (const one of mappingCases) if (only === undefined || one.name === only) rows.push(await row(one));
const [order] = rows;
const bytes = bytesEach(orderCase.expression, orderCase.input);
const table = rows.map(
  ({ name, perSecond, timesReference, timesWaiting, timesFormer, timesClosures }) =>
    `| ${[
      name,
      Math.round(perSecond).toLocaleString('en'),
      timesReference.toFixed(0),
      timesFormer?.toFixed(0) ?? '',
      timesWaiting.toFixed(1),
      timesClosures?.toFixed(2) ?? '',
    ].join(' | ')} |`,
);
const report = [
  '# The mapping package against its reference',
  '',
  'Written by `node --expose-gc bench/mapping.ts`. Each figure is the best of several short measurements, of processor',
  'time, that take turns in one process; ratios are of one run. The reference is the package `jsonata` of version 2, its former self that of version 1, which evaluated',
  'at once; the waiting variant is `compileAsyncExpression`. Closures are the other way to compile (`mapping-closures.ts`), for mappings of',
  'which they know all.',
  '',
  `Node ${process.version}, ${cpus().length} processors, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}.`,
  '',
  `- The order mapping: ${order?.timesReference.toFixed(0)} times the reference, ${order?.timesByHand?.toFixed(2)} times the same by hand in JavaScript.`,
  ...others(rows.slice(1)),
  ...means('its version 1', ({ timesFormer }) => timesFormer),
  ...means('closures', ({ timesClosures }) => timesClosures),
  `- To compile the order mapping takes ${compileMs(orderCase.expression).toFixed(2)} ms, warm.`,
  ...(bytes === undefined ? [] : [`- A compiled order mapping that has run takes ${(bytes / 1024).toFixed(0)} KiB of the heap.`]),
  '',
  '| mapping | evaluations a second | times the reference | times its version 1 | waiting variant takes, times ours | closures take, times ours |',
  '|---|---|---|---|---|---|',
  ...table,
  '',
].join('\n');
if (only === undefined) writeFileSync(join(import.meta.dirname, 'mapping-results.md'), report);
process.stdout.write(`${report}\n`);
