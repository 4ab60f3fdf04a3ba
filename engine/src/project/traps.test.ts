// Every way in which YAML misreads what a flow says has a place and a remedy that shows how it is written instead.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { found, load } from './project.fixture.ts';
import { parseYaml } from './yaml/parse.ts';
import { inQuotes } from './yaml/rewrite.ts';

const base = {
  'mortise.yaml': 'name: x\n',
  'channels/in.yaml': '',
  'channels/out.yaml': '',
  'systems/log.yaml': 'connector: log\n',
};

/** The problems of a flow whose steps are these lines, each as `line:column CODE remedy`. */
async function problemsOf(...lines: readonly string[]): Promise<readonly string[]> {
  const text = ['from: { channel: in }', 'to: { channel: out }', 'steps:', ...lines, ''].join('\n');
  const { problems } = await load({ ...base, 'flows/a.yaml': text });
  const own = problems.filter(({ file }) => file === 'flows/a.yaml');
  return own.map(({ line, column, severity, code, remedy }) => `${line}:${column} ${severity} ${code} ${remedy}`);
}

describe('an expression that YAML takes apart', () => {
  it.each<[string, string[], string]>([
    [
      'braces, read as a mapping',
      ['  - map: { "id": customer.id }'],
      '4:10 error MORTISE_PROJECT_YAML_BRACES Write map: | and on the next line, indented: { "id": customer.id }',
    ],
    [
      'braces that YAML cannot read',
      ['  - map: { "id": items[0].id, "n": a ? 1 : 2 }'],
      '4:10 error MORTISE_PROJECT_YAML_BRACES Write map: | and on the next line, indented: { "id": items[0].id, "n": a ? 1 : 2 }',
    ],
    [
      'braces with more behind them',
      ['  - map: {"a": b}.a'],
      '4:10 error MORTISE_PROJECT_YAML_BRACES Write map: | and on the next line, indented: {"a": b}.a',
    ],
    [
      'braces over several lines',
      ['  - map: {', '      "id": customer.id', '    }'],
      '4:10 error MORTISE_PROJECT_YAML_BRACES Write map: | and on the next line, indented: { "id": customer.id }',
    ],
    [
      'brackets',
      ['  - map: [a, b]'],
      '4:10 error MORTISE_PROJECT_YAML_BRACES Write map: | and on the next line, indented: [a, b]',
    ],
    [
      'brackets with more behind them',
      ['  - map: [a, b].c'],
      '4:10 error MORTISE_PROJECT_YAML_BRACES Write map: | and on the next line, indented: [a, b].c',
    ],
    [
      'braces in a reply',
      ['  - reply: { "accepted": true }'],
      '4:12 error MORTISE_PROJECT_YAML_BRACES Write reply: | and on the next line, indented: { "accepted": true }',
    ],
    [
      'braces in "with"',
      ['  - send:', '      channel: out', '      with: { "a": b }'],
      '6:13 error MORTISE_PROJECT_YAML_BRACES Write with: | and on the next line, indented: { "a": b }',
    ],
    [
      'braces within a route',
      ['  - route:', '      - when: { "a": b }', '        to: { channel: out }'],
      '5:15 error MORTISE_PROJECT_YAML_BRACES Write when: | and on the next line, indented: { "a": b }',
    ],
    ['a colon', ['  - filter: a ? b : c'], "4:19 error MORTISE_PROJECT_YAML_COLON Write filter: 'a ? b : c'"],
    [
      'a quote at the beginning',
      ['  - filter: "a" in tags'],
      `4:13 error MORTISE_PROJECT_YAML_QUOTE Write filter: '"a" in tags'`,
    ],
    [
      'a single quote at the beginning',
      ["  - filter: 'a' in tags"],
      `4:13 error MORTISE_PROJECT_YAML_QUOTE Write filter: "'a' in tags"`,
    ],
    [
      'quotes of both kinds',
      [`  - filter: "a" = 'b'`],
      `4:13 error MORTISE_PROJECT_YAML_QUOTE Write filter: | and on the next line, indented: "a" = 'b'`,
    ],
    [
      'a quote at the beginning, in braces',
      ['  - route: [{ when: "a" = b, to: { channel: out } }]'],
      `4:21 error MORTISE_PROJECT_YAML_QUOTE Write '"a" = b' there.`,
    ],
    ['a per cent sign', ['  - filter: %.total > 0'], "4:13 error MORTISE_PROJECT_YAML_RESERVED Write filter: '%.total > 0'"],
    ['an at sign', ['  - map: @x'], "4:10 error MORTISE_PROJECT_YAML_RESERVED Write map: '@x'"],
    ['a backtick', ['  - map: `a b`'], "4:10 error MORTISE_PROJECT_YAML_RESERVED Write map: '`a b`'"],
    ['a question mark', ['  - map: ? x'], "4:10 error MORTISE_PROJECT_YAML_RESERVED Write map: '? x'"],
    ['a minus', ['  - map: - x'], "4:10 error MORTISE_PROJECT_YAML_RESERVED Write map: '- x'"],
    ['a comma', ['  - map: , x'], "4:10 error MORTISE_PROJECT_YAML_RESERVED Write map: ', x'"],
    ['an asterisk', ['  - map: *'], "4:10 error MORTISE_PROJECT_YAML_ALIAS Write map: '*'"],
    ['an asterisk and more', ['  - map: * > 5'], "4:10 error MORTISE_PROJECT_YAML_ALIAS Write map: '* > 5'"],
    ['an asterisk and a name', ['  - map: *.price'], "4:10 error MORTISE_PROJECT_YAML_ALIAS Write '*.price'."],
    ['two asterisks', ['  - map: **.price'], "4:10 error MORTISE_PROJECT_YAML_ALIAS Write '**.price'."],
    ['an ampersand', ['  - map: &total'], "4:10 error MORTISE_PROJECT_YAML_ALIAS Put the value in quotes, as '&total'."],
    ['an ampersand and more', ['  - map: & "x"'], `4:10 error MORTISE_PROJECT_YAML_ALIAS Write map: '& "x"'`],
    [
      'an exclamation mark',
      ['  - filter: !done'],
      '4:13 error MORTISE_PROJECT_YAML_TAG Put the value in quotes. (In expressions, "not" is $not(…), and "is not" is !=.)',
    ],
    [
      'an exclamation mark apart',
      ['  - filter: ! done'],
      '4:13 error MORTISE_PROJECT_YAML_TAG Put the value in quotes. (In expressions, "not" is $not(…), and "is not" is !=.)',
    ],
    ['"greater than"', ['  - filter: > 5'], "4:13 error MORTISE_PROJECT_YAML_BLOCK Write filter: '> 5'"],
    ['"not less than"', ['  - filter: >= 5'], "4:13 error MORTISE_PROJECT_YAML_BLOCK Write filter: '>= 5'"],
    [
      'a bar with text behind it',
      ['  - map: | $.x'],
      '4:10 error MORTISE_PROJECT_YAML_BLOCK Write map: | and on the next line, indented: $.x',
    ],
    [
      'a bar with text below it',
      ['  - map: |', '    { "a": b }'],
      '5:5 error MORTISE_PROJECT_YAML_BLOCK Begin this line, and those that belong with it, with 6 spaces.',
    ],
    [
      'a bar with text further left',
      ['  - map: |', '$.x'],
      '5:1 error MORTISE_PROJECT_YAML_BLOCK Begin this line, and those that belong with it, with 6 spaces.',
    ],
    [
      'a comment',
      ['  - filter: items #$i'],
      `4:19 warning MORTISE_PROJECT_YAML_COMMENT Write filter: 'items #$i' if the rest belongs to it; otherwise give the comment a line of its own.`,
    ],
    [
      'nothing but a comment',
      ['  - filter: #x', '  - map: $'],
      `4:13 error MORTISE_PROJECT_YAML_COMMENT Write filter: '#x' if the rest belongs to it; otherwise give the comment a line of its own.`,
    ],
    ['true', ['  - filter: true'], "4:13 error MORTISE_PROJECT_YAML_PLAIN Write filter: 'true'"],
    ['a number', ['  - map: 12'], "4:10 error MORTISE_PROJECT_YAML_PLAIN Write map: '12'"],
    ['null', ['  - map: null'], "4:10 error MORTISE_PROJECT_YAML_PLAIN Write map: 'null'"],
  ])('%s', async (_what, lines, expected) => {
    const problems = await problemsOf(...lines);
    expect(problems[0]).toBe(expected);
    expect(problems.slice(1).filter((problem) => !problem.includes('MORTISE_FLOW_OPTION'))).toEqual([]);
  });

  it.each([
    'filter: a = "b"',
    "filter: total > 0 and status = 'open'",
    'filter: a * b & c',
    'filter: $not(done)',
    'map: $ ~> | lines | {} |',
    'map: items#$i.(n & $i)',
    'map: "{ \\"a\\": b }"',
    'map: |\n      { "a": b ? "#1" : " #2" }',
    'map: { file: maps/a.jsonata }',
    'reply: { body: $, status: 201 }',
    'expire: { at: time }',
  ])('is none: %s', async (step) => {
    const text = `from: { channel: in }\nto: { channel: out }\nsteps:\n  - ${step}\n`;
    const { problems } = await load({ ...base, 'maps/a.jsonata': '$', 'flows/a.yaml': text });
    expect(found({ problems }, 'flows/a.yaml')).toEqual([]);
  });
});

describe('a file that YAML reads as something else', () => {
  const inFlow = async (text: string) => {
    const { problems } = await load({ ...base, 'flows/a.yaml': text });
    return problems
      .filter(({ file }) => file === 'flows/a.yaml')
      .map(({ line, column, code, remedy }) => [`${line}:${column} ${code}`, remedy]);
  };
  const target = 'from: { channel: in }\n';

  it.each<[string, string, string, string]>([
    [
      'a template in braces',
      `${target}to: { system: log, outbound: write, text: /x/\${id} }\n`,
      '2:43 MORTISE_PROJECT_YAML_TEMPLATE',
      'Write "/x/${id}" in double quotes.',
    ],
    [
      'a template behind a colon',
      `${target}to: { system: log, outbound: write, text: https://x/\${id}?a=\${b}, level: info }\n`,
      '2:43 MORTISE_PROJECT_YAML_TEMPLATE',
      'Write "https://x/${id}?a=${b}" in double quotes.',
    ],
    [
      'a template in brackets',
      `${target}steps: [ /x/\${id}/y ]\n`,
      '2:10 MORTISE_PROJECT_YAML_TEMPLATE',
      'Write "/x/${id}/y" in double quotes.',
    ],
    ['a tab', `${target}steps:\n\t- map: $\n`, '3:1 MORTISE_PROJECT_YAML_TAB', 'Indent with spaces: two for each level.'],
    [
      'no space behind a colon, at the top',
      'from:in\nto: { channel: out }\n',
      '1:1 MORTISE_PROJECT_YAML_COLON_SPACE',
      'Write from: in',
    ],
    [
      'no space behind a colon, further down',
      `${target}order:\n  by:id\n  onDead: hold\n`,
      '3:3 MORTISE_PROJECT_YAML_COLON_SPACE',
      'Write by: id',
    ],
    ['no space behind a colon, in braces', 'from: { channel:in }\n', '1:9 MORTISE_PROJECT_YAML_COLON_SPACE', 'Write channel: in'],
    [
      'no space behind a colon, in a step',
      `${target}to: { channel: out }\nsteps:\n  - filter:total > 0\n`,
      '4:5 MORTISE_PROJECT_YAML_COLON_SPACE',
      'Write filter: total > 0',
    ],
    ['no space behind a colon, alone', 'from:in\n', '1:1 MORTISE_PROJECT_YAML_COLON_SPACE', 'Write from: in'],
    [
      'no space behind a colon, at the end',
      `${target}resume:true\n`,
      '2:1 MORTISE_PROJECT_YAML_COLON_SPACE',
      'Write resume: true',
    ],
    [
      'a key twice',
      `${target}to: { channel: out }\nfrom: { channel: in }\n`,
      '3:1 MORTISE_PROJECT_YAML_DUPLICATE_KEY',
      'Keep one of the two, or rename one.',
    ],
    ['a boolean of YAML 1.1', `${target}to: { channel: out }\nresume: yes\n`, '3:9 MORTISE_PROJECT_YAML_BOOLEAN', 'Write true.'],
    [
      'another boolean of YAML 1.1',
      `${target}to: { channel: out }\nresume: off\n`,
      '3:9 MORTISE_PROJECT_YAML_BOOLEAN',
      'Write false.',
    ],
    ['a merge key', `from: &a { channel: in }\nto: { <<: *a }\n`, '2:7 MORTISE_PROJECT_YAML_MERGE', 'Write the options out.'],
    [
      'a quote that is not closed',
      `${target}description: "Orders\nto: { channel: out }\n`,
      '2:14 MORTISE_PROJECT_YAML_QUOTE',
      'Close it with ".',
    ],
    [
      'a brace that is not closed',
      'from: { channel: in\nto: { channel: out }\n',
      '1:7 MORTISE_PROJECT_YAML_SYNTAX',
      'Close it with }.',
    ],
    [
      'another indent',
      `${target}order:\n  by: id\n onDead: hold\n`,
      '4:2 MORTISE_PROJECT_YAML_INDENT',
      'Begin it in the same column as the lines that it belongs with.',
    ],
    [
      'no colon',
      `${target}resume\nto: { channel: out }\n`,
      '2:1 MORTISE_PROJECT_YAML_SYNTAX',
      'Put a colon and a space behind the key.',
    ],
    ['two documents', `${target}---\n${target}`, '2:1 MORTISE_PROJECT_YAML_SYNTAX', 'Give it a file of its own.'],
    [
      'a colon within braces',
      'from: { system: log, inbound: a: b }\n',
      '1:31 MORTISE_PROJECT_YAML_SYNTAX',
      'Put values that hold any of , : { } [ ] # or a quote in quotes; or write each of them on a line of its own, without {.',
    ],
    [
      'aliases that expand to too much',
      `a: &a [${'x,'.repeat(20)}]\n${['b', 'c', 'd', 'e', 'f'].map((name, index) => `${name}: &${name} [${`*${'abcdef'[index]},`.repeat(20)}]`).join('\n')}\nuse: *f\n`,
      '1:1 MORTISE_PROJECT_YAML_EXPANSION',
      'Write it out, or use fewer aliases.',
    ],
    ['too many levels', `a: ${'['.repeat(250)}${']'.repeat(250)}\n`, '1:202 MORTISE_PROJECT_YAML_SYNTAX', 'Write fewer levels.'],
  ])('%s', async (_what, text, place, remedy) => {
    expect((await inFlow(text))[0]).toEqual([place, remedy]);
    expect(await inFlow(text)).toHaveLength(1);
  });

  it('is no way to exhaust the stack', async () => {
    const [problem, ...others] = await inFlow(`a: ${'['.repeat(50_000)}\n`);
    expect(problem?.[1]).toBe('Write fewer levels.');
    expect(others).toEqual([]);
  });

  it('is told of all its faults at once', async () => {
    const text = `${target}steps:\n  - filter: a ? b : c\n  - map: %x\n  - filter: ok\n  - filter: "a" in b\n\t- map: $\nto: { channel: out }\nto: { channel: out }\n`;
    expect((await inFlow(text)).map(([place]) => place)).toEqual([
      '3:19 MORTISE_PROJECT_YAML_COLON',
      '4:10 MORTISE_PROJECT_YAML_RESERVED',
      '6:13 MORTISE_PROJECT_YAML_QUOTE',
      '7:1 MORTISE_PROJECT_YAML_TAB',
      '9:1 MORTISE_PROJECT_YAML_DUPLICATE_KEY',
    ]);
  });
});

describe('numbers', () => {
  it.each([
    ['0012', '0012', 12],
    ['1.10', '1.10', 1.1],
    ['12e4', '12e4', 120_000],
    ['0x1f', '0x1f', 31],
    ['12345678901234567890', '12345678901234567890', 12345678901234567000],
  ])('that are texts are told of: %s', async (_what, written, read) => {
    const { problems } = await load({
      ...base,
      'systems/log.yaml': `connector: log\noutbounds:\n  a:\n    uses: write\n    text: ${written}\n`,
    });
    const [problem] = problems.filter(({ code }) => code === 'MORTISE_PROJECT_YAML_NUMBER');
    expect(problem).toMatchObject({ severity: 'warning', file: 'systems/log.yaml', line: 5, column: 11 });
    expect(problem?.message).toBe(`YAML reads ${written} as the number ${read}.`);
  });

  it('and dates, times, versions, countries are what YAML 1.2 says', async () => {
    const text =
      'flow: a\ngiven:\n  body: { date: 2026-11-23, country: NO, version: 1.2.3, time: 12:30:00, yes: y, total: 12.5, null: ~ }\n';
    const { tests } = await load({ ...base, 'flows/a.yaml': 'from: { channel: in }\n', 'tests/a.yaml': text });
    expect(tests[0]?.source.value).toMatchObject({
      given: {
        body: { date: '2026-11-23', country: 'NO', version: '1.2.3', time: '12:30:00', yes: 'y', total: 12.5, null: null },
      },
    });
  });
});

describe('a remedy', () => {
  it('is YAML that reads to what was meant, whatever that is', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('ab "\'\\:#{}[]%@&*!|>,?-`\t')) });
    fc.assert(
      fc.property(text, (value) => {
        expect(parseYaml(`key: ${inQuotes(value)}`).document.toJS()).toEqual({ key: value });
      }),
    );
  });
});

describe('the options of a system', () => {
  const inSystem = async (text: string) => {
    const { problems } = await load({ ...base, 'systems/a.yaml': text });
    const own = problems.filter(({ file, code }) => file === 'systems/a.yaml' && code !== 'MORTISE_PROJECT_UNUSED');
    return own.map(({ line, column, code, remedy }) => `${line}:${column} ${code} ${remedy}`);
  };
  const outbound = (lines: string) =>
    `connector: sqlite\nconnection: { file: a.db }\noutbounds:\n  a:\n    uses: execute\n${lines}`;

  it('have the traps of expressions', async () => {
    const statement = '    statement: UPDATE a SET b = :b WHERE c = :c\n';
    const comment = await inSystem(outbound(`${statement}    parameters:\n      b: items #$i\n      c: '"x"'\n`));
    expect(comment).toEqual([
      "8:16 MORTISE_PROJECT_YAML_COMMENT Write b: 'items #$i' if the rest belongs to it; otherwise give the comment a line of its own.",
    ]);
    const braces = await inSystem(outbound(`${statement}    parameters:\n      b: { x: y }\n`));
    expect(braces).toEqual(['8:10 MORTISE_PROJECT_YAML_BRACES Write b: | and on the next line, indented: { x: y }']);
  });

  it('have the traps of templates and texts', async () => {
    const template = 'connector: log\noutbounds:\n  a: { uses: write, text: Order ${id} }\n';
    expect(await inSystem(template)).toEqual(['3:27 MORTISE_PROJECT_YAML_TEMPLATE Write "Order ${id}" in double quotes.']);
    expect(await inSystem(template.replace('Order ${id}', '"Order ${id}"'))).toEqual([]);
    const colon = 'connector: log\noutbounds:\n  a:\n    uses: write\n    text: Order: ${id}\n';
    expect(await inSystem(colon)).toEqual(["5:16 MORTISE_PROJECT_YAML_COLON Write text: 'Order: ${id}'"]);
  });
});
