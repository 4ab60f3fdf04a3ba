// The schemas of a project are valid, take what is right, and refuse what the loader refuses.

import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonSchema } from '@mortise/sdk';
import { goodProject, load } from './project.fixture.ts';
import { projectSchemas } from './schema.ts';
import type { SchemaName } from './schema.ts';

let schemas: Readonly<Record<SchemaName, JsonSchema>>;
beforeAll(async () => {
  schemas = await projectSchemas(await load(goodProject));
});

function accepts(name: SchemaName, text: string): boolean {
  return new Ajv2020({ strict: false }).compile(schemas[name])(parse(text));
}

const nameOf = (file: string): SchemaName | undefined => {
  if (file === 'mortise.yaml') return 'mortise';
  const folder = file.endsWith('.yaml') ? file.split('/')[0]?.replace(/s$/, '') : undefined;
  return (['system', 'flow', 'channel', 'format', 'test', 'environment'] as const).find((name) => name === folder);
};

describe('the schemas', () => {
  it('are valid JSON Schema 2020-12', () => {
    for (const schema of Object.values(schemas)) {
      const ajv = new Ajv2020({ strict: false });
      expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
      expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    }
  });

  it.each(Object.keys(goodProject).filter(nameOf))('accept %s', (file) => {
    const name = nameOf(file) as SchemaName;
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schemas[name]);
    expect(validate(parse(goodProject[file] ?? '')), JSON.stringify(validate.errors, null, 1)).toBe(true);
  });

  it('know the names of the project', () => {
    const to = (target: string) => accepts('flow', `from: { channel: orders }\nto: ${target}\n`);
    expect(to('{ channel: orders-us }')).toBe(true);
    expect(to('{ channel: nowhere }')).toBe(false);
    expect(to('{ system: nowhere, outbound: x }')).toBe(false);
    expect(to('{ system: crm, outbound: nowhere }')).toBe(false);
    expect(accepts('channel', 'model: order@1')).toBe(true);
    expect(accepts('channel', 'model: order@9')).toBe(false);
  });

  const flow = (rest: string): string => `from: { channel: orders }\n${rest}\n`;
  const step = (text: string): string => flow(`steps:\n  - ${text}`);
  it.each<[SchemaName, string]>([
    ['mortise', 'name: a\nlimit: {}'],
    ['mortise', 'limits: {}'],
    ['mortise', 'name: a\nlimits: { message: big }'],
    ['channel', 'kind: pubsub'],
    ['channel', 'keeps: 7d'],
    ['format', 'format: csv\ndelimeter: ","'],
    ['format', 'format: cvs'],
    ['format', 'delimiter: ","'],
    ['environment', 'flows: {}'],
    ['environment', 'systems: { crm: { outbounds: {} } }'],
    ['environment', 'systems: { crm: { connection: { urll: x } } }'],
    ['environment', 'systems: { erp: { connections: { nowhere: {} } } }'],
    ['test', 'flow: a\ngiven: {}\nexpected: []'],
    ['test', 'given: {}'],
    ['test', 'outbound: crm.get-customer'],
    ['test', 'outbound: crm.get-customer\ngiven: {}\nexpect: accepted'],
    ['test', 'inbound: shop.order-created\ngiven: {}\nexpect: taken'],
    ['test', 'inbound: shop.order-created\nflow: a\ngiven: {}'],
    ['test', 'tests: { a: { given: {} } }'],
    ['test', 'flow: a\ngiven: {}\ntests: { a: { flow: a, given: {} } }'],
    ['system', 'connector: http\nconnection: { urll: https://x.example }'],
    ['system', 'connector: htpp'],
    ['system', 'inbounds: {}'],
    ['system', 'connector: file'],
    ['system', 'connector: http\nconnections: { a: { connector: http } }'],
    ['system', 'connector: http\noutbound: {}'],
    ['system', 'connector: http\ninbounds: { a: { path: /x, verify: { scheme: none } } }'],
    ['system', 'connector: http\ninbounds: { a: { uses: webhok, path: /x, verify: { scheme: none } } }'],
    ['system', 'connector: http\ninbounds: { a: { uses: webhook, path: /x, verify: { scheme: none }, paths: [] } }'],
    ['system', 'connector: http\noutbounds: { a: { uses: request, retry: 3 } }'],
    ['system', 'connector: log\noutbounds: { a: { uses: write, format: json } }'],
    ['system', 'connections: { a: { connector: file } }'],
    ['system', 'connections: { a: { connector: file, folder: x } }\noutbounds: { a: { on: a, uses: write, nome: x } }'],
    ['flow', 'to: { channel: orders }'],
    ['flow', flow('stepps: []')],
    ['flow', 'from: { channel: orders, with: a }'],
    ['flow', 'from: { system: shop, inbound: order-created, path: /x }'],
    ['flow', 'from: { system: shop, inbound: webhook }'],
    ['flow', flow('to: { system: crm, outbound: add-note, path: /x }')],
    ['flow', flow('to: { system: crm, outbound: request, pathh: /x }')],
    ['flow', flow('to: { channel: orders, format: json }')],
    ['flow', step('mapp: a')],
    ['flow', step('map: { "id": a }')],
    ['flow', step('{ map: a, filter: b }')],
    ['flow', step('{}')],
    ['flow', step('validate: order')],
    ['flow', step('dedupe: { id: a, key: b }')],
    ['flow', step('dedupe: { id: a, key: b, for: 7d, fro: 1d }')],
    ['flow', step('call: { system: crm, outbound: get-customer, intoo: x }')],
    ['flow', step('send: { channel: orders, into: x }')],
    ['flow', step('route: [{ when: a, then: b }]')],
    ['flow', step('route: [{ when: a, steps: [{ mapp: b }] }]')],
  ])('refuse, for %s: %s', (name, text) => {
    expect(accepts(name, text)).toBe(false);
  });

  it.each<[SchemaName, string]>([
    ['flow', 'from: { system: shop, inbound: webhook, path: /x, verify: { scheme: none } }\n'],
    ['flow', flow('to: [{ system: crm, outbound: request, method: PUT, path: /x, with: a, timeout: 5s }]')],
    ['flow', step('call: { system: crm, outbound: request, path: /x, into: x, timeout: 5s, with: { file: maps/us.jsonata } }')],
    ['flow', step('split: { each: { format: { csv: { delimiter: ";" } } } }')],
    ['flow', step('split: { each: { format: pick-list } }')],
    ['flow', step('try: { steps: [{ map: a }], catch: { on: Rejected, to: { channel: orders } } }')],
    [
      'system',
      'connections: { a: { connector: file, folder: x }, b: { connector: log } }\noutbounds: { a: { on: a, uses: write, name: x }, b: { on: b, uses: write } }',
    ],
    ['environment', ''],
    ['channel', ''],
  ])('accept, for %s: %s', (name, text) => {
    expect(accepts(name, text)).toBe(true);
  });

  it('are there for an empty project too', async () => {
    const empty = await projectSchemas(await load({ 'mortise.yaml': 'name: x\n' }));
    const validate = new Ajv2020({ strict: false }).compile(empty.flow);
    expect(validate(parse('from: { channel: orders }\nsteps: [{ validate: order@1 }]\nto: { channel: b }\n'))).toBe(true);
    expect(validate(parse('from: { channels: orders }\n'))).toBe(false);
  });
});
