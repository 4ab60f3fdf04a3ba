// The check of sizes, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkSizes, countLines, measureFunctions, medianOf } from './sizes.ts';
import type { MeasuredFunction } from './sizes.ts';
import { makeTree } from './tree.ts';
import type { TreeFile } from './tree.ts';

describe('sizes', () => {
  it('lets small files and functions pass', () => {
    expect(checkSizes(makeTree({ 'a.ts': functionOf(8), 'b.ts': functionOf(8) }))).toEqual([]);
  });

  it('finds a file that is too long, tests included', () => {
    const tree = makeTree({ 'a.ts': lines(500), 'b.test.ts': lines(501), 'a/fixtures/c.ts': lines(501), ...smallFiles(3) });
    expect(checkSizes(tree)).toMatchObject([{ path: 'b.test.ts', what: '501 lines: a file has at most 500' }]);
  });

  it('finds a function that is too long, but not the list of tests behind a describe, nor a test', () => {
    const describeText = `describe('a', () => {\n${lines(80)}});\ndescribe.each([1])('b', () => {\n${lines(80)}});\n`;
    const tree = makeTree({
      'a.ts': `\n${functionOf(71)}`,
      'kit.ts': describeText,
      'c.test.ts': functionOf(71),
      ...smallFiles(5),
    });
    expect(checkSizes(tree)).toMatchObject([{ path: 'a.ts', line: 2, what: 'f has 71 lines: a function has at most 70' }]);
  });

  it('finds medians that are too high', () => {
    const tree = makeTree({ 'a.ts': functionOf(9) + lines(112), 'b.ts': functionOf(9) + lines(112) });
    expect(checkSizes(tree).map(({ what }) => what)).toEqual([
      'the median file has 121 lines: at most 120',
      'the median function with a name has 9 lines: at most 8',
    ]);
  });
});

describe('measureFunctions', () => {
  it.each<[string, MeasuredFunction[]]>([
    ['function a() {\n}\n', [{ name: 'a', line: 1, lines: 2 }]],
    ['const a = () => 1;\n', [{ name: 'a', line: 1, lines: 1 }]],
    ['class A {\n  b() {\n    return 1;\n  }\n}\n', [{ name: 'b', line: 2, lines: 3 }]],
    ['const a = { b: () => 1 };\n', [{ name: 'b', line: 1, lines: 1 }]],
    ['a(() => 1);\n', [{ name: undefined, line: 1, lines: 1 }]],
    ['function a(): void;\n', []],
  ])('measures %j', (text, expected) => {
    expect(measureFunctions(fileOf(text))).toEqual(expected);
  });
});

describe('countLines and medianOf', () => {
  it('counts lines with and without a last line break', () => {
    expect(['', 'a', 'a\n', 'a\n\n', 'a\nb'].map((text) => countLines(fileOf(text)))).toEqual([1, 1, 1, 2, 2]);
  });

  it('takes the middle, the lower of two', () => {
    expect([[], [3], [9, 1], [5, 1, 9]].map(medianOf)).toEqual([0, 3, 1, 5]);
  });
});

function lines(count: number): string {
  return '// a\n'.repeat(count);
}

function functionOf(count: number): string {
  return `function f() {\n${lines(count - 2)}}\n`;
}

function smallFiles(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`small-${index}.ts`, functionOf(2)]));
}

function fileOf(text: string): TreeFile {
  const [file] = makeTree({ 'a.ts': text });
  if (!file) throw new Error('made no file');
  return file;
}
