// Types of a project: what is told where a mapping does not fit the models about it, and nothing where it may.

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../../catalog/catalog.ts';
import { changeImpact } from '../../project/impact.ts';
import { fieldOrigins } from '../../project/lineage.ts';
import { loadProject } from '../../project/load.ts';
import { load } from '../../project/project.fixture.ts';

const shopOrder = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'total', 'lines'],
  properties: {
    id: { type: 'integer' },
    total: { type: 'number' },
    note: { type: 'string' },
    lines: {
      type: 'array',
      items: { type: 'object', additionalProperties: false, required: ['sku'], properties: { sku: { type: 'string' } } },
    },
  },
};
const order = {
  type: 'object',
  additionalProperties: false,
  required: ['orderId'],
  properties: { orderId: { type: 'string' }, note: { type: 'string' }, skus: { type: 'array', items: { type: 'string' } } },
};
const customer = { type: 'object', additionalProperties: false, required: ['name'], properties: { name: { type: 'string' } } };

const base = {
  'mortise.yaml': 'name: acme\n',
  'models/shop-order.schema.json': JSON.stringify(shopOrder),
  'models/order.schema.json': JSON.stringify(order),
  'models/customer.schema.json': JSON.stringify(customer),
  'channels/in.yaml': 'model: shop-order@1\n',
  'channels/out.yaml': 'model: order@1\n',
  'systems/crm.yaml':
    'connector: http\nconnection: { url: "http://127.0.0.1:9" }\noutbounds:\n  get: { uses: request, method: GET, path: /c, reply: customer@1 }\n',
};

const project = async (steps: string, more = {}) =>
  load({ ...base, 'flows/f.yaml': `from: { channel: in }\nsteps:\n${steps}to: { channel: out }\n`, ...more });

/** What is told of types, as `file:line:column CODE message`. */
async function told(steps: string, more = {}): Promise<readonly string[]> {
  const { problems } = await project(steps, more);
  return problems
    .filter(({ code }) => code.startsWith('MORTISE_TYPE_') || code.startsWith('MORTISE_FLOW_'))
    .map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`);
}

describe('a flow whose mapping fits', () => {
  it.each([
    ['  - map: |\n      { "orderId": $string(id), "skus": [lines.sku] }\n'],
    ['  - map: |\n      { "orderId": $string(id) }\n  - validate: order@1\n  - filter: orderId = "5"\n'],
    ['  - filter: $exists(note)\n  - map: |\n      { "orderId": note }\n'],
    ['  - call: { system: crm, outbound: get, into: customer }\n  - map: |\n      { "orderId": $customer.name }\n'],
    ['  - script: { code: "return body;" }\n'],
    ['  - split:\n      each: lines\n  - map: |\n      { "orderId": sku }\n'],
  ])('is told nothing of: %s', async (steps) => {
    expect(await told(steps)).toEqual([]);
  });
});

describe('what is told of a flow', () => {
  it('is a field that the input does not have, with the nearest name, where it is read', async () => {
    const steps = '  - map: |\n      { "orderId": $string(id), "note": nott }\n';
    expect(await told(steps)).toEqual(['flows/f.yaml:4:41 MORTISE_TYPE_UNKNOWN_FIELD The input has no field "nott".']);
    const { problems } = await project(steps);
    expect(problems.find(({ code }) => code === 'MORTISE_TYPE_UNKNOWN_FIELD')?.remedy).toBe('Did you mean "note"?');
  });

  it('is a result that never fits the channel, where it is made', async () => {
    const message = '"orderId" is an integer; channel out (order@1) expects text.';
    expect(await told('  - map: |\n      { "orderId": id }\n')).toEqual([`flows/f.yaml:4:20 MORTISE_TYPE_MISFIT ${message}`]);
  });

  it('is a result that never fits the next "validate", in the file of the mapping', async () => {
    const files = { 'maps/m.jsonata': '{\n  "orderId": $string(id),\n  "note": total\n}\n' };
    const found = await told('  - map: { file: maps/m.jsonata }\n  - validate: order@1\n', files);
    expect(found).toEqual(['maps/m.jsonata:3:11 MORTISE_TYPE_MISFIT "note" is a number; order@1 expects text.']);
  });

  it('is a result that sometimes does not fit, as a warning', async () => {
    const [one] = await told('  - map: |\n      { "orderId": note }\n');
    expect(one).toContain('4:20 MORTISE_TYPE_MAY_NOT_FIT "orderId" may be text or nothing');
    const [other] = await told('  - map: |\n      { "orderId": $string(id), "skus": lines.sku }\n');
    expect(other).toContain('MORTISE_TYPE_MAY_NOT_FIT "skus" may be text or an array; channel out');
  });

  it('is a comparison that never holds, in any step', async () => {
    const found = await told('  - filter: total = "5"\n  - map: |\n      { "orderId": $string(id) }\n');
    expect(found).toEqual([
      'flows/f.yaml:3:13 MORTISE_TYPE_NEVER_TRUE This never holds: left of "=" stands a number, right of it "5".',
    ]);
  });

  it('goes into branches, parts, replies and what is tried', async () => {
    const steps = [
      '  - call: { system: crm, outbound: get, into: customer }',
      '  - route:',
      '      - when: totl > 5',
      '        steps:',
      '          - map: \'{ "orderId": $customer.nam }\'',
      '        to: { channel: out }',
      '      - else: true',
      '  - try:',
      '      steps:',
      '        - map: \'{ "orderId": skuu }\'',
      '      catch: { steps: [], to: { channel: out } }',
      '  - split: { each: $ }\n',
    ].join('\n');
    const found = await told(steps);
    expect(found.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(
      expect.arrayContaining([
        'flows/f.yaml:5:15 MORTISE_TYPE_UNKNOWN_FIELD',
        'flows/f.yaml:7:42 MORTISE_TYPE_UNKNOWN_FIELD',
        'flows/f.yaml:12:30 MORTISE_TYPE_UNKNOWN_FIELD',
      ]),
    );
  });

  it('is nothing where the model is open', async () => {
    const open = { 'models/shop-order.schema.json': JSON.stringify({ ...shopOrder, additionalProperties: true }) };
    expect(await told('  - map: |\n      { "orderId": anything }\n', open)).toEqual([]);
  });
});

describe('what goes to an outbound', () => {
  const crm = (options: string): Record<string, string> => ({
    'systems/crm.yaml': [
      'connector: http',
      'connection: { url: "http://127.0.0.1:9" }',
      'outbounds:',
      `  put: { uses: request, method: POST, ${options} }`,
      '  get: { uses: request, method: GET, path: /c, model: customer@1, reply: customer@1 }\n',
    ].join('\n'),
  });
  const flow = (steps: string, to: string): Record<string, string> => ({
    'flows/f.yaml': `from: { channel: in }\nsteps:\n${steps}to: ${to}\n`,
  });
  const found = async (options: string, steps: string, to = '{ system: crm, outbound: put }') =>
    told('', { ...crm(options), ...flow(steps, to) });

  it('is told where it does not fit the model of the outbound, by "with" or as it is', async () => {
    const model = 'path: /c, model: order@1';
    expect(await found(model, '  - map: |\n      { "orderId": $string(id) }\n')).toEqual([]);
    expect(await found(model, '  - map: |\n      { "orderId": id }\n')).toEqual([
      'flows/f.yaml:4:20 MORTISE_TYPE_MISFIT "orderId" is an integer; crm.put (order@1) expects text.',
    ]);
    const to = '{ system: crm, outbound: put, with: \'{ "orderId": total }\' }';
    expect(await found(model, '  - filter: total > 1\n', to)).toEqual([
      'flows/f.yaml:4:55 MORTISE_TYPE_MISFIT "orderId" is a number; crm.put (order@1) expects text.',
    ]);
  });

  it('is told of a call too, and of a model that a flow writes in place', async () => {
    const call = '  - call: { system: crm, outbound: get, with: \'{ "nam": note }\', into: customer }\n';
    expect(await found('path: /c', call)).toEqual([
      expect.stringContaining('MORTISE_TYPE_MISFIT "name" is nothing; crm.get (customer@1) expects text'),
      expect.stringContaining('MORTISE_TYPE_MISFIT crm.get (customer@1) has no field "nam"'),
    ]);
    const to = '{ system: crm, outbound: request, path: /d, model: customer@1 }';
    expect(await found('path: /c', '  - map: \'{ "name": id }\'\n', to)).toEqual([
      expect.stringContaining('MORTISE_TYPE_MISFIT "name" is an integer; crm.request (customer@1) expects text.'),
    ]);
  });

  it('is told where its options read what the message does not have', async () => {
    expect(await found('path: "/c/${id}/${$headers.x}/${$message.id}"', '  - filter: total > 1\n')).toEqual([]);
    expect(await found('path: "/c/${id}/${idd}"', '  - filter: total > 1\n')).toEqual([
      'flows/f.yaml:4:5 MORTISE_TYPE_UNKNOWN_FIELD In "path" of crm.put: The input has no field "idd".',
    ]);
    const to = '{ system: crm, outbound: request, path: "/d/${note}/${total.cents}" }';
    expect(await found('path: /c', '  - filter: total > 1\n', to)).toEqual([
      'flows/f.yaml:4:65 MORTISE_TYPE_UNKNOWN_FIELD "total" is a number, and has no field "cents".',
    ]);
  });
});

describe('steps that read the message', () => {
  const end = '  - map: |\n      { "orderId": $string(id) }\n';
  it.each([
    ["  - set: { subject: note, headers: { x: 'total + 1' }, key: lines[0].sku }\n"],
    ['  - reply: id\n'],
    ['  - reply: { body: \'{ "n": id }\', status: 201 }\n'],
    ['  - expire: { at: note }\n'],
    ['  - resequence: { id: r, by: note, sequence: id, after: 1m }\n'],
    ['  - sequence: { name: s, into: number }\n  - filter: $number > id\n'],
    ["  - slip: { choose: note, of: { a: [{ filter: 'anything = 1' }] } }\n"],
    ['  - compensate: { id: c, steps: [{ filter: total > 1 }] }\n'],
    ["  - aggregate: { id: a, by: note, complete: '$count($group) = id', after: 1m, emit: '{ \"id\": $group[0].id }' }\n"],
    ['  - aggregate: { id: a, by: note, atMost: 3 }\n  - map: \'{ "id": $sum(total), "x": $count(lines.sku) }\'\n'],
  ])('are told nothing of where they are right: %s', async (steps) => {
    expect(await told(steps + end)).toEqual([]);
  });

  it.each([
    ['  - set: { subject: nott }\n', 'nott'],
    ["  - set: { headers: { x: 'totl + 1' } }\n", 'totl'],
    ['  - reply: idd\n', 'idd'],
    ['  - reply: { body: \'{ "n": idd }\', status: 201 }\n', 'idd'],
    ['  - expire: { at: nott }\n', 'nott'],
    ['  - resequence: { id: r, by: note, sequence: idd, after: 1m }\n', 'idd'],
    ['  - slip: { choose: nott, of: { a: [] } }\n', 'nott'],
    ['  - compensate: { id: c, steps: [{ filter: totl > 1 }] }\n', 'totl'],
    ['  - aggregate: { id: a, by: nott, atMost: 3 }\n', 'nott'],
    ["  - aggregate: { id: a, by: note, complete: '$group.idd = 1', after: 1m }\n", 'idd'],
    ['  - aggregate: { id: a, by: note, atMost: 3, emit: \'{ "id": $group.idd }\' }\n', 'idd'],
    ['  - sequence: { name: s, into: number }\n  - filter: $number = "a"\n', 'This never holds'],
    ['  - decode: { format: json, of: nott, into: x }\n', 'nott'],
  ])('are told of where they are not: %s', async (steps, what) => {
    const [only, ...more] = (await told(steps + end)).filter((one) => one.includes(what));
    expect(only).toContain(what);
    expect(more).toEqual([]);
  });
});

describe('the examples', () => {
  const root = fileURLToPath(new URL('../../../../examples', import.meta.url));
  const folders = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'mortise.yaml' && !path.includes('node_modules'))
    .map(dirname);

  it.each(folders)('have no findings: %s', async (folder) => {
    const { problems, compiled } = await loadProject(join(root, folder), { catalog: openCatalog(), execute: false });
    expect(compiled.size).toBeGreaterThan(0);
    expect(problems.filter(({ code }) => code.startsWith('MORTISE_TYPE_'))).toEqual([]);
  });
});

const chain = {
  'flows/f.yaml':
    'from: { channel: in }\nsteps:\n  - map: |\n      { "orderId": $string(id), "skus": [lines.sku] }\nto: { channel: out }\n',
  'flows/g.yaml':
    'from: { channel: out }\nsteps:\n  - map: |\n      { "number": orderId, "all": skus }\nto: { system: crm, outbound: put }\n',
  'systems/crm.yaml':
    'connector: http\nconnection: { url: "http://127.0.0.1:9" }\noutbounds:\n  put: { uses: request, method: POST, path: /c }\n',
};

describe('where a field comes from', () => {
  it('is the reply of a call, also through a channel; a function is unknown', async () => {
    const call = `from: { channel: in }
steps:
  - call: { system: crm, outbound: get, into: customer }
  - map: |
      { "orderId": $customer.name, "note": note }
to: { channel: out }
`;
    const systems = {
      'systems/crm.yaml': `connector: http
connection: { url: "http://127.0.0.1:9" }
outbounds:
  get: { uses: request, method: GET, path: /c, reply: customer@1 }
  put: { uses: request, method: POST, path: /c }
`,
    };
    const made = {
      'flows/h.ts':
        "export default { name: 'h', from: { channel: 'out' }, steps: [{ map: (body) => body }], to: { system: 'crm', outbound: 'put' } };\n",
    };
    const all = await load({ ...base, ...chain, ...systems, ...made, 'flows/f.yaml': call });
    expect(fieldOrigins(all, 'g').map(({ field, origins }) => [field, origins])).toEqual([
      ['number', [{ from: 'the reply of crm.get', path: 'name', through: ['g', 'f'] }]],
      ['all', [{ from: 'channel out', path: 'skus', through: ['g'] }]],
    ]);
    expect(fieldOrigins(all, 'h')).toMatchObject([
      { field: '$', origins: [{ from: 'unknown', path: 'a function makes it', through: ['h'] }] },
    ]);
  });

  it('is followed through flows and channels to where messages come in', async () => {
    const found = fieldOrigins(await load({ ...base, ...chain }), 'g');
    expect(found).toEqual([
      {
        target: 'outbound:crm.put',
        field: 'number',
        origins: [{ from: 'channel in', path: 'id', through: ['g', 'f'] }],
      },
      {
        target: 'outbound:crm.put',
        field: 'all',
        origins: [{ from: 'channel in', path: 'lines.sku', through: ['g', 'f'] }],
      },
    ]);
  });
});

describe('what a changed model would break', () => {
  it('is the flows that do not fit it, and nothing where it only grows', async () => {
    const all = await load({ ...base, ...chain });
    const { id: _id, ...others } = shopOrder.properties;
    const without = { ...shopOrder, required: ['total'], properties: others };
    const [only, ...more] = changeImpact(all, 'shop-order@1', without);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ flow: 'f' });
    expect(only?.problems.map(({ code }) => code)).toContain('MORTISE_TYPE_UNKNOWN_FIELD');
    const wider = { ...shopOrder, properties: { ...shopOrder.properties, more: { type: 'string' } } };
    expect(changeImpact(all, 'shop-order@1', wider)).toEqual([]);
  });
});
