// A thousand attempts to escape, to pollute and to exhaust: each ends in a result or an ExpressionError, and leaves nothing behind.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { escapes, exhaustions, globals, pollutions, texts } from './attempts.fixture.ts';
import { outcomesOf } from './outcomes.fixture.ts';
import type { Outcome } from './outcomes.fixture.ts';

/** So long one attempt may take before the thread is given up: thousands of times what one takes on an idle machine. */
const patienceMs = 60_000;

interface Told {
  readonly at?: number;
  readonly done?: readonly Outcome[];
}

/** The outcomes of attempts that run in a thread; rejects with the text of one that does not end. */
async function inThread(attempts: readonly string[]): Promise<readonly Outcome[]> {
  const thread = new Worker(join(import.meta.dirname, 'attempt-thread.fixture.ts'), { workerData: attempts });
  try {
    return await new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      thread.on('error', reject);
      thread.on('message', ({ at, done }: Told) => {
        clearTimeout(timer);
        if (done) resolve(done);
        else timer = setTimeout(() => reject(new Error(`This does not end: ${attempts[at ?? 0]}`)), patienceMs);
      });
    });
  } finally {
    await thread.terminate();
  }
}

/** Codes of errors: anything else that was thrown is told as it was. */
const defined = /^(?!host)/;

/** Outcomes that are neither a result nor a defined error, or that differ between the two variants. */
function undefinedOnes(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(({ now, waiting }) => !defined.test(now) || !defined.test(waiting) || kindOf(now) !== kindOf(waiting));
}

/** Whether the stack or the steps are used up first is the host's affair. */
function kindOf(outcome: string): string {
  return /^D101[124]$/.test(outcome) ? 'a limit' : outcome;
}

describe('attempts', () => {
  it('to read what is inherited, or code of the host, give nothing of it', async () => {
    const outcomes = await outcomesOf([...escapes, ...globals]);
    expect(undefinedOnes(outcomes)).toEqual([]);
    expect(outcomes.filter(({ now }) => /secret|native code|process|\[object/.test(now))).toEqual([]);
    const found = outcomes.filter(({ now }) => !/^(undefined|[A-Z]\d{4}|\[\]|\{\}|true|false)$/.test(now));
    // `$function` and the like as such: a function of the expression, and no more.
    expect(found.filter(({ now }) => now !== 'a function')).toEqual([]);
  });

  it('to pollute leave every prototype as it was', async () => {
    const prototypes = [
      Object.prototype,
      Array.prototype,
      Function.prototype,
      String.prototype,
      RegExp.prototype,
      Promise.prototype,
    ];
    const before = prototypes.map((one) => Reflect.ownKeys(one));
    expect(undefinedOnes(await outcomesOf(pollutions))).toEqual([]);
    expect(prototypes.map((one) => Reflect.ownKeys(one))).toEqual(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(prototypes.every((one) => !Object.hasOwn(one, 'polluted'))).toBe(true);
  });

  it('to exhaust time, memory or the stack end', { timeout: 600_000 }, async () => {
    expect(undefinedOnes(await inThread(exhaustions))).toEqual([]);
  });

  it('to exhaust the parser end', { timeout: 600_000 }, async () => {
    expect(undefinedOnes(await inThread(texts))).toEqual([]);
  });

  it('are many', () => {
    expect(new Set([...escapes, ...globals, ...pollutions, ...exhaustions, ...texts]).size).toBeGreaterThan(1000);
  });
});
