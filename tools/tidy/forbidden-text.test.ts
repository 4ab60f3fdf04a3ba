// The check for what must not be left behind, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkForbiddenText } from './forbidden-text.ts';
import { makeTree } from './tree.ts';

function found(text: string, path = 'sdk/src/a.ts'): string[] {
  return checkForbiddenText(makeTree({ [path]: text })).map(({ line, what }) => `${line} ${what}`);
}

describe('forbidden text', () => {
  it.each([
    '// Everything that is left to do is said elsewhere.',
    "const folder = '../work/orders';",
    "fetch('https://example.com/home/orders');",
    "const url = 'https://npm.example/package';",
    '// @ts-expect-error A number is refused.',
    '/* oxlint-disable vitest/expect-expect -- the kit asserts */',
    'const anyone = new Map<string, unknown>();',
  ])('lets %j pass', (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ['// TODO: later', 'a note to do something later: TODO'],
    ['const a = 1; // FIXME', 'a note to do something later: FIXME'],
    ['// @ts-ignore', 'a check is switched off without a reason: @ts-ignore'],
    ['// @ts-expect-error', 'a check is switched off without a reason: @ts-expect-error'],
    ['// oxlint-disable-next-line no-console', 'a check is switched off without a reason: oxlint-disable'],
    ["open('/work/main/a');", "a path of somebody's machine: '/work/"],
    ["open('/tmp/a');", "a path of somebody's machine: '/tmp/"],
    ['// See /home/ada/notes.', "a path of somebody's machine: /home/"],
    ["fetch('https://registry.npmjs.org/a');", 'the host of a package registry: registry.n'],
    ["rmSync('node_modules/.cache');", 'a cache that an install wipes: node_modules/.cache'],
    ['let a: any;', 'the type any'],
    ['f(a as any);', 'the type any'],
  ])('finds %j', (text, what) => {
    expect(found(`\n${text}\n`)).toEqual([`2 ${what}`]);
  });

  it('looks at every file for what concerns every file', () => {
    expect(found('Clone it to /home/ada/mortise.\n', 'docs/guide.md')).toHaveLength(1);
    expect(found('"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"\n', 'package-lock.json')).toHaveLength(1);
  });
});

describe('skipped tests', () => {
  it.each([
    "it('does', () => {});",
    "it.each([1])('does %d', () => {});",
    "it.skipIf(!there)('decodes all (needs the reference data)', () => {});",
    "describe.runIf(there)('chromium (needs chromium)', () => {});",
    'it.skip(`${title} (${reason})`, () => {});',
    "it('does', (test) => test.skip('the server has no TLS'));",
    'list.only(1);',
  ])('lets %j pass', (text) => {
    expect(found(text, 'sdk/src/a.test.ts')).toEqual([]);
  });

  it.each([
    ["it.only('does', () => {});", 'a test with .only'],
    ["describe.only('a', () => {});", 'a test with .only'],
    ["it.todo('does');", 'a test with .todo'],
    ["it.skip('does', () => {});", '.skip without a reason'],
    ["it.skipIf(!there)('does', () => {});", '.skipIf without a reason'],
  ])('finds %j', (text, what) => {
    expect(found(text, 'sdk/src/a.test.ts')).toEqual([`1 ${what}`]);
  });
});
