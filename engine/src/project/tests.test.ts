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

  it.each([
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
