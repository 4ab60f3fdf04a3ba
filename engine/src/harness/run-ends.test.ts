// Tests of outbounds and inbounds by themselves: what a connector would get, what is taken in, and how a difference reads.

import { afterEach, describe, expect, it } from 'vitest';
import { openCatalog } from '../catalog/catalog.ts';
import { loadProject } from '../project/load.ts';
import { projectFolder } from './project.fixture.ts';
import type { Files } from './project.fixture.ts';
import { runTests } from './run-tests.ts';
import type { TestResult } from './run-tests.ts';

const removals: (() => void)[] = [];
afterEach(() => {
  for (const remove of removals.splice(0)) remove();
});

const base: Files = {
  'mortise.yaml': 'name: acme\n',
  'systems/crm.yaml': `connector: http
connection: { url: https://crm.example, auth: { bearer: env:NOT_SET } }
inbounds:
  changed: { uses: webhook, path: /crm, verify: { scheme: api-key, secret: env:NOT_SET }, model: customer@1 }
  rows: { uses: webhook, path: /rows, verify: { scheme: api-key, secret: env:NOT_SET }, format: csv }
outbounds:
  get: { uses: request, method: GET, path: "/customers/\${id}", reply: customer@1, headers: { x-shop: "\${$headers.shop}" } }
  put: { uses: request, method: PUT, path: "/customers/\${$uppercase(id)}?at=\${$now()}" }
  save: { uses: request, method: PUT, path: /save, model: customer@1 }
  upload: { uses: request, method: PUT, path: /upload, format: binary }
  rows: { uses: request, path: /rows, format: { csv: { columns: [{ name: sku }, { name: quantity }] } } }
`,
  'systems/erp.yaml': `connector: postgres
connection: { host: db, database: erp, user: mortise }
outbounds:
  add: { uses: insert, table: orders }
`,
  'models/customer.schema.json': '{ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }',
};

async function results(tests: Files): Promise<readonly TestResult[]> {
  const { folder, remove } = projectFolder({ ...base, ...tests });
  removals.push(remove);
  const project = await loadProject(folder, { catalog: openCatalog(), variables: {} });
  expect(project.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const found: TestResult[] = [];
  for await (const result of runTests(project)) found.push(result);
  return found;
}

async function failures(test: string, more: Files = {}): Promise<TestResult['failures']> {
  const [result] = await results({ ...more, 'tests/it.yaml': test });
  expect(result?.passed).toBe(result?.failures.length === 0);
  return result?.failures ?? [];
}

const lines = async (test: string, more: Files = {}): Promise<readonly string[]> =>
  (await failures(test, more)).flatMap(({ line, what, details }) => [`${line} ${what}`, ...details]);

describe('a test of an outbound', () => {
  const get = 'outbound: crm.get\ngiven: { body: { id: 7 }, headers: { shop: main } }\n';

  it('sees the options that its connector gets, templates filled in and secrets by reference', async () => {
    const expected =
      'expect: [{ options: { method: GET, path: /customers/7, headers: { x-shop: main } }, body: { id: 7 }, type: crm.get }]\n';
    expect(await lines(get + expected)).toEqual([]);
  });

  it('sees the body as a value or as the text that is sent', async () => {
    const rows = 'outbound: crm.rows\ngiven: { body: [{ sku: A, quantity: 1 }] }\n';
    expect(await lines(`${rows}expect: [{ body: "sku,quantity\\r\\nA,1\\r\\n" }]\n`)).toEqual([]);
    expect(await lines(`${rows}expect: [{ body: [{ sku: A, quantity: "1" }], exact: true }]\n`)).toEqual([]);
    const upload = 'outbound: crm.upload\nexpect: [{ body: raw }]\ngiven:';
    expect(await lines(`${upload} { body: raw }\n`)).toEqual([]);
    expect(await lines(`${upload} { body: { file: fixtures/a.bin } }\n`, { 'fixtures/a.bin': 'raw' })).toEqual([]);
  });

  it('takes a value for a connector that takes values, also out of a file', async () => {
    const files = { 'fixtures/a.json': '{ "id": 7 }' };
    const test = 'outbound: erp.add\ngiven: { body: { file: fixtures/a.json } }\nexpect: [{ options: { table: orders }, body: ';
    expect(await lines(`${test}{ id: 7 } }]\n`, files)).toEqual([]);
    expect(await lines(`${test}{ id: 8 } }]\n`, files)).toEqual([
      '3 erp.add got another message',
      'body.id: expected 8, found 7',
    ]);
  });

  it('has the time of its message', async () => {
    const put = `outbound: crm.put
given: { body: { id: a }, time: "2026-05-04T03:02:01Z", subject: a }
expect: [{ options: { path: "/customers/A?at=2026-05-04T03:02:01.000Z" }, subject: a }]
`;
    expect(await lines(put)).toEqual([]);
  });

  it('says which options differ, and where in its file', async () => {
    expect(await lines(`${get}expect:\n  - options: { method: POST, path: /customers/8 }\n`)).toEqual([
      '4 crm.get got another message',
      'options.method: expected "POST", found "GET"',
      'options.path: expected "/customers/8", found "/customers/7"',
    ]);
    const exact = await lines(`${get}expect: [{ exact: true, options: { method: GET } }]\n`);
    expect(exact).toContain('options.path: expected nothing, found "/customers/7"');
  });

  it('refuses what does not fit its model, as invalid', async () => {
    const save = (body: string, outcome = ''): string =>
      `outbound: crm.save\ngiven: { body: ${body} }\n${outcome === '' ? 'expect: [{}]' : `outcome: ${outcome}`}\n`;
    expect(await lines(save('{ name: Ada }'))).toEqual([]);
    const [what, reason] = await lines(save('{ name: 7 }'));
    expect(what).toBe('1 ended as invalid; expected done');
    expect(reason).toBe('crm.save: MORTISE_STEP_INVALID: crm.save takes customer@1: /name must be string');
    expect(await lines(save('{ name: 7 }', 'invalid'))).toEqual([]);
    const file = { 'fixtures/a.bin': 'raw' };
    expect((await lines('outbound: crm.save\ngiven: { body: { file: fixtures/a.bin } }\nexpect: [{}]\n', file))[1]).toMatch(
      /MORTISE_STEP_BODY_NOT_VALUE: crm\.save takes customer@1/,
    );
  });

  it('refuses it also in a flow, before it is sent, and in a call', async () => {
    const flow = (steps: string, to: string): Files => ({
      'flows/f.yaml': `from: { system: crm, inbound: rows }\nsteps:\n  - map: '{ "name": $eval(name) }'\n${steps}to: ${to}\n`,
    });
    const sent = flow('', '{ system: crm, outbound: save }');
    const test = (body: string, end: string): string => `flow: f\ngiven: { body: { name: ${body} } }\n${end}\n`;
    expect(await lines(test('"7"', 'outcome: invalid'), sent)).toEqual([]);
    expect(await lines(test('"$string(7)"', 'expect: [{ to: crm.save, body: { name: "7" } }]'), sent)).toEqual([]);
    const called = flow('  - call: { system: crm, outbound: save }\n', '{ system: crm, outbound: put }');
    expect(await lines(test('"7"', 'outcome: invalid'), called)).toEqual([]);
  });

  it('says that it could not be sent, and may expect that', async () => {
    const without = 'outbound: crm.get\ngiven: { body: {} }\n';
    const [what, reason] = await lines(`${without}expect: [{}]\n`);
    expect(what).toBe('1 ended as dead; expected done');
    expect(reason).toMatch(/^crm\.get: MORTISE_STEP_/);
    expect(await lines(`${without}outcome: dead\n`)).toEqual([]);
  });

  it('gets the reply that a flow would get, decoded and checked against its model', async () => {
    const answered = (reply: string, expected = ''): string =>
      `${get}systems: { crm.get: { reply: ${reply}, status: 200 } }\nexpect: [{}]\n${expected}`;
    expect(await lines(answered('{ name: Ada, more: 1 }', 'reply: { status: 200, body: { name: Ada } }\n'))).toEqual([]);
    expect(await lines(answered('{ name: Ada }', 'reply: { body: { name: Bob } }\n'))).toEqual([
      '5 the requester got another reply',
      'body.name: expected "Bob", found "Ada"',
    ]);
    const [what, reason] = await lines(answered('{ name: 7 }'));
    expect(what).toMatch(/ended as dead/);
    expect(reason).toMatch(/not a valid customer@1: \/name must be string/);
    const file = { 'fixtures/reply.txt': '{ "name": ' };
    expect((await lines(answered('{ file: fixtures/reply.txt }'), file))[1]).toMatch(/MORTISE_FORMAT_SYNTAX: Line 1/);
  });
});

describe('a test of an inbound', () => {
  const changed = (body: string, more = ''): string => `inbound: crm.changed\ngiven: { body: ${body} }\n${more}`;

  it.each([
    ['{ name: Ada }', 'accepted'],
    ['{ name: 7 }', 'refused'],
    ['"no JSON"', 'refused'],
  ])('says of %s that it is %s', async (body, expected) => {
    expect(await lines(changed(body, `expect: ${expected}\n`))).toEqual([]);
  });

  it('says why a message was refused that should be taken, and that one was taken', async () => {
    expect(await lines(changed('{ name: 7 }'))).toEqual([
      '1 crm.changed refused the message; expected that it is accepted',
      'MORTISE_STEP_INVALID: Not a valid customer@1: /name must be string',
    ]);
    expect(await lines(changed('{ name: Ada }', 'expect: refused\n'))).toEqual([
      '3 crm.changed accepted the message; expected that it is refused',
    ]);
  });
});

describe('several tests in one file', () => {
  const tests = `tests:
  get: { outbound: crm.get, given: { body: { id: 7 }, headers: { shop: x } }, expect: [{ options: { path: /customers/8 } }] }
  changed:
    inbound: crm.changed
    given: { body: { name: Ada } }
`;

  it('are called after it and by their own names, and failures have their lines', async () => {
    const found = await results({ 'tests/crm.yaml': tests });
    expect(found).toMatchObject([
      { name: 'crm/get', file: 'tests/crm.yaml', outbound: 'crm.get', passed: false, failures: [{ line: 2 }] },
      { name: 'crm/changed', inbound: 'crm.changed', passed: true },
    ]);
  });
});

describe('a test of a flow', () => {
  it('sees the options that a connector gets', async () => {
    const flow = 'from: { channel: customers }\nto: { system: crm, outbound: put }\n';
    const test = 'flow: to-crm\ngiven: { body: { id: a } }\nexpect: [{ to: crm.put, options: { method: PUT, path: /b } }]\n';
    const found = await lines(test, { 'flows/to-crm.yaml': flow, 'channels/customers.yaml': '' });
    expect(found).toEqual([
      '3 crm.put got another message',
      'options.path: expected "/b", found "/customers/A?at=2026-01-01T00:00:00.000Z"',
    ]);
  });
});
