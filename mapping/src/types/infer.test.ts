// The law of inference: what an expression gives for an input of a schema fits the schema that was inferred.

import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expression } from '../differential/expressions.fixture.ts';
import { compileExpression, ExpressionError, inferSchema, lineage, typeFrom } from '../index.ts';
import { schema as givenSchema, valueOf } from './schemas.fixture.ts';

const ajv = new Ajv2020({ strict: false, strictTypes: false, addUsedSchema: false });

/** The result, or undefined where evaluation fails: an error is no result. */
function resultOf(text: string, input: unknown): { readonly value: unknown } | undefined {
  try {
    return { value: compileExpression(text).evaluate(input, {}, 0) };
  } catch (error) {
    // What holds itself cannot be written as text: no result either.
    if (error instanceof ExpressionError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What of the law is broken; undefined where it holds. */
function brokenBy(text: string, given: object, input: unknown): string | undefined {
  const result = resultOf(text, input);
  if (!result) return undefined;
  const inferred = inferSchema(text, { input: typeFrom(given as never) });
  const told = (): string => JSON.stringify({ text, given, input, result, inferred });
  if (result.value === undefined) return inferred.optional ? undefined : told();
  if (hasNoJson(result.value)) return undefined;
  return ajv.compile(inferred.schema)(JSON.parse(JSON.stringify(result.value))) ? undefined : told();
}

/** Functions, numbers that JSON does not know, what is missing in an array, and what holds itself. */
function hasNoJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'function' || value === undefined || depth > 50) return true;
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => hasNoJson(one, depth + 1));
}

describe('what an expression gives fits what was inferred', () => {
  it('for expressions, schemas and inputs of every kind', () => {
    const one = givenSchema.chain((given) => fc.tuple(fc.constant(given), valueOf(given), expression));
    fc.assert(
      fc.property(one, ([given, input, text]) => {
        expect(brokenBy(text, given, input)).toBeUndefined();
      }),
      { numRuns: 400, seed: 32 },
    );
  });
});

describe('lineage', () => {
  it.each([
    ['{ "a": x.y, "b": { "c": $string(n) & t } }', ['a <- x.y', 'b.c <- n, t']],
    ['{ "rows": lines.{ "sku": sku, "of": $$.id } }', ['rows.sku <- lines.sku', 'rows.of <- id']],
    ['{ "n": $sum(lines[kind = "x"].price) }', ['n <- lines.kind, lines.price']],
    ['{ "t": c = "DE" ? a : b }', ['t <- a, b, c']],
    ['($o := order; { "id": $o.id, "who": $customer.name })', ['id <- order.id', 'who <- $customer.name']],
    ['{ "rows": $map(lines, function($l) { { "sku": $l.sku } }), "one": 1 }', ['rows.sku <- lines.sku', 'one <- ']],
    ['total', ['$ <- total']],
    ['$', ['$ <- $']],
  ])('of %s', (text, made) => {
    expect(lineage(text).map(({ output, inputs }) => `${output} <- ${inputs.join(', ')}`)).toEqual(made);
  });
});
