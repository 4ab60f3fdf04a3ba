// The mappings of the benchmark are far from what the budget of an evaluation allows.

import { compileExpression, defaultBudget } from '@mortise/mapping';
import { describe, expect, it } from 'vitest';
import { mappingCases } from './mapping-cases.ts';

/** Steps for a value of the input that the README of the package names. */
const stepsPerValue = 1.5;

describe('the mappings of the benchmark', () => {
  it.each(mappingCases.map((one) => [one.name, one] as const))('take few steps for a value: %s', (_, { expression, input }) => {
    const given = JSON.parse(JSON.stringify(input)) as unknown;
    const tight = compileExpression(expression, { ...defaultBudget, steps: 0, stepsPerValue });
    expect(tight.evaluate(given, {}, 0)).toEqual(compileExpression(expression).evaluate(given, {}, 0));
  });
});
