// Finding the fault of a text that is no JSON, compared with JSON.parse.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from './json-fault.ts';

describe('the fault', () => {
  it.each([
    ['', 0, 'a value'],
    ['[1,', 3, 'a value'],
    ['[', 1, 'a value or "]"'],
    ['{', 1, 'a name or "}"'],
    ['{"a":1,}', 7, 'a name'],
    ['{"a" 1}', 5, '":"'],
    ['[1 2]', 3, '"," or "]"'],
    ['{"a":1]', 6, '"," or "}"'],
    ['{} {}', 3, 'the end'],
    ['01', 1, 'the end'],
    ['"a', 2, 'a closing quote'],
    ['"a\n"', 2, 'a closing quote, or this character escaped'],
    ['"\\x"', 1, 'an escape such as \\n or \\u00e9'],
    ["['a']", 1, 'a value or "]"'],
    ['NaN', 0, 'a value'],
  ])('of %j is at %i', (text, index, expected) => {
    expect(findJsonFault(text)).toEqual({ index, expected });
  });

  it('is found exactly where JSON.parse sees one', () => {
    const almost = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(60),
        fc.nat(3),
        fc.constantFrom('', ',', '"', '\\', '{', ']', ':', '-', '0', '.', 'e', 'x', '\u0001', ' '),
      )
      .map(([text, at, count, inserted]) => text.slice(0, at) + inserted + text.slice(at + count));
    fc.assert(
      fc.property(almost, (text) => {
        expect(findJsonFault(text) !== undefined).toBe(refusedByParse(text));
      }),
      { numRuns: 3000 },
    );
  });
});

function refusedByParse(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
