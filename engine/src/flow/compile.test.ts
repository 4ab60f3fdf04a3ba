// What the checker finds in flows: all of it at once, each with its place, its code and a remedy.

import type { Path } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { definitionsOf, modelOf } from '../mesh.fixture.ts';
import { compileFlow } from './compile.ts';

const definitions = definitionsOf({
  channels: { orders: {}, shipments: {} },
  models: [modelOf('order@1', 'id')],
  files: { 'maps/order.jsonata': '{ "id": id }', 'maps/broken.jsonata': '{ "id": \n  id ' },
});

/** Compiles, and gives the problems as `path code: message -> remedy`. */
function problemsOf(value: unknown): readonly string[] {
  const paths: string[] = [];
  const locate = (path: Path) => {
    paths.push(path.join('.'));
    return { line: paths.length, column: 1 };
  };
  const { flow, problems } = compileFlow({ name: 'f', source: { file: 'flows/f.yaml', value, locate } }, definitions);
  expect(flow === undefined).toBe(problems.length > 0);
  const placeOf = ({ file, line, column }: { file: string; line: number; column: number }) =>
    file === 'flows/f.yaml' ? paths[line - 1] : `${file}:${line}:${column}`;
  return problems.map((problem) => `${placeOf(problem)} ${problem.code}: ${problem.message} -> ${problem.remedy}`);
}

const from = { channel: 'orders' };
const to = { system: 'peer', outbound: 'a' };

describe('the checker', () => {
  it('finds nothing in a good flow', () => {
    expect(problemsOf({ from, steps: [{ map: { file: 'maps/order.jsonata' } }, { validate: 'order@1' }], to })).toEqual([]);
  });

  it('reports all problems of a flow at once', () => {
    const found = problemsOf({
      from: { channel: 'order' },
      steps: [{ fliter: 'true' }, { map: '$foo + 1' }, { validate: 'order@2' }],
      to: { system: 'pear', outbound: 'a' },
    });
    expect(found).toHaveLength(5);
    expect(found.join('\n')).toMatch(
      /from\.channel MORTISE_FLOW_UNKNOWN_NAME: There is no channel "order"\. -> Did you mean "orders"\?/,
    );
    expect(found.join('\n')).toMatch(
      /steps\.0\.fliter MORTISE_FLOW_UNKNOWN_STEP: There is no step "fliter"\. -> Did you mean "filter"\?/,
    );
    expect(found.join('\n')).toMatch(/steps\.1\.map MORTISE_FLOW_EXPRESSION: There is no variable or function \$foo\./);
    expect(found.join('\n')).toMatch(
      /steps\.2\.validate MORTISE_FLOW_UNKNOWN_NAME: There is no model "order@2"\. -> Did you mean "order@1"\?/,
    );
    expect(found.join('\n')).toMatch(
      /to\.system MORTISE_FLOW_UNKNOWN_NAME: There is no system "pear"\. -> Did you mean "peer"\?/,
    );
  });

  const cases: Readonly<Record<string, readonly [unknown, RegExp]>> = {
    'an unknown option': [{ from, too: to }, /^too MORTISE_FLOW_OPTION: Unknown option "too"\. -> Did you mean "to"\?/],
    'a missing from': [{ to }, /MORTISE_FLOW_OPTION: "from" is missing/],
    'a key that is no expression': [{ from, order: { by: ['id'] }, to }, /^order\.by MORTISE_FLOW_OPTION: Found /],
    'a backlog where no sender waits': [
      { from, backlog: 5, to },
      /^backlog MORTISE_FLOW_OPTION: A flow that receives from a channel/,
    ],
    'a wrong duration': [
      { from, retry: { for: 'a while' }, to },
      /^retry\.for MORTISE_FLOW_OPTION: Found "a while"; expected a duration/,
    ],
    'an unknown option of a step': [
      { from, steps: [{ dedupe: { id: 'x', kye: 'id', for: '1d' } }], to },
      /^steps\.0\.dedupe\.kye MORTISE_FLOW_OPTION: Unknown option "kye"\. -> Did you mean "key"\?/,
    ],
    'an expression that does not parse, with the position in it': [
      { from, steps: [{ map: { file: 'maps/broken.jsonata' } }], to },
      /^maps\/broken\.jsonata:2:5 MORTISE_FLOW_EXPRESSION: Expected "}" before end of expression/,
    ],
    'a misspelt function': [
      { from, steps: [{ map: '$strng(id)' }], to },
      /^steps\.0\.map MORTISE_FLOW_EXPRESSION: There is no variable or function \$strng\. -> Did you mean "\$string"\?/,
    ],
    'a mapping file that is not there': [
      { from, steps: [{ map: { file: 'maps/ordr.jsonata' } }], to },
      /^steps\.0\.map\.file MORTISE_FLOW_UNKNOWN_NAME: There is no file "maps\/ordr\.jsonata"/,
    ],
    'a step with two names': [
      { from, steps: [{ map: 'id', filter: 'true' }], to },
      /^steps\.0 MORTISE_FLOW_STEP: Found the names map, filter/,
    ],
    'a branch behind else': [
      {
        from,
        steps: [
          {
            route: [
              { else: true, to },
              { when: 'true', to },
            ],
          },
        ],
      },
      /^steps\.0\.route\.0\.else MORTISE_FLOW_STEP: Branches behind "else" are never reached/,
    ],
    'a branch without a condition': [
      { from, steps: [{ route: [{ to }] }] },
      /^steps\.0\.route\.0 MORTISE_FLOW_STEP: A branch has either/,
    ],
    'two steps with one id': [
      { from, steps: [{ delay: { id: 'x', for: '1s' } }, { dedupe: { id: 'x', key: 'id', for: '1d' } }], to },
      /^steps\.1\.dedupe\.id MORTISE_FLOW_STEP: The id "x" is taken/,
    ],
    'a call of a channel': [
      { from, steps: [{ call: { channel: 'orders' } }] },
      /^steps\.0\.call MORTISE_FLOW_TARGET: A channel gives no reply/,
    ],
    'a target that is none': [
      { from, to: { outbound: 'a' } },
      /^to MORTISE_FLOW_TARGET: Found outbound; expected \{ channel \} or \{ system, outbound \}/,
    ],
    'an unknown outbound': [
      { from, to: { system: 'peer', outbound: 'd' } },
      /^to MORTISE_FLOW_UNKNOWN_NAME: "d" is not defined there/,
    ],
    'a script file that is not there': [
      { from, steps: [{ script: { file: 'x.ts' } }], to },
      /^steps\.0\.script\.file MORTISE_FLOW_UNKNOWN_NAME/,
    ],
  };
  for (const [name, [value, expected]] of Object.entries(cases)) {
    it(`reports ${name}`, () => {
      const found = problemsOf(value);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(expected);
    });
  }

  it('gives a flow another revision when what it does changes, and the same otherwise', () => {
    const revision = (value: unknown, files: Readonly<Record<string, string>> = {}) => {
      const source = { name: 'f', source: { file: 'flows/f.yaml', value, locate: () => ({ line: 1, column: 1 }) } };
      return compileFlow(source, definitionsOf({ channels: { orders: {} }, files })).flow?.revision;
    };
    const mapped = { from, steps: [{ map: { file: 'm' } }], to };
    expect(revision(mapped, { m: 'a' })).toBe(revision(structuredClone(mapped), { m: 'a' }));
    expect(revision(mapped, { m: 'b' })).not.toBe(revision(mapped, { m: 'a' }));
    expect(revision({ ...mapped, concurrency: 3 }, { m: 'a' })).not.toBe(revision(mapped, { m: 'a' }));
    const function1 = { from, steps: [{ map: (body: unknown) => body }], to };
    const function2 = { from, steps: [{ map: (body: unknown) => [body] }], to };
    expect(revision(function1)).not.toBe(revision(function2));
  });

  it('lets a flow send before it settles only where that is safe', () => {
    const sendsFirst = (value: unknown) => {
      const source = { name: 'f', source: { file: 'flows/f.yaml', value, locate: () => ({ line: 1, column: 1 }) } };
      return compileFlow(source, definitionsOf({ channels: { orders: {} }, unsafe: ['once'] })).flow?.sendsFirst;
    };
    expect(sendsFirst({ from, steps: [{ map: 'id' }], to })).toBe(true);
    expect(sendsFirst({ from, steps: [{ map: '$random()' }], to })).toBe(false);
    expect(sendsFirst({ from, steps: [{ dedupe: { id: 'd', key: 'id', for: '1d' } }], to })).toBe(false);
    expect(sendsFirst({ from, order: { by: 'id' }, to })).toBe(false);
    expect(sendsFirst({ from, to: [to, to] })).toBe(false);
    expect(sendsFirst({ from, to: { system: 'peer', outbound: 'once' } })).toBe(false);
    expect(sendsFirst({ from, to: { channel: 'orders' } })).toBe(false);
  });
});
