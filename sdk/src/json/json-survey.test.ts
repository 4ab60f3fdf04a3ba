// The survey of JSON bytes: nesting and long numbers, and nothing of what stands in texts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { surveyJson } from './json-survey.ts';

describe('long numbers', () => {
  it.each([
    '"4111111111111111"',
    '{"id":"018f3e51-2222-7abc-8def-0123456789ab","at":"2026-11-01T12:00:00.123456Z"}',
    '[1234567890,0.25,-1]',
    '"a\\"1234567890123456\\\\"',
  ])('are not seen in %s', (text) => expect(surveyJson(Buffer.from(text), 512).hasLongNumbers).toBe(false));

  it.each(['1234567890123456', '[-123456789012345678]', '{"a":1e9}', '[1,2E+3]', '0.12345678901234567'])(
    'are seen in %s',
    (text) => expect(surveyJson(Buffer.from(text), 512).hasLongNumbers).toBe(true),
  );
});

describe('nesting', () => {
  it.each([
    ['[[]]', 2, undefined],
    ['[[]]', 1, 1],
    ['[],[],{}', 1, undefined],
    ['["[[[[",{"{":"}"}]', 2, undefined],
    ['["\\"[",[[1]]]', 2, 8],
  ])('of %s where %i is allowed', (text, depthMax, tooDeepAt) => {
    expect(surveyJson(Buffer.from(text), depthMax).tooDeepAt).toBe(tooDeepAt);
  });

  it('is that of the value, for any JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (inner) => {
        const text = `[${inner}]`;
        const depth = depthOf(JSON.parse(text));
        expect(surveyJson(Buffer.from(text), depth).tooDeepAt).toBeUndefined();
        expect(surveyJson(Buffer.from(text), depth - 1).tooDeepAt).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
