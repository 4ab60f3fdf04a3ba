// The official suite of JSONata.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile, run, runAsync } from './compile.ts';
import { ExpressionError } from './errors.ts';
import { parse } from './parse.ts';
import { defaultBudget } from './runtime/context.ts';
import type { Budget } from './runtime/context.ts';

const suite = resolve(
  process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data'),
  'jsonata-suite',
);

interface Case {
  readonly expr?: string;
  readonly 'expr-file'?: string;
  readonly data?: unknown;
  readonly dataset?: string | null;
  readonly bindings?: Readonly<Record<string, unknown>>;
  readonly timelimit?: number;
  readonly depth?: number;
  readonly result?: unknown;
  readonly undefinedResult?: boolean;
  readonly unordered?: boolean;
  readonly code?: string;
  readonly token?: string;
  readonly error?: { readonly code: string };
}

const groups = existsSync(suite) ? readdirSync(join(suite, 'groups')) : [];

describe.skipIf(groups.length === 0)('the official suite (skipped where the reference data is missing)', () => {
  for (const group of groups) {
    describe(`${group}`, () => {
      const folder = join(suite, 'groups', group);
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
        const read = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case | Case[];
        for (const [index, one] of (Array.isArray(read) ? read : [read]).entries()) {
          it(`${file} ${index}`, () => expect(outcomeOf(folder, one)).toEqual(expectedOf(one)));
          it(`${file} ${index}, waiting`, async () => expect(await asyncOutcomeOf(folder, one)).toEqual(expectedOf(one)));
        }
      }
    });
  }
});

/** A result as JSON, `undefined`, or the code of an error, with its token where the suite names one. */
type Outcome = { readonly result: unknown } | { readonly code: string; readonly token?: string | undefined };

function expectedOf(one: Case): Outcome {
  const code = one.code ?? one.error?.code;
  if (code !== undefined) return { code, ...(one.token === undefined ? {} : { token: one.token }) };
  return { result: one.undefinedResult ? undefined : ordered(one.result, one) };
}

function outcomeOf(folder: string, one: Case): Outcome {
  try {
    return resultOf(run(compile(parse(textOf(folder, one))), dataOf(one), one.bindings ?? {}, Date.now(), budgetOf(one)), one);
  } catch (error) {
    return failureOf(error, one);
  }
}

async function asyncOutcomeOf(folder: string, one: Case): Promise<Outcome> {
  try {
    const compiled = compile(parse(textOf(folder, one)), true);
    return resultOf(await runAsync(compiled, dataOf(one), one.bindings ?? {}, Date.now(), budgetOf(one)), one);
  } catch (error) {
    return failureOf(error, one);
  }
}

function textOf(folder: string, one: Case): string {
  return one.expr ?? readFileSync(join(folder, one['expr-file'] ?? ''), 'utf8');
}

function dataOf(one: Case): unknown {
  return one.dataset === undefined ? one.data : one.dataset === null ? undefined : dataset(one.dataset);
}

function resultOf(result: unknown, one: Case): Outcome {
  return { result: result === undefined ? undefined : ordered(JSON.parse(JSON.stringify(result)), one) };
}

function failureOf(error: unknown, one: Case): Outcome {
  if (!(error instanceof ExpressionError)) throw error;
  return { code: suiteCode(error.code, one), ...(one.token === undefined ? {} : { token: error.token }) };
}

/** U1001 is the suite's own: its guard stopped the evaluation, by depth or by time. */
function suiteCode(code: string, one: Case): string {
  return one.code === 'U1001' && (code === 'D1011' || code === 'D1012') ? 'U1001' : code;
}

/** The suite counts evaluations within evaluations: three for a call. Its ranges are up to ten million long. */
function budgetOf({ timelimit, depth }: Case): Budget {
  return {
    ...defaultBudget,
    items: 10_000_000,
    ...(timelimit === undefined ? {} : { steps: timelimit * 1000 }),
    ...(depth === undefined ? {} : { depth: depth / 3 }),
  };
}

function ordered(result: unknown, { unordered }: Case): unknown {
  return unordered ? [...(result as unknown[])].sort() : result;
}

function dataset(name: string): unknown {
  return JSON.parse(readFileSync(join(suite, 'datasets', `${name}.json`), 'utf8'));
}
