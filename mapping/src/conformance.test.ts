// The official suite of JSONata.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile, run } from './compile.ts';
import { ExpressionError } from './errors.ts';
import { parse } from './parse.ts';
import { defaultBudget } from './runtime/context.ts';

const suite = resolve(process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'jsonata-suite');

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
    describe(group, () => {
      const folder = join(suite, 'groups', group);
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
        const read = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case | Case[];
        for (const [index, one] of (Array.isArray(read) ? read : [read]).entries()) {
          it(`${file} ${index}`, () => check(folder, one));
        }
      }
    });
  }
});

function check(folder: string, one: Case): void {
  const text = one.expr ?? readFileSync(join(folder, one['expr-file'] ?? ''), 'utf8');
  const data = one.dataset === undefined ? one.data : one.dataset === null ? undefined : dataset(one.dataset);
  const evaluate = (): unknown =>
    run(compile(parse(text)), data, one.bindings ?? {}, Date.now(), {
      ...defaultBudget,
      items: 10_000_000,
      ...(one.timelimit === undefined ? {} : { steps: one.timelimit * 1000 }),
      // The suite counts evaluations within evaluations: three for a call.
      ...(one.depth === undefined ? {} : { depth: one.depth / 3 }),
    });
  const code = one.code ?? one.error?.code;
  if (code !== undefined) {
    const error = caught(evaluate);
    // U1001 is the suite's own: its guard stopped the evaluation, by depth or by time.
    if (code === 'U1001') expect(['D1011', 'D1012']).toContain(error?.code);
    else expect(error?.code).toBe(code);
    if (one.token !== undefined && error?.token !== undefined) expect(error.token).toBe(one.token);
    return;
  }
  const result = evaluate();
  if (one.undefinedResult) expect(result).toBeUndefined();
  else if (one.unordered) expect([...(result as unknown[])].sort()).toEqual([...(one.result as unknown[])].sort());
  else expect(JSON.parse(JSON.stringify(result) ?? 'null')).toEqual(one.result);
}

function dataset(name: string): unknown {
  return JSON.parse(readFileSync(join(suite, 'datasets', `${name}.json`), 'utf8'));
}

function caught(evaluate: () => unknown): ExpressionError | undefined {
  try {
    evaluate();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ExpressionError);
    return error as ExpressionError;
  }
}
