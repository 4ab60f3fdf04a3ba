// What is written for an expression: code of known words, and of the expression nothing but string and number literals.

import * as fc from 'fast-check';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { asyncRuntime } from '../async/runtime.ts';
import { generate } from '../compile.ts';
import { parse } from '../parse.ts';

const hostile = fc.string({
  unit: fc.constantFrom(
    '"',
    "'",
    '`',
    '\\',
    '${',
    '}',
    '*/',
    '/*',
    '//',
    '\n',
    '\r',
    '\u2028',
    '\u2029',
    '\u0000',
    '</script>',
    ';',
    ')',
    '(',
    ']',
    '{',
    '__proto__',
    'constructor',
    'process',
    'globalThis',
    'return',
    'a',
    'v1',
    'rt',
    'cx',
    '\ud800',
    'ü',
    '$',
    '#',
    '@',
    '%',
  ),
  minLength: 1,
  maxLength: 6,
});
const quotedName = hostile.filter((name) => !name.includes('`')).map((name) => `\`${name}\``);
const text = hostile.map((value) => JSON.stringify(value));
const variable = hostile.filter((name) => !name.includes('`')).map((name) => `$\`${name}\``);
const regex = hostile
  .map((value) => `/${value.replaceAll(/[\\/\n\r\u2028\u2029()[\]{}*+?]/g, '')}a/`)
  .filter((one) => !one.startsWith('/*'));

const piece = fc.oneof(quotedName, text, variable, regex);
const expression = fc
  .tuple(piece, piece, piece, quotedName, text, variable)
  .chain(([a, b, c, name, string, bound]) =>
    fc.constantFrom(
      `${a} & ${b} & ${c}`,
      `${name}.${name}[${a} = ${b}].${name}`,
      `{${string}: ${a}, ${JSON.stringify('x')}: ${b}}`,
      `(${bound} := ${a}; ${bound} & ${c})`,
      `function(${bound}){ ${bound} & ${a} }(${b})`,
      `${name}@${bound}.${name}#${bound}.{${string}: ${bound}}`,
      `$eval(${string}, ${a})`,
      `$ ~> |${name}|{${string}: ${a}}, [${string}]|`,
      `$map(${name}, ${bound}) ~> $join(${string})`,
      `${name}^(<${name}, >${a})`,
      `${name}{${string}: ${a}, ${b}: ${c}}`,
      `${bound}(${a}, ?, ${b})(${c})`,
      `$contains(${a}, ${b}) ? ${name}.%.${name} : ${c}`,
    ),
  );

/** Words that the generator writes, besides names of its own and the functions of the runtime. */
const ownWords = new Set(
  ['rt', 'k', 'cx', 'input', 'unbound', 'none', 'undefined', 'Object', 'Infinity'].concat(
    'constructor hasOwn length push spend root key value isDescending pattern update remove updatePosition removePosition'.split(
      ' ',
    ),
    'test at index run focus sort terms position stages token ancestor __proto__ callAsyncNative evaluateText'.split(' '),
    Object.keys(asyncRuntime),
  ),
);
const refused = new Set([
  'TemplateLiteral',
  'TaggedTemplateExpression',
  'ImportExpression',
  'MetaProperty',
  'NewExpression',
  'ThisExpression',
  'WithStatement',
  'DebuggerStatement',
  'ClassExpression',
  'ClassDeclaration',
  'FunctionDeclaration',
  'LabeledStatement',
]);

interface Seen {
  readonly words: Set<string>;
  readonly types: Set<string>;
  readonly calls: Set<string>;
}

function look(node: unknown, seen: Seen): void {
  if (Array.isArray(node)) for (const one of node) look(one, seen);
  if (typeof node !== 'object' || node === null) return;
  const { type, name, regex: pattern } = node as { type?: string; name?: string; regex?: unknown };
  if (type !== undefined) seen.types.add(pattern ? 'RegExpLiteral' : type);
  if (type === 'Identifier' && name !== undefined) seen.words.add(name);
  for (const one of Object.values(node)) look(one, seen);
}

function strangenessOf(source: string, isAsync: boolean): readonly string[] {
  const { text: code } = generate(parse(source), isAsync);
  const { program, comments, errors } = parseSync('code.js', `(function (rt, k) {\n${code}\n})`);
  const seen: Seen = { words: new Set(), types: new Set(), calls: new Set() };
  look(program, seen);
  return [
    ...errors.map(({ message }) => message),
    ...comments.map(({ value }) => `comment ${value}`),
    ...[...seen.words].filter((word) => !/^v\d+$/.test(word) && !ownWords.has(word)),
    ...[...seen.types].filter((type) => refused.has(type) || type === 'RegExpLiteral'),
  ];
}

describe('generated code', () => {
  it('holds no word of an expression, however hostile its names, texts and patterns are', () => {
    let compiled = 0;
    fc.assert(
      fc.property(expression, fc.boolean(), (source, isAsync) => {
        try {
          parse(source);
        } catch {
          return;
        }
        compiled += 1;
        expect(strangenessOf(source, isAsync)).toEqual([]);
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(compiled).toBeGreaterThan(120);
  });

  it('would be seen, if it held one', () => {
    const { program } = parseSync('code.js', '(function (rt, k) { return process.exit(`1`) })');
    const seen: Seen = { words: new Set(), types: new Set(), calls: new Set() };
    look(program, seen);
    expect([...seen.words].filter((word) => !ownWords.has(word))).toEqual(['process', 'exit']);
    expect(seen.types.has('TemplateLiteral')).toBe(true);
  });
});
