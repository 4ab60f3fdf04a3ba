// Runs every attempt of the mapping package's corpus with the budget that evaluations have by default, and measures how long each
// holds its thread, and how late a timer on the same thread is: as shares of a tenth of a second, in `mapping-safety-results.md`.
//
//   node bench/mapping-safety.ts

import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { compileAsyncExpression, compileExpression, defaultBudget } from '@mortise/mapping';
import { escapes, exhaustions, globals, pollutions, texts } from '../mapping/src/safety/attempts.fixture.ts';
import { budget as smallBudget, outcomesOf } from '../mapping/src/safety/outcomes.fixture.ts';

/** What one evaluation of an expression of a stranger may take. */
const limitMs = 100;
/** Where another process was in the way, the measurement is taken again: what an attempt itself takes it takes each time. */
const tries = 5;
const input = { a: { b: 1 }, list: [{ x: 1 }, { x: 2 }], text: 'text' };

interface Measured {
  readonly text: string;
  /** Compiling and evaluating at once. */
  readonly tookMs: number;
  /** How late a timer was that was due while the attempt ran, at once and waiting. */
  readonly lateMs: number;
  readonly lateWaitingMs: number;
}

async function measured(text: string): Promise<Measured> {
  let best: Measured | undefined;
  for (let run = 0; run < tries; run += 1) {
    const one = await measuredOnce(text);
    best = best ? least(best, one) : one;
    if (Math.max(best.tookMs, best.lateMs, best.lateWaitingMs) < limitMs / 4) break;
  }
  return best ?? { text, tookMs: 0, lateMs: 0, lateWaitingMs: 0 };
}

function least(one: Measured, other: Measured): Measured {
  return {
    text: one.text,
    tookMs: Math.min(one.tookMs, other.tookMs),
    lateMs: Math.min(one.lateMs, other.lateMs),
    lateWaitingMs: Math.min(one.lateWaitingMs, other.lateWaitingMs),
  };
}

async function measuredOnce(text: string): Promise<Measured> {
  let tookMs = 0;
  const lateMs = await latenessWhile(() => {
    const start = performance.now();
    attempt(() => compileExpression(text).evaluate(structuredClone(input), {}, 0));
    tookMs = performance.now() - start;
  });
  const lateWaitingMs = await latenessWhile(async () => {
    try {
      await compileAsyncExpression(text).evaluate(structuredClone(input), {}, 0);
    } catch {
      // That it ends is what is measured; in what it ends is tested beside the corpus.
    }
  });
  return { text, tookMs, lateMs, lateWaitingMs };
}

function attempt(run: () => unknown): void {
  try {
    run();
  } catch {
    // As above.
  }
}

/** The longest that a timer of one millisecond was late, set again and again until `run` has ended. */
async function latenessWhile(run: () => unknown): Promise<number> {
  let [latest, isOver] = [0, false];
  const ticking = (async () => {
    while (!isOver) {
      const due = performance.now() + 1;
      await after(1);
      latest = Math.max(latest, performance.now() - due);
    }
  })();
  await run();
  isOver = true;
  await ticking;
  return latest;
}

const share = (ms: number): string => (ms / limitMs).toFixed(2);
const shown = (text: string): string => `\`${text.length > 90 ? `${text.slice(0, 89)}…` : text}\``.replaceAll('|', '\\|');

const all = [...new Set([...escapes, ...globals, ...pollutions, ...exhaustions, ...texts])];
// Once around with a small budget, so that what is measured has been compiled by the host.
await outcomesOf(all.slice(0, 400));
const rows: Measured[] = [];
for (const text of all) rows.push(await measured(text));
const worst = (of: (row: Measured) => number): number => Math.max(...rows.map(of));
const over = rows.filter(({ tookMs, lateMs, lateWaitingMs }) => Math.max(tookMs, lateMs, lateWaitingMs) > limitMs);
const slowest = rows.toSorted((one, other) => other.tookMs - one.tookMs).slice(0, 15);
const report = [
  '# What hostile expressions take',
  '',
  'Written by `node bench/mapping-safety.ts`: every attempt of `mapping/src/safety`, compiled and evaluated with the default budget. All',
  `figures are shares of ${limitMs} ms, the best of up to ${tries} measurements.`,
  '',
  `Node ${process.version}, ${cpus().length} processors, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}. Budget: ${JSON.stringify(defaultBudget)}; in tests ${smallBudget.steps} steps.`,
  '',
  `- Attempts: ${rows.length}; over the limit: ${over.length}.`,
  `- The slowest took ${share(worst(({ tookMs }) => tookMs))} of the limit.`,
  `- A timer on the same thread was late by at most ${share(worst(({ lateMs }) => lateMs))} of it; beside the waiting variant by ${share(worst(({ lateWaitingMs }) => lateWaitingMs))}.`,
  '',
  '| attempt | took | timer late | timer late, waiting variant |',
  '|---|---|---|---|',
  ...slowest.map((row) => `| ${shown(row.text)} | ${share(row.tookMs)} | ${share(row.lateMs)} | ${share(row.lateWaitingMs)} |`),
  '',
].join('\n');
writeFileSync(join(import.meta.dirname, 'mapping-safety-results.md'), report);
process.stdout.write(`${report}\n`);
