// Tests of a project: what passes, what fails and how that reads.

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
  'systems/shop.yaml': `connector: http
inbounds:
  order: { uses: webhook, path: /orders, verify: { scheme: api-key, secret: env:NOT_SET } }
  list: { uses: webhook, path: /list, verify: { scheme: api-key, secret: env:NOT_SET }, format: csv }
`,
  'systems/crm.yaml': `connector: http
connection: { url: https://crm.example, auth: { bearer: env:NOT_SET_EITHER } }
outbounds:
  get-customer: { uses: request, method: GET, path: "/customers/\${customer}" }
  put-order: { uses: request, method: PUT, path: "/orders/\${id}" }
  add-note: { uses: request, method: POST, path: /notes }
`,
  'systems/erp.yaml': `connector: file
connection: { folder: data/erp }
outbounds:
  pick-list: { uses: write, name: "\${id}.csv", format: { csv: { columns: [{ name: sku }, { name: quantity }] } } }
`,
  'channels/orders.yaml': '',
  'channels/failed.yaml': '',
  'flows/in.yaml': `from: { system: shop, inbound: order }
steps:
  - filter: total > 0
  - map: '{ "id": $string(id), "total": total, "at": $now() }'
to: { channel: orders }
`,
  'flows/out.yaml': `from: { channel: orders }
retry: { for: 1h, backoff: 1m..10m }
steps:
  - call: { system: crm, outbound: get-customer, into: customer }
  - map: '{ "id": id, "country": $customer.country }'
to:
  - { system: crm, outbound: put-order }
  - { system: crm, outbound: add-note }
onDead: { channel: failed }
`,
  'flows/list.yaml': `from: { system: shop, inbound: list }
to: { system: erp, outbound: pick-list, with: '[{ "sku": sku, "quantity": quantity }]' }
`,
  'flows/asked.yaml': `from: { system: shop, inbound: order }
steps:
  - reply: { body: '{ "price": total * 2 }', status: 201 }
`,
  'flows/later.yaml': `from: { channel: orders }
steps:
  - delay: { id: wait, for: 30d }
to: { system: crm, outbound: add-note }
`,
  'fixtures/order.json': '{ "id": 7, "total": 5 }',
};

async function results(tests: Files): Promise<Readonly<Record<string, TestResult>>> {
  const { folder, remove } = projectFolder({ ...base, ...tests });
  removals.push(remove);
  const project = await loadProject(folder, { catalog: openCatalog() });
  expect(project.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const found: TestResult[] = [];
  for await (const result of runTests(project)) found.push(result);
  return Object.fromEntries(found.map((result) => [result.name, result]));
}

async function result(test: string, more: Files = {}): Promise<TestResult> {
  const { it: found } = await results({ ...more, 'tests/it.yaml': test });
  if (!found) throw new Error('the test was not run');
  return found;
}

describe('a test that holds', () => {
  it('passes on any day: a maintenance window of the system is none of its business', async () => {
    const crm = base['systems/crm.yaml'] ?? '';
    const found = await result(
      'flow: out\ngiven: { body: { id: "7", customer: ada } }\nsystems: { crm.get-customer: { reply: { country: DE } } }\n',
      {
        'systems/crm.yaml': `${crm}maintenance: { cron: "* * * * *", for: 1h }\n`,
      },
    );
    expect(JSON.stringify(found.failures)).not.toContain('RESTLESS');
  });

  it('passes: a file comes in through an inbound, with no secret set, and a part of the body is expected in a channel', async () => {
    expect(
      await result(`flow: in
given: { body: { file: fixtures/order.json } }
expect: [{ to: orders, body: { id: "7" } }]
`),
    ).toMatchObject({ name: 'it', file: 'tests/it.yaml', flow: 'in', passed: true, failures: [] });
  });

  it('passes: what was filtered, what was refused', async () => {
    const found = await results({
      'tests/filtered.yaml': 'flow: in\ngiven: { body: { id: 1, total: 0 } }\noutcome: filtered\n',
      'tests/refused.yaml': 'flow: in\ngiven: { body: "no JSON" }\noutcome: invalid\n',
    });
    expect(Object.values(found).map(({ name, passed }) => [name, passed])).toEqual([
      ['filtered', true],
      ['refused', true],
    ]);
  });

  it('passes: a call is answered, and two outbounds get their message in whatever order they stand', async () => {
    expect(
      await result(`flow: out
given: { body: { id: "7", customer: ada } }
systems: { crm.get-customer: { reply: { country: DE } } }
expect:
  - { to: crm.add-note, body: { id: "7", country: DE }, exact: true }
  - { to: crm.put-order, body: { id: "7", country: DE } }
`),
    ).toMatchObject({ passed: true });
  });

  it('passes: a call may be expected too', async () => {
    expect(
      await result(`flow: out
given: { body: { id: "7", customer: ada } }
systems: { crm.get-customer: { reply: { country: DE } } }
expect: [{ to: crm.add-note }, { to: crm.put-order }, { to: crm.get-customer, body: { customer: ada } }]
`),
    ).toMatchObject({ passed: true });
  });

  it.each(['Unavailable', 'Busy', 'InDoubt'])('passes without waiting where a system fails for a while: %s', async (fails) => {
    const found = await result(`flow: out
given: { body: { id: "7", customer: ada } }
systems:
  crm.get-customer: { fails: Unavailable, times: 2, reply: { country: DE } }
  crm.put-order: { fails: ${fails}, times: 3 }
expect: [{ to: crm.add-note }, { to: crm.put-order }]
`);
    expect(found).toMatchObject({ failures: [], passed: true });
  });

  it('passes: what is given up is dead, and lands where the flow says', async () => {
    expect(
      await result(`flow: out
given: { body: { id: "7", customer: ada } }
systems: { crm.get-customer: { fails: Unavailable } }
outcome: dead
expect: [{ to: failed, body: { id: "7", customer: ada } }]
`),
    ).toMatchObject({ failures: [], passed: true });
  });

  it('passes: a month of delay is skipped', async () => {
    expect(await result('flow: later\ngiven: { body: { id: "7" } }\nexpect: [{ to: crm.add-note }]\n')).toMatchObject({
      passed: true,
    });
  });

  it('passes: bytes are compared as the values that they are in their format, or as text', async () => {
    const given = 'flow: list\ngiven: { body: "sku,quantity,id\\nCUP,2,1\\n" }\n';
    const found = await results({
      'tests/value.yaml': `${given}expect: [{ to: erp.pick-list, body: { sku: CUP, quantity: "2" } }]\n`,
      'tests/list.yaml': `${given}expect: [{ to: erp.pick-list, body: [{ sku: CUP }] }]\n`,
      'tests/text.yaml': `${given}expect: [{ to: erp.pick-list, body: "sku,quantity\\r\\nCUP,2\\r\\n" }]\n`,
      'tests/file.yaml': `${given}expect: [{ to: erp.pick-list, body: { file: fixtures/pick.csv } }]\n`,
      'fixtures/pick.csv': 'sku,quantity\r\nCUP,2\r\n',
    });
    expect(Object.values(found).flatMap(({ failures }) => failures)).toEqual([]);
  });

  it('passes: a requester gets his reply', async () => {
    expect(
      await result('flow: asked\ngiven: { body: { total: 4 } }\nreply: { status: 201, body: { price: 8 } }\n'),
    ).toMatchObject({ passed: true });
  });

  it('has the time at which its message happened, and the same ids each time', async () => {
    const test = `flow: in
given: { body: { id: 1, total: 1 }, time: "2026-05-04T03:02:01Z" }
expect: [{ to: orders, body: { at: "2026-05-04T03:02:01.000Z" } }]
`;
    expect(await result(test)).toMatchObject({ passed: true });
  });
});

describe('a test that fails', () => {
  it('says which message differs, in which places, and where in its file', async () => {
    const { passed, failures } = await result(`flow: in
given: { body: { id: 7, total: 5 } }
expect:
  - to: orders
    body: { id: "8", total: 5, name: x }
`);
    expect(passed).toBe(false);
    expect(failures).toEqual([
      {
        line: 4,
        what: 'orders got another message',
        details: ['body.id: expected "8", found "7"', 'body.name: expected "x", found nothing'],
      },
    ]);
  });

  it('says what did not come, and what was not expected', async () => {
    const { failures } = await result(`flow: out
given: { body: { id: "7", customer: ada } }
systems: { crm.get-customer: { reply: { country: DE } } }
expect: [{ to: crm.add-note }, { to: crm.add-note }]
`);
    expect(failures.map(({ what }) => what)).toEqual([
      'crm.add-note got no such message',
      'crm.put-order got a message that was not expected',
    ]);
    expect(failures[1]?.details).toEqual(['{"id":"7","country":"DE"}']);
  });

  it('says how the message ended, and why', async () => {
    const { failures } = await result('flow: in\ngiven: { body: "no JSON" }\nexpect: [{ to: orders }]\n');
    expect(failures.map(({ what }) => what)).toEqual(['ended as invalid; expected done', 'orders got nothing']);
    expect(failures[0]?.details[0]).toMatch(/^flow:in is invalid: MORTISE_FORMAT_SYNTAX: /);
  });

  it('says that a call has no answer in the test', async () => {
    const { failures } = await result('flow: out\ngiven: { body: { id: "7", customer: ada } }\nexpect: []\n');
    expect(failures[0]?.what).toBe('ended as dead; expected done');
    expect(failures[0]?.details[0]).toContain('MORTISE_HARNESS_NO_REPLY: The flow called crm.get-customer');
  });

  it('says that a reply did not come, or another one', async () => {
    const none = await result('flow: in\ngiven: { body: { id: 7, total: 5 } }\nexpect: [{ to: orders }]\nreply: { body: 1 }\n');
    expect(none.failures.map(({ what }) => what)).toEqual(['the requester got no reply']);
    const other = await result('flow: asked\ngiven: { body: { total: 4 } }\nreply: { status: 200, body: { price: 9 } }\n');
    expect(other.failures).toEqual([
      {
        line: 3,
        what: 'the requester got another reply',
        details: ['status: expected 200, found 201', 'body.price: expected 9, found 8'],
      },
    ]);
  });

  it('compares files line by line', async () => {
    const { failures } = await result(
      'flow: list\ngiven: { body: "sku,quantity,id\\nCUP,2,1\\n" }\nexpect: [{ to: erp.pick-list, body: { file: fixtures/pick.csv } }]\n',
      { 'fixtures/pick.csv': 'sku,quantity\r\nCUP,3\r\n' },
    );
    expect(failures[0]?.details).toEqual(['body line[1]: expected "CUP,3\\r", found "CUP,2\\r"']);
  });

  it('says what is wrong with what it gives: a value that its inbound cannot write, a file that is no JSON', async () => {
    const found = await results({
      'tests/format.yaml': 'flow: list\ngiven: { body: { sku: { deep: true } } }\n',
      'tests/file.yaml': 'flow: later\ngiven: { body: { file: fixtures/broken.json } }\n',
      'fixtures/broken.json': '{',
    });
    expect(found['format']?.failures[0]?.what).toMatch(/^MORTISE_FORMAT_UNWRITABLE/);
    expect(found['file']?.failures[0]?.what).toMatch(
      /^MORTISE_HARNESS_BODY: channel orders takes a value, and fixtures\/broken.json is no JSON/,
    );
  });

  it('says that its flow could not be compiled', async () => {
    const { folder, remove } = projectFolder({
      ...base,
      'flows/in.yaml': 'from: { channel: orders }\nsteps: [{ nonsense: 1 }]\n',
      'tests/it.yaml': 'flow: in\ngiven: { body: 1 }\n',
    });
    removals.push(remove);
    for await (const { failures } of runTests(await loadProject(folder, { catalog: openCatalog() }))) {
      expect(failures[0]?.what).toBe('MORTISE_HARNESS_FLOW: There is no flow "in" that could run.');
    }
  });

  it.each([
    [
      'loops',
      'from: { channel: orders }\nsteps:\n  - delay: { id: wait, for: 1d }\nto: { channel: orders }\n',
      /^MORTISE_HARNESS_RESTLESS: After 50 timers /,
    ],
    [
      'hangs',
      'from: { channel: orders }\nsteps:\n  - script: { file: scripts/hang.ts }\nto: { channel: failed }\n',
      /^MORTISE_HARNESS_RESTLESS: flow:hangs did not end /,
    ],
  ])('says that it does not come to rest: %s', async (name, flow, what) => {
    const script = 'export default () => new Promise(() => undefined);\n';
    const files = {
      ...base,
      'scripts/hang.ts': script,
      [`flows/${name}.yaml`]: flow,
      'tests/it.yaml': `flow: ${name}\ngiven: { body: { id: "1" } }\n`,
    };
    const { folder, remove } = projectFolder(files);
    removals.push(remove);
    const project = await loadProject(folder, { catalog: openCatalog() });
    const found: TestResult[] = [];
    for await (const one of runTests(project, project.tests, { advances: 50, workMs: 500 })) found.push(one);
    expect(found[0]?.failures[0]?.what).toMatch(what);
  });
});

describe('tests of steps that keep something', () => {
  const flows: Files = {
    'flows/grouped.yaml': `from: { channel: orders }
steps:
  - aggregate: { id: by-customer, by: customer, after: 1h, atMost: 3, emit: '{ "customer": $group[0].customer, "ids": $group.id[] }' }
  - sequence: { name: group, into: number, from: 100 }
  - map: '{ "number": $number, "ids": ids }'
to: { channel: failed }
`,
    'flows/in-order.yaml': `from: { channel: orders }
steps:
  - resequence: { id: order, sequence: line, after: 10m }
  - throttle: 1/m
to: { channel: failed }
`,
  };

  it('give several messages one after the other, and let time pass', async () => {
    const found = await results({
      ...flows,
      'tests/grouped.yaml': `flow: grouped
given:
  - { body: { id: 1, customer: a } }
  - { body: { id: 2, customer: b } }
  - { body: { id: 3, customer: a }, after: 59m }
  - { body: { id: 4, customer: a }, after: 2m }
expect:
  - { to: failed, body: { number: 100, ids: [1, 3] } }
  - { to: failed, body: { number: 101, ids: [2] } }
  - { to: failed, body: { number: 102, ids: [4] } }
`,
      'tests/in-order.yaml': `flow: in-order
given:
  - { body: { line: 3 } }
  - { body: { line: 1 } }
  - { body: { line: 2 }, after: 5m }
  - { body: { line: 5 } }
expect:
  - { to: failed, body: { line: 1 } }
  - { to: failed, body: { line: 2 } }
  - { to: failed, body: { line: 3 } }
  - { to: failed, body: { line: 5 } }
`,
    });
    expect(Object.values(found).map(({ failures, passed }) => ({ failures, passed }))).toEqual([
      { failures: [], passed: true },
      { failures: [], passed: true },
    ]);
  });

  it('say that messages are held which nothing lets go', async () => {
    const held = `flow: held
given: { body: { customer: a } }
`;
    const found = await results({
      'flows/held.yaml':
        'from: { channel: orders }\nsteps:\n  - aggregate: { id: g, by: customer, atMost: 2 }\nto: { channel: failed }\n',
      'tests/held.yaml': `${held}outcome: held\n`,
      'tests/not-held.yaml': held,
    });
    expect(Object.values(found).map(({ passed }) => passed)).toEqual([true, false]);
  });
});
