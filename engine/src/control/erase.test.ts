// Erasing one person: nothing of them is left in any file of the data folder or any answer, others stay, and all still adds up.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../access/audit-chain.ts';
import { auditOfFolder } from '../access/audit-file.ts';
import type { SignedCheckpoint } from './audit.ts';
import type { ErasureView } from './erase.ts';
import type { HoldView } from './holds.ts';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { Journey, MessageRows } from './messages.ts';

/** No text of Mortise's own has it, whatever its case. */
const canary = 'c4n4ry';
const other = '0ther-p3rson';

let running: RunningHost;

beforeAll(async () => {
  running = await runHost();
  running.write({
    'models/order.schema.json': '{ "type": "object", "required": ["id"] }',
    'systems/crm.yaml': `${readFileSync(join(running.folder, 'systems/crm.yaml'), 'utf8')}  ask: { uses: request, method: POST, path: /ask }\n`,
    // Everything that keeps something: dedupe, lanes, recorded replies, options, groups, replies to requesters, splits.
    'flows/in.yaml': `from: { system: shop, inbound: order }
order: { by: customer, onDead: skip }
steps:
  - dedupe: { id: once, key: id & customer, for: 7d }
  - track: { order: id, customer: customer }
  - set: { subject: customer, headers: { who: customer } }
  - call: { system: crm, outbound: ask, with: '{ "who": customer }', into: answer }
to: { channel: orders }
`,
    'flows/out.yaml': `from: { channel: orders }
retry: { for: 1s, backoff: 100ms..200ms }
to: { system: crm, outbound: put-order, with: '{ "id": customer, "body": $ }' }
`,
    'flows/daily.yaml': `from: { channel: orders }
steps:
  - aggregate: { id: batch, by: '"all"', atMost: 2, after: 1h, emit: '{ "orders": $group }' }
to: { channel: nobody }
`,
    'flows/price.yaml': `from: { system: shop, inbound: price }
steps:
  - track: { customer: customer }
  - reply: { body: '{ "hello": customer }' }
`,
    'flows/notes.yaml': `from: { system: shop, inbound: raw }
to: { system: crm, outbound: add-note, with: '{ "id": "n" }' }
`,
    'flows/split.yaml': `from: { system: shop, inbound: webhook, path: /many, verify: { scheme: none } }
steps:
  - split:
      each: people
      steps:
        - track: { customer: customer }
        - send: { channel: nobody }
`,
  });
  const { body } = await running.post<{ applied: boolean; problems: object[] }>('/api/v1/reload');
  if (!body.applied) throw new Error(JSON.stringify(body.problems));
});
afterAll(() => running.close());

async function send(target: string, value: object): Promise<void> {
  const { status, body } = await running.post('/api/v1/send', { target, value });
  expect([target, status < 300, body]).toEqual([target, true, expect.anything()]);
}

const erase = (body: object) =>
  running.post<ErasureView>('/api/v1/erase', { key: `customer=${canary}`, reason: 'asked for', ...body });

const atRest = () =>
  running.until<{ rows: { states: Record<string, number> }[] }>('/api/v1/balance', ({ rows }) =>
    rows.every(({ states }) => (states['waiting'] ?? 0) === 0),
  );

/** Files of the data folder that hold the text, in any case, as UTF-8 or base64 cannot be told apart from chance: UTF-8 only. */
function filesWith(text: string, folder = join(running.folder, '.mortise/data')): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .filter((name) => readFileSync(join(folder, name)).toString('latin1').toLowerCase().includes(text));
}

describe('erasing', () => {
  it('lists what it would erase, refuses what may still be delivered, and does nothing then', async () => {
    await send('shop.order', { id: 'A1', customer: canary, note: `${canary} ${'x'.repeat(400_000)}` });
    await send('shop.order', { id: 'B1', customer: other });
    const priced = await fetch(`http://${running.host.addresses.inbound}/prices`, {
      method: 'POST',
      body: `{"customer":"${canary}"}`,
    });
    expect([priced.status, await priced.json()]).toEqual([200, { hello: canary }]);
    await send('shop.webhook@split', { people: [{ customer: canary }, { customer: other }] });
    await atRest();
    running.answerWith(422);
    await send('shop.order', { id: 'A2', customer: canary });
    await running.until<MessageRows>('/api/v1/messages?state=dead', ({ rows }) => rows.length > 0);
    running.answerWith(200);
    await atRest();
    const { body } = await erase({ preview: true });
    expect(body).toMatchObject({ preview: true, held: [], copies: [] });
    expect(body.journeys.length).toBeGreaterThanOrEqual(4);
    expect(body.journeys.some(({ spared }) => spared > 0)).toBe(true);
    expect(body.undelivered.map(({ state }) => state)).toContain('dead');
    const refused = await running.post<{ code: string; open: object[] }>('/api/v1/erase', {
      key: `customer=${canary}`,
      reason: 'asked for',
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'MORTISE_DELIVERY_UNDELIVERED']);
    expect(filesWith(canary).length).toBeGreaterThan(0);
  });

  it('spares what is under legal hold, and names the hold', async () => {
    const held = await running.post<HoldView>('/api/v1/holds', { reason: 'a suit', key: `customer=${canary}` });
    expect(held.status).toBe(200);
    const { body } = await erase({ undelivered: 'discard' });
    expect(body.journeys.every(({ root }) => !body.held.some((one) => one.root === root))).toBe(true);
    expect(body.held.length).toBeGreaterThanOrEqual(4);
    expect(new Set(body.held.flatMap(({ holds }) => holds))).toEqual(new Set([held.body.id]));
    const { body: found } = await running.get<MessageRows>(`/api/v1/find?text=${canary}`);
    expect(found.rows.length).toBeGreaterThan(0);
    const lifted = await fetch(`http://${running.host.addresses.control}/api/v1/holds/${held.body.id}`, {
      method: 'DELETE',
      headers: { ...keyHeader(running.folder), 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'settled' }),
    });
    expect(lifted.status).toBe(200);
    expect((await running.get('/api/v1/holds')).body).toEqual([]);
  });

  it('leaves nothing of the person in any file of the data folder or any answer, and all of others', async () => {
    const { body, status } = await erase({ undelivered: 'discard' });
    expect([status, body.held]).toEqual([200, []]);
    expect(filesWith(canary)).toEqual([]);
    expect(filesWith(other).length).toBeGreaterThan(0);
    for (const path of [
      'messages?limit=1000',
      'export',
      'failures',
      'audit?limit=1000',
      'audit/export',
      'holds',
      'find/bodies?text=x',
    ]) {
      const answer = await fetch(`http://${running.host.addresses.control}/api/v1/${path}`, {
        headers: keyHeader(running.folder),
      });
      expect([path, answer.status, (await answer.text()).toLowerCase().includes(canary)]).toEqual([path, 200, false]);
    }
    const { body: found } = await running.get<MessageRows>(`/api/v1/find?text=${other}`);
    expect(found.rows.length).toBeGreaterThan(2);
    expect((await running.get<MessageRows>(`/api/v1/find?text=${canary}`)).body.rows).toEqual([]);
  });

  it('leaves rows that are counted, whose checksums fit, and whose bodies are told to be erased', async () => {
    const { body: balance } = await running.get<{ even: boolean }>('/api/v1/balance');
    expect(balance.even).toBe(true);
    const { body } = await running.get<MessageRows>('/api/v1/messages?limit=1000&flow=price');
    const id = body.rows[0]?.message.id ?? '';
    const journey = await running.get<Journey>(`/api/v1/messages/${id}`);
    expect(journey.body.messages[0]).toMatchObject({ erased: true, keys: {}, bodyBytes: 0 });
    const gone = await running.get<{ code: string }>(`/api/v1/messages/${id}/body`);
    expect([gone.status, gone.body.code]).toEqual([410, 'MORTISE_DELIVERY_ERASED']);
    const again = await running.post<{ code: string }>(`/api/v1/messages/${id}/replay`);
    expect([again.status, again.body.code]).toEqual([410, 'MORTISE_DELIVERY_ERASED']);
    for (const row of body.rows) expect((await running.get(`/api/v1/messages/${row.message.id}`)).status).toBe(200);
  });

  it('is in the audit, which verifies, without the value of the key', async () => {
    const { body } = await running.get<{ rows: { action: string; after?: object }[] }>('/api/v1/audit?action=erase&limit=1000');
    expect(body.rows[0]).toMatchObject({ action: 'erase', after: { preview: false, key: 'customer' } });
    const { body: signed } = await running.post<SignedCheckpoint>('/api/v1/audit/checkpoints');
    const lines = auditOfFolder(join(running.folder, '.mortise/data'));
    expect((await verifyAudit(lines, signed.checkpoint, signed.publicKey)).findings).toEqual([]);
  });

  it('lets traffic go on: the same customer may order again', async () => {
    await send('shop.order', { id: 'A1', customer: canary });
    await atRest();
    const { body } = await running.get<MessageRows>(`/api/v1/find?text=customer%3D${canary}`);
    expect(body.rows.length).toBeGreaterThan(0);
    const { body: again } = await erase({ undelivered: 'discard' });
    expect(again.journeys.length).toBeGreaterThan(0);
    expect(filesWith(canary)).toEqual([]);
  });
});

describe('a legal hold', () => {
  it('keeps from retention what it names by message, and by flow and time', async () => {
    const before = await running.get<MessageRows>('/api/v1/messages?limit=1000');
    const [one] = before.body.rows.filter(({ delivery }) => delivery.destination === 'flow:price');
    const byMessage = await running.post<HoldView>('/api/v1/holds', { reason: 'x', message: one?.delivery.id });
    expect(byMessage.body).toMatchObject({ journey: one?.message.root });
    const today = new Date().toISOString().slice(0, 10);
    const byFlow = await running.post<HoldView>('/api/v1/holds', { reason: 'x', flow: 'split', since: today, until: today });
    expect(byFlow.body).toMatchObject({ flow: 'split', since: `${today}T00:00:00.000Z`, until: `${today}T23:59:59.999Z` });
    running.write({ 'mortise.yaml': 'name: acme\nlimits: { freeDisk: 1KiB }\njournal: { keep: 1ms, atMost: 10MiB }\n' });
    await running.post('/api/v1/reload');
    await running.host.stop();
    const { startHost } = await import('../host.ts');
    const host = await startHost({ folder: running.folder, listen: '127.0.0.1:0', control: '127.0.0.1:0', logLevel: 'silent' });
    try {
      const read = host.engine.runtime.store.read;
      const deadline = Date.now() + 20_000;
      const destinations = async () => [
        ...new Set((await read.journal({ limit: 1000, states: ['done', 'unclaimed'] })).map(({ delivery }) => delivery.flow)),
      ];
      while ((await destinations()).includes('in') && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await destinations()).toSorted()).toEqual(['', 'price', 'split']);
    } finally {
      await host.stop();
    }
  });
});
