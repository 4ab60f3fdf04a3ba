// A reload under load: what runs is replaced without losing anything, and a broken project never replaces a running one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { Billing, post, postUntilTaken, query, shopKey, writeOrdersProject } from './orders-project.ts';

interface Reloaded {
  readonly applied: boolean;
  readonly problems: readonly {
    readonly file: string;
    readonly line: number;
    readonly code: string;
    readonly severity: string;
  }[];
}

interface FlowView {
  readonly name: string;
  readonly revision: string;
}

const flowFile = 'flows/orders-to-erp.yaml';

const engines = ownEngines();
let billing: Billing;
let folder: string;
let engine: EngineProcess;

beforeEach(async () => {
  billing = new Billing();
  folder = writeOrdersProject(await billing.listen());
  engine = await engines.start({ folder, environment: { SHOP_KEY: shopKey } });
  await engine.ready();
});

afterEach(() => billing.close());

describe('a flow that was changed', () => {
  it('runs from the reload on, and every order is there once, made by the old or by the new one', async () => {
    const stopping = new AbortController();
    const sent: string[] = [];
    const sending = sendUntil(sent, stopping.signal);
    await until(() => sent.length >= 50);
    change(flowFile, '"version": 1', '"version": 2');
    expect(await reload()).toMatchObject({ status: 200, answer: { applied: true } });
    const after = sent.length;
    await until(() => sent.length >= after + 50);
    const late = await postUntilTaken(`${engine.inbound}/orders`, 'late', { id: 'late', customer: 'late' }, stopping.signal);
    expect(late.answers).toEqual([202]);
    stopping.abort();
    await sending;
    await engine.settled();

    const rows = query(folder, 'SELECT order_id, version FROM sales_order');
    expect(rows.map((row) => row['order_id']).sort()).toEqual([...sent, 'late'].sort());
    const versions = new Map(rows.map((row) => [row['order_id'], row['version']]));
    expect([versions.get(sent[0]), versions.get('late')]).toEqual([1, 2]);
    expect(await engine.count('dead', 'in-doubt', 'invalid')).toBe(0);
    expect((await engine.balance()).even).toBe(true);
  });

  it('runs after SIGHUP too', async () => {
    const before = await revisionOf('orders-to-erp');
    change(flowFile, '"version": 1', '"version": 3');
    engine.child.kill('SIGHUP');
    await until(async () => (await revisionOf('orders-to-erp')) !== before);
    expect(await post(`${engine.inbound}/orders`, 'one', JSON.stringify({ id: 'one', customer: 'a' }))).toBe(202);
    await engine.settled();
    expect(query(folder, 'SELECT version FROM sales_order')).toEqual([{ version: 3 }]);
  });

  it('is taken away with its webhook, and brought back: no sender hears that it never was', async () => {
    const path = join(folder, 'systems/shop.yaml');
    const former = readFileSync(path, 'utf8');
    const stopping = new AbortController();
    const sent: string[] = [];
    const sending = sendUntil(sent, stopping.signal);
    await until(() => sent.length >= 20);
    for (const replyTimeout of ['10s', '20s', '30s']) {
      writeFileSync(path, former.replaceAll('verify:', `replyTimeout: ${replyTimeout}, verify:`));
      expect(await reload()).toMatchObject({ status: 200 });
    }
    const after = sent.length;
    await until(() => sent.length >= after + 20);
    stopping.abort();
    await sending;
    await engine.settled();
    expect(query(folder, 'SELECT count(DISTINCT order_id) AS count FROM sales_order')).toEqual([{ count: sent.length }]);
  });
});

describe('a project that is broken', () => {
  it.each([
    ['a step that does not exist', 'steps:\n  - map:', 'steps:\n  - mapp: x\n  - map:', 'MORTISE_FLOW_UNKNOWN_STEP'],
    ['an outbound that does not exist', 'outbound: insert-order', 'outbound: insert-ordre', 'MORTISE_FLOW_OPTION'],
    ['an expression that is none', '"version": 1 }', '"version": }', 'MORTISE_FLOW_EXPRESSION'],
    ['YAML that is none', 'from: { channel: orders }', 'from: { channel: orders', undefined],
  ])('with %s is not applied: what ran goes on', async (_what, right, wrong, code) => {
    const before = await revisionOf('orders-to-erp');
    change(flowFile, right, wrong);
    const { status, answer } = await reload();
    expect(status).toBe(422);
    expect(answer.applied).toBe(false);
    const errors = answer.problems.filter(({ severity }) => severity === 'error');
    expect(errors[0]).toMatchObject({ file: flowFile, line: expect.any(Number), ...(code ? { code } : {}) });
    expect(await revisionOf('orders-to-erp')).toBe(before);
    expect(await post(`${engine.inbound}/orders`, 'one', JSON.stringify({ id: 'one', customer: 'a' }))).toBe(202);
    await engine.settled();
    expect(query(folder, 'SELECT version FROM sales_order')).toEqual([{ version: 1 }]);
  });

  it('is not applied by SIGHUP either, and the log says why', async () => {
    change(flowFile, 'outbound: insert-order', 'outbound: insert-ordre');
    engine.child.kill('SIGHUP');
    await until(() => engine.log().includes('Not applied'));
    expect(engine.log()).toContain('insert-ordre');
    expect(engine.hasEnded).toBe(false);
    expect(await post(`${engine.inbound}/orders`, 'one', JSON.stringify({ id: 'one', customer: 'a' }))).toBe(202);
    await engine.settled();
    expect(query(folder, 'SELECT version FROM sales_order')).toEqual([{ version: 1 }]);
  });
});

function change(file: string, former: string, now: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(former);
  writeFileSync(path, text.replace(former, now));
}

async function reload(): Promise<{ readonly status: number; readonly answer: Reloaded }> {
  const response = await fetch(`${engine.control}/api/v1/reload`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...engine.keyHeader() },
  });
  return { status: response.status, answer: (await response.json()) as Reloaded };
}

async function revisionOf(flow: string): Promise<string | undefined> {
  const flows = await engine.get<readonly FlowView[]>('/api/v1/flows');
  return flows.find(({ name }) => name === flow)?.revision;
}

/** Posts orders, four at a time, each until it is taken; their ids in the order in which they were. Other answers than 503 fail. */
async function sendUntil(sent: string[], signal: AbortSignal): Promise<void> {
  const never = new AbortController().signal;
  const send = async (name: number): Promise<void> => {
    for (let count = 0; !signal.aborted; count++) {
      const id = `order-${name}-${count}`;
      const { answers } = await postUntilTaken(`${engine.inbound}/orders`, id, { id, customer: `customer-${count % 5}` }, never);
      expect(answers.at(-1)).toBe(202);
      sent.push(id);
    }
  };
  await Promise.all([0, 1, 2, 3].map(send));
}
