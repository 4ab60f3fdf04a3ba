// Laws of reading YAML: no text makes it throw, what is wrong is told within the file, and every part stands where it says.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Path } from '@mortise/sdk';
import { ProblemList } from '../problems.ts';
import { parseYaml } from './parse.ts';
import { readYaml } from './read.ts';
import type { YamlFile } from './yaml-file.ts';

const characters = Array.from('abc012 :-#"\'{}[]|>&*!%@`,?~\\.\t\n\r');
const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...characters), maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        'a: ',
        '- ',
        '\n',
        '  ',
        'b:c',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '|',
        '*a',
        '&a ',
        '#x',
        '${',
        '!t ',
        '\t',
        'x',
        '---',
      ),
      { maxLength: 25 },
    )
    .map((parts) => parts.join('')),
);

describe('any text', () => {
  it('is read, or has problems within it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const problems = new ProblemList();
        const file = readYaml('a.yaml', text, problems);
        const errors = problems.found.filter(({ severity }) => severity === 'error');
        expect(file === undefined).toBe(errors.length > 0);
        expect(file === undefined || parseYaml(text).document.errors.length === 0).toBe(true);
        const lines = text.split('\n');
        for (const { line, column, message, remedy } of problems.found) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          expect(message).not.toBe('');
          expect(remedy).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('gives what the YAML library says, where it is valid', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const file = readYaml('a.yaml', text, new ProblemList());
        expect(file?.value).toEqual(file && parseYaml(text).document.toJS());
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a place', () => {
  const name = fc.stringMatching(/^[a-z]{1,6}$/);
  const word = fc.stringMatching(/^w[a-z]{0,6}$/);
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      word,
      fc.dictionary(name, tie('tree'), { minKeys: 1, maxKeys: 4 }),
      fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    ),
  }));

  it('is where the key and the value stand, in block and in flow style', () => {
    fc.assert(
      fc.property(fc.dictionary(name, tree, { minKeys: 1 }), fc.constantFrom('BLOCK', 'FLOW'), (value, style) => {
        const text = stringify(value, { collectionStyle: style === 'BLOCK' ? 'block' : 'flow' });
        const file = readYaml('a.yaml', text, new ProblemList()) as YamlFile;
        for (const [path, leaf] of leaves(value)) {
          expect(textAt(text, file.place(path)).startsWith(leaf)).toBe(true);
          const key = path.at(-1);
          const start = typeof key === 'string' ? `${key}:` : leaf;
          expect(textAt(text, file.place(path, 'key')).startsWith(start)).toBe(true);
          expect(file.place([...path, 'more', 0])).toEqual(file.place(path));
        }
      }),
    );
  });

  it('is that of the value behind an alias', () => {
    const file = readYaml('a.yaml', 'a: &x { b: c }\nd: *x\n', new ProblemList());
    expect(file?.place(['d', 'b'])).toEqual({ file: 'a.yaml', line: 1, column: 12 });
    expect(file?.value).toEqual({ a: { b: 'c' }, d: { b: 'c' } });
  });

  it('counts the lines of Windows too', () => {
    const file = readYaml('a.yaml', 'a: 1\r\nb:\r\n  c: 2\r\n', new ProblemList());
    expect(file?.place(['b', 'c'], 'key')).toEqual({ file: 'a.yaml', line: 3, column: 3 });
  });
});

function leaves(value: unknown, path: Path = []): readonly [Path, string][] {
  if (typeof value === 'string') return [[path, value]];
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value as Readonly<Record<string, unknown>>);
  return [...entries].flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function textAt(text: string, { line, column }: { readonly line: number; readonly column: number }): string {
  return (text.split('\n')[line - 1] ?? '').slice(column - 1);
}
