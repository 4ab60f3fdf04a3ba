// One hop of a journey run again: on which revision, with which body, what is skipped, and what a dry run says of it first.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgainView } from './again.ts';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { MessageRows } from './messages.ts';

let running: RunningHost;

const enrich = (mark: string): string => `from: { system: shop, inbound: order }
steps:
  - track: { order: id }
  - call: { system: crm, outbound: ask, with: '{ "who": id }', into: answer }
  - map: '{ "id": id, "mark": "${mark}" }'
to:
  - { system: crm, outbound: add-note }
  - { system: crm, outbound: put-order }
`;

beforeAll(async () => {
  running = await runHost();
  running.write({
    'models/order.schema.json': '{ "type": "object", "required": ["id"] }',
    'systems/crm.yaml': `${readFileSync(join(running.folder, 'systems/crm.yaml'), 'utf8')}  ask: { uses: request, method: POST, path: /ask }\n`,
    'flows/in.yaml': enrich('old'),
    'flows/out.yaml': `from: { channel: orders }
steps:
  - aggregate: { id: batch, by: '"all"', atMost: 2, after: 1h, emit: '{ "id": "group" }' }
to: { system: crm, outbound: add-note }
`,
  });
  const { body } = await running.post<{ applied: boolean; problems: object[] }>('/api/v1/reload');
  if (!body.applied) throw new Error(JSON.stringify(body.problems));
});
afterAll(() => running.close());

const again = (id: string, body: object = {}) =>
  running.post<AgainView & { code?: string }>(`/api/v1/deliveries/${id}/again`, body);
const rows = (query: string, count: number) =>
  running.until<MessageRows>(`/api/v1/messages?${query}`, (page) => page.rows.length === count);
/** What goes to an outbound is encoded. */
const markOf = (body: unknown): unknown => (JSON.parse(String(body)) as { mark?: unknown }).mark;
const sent = (path: string): string[] => running.received.filter((line) => line.includes(` ${path}`));

describe('a hop that is run again', () => {
  let hop: string;
  let note: string;

  beforeAll(async () => {
    await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'A' } });
    hop = (await rows('destination=flow:in&state=done', 1)).rows[0]?.delivery.id ?? '';
    note = (await rows('destination=outbound:crm.add-note&state=done', 1)).rows[0]?.delivery.id ?? '';
    await rows('destination=outbound:crm.put-order&state=done', 1);
  });

  it('skips what was delivered, and says so before and after', async () => {
    const before = running.received.length;
    const dry = await again(hop, { preview: true });
    expect(dry.body).toMatchObject({ how: 'nothing', outcome: 'done' });
    expect(dry.body.outputs.map(({ to, what, changed }) => [to, what, changed])).toEqual([
      ['outbound:crm.add-note', 'skipped', false],
      ['outbound:crm.put-order', 'skipped', false],
    ]);
    expect((await again(hop)).body).toMatchObject({ how: 'nothing' });
    expect((await again(note)).body).toMatchObject({ how: 'nothing', outputs: [{ what: 'skipped' }] });
    expect(running.received.length).toBe(before);
  });

  it('shows what today’s revision would make of it, and what the recorded one made', async () => {
    running.write({ 'flows/in.yaml': enrich('new') });
    await running.post('/api/v1/reload');
    const dry = await again(hop, { preview: true });
    expect(dry.body.outputs.map(({ body, what, changed }) => [markOf(body), what, changed])).toEqual([
      ['new', 'skipped', true],
      ['new', 'skipped', true],
    ]);
    expect(dry.body.before.map(({ body }) => markOf(body))).toEqual(['old', 'old']);
    const then = await again(hop, { preview: true, revision: 'recorded' });
    expect(then.body.outputs.map(({ body, changed }) => [markOf(body), changed])).toEqual([
      ['old', false],
      ['old', false],
    ]);
    expect(then.body.revision).not.toBe(dry.body.revision);
    const trace = await running.get<{ revision: string }>(`/api/v1/deliveries/${hop}/trace?revision=recorded`);
    expect(trace.body.revision).toBe(then.body.revision);
  });

  it('sends all of it again where that is asked for, on the recorded revision too, as a new message that has the keys', async () => {
    const [asks, notes] = [sent('/ask').length, sent('/notes').length];
    const { body } = await again(hop, { outbounds: 'all', revision: 'recorded' });
    expect(body).toMatchObject({ how: 'replayed', outcome: 'done' });
    await rows('destination=outbound:crm.add-note&state=done', 2);
    await rows('destination=outbound:crm.put-order&state=done', 2);
    expect([sent('/ask').length, sent('/notes').length]).toEqual([asks + 1, notes + 1]);
    expect(sent('/notes').at(-1)).toContain('"mark":"old"');
    const found = await running.get<MessageRows>('/api/v1/messages?key=order=A&limit=1000');
    expect(found.body.rows.some(({ message }) => message.id === body.id && message.replayOf !== undefined)).toBe(true);
    expect((await running.get<{ even: boolean; reasons: string[] }>('/api/v1/balance')).body).toMatchObject({
      even: true,
      reasons: [],
    });
  });

  it('takes another body, and sends what that changes where it is asked to', async () => {
    const dry = await again(hop, { preview: true, outbounds: 'all', value: { id: 'edited' } });
    expect(dry.body.outcome).toBe('failed');
    const { body } = await again(hop, { outbounds: 'all', value: { id: 'edited' } });
    expect(body.how).toBe('replayed');
    await rows('destination=outbound:crm.put-order&state=done', 3);
    expect(sent('/orders/edited').length).toBe(1);
    const one = await again(note, { outbounds: 'all', value: { text: 'by hand' } });
    expect(one.body).toMatchObject({ how: 'replayed', outputs: [{ what: 'sent', changed: true }] });
    await rows('destination=outbound:crm.add-note&state=done', 4);
    expect(sent('/notes').at(-1)).toContain('by hand');
  });

  it('retries what is dead under its own ids; and then only what was not delivered of it', async () => {
    running.answerWith(422);
    await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'B' } });
    const dead = (await rows('destination=flow:in&state=dead', 1)).rows[0]?.delivery;
    running.answerWith(200);
    expect((await again(dead?.id ?? '')).body).toMatchObject({ how: 'retried', id: dead?.message });
    await rows('destination=flow:in&state=dead', 0);
  });
});

describe('a hop of which a part was delivered', () => {
  it('sends only the other part, and then nothing', async () => {
    running.write({
      'flows/notes.yaml': `from: { system: shop, inbound: raw }
steps:
  - map: '{ "id": "part" }'
to:
  - { system: console, outbound: line }
  - { system: crm, outbound: put-order }
`,
    });
    await running.post('/api/v1/reload');
    running.answerWith(422);
    await fetch(`http://${running.host.addresses.inbound}/raw`, { method: 'POST', body: 'raw' });
    const hop = (await rows('destination=flow:notes&state=done', 1)).rows[0]?.delivery.id ?? '';
    await rows('destination=outbound:console.line&state=done', 1);
    await rows('destination=outbound:crm.put-order&state=dead', 1);
    running.answerWith(200);
    const dry = await again(hop, { preview: true });
    expect(dry.body.outputs.map(({ to, what }) => [to, what])).toEqual([
      ['outbound:console.line', 'skipped'],
      ['outbound:crm.put-order', 'sent'],
    ]);
    const { body } = await again(hop);
    expect(body).toMatchObject({ how: 'replayed', outcome: 'done' });
    await running.until<MessageRows>(`/api/v1/messages/${body.id}`, (journey) =>
      (journey as unknown as { messages: { deliveries: { state: string }[] }[] }).messages
        .flatMap(({ deliveries }) => deliveries)
        .every(({ state }) => state === 'done'),
    );
    expect(sent('/orders/part').length).toBe(2);
    expect((await running.get<MessageRows>('/api/v1/messages?destination=outbound:console.line')).body.rows.length).toBe(1);
    expect((await running.get<{ even: boolean }>('/api/v1/balance')).body.even).toBe(true);
  });
});

describe('what cannot be run again so', () => {
  it('is told: unknown ids, revisions that are not kept, channels', async () => {
    const nobody = await again('01a208b0-c91f-70e4-a590-03aab1d987d1');
    expect([nobody.status, nobody.body.code]).toEqual([404, 'MORTISE_DELIVERY_NOT_FOUND']);
    await running.post('/api/v1/send', { target: 'nobody', value: {} });
    const unclaimed = (await rows('state=unclaimed&destination=channel:nobody', 1)).rows[0]?.delivery.id ?? '';
    expect((await again(unclaimed)).body.code).toBe('MORTISE_DELIVERY_NO_DESTINATION');
  });

  it('is told of a flow that keeps something, where only a part or another revision of it is wanted', async () => {
    await running.post('/api/v1/send', { target: 'orders', value: { id: 'kept' } });
    const hop = (await rows('destination=flow:out&state=done', 1)).rows[0]?.delivery.id ?? '';
    const text = readFileSync(join(running.folder, 'flows/out.yaml'), 'utf8');
    running.write({ 'flows/out.yaml': text.replace('"group"', '"other"') });
    await running.post('/api/v1/reload');
    const refused = await again(hop, { revision: 'recorded' });
    expect([refused.status, refused.body.code]).toEqual([409, 'MORTISE_DELIVERY_KEEPS']);
    expect((await again(hop)).body.how).toBe('replayed');
  });

  it('shows no bodies to whoever may not see them', async () => {
    const hop =
      (await running.get<MessageRows>('/api/v1/messages?destination=flow:in&state=done')).body.rows[0]?.delivery.id ?? '';
    const { body } = await running.post<{ text: string }>('/api/v1/tokens', { label: 'x', grants: [{ role: 'operator' }] });
    const response = await fetch(`http://${running.host.addresses.control}/api/v1/deliveries/${hop}/again`, {
      method: 'POST',
      headers: { authorization: `Bearer ${body.text}`, 'content-type': 'application/json' },
      body: JSON.stringify({ preview: true }),
    });
    const view = (await response.json()) as AgainView;
    expect(view.outputs.length).toBe(2);
    expect(JSON.stringify(view)).not.toContain('"body"');
  });
});
