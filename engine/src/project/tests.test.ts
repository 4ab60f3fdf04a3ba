// The files in tests/ name flows, outbounds and channels that there are.

import { describe, expect, it } from 'vitest';
import { found, loadWith } from './project.fixture.ts';

const file = 'tests/a.yaml';
const loadTest = async (text: string) => loadWith({ [file]: text });

describe('a test', () => {
  it('may say all of what comes in, what systems do, and what comes out', async () => {
    const project = await loadTest(`flow: shop-orders
given:
  body: { id: "4711" }
  headers: { x-shop: north }
  type: order.created
  subject: "4711"
  time: 2026-11-23T12:00:00Z
systems:
  crm.add-note: { fails: Unavailable, times: 2 }
  crm.get-customer: { reply: { file: fixtures/order-4711.json }, status: 200 }
expect:
  - { to: orders, body: { orderId: "4711" }, exact: true, type: order, subject: "4711", headers: { a: b } }
  - { to: crm.request }
reply: { status: 202 }
outcome: dead
`);
    expect(project.problems).toEqual([]);
    expect(project.tests.map(({ name }) => name)).toEqual(['a', 'orders-to-erp']);
    expect(project.tests[0]?.source).toMatchObject({ file, value: { flow: 'shop-orders' } });
  });

  it('may be of an outbound or an inbound, and one file may hold several', async () => {
    const project = await loadTest(`tests:
  get:
    outbound: crm.get-customer
    given: { body: { id: "1" }, headers: { a: b } }
    systems: { crm.get-customer: { reply: { country: DE } } }
    expect: [{ options: { method: GET, path: /customers/1 } }]
  created: { inbound: shop.order-created, given: { body: { id: "1" } }, expect: refused }
`);
    expect(project.problems).toEqual([]);
    expect(project.tests.map(({ name }) => name)).toEqual(['a/get', 'a/created', 'orders-to-erp']);
  });

  it.each([
    ['no outbound', 'outbound: crm.get\ngiven: {}\n', '1:11 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['no inbound', 'inbound: shop.order\ngiven: {}\n', '1:10 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['an outbound of the connector', 'outbound: crm.request\ngiven: {}\n', '1:11 MORTISE_PROJECT_UNKNOWN_NAME'],
    [
      'an answer of another',
      'outbound: crm.get-customer\ngiven: {}\nsystems:\n  crm.add-note: {}\n',
      '4:3 MORTISE_PROJECT_UNKNOWN_NAME',
    ],
    ['two kinds', 'inbound: shop.order-created\nflow: a\ngiven: {}\n', '2:1 MORTISE_PROJECT_UNKNOWN_OPTION'],
    ['more beside several', 'flow: a\ntests: {}\n', '1:1 MORTISE_PROJECT_UNKNOWN_OPTION'],
    ['no test among several', 'tests:\n  a: 7\n', '2:6 MORTISE_PROJECT_WRONG_VALUE'],
    [
      'a file that is not there, in one of several',
      'tests:\n  a: { inbound: shop.order-created, given: { body: { file: fixtures/none.json } } }\n',
      '2:52 MORTISE_PROJECT_UNKNOWN_NAME',
    ],
    ['no flow', 'given: {}\n', '1:1 MORTISE_PROJECT_MISSING_OPTION'],
    ['an unknown flow', 'flow: shop-order\ngiven: {}\n', '1:7 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['an unknown outbound', 'flow: shop-orders\ngiven: {}\nsystems:\n  crm.get: {}\n', '4:3 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['an unknown system', 'flow: shop-orders\ngiven: {}\nexpect: [{ to: cmr.add-note }]\n', '3:16 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['an unknown channel', 'flow: shop-orders\ngiven: {}\nexpect:\n  - to: order\n', '4:9 MORTISE_PROJECT_UNKNOWN_NAME'],
    [
      'an unknown failure',
      'flow: shop-orders\ngiven: {}\nsystems: { crm.add-note: { fails: Unavaliable } }\n',
      '3:35 MORTISE_PROJECT_WRONG_VALUE',
    ],
    ['an unknown option', 'flow: shop-orders\ngivn: {}\ngiven: {}\n', '2:1 MORTISE_PROJECT_UNKNOWN_OPTION'],
    ['no file', 'flow: shop-orders\ngiven: { body: { file: fixtures/none.json } }\n', '2:16 MORTISE_PROJECT_UNKNOWN_NAME'],
    [
      'a file outside',
      'flow: shop-orders\ngiven: {}\nexpect:\n  - { to: orders, body: { file: ../none.json } }\n',
      '4:25 MORTISE_PROJECT_OUTSIDE',
    ],
    [
      'a boolean that is none',
      'flow: shop-orders\ngiven: {}\nexpect: [{ to: orders, exact: yes }]\n',
      '3:31 MORTISE_PROJECT_YAML_BOOLEAN',
    ],
  ])('has %s', async (_what, text, expected) => {
    expect(found(await loadTest(text), file)).toEqual([expected]);
  });
});
