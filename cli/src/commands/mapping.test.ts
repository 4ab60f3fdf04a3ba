// The commands about mappings, run as people run them: map, lineage, impact.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { mortise, temporaryFolder } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';
import { openTerminal } from '../terminal.ts';
import { runSession } from './map-session.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const example = fileURLToPath(new URL('../../../examples/order-to-cash', import.meta.url));
const file = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};

describe('map', () => {
  it('shows the result, its type, of what it is made, and the time', async () => {
    const { status, out } = await mortise([
      'map',
      '{ "n": $sum(lines.q) }',
      '--input',
      file('in.json', { lines: [{ q: 1 }, { q: 2 }] }),
    ]);
    expect(status).toBe(0);
    expect(out).toContain('"n": 3');
    expect(out).toContain('  n <- lines.q');
    expect(out).toMatch(/took [\d.]+ ms/);
  });

  it('takes a file and the schema of the input, and gives one JSON value', async () => {
    const schema = { type: 'object', additionalProperties: false, required: ['a'], properties: { a: { type: 'integer' } } };
    const { out } = await mortise(['map', file('m.jsonata', 'a + b'), '--schema', file('s.json', schema), '--json']);
    expect(JSON.parse(out)).toMatchObject({
      optional: true,
      lineage: [{ output: '$', inputs: ['a', 'b'] }],
      findings: [{ name: 'b', line: 1, column: 5, message: 'The input has no field "b".' }],
    });
  });

  it('shows what cannot be right in words, with its place and a caret, and as JSON only when asked', async () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: { name: { type: 'string' }, count: { type: 'integer' } },
    };
    const expression = '{\n  "n": nme,\n  "many": count = "5"\n}';
    const { status, out } = await mortise(['map', file('f.jsonata', expression), '--schema', file('f.json', schema)]);
    expect(status).toBe(0);
    expect(out).toContain('finding 2:8 The input has no field "nme". Did you mean "name"?\n    "n": nme,\n         ^\n');
    expect(out).toContain('finding 3:11 This never holds: left of "=" stands an integer or nothing, right of it "5".');
    expect(out).not.toContain('"kind"');
  });

  it('shows with a caret where an expression does not parse', async () => {
    const { status, err } = await mortise(['map', '{ "a": 1, }']);
    expect(status).toBe(exitCodes.failed);
    expect(err).toMatch(/ {2}\{ "a": 1, \}\n {2} +\^\n/);
    expect(err).toContain('error MORTISE_CLI_EXPRESSION');
  });

  it('wants an expression where nobody types', async () => {
    expect(await mortise(['map'])).toMatchObject({ status: exitCodes.usage });
    expect(await mortise(['map', 'a', '--input', file('bad.json', '{')])).toMatchObject({ status: exitCodes.failed });
  });

  it('answers line by line on a terminal', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const printed: string[] = [];
    const terminal = {
      ...openTerminal(),
      print: (text: string) => void printed.push(text),
      printError: (text: string) => void printed.push(text),
    };
    input.end(`:input ${file('one.json', { a: 41 })}\na + 1\na +\n:type\na\n:what\n:quit\nnever\n`);
    await runSession({ input: undefined, schema: undefined }, terminal, input, output);
    expect(printed).toContain('42');
    expect(printed.join('\n')).toContain('MORTISE_CLI_EXPRESSION');
    expect(printed.join('\n')).toContain('Types are shown.');
    expect(printed.at(-1)).toContain(':quit');
  });
});

describe('lineage', () => {
  it('tells where a field comes from', async () => {
    const { status, out } = await mortise(['lineage', 'shop-orders', 'customer.id', '--dir', example]);
    expect(status).toBe(0);
    expect(out).toMatch(/channel:orders +customer\.id +shop\.order-created +customer\.id +shop-orders/);
  });

  it('knows the nearest name of a flow and of a field', async () => {
    expect((await mortise(['lineage', 'shop-order', '--dir', example])).err).toContain('Did you mean "shop-orders"?');
    const { status, err } = await mortise(['lineage', 'shop-orders', 'customer.ix', '--dir', example]);
    expect(status).toBe(exitCodes.usage);
    expect(err).toContain('Did you mean');
  });
});

describe('impact', () => {
  it('tells what a changed model breaks, and exits as failed', async () => {
    const schema = JSON.parse(readFileSync(join(example, 'models/order.schema.json'), 'utf8')) as {
      properties: Record<string, unknown>;
    };
    const same = await mortise(['impact', 'order@1', '--change', file('same.json', schema), '--dir', example]);
    expect(same).toMatchObject({ status: 0, out: 'The change of order@1 breaks no flow.\n' });
    const changed = { ...schema, properties: { ...schema.properties, orderId: { type: 'boolean' } } };
    const { status, out } = await mortise(['impact', 'order@1', '--change', file('changed.json', changed), '--dir', example]);
    expect(status).toBe(exitCodes.failed);
    expect(out).toContain('shop-orders');
    expect(out).toContain('MORTISE_TYPE_MISFIT');
  });

  it('knows the models, and refuses what is no schema', async () => {
    const unknown = await mortise(['impact', 'ordr@1', '--change', file('same.json', {}), '--dir', example]);
    expect(unknown).toMatchObject({ status: exitCodes.usage });
    expect(unknown.err).toContain('Did you mean "order@1"?');
    const list = await mortise(['impact', 'order@1', '--change', file('list.json', []), '--dir', example]);
    expect(list.err).toContain('MORTISE_CLI_FILE');
  });
});
