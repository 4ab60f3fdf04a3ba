// The check of error codes, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkErrorCodes } from './error-codes.ts';
import { makeTree } from './tree.ts';

const whole = {
  'engine/src/errors.ts': 'export const error = defineErrors({\n  MORTISE_TEST_LOST: { actor: "operator" },\n});\n',
  'engine/src/a.ts': 'throw error("MORTISE_TEST_LOST", "lost");\n',
  'engine/src/a.test.ts': 'expect(a).toBe("MORTISE_TEST_LOST");\n',
  'docs/reference/errors.md': '## MORTISE_TEST_LOST\n',
};

function found(texts: Readonly<Record<string, string>>): string[] {
  return checkErrorCodes(makeTree(texts)).map(({ path, line, what }) => `${path}:${line} ${what}`);
}

describe('error codes', () => {
  it('lets a whole tree pass', () => {
    expect(found(whole)).toEqual([]);
  });

  it.each([
    ['engine/src/a.ts', 'is thrown nowhere'],
    ['engine/src/a.test.ts', 'is in no test'],
    ['docs/reference/errors.md', 'is not in docs/reference/errors.md'],
  ])('misses the code in %s', (path, what) => {
    expect(found({ ...whole, [path]: '' })).toEqual([`engine/src/errors.ts:2 MORTISE_TEST_LOST ${what}`]);
  });

  it('does not take a longer code, a key or a test for a use', () => {
    const notUsed = { ...whole, 'engine/src/a.ts': 'f({ MORTISE_TEST_LOST: 1 }, "MORTISE_TEST_LOST_TWICE");\n' };
    expect(found(notUsed)).toEqual(['engine/src/errors.ts:2 MORTISE_TEST_LOST is thrown nowhere']);
  });

  it.each(["print('error MORTISE_TEST_LOST: it is lost');\n", 'print(`MORTISE_TEST_LOST ${name}`);\n'])(
    'takes %j for a use',
    (text) => {
      expect(found({ ...whole, 'engine/src/a.ts': text })).toEqual([]);
    },
  );

  it('finds a code that is declared twice', () => {
    const again = { ...whole, 'sdk/src/format.ts': whole['engine/src/errors.ts'] };
    expect(found(again)).toEqual(['sdk/src/format.ts:2 MORTISE_TEST_LOST is declared twice']);
  });

  it('finds a code that nothing declares, and knows environment variables', () => {
    const code = ['MORTISE', 'ENGINE', 'GONE'].join('_');
    const text = `// One.\nlog("${code}", process.env.MORTISE_TEST_LONG);\n`;
    expect(found({ ...whole, 'cli/src/a.ts': text })).toEqual([`cli/src/a.ts:2 ${code} is declared nowhere`]);
  });
});
