// Personal data that a model marks is not shown in lists and journeys to whoever may not see bodies.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { MessageRows } from './messages.ts';

let running: RunningHost;
let base: string;

beforeAll(async () => {
  running = await runHost();
  base = `http://${running.host.addresses.control}`;
  const person = '{ "type": "object", "properties": { "name": { "type": "string", "x-personal": true } } }';
  running.write({
    'models/order.schema.json': `{ "type": "object", "properties": { "id": { "type": "string" }, "email": { "x-personal": true }, "buyer": ${person} } }`,
    'flows/in.yaml':
      'from: { system: shop, inbound: order }\nsteps:\n  - track: { order: id, customer: $lowercase(email), buyer: buyer.name, all: $string($) }\nto: { channel: orders }\n',
  });
  await running.post('/api/v1/reload');
  const value = { id: 'A', email: 'C4N4RY@example', buyer: { name: 'C4n4ry' } };
  await running.post('/api/v1/send', { target: 'shop.order', value, subject: 'c4n4ry', headers: { 'x-who': 'c4n4ry' } });
  await running.until<MessageRows>('/api/v1/messages?destination=flow:in&state=done', ({ rows }) => rows.length === 1);
});
afterAll(() => running.close());

async function asking(grants: object[]) {
  const { body } = await running.post<{ text: string }>('/api/v1/tokens', { label: 'x', grants });
  const headers = { authorization: `Bearer ${body.text}` };
  return async (path: string): Promise<string> => (await fetch(`${base}${path}`, { headers })).text();
}

describe('what a model marks as personal', () => {
  it('is masked for whoever may not see bodies, in keys that come of it, subjects and headers', async () => {
    const viewer = await asking([{ role: 'admin' }]);
    const { rows } = JSON.parse(await viewer('/api/v1/messages')) as MessageRows;
    const tracked = rows.find(({ message }) => message.keys['order'] === 'A')?.message;
    expect(tracked?.keys).toEqual({ order: 'A', customer: '[personal]', buyer: '[personal]', all: '[personal]' });
    for (const path of ['/api/v1/messages', `/api/v1/messages/${rows[0]?.message.id}`, '/api/v1/dead-letters'])
      expect((await viewer(path)).toLowerCase()).not.toContain('c4n4ry');
  });

  it('is shown to whoever may see bodies of just that flow', async () => {
    const reader = await asking([{ role: 'viewer' }, { role: 'body-reader', flows: ['in', 'out'] }]);
    expect(await reader('/api/v1/messages')).toContain('c4n4ry@example');
    const other = await asking([{ role: 'viewer' }, { role: 'body-reader', flows: ['price'] }]);
    expect((await other('/api/v1/messages')).toLowerCase()).not.toContain('c4n4ry');
    expect(await (await fetch(`${base}/api/v1/messages`, { headers: keyHeader(running.folder) })).text()).toContain(
      'c4n4ry@example',
    );
  });

  it('is masked in what failed for: errors that quote it, what systems answered, lanes, and what is counted by cause', async () => {
    running.write({
      'flows/price.yaml':
        'from: { system: shop, inbound: price }\norder: { by: email, onDead: skip }\nsteps:\n  - map: \'{ "n": $number(email) }\'\n  - reply: $\n',
      'flows/notes.yaml':
        'from: { system: shop, inbound: webhook, path: /strict, verify: { scheme: none } }\nsteps:\n  - validate: strict@1\nto: { channel: nobody }\n',
      'models/strict.schema.json': '{ "type": "object", "additionalProperties": false }',
    });
    const { body: reloaded } = await running.post<{ problems: { severity: string }[] }>('/api/v1/reload');
    expect(reloaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    await running.post('/api/v1/send', { target: 'shop.price', value: { email: 'c4n4ry@number' } });
    await running.post('/api/v1/send', { target: 'shop.webhook@notes', value: { 'c4n4ry-property': 1 } });
    const local = await running.until<MessageRows>('/api/v1/messages?state=dead&state=invalid', ({ rows }) => rows.length === 2);
    expect(JSON.stringify(local).match(/c4n4ry/g)?.length).toBeGreaterThan(1);
    const viewer = await asking([{ role: 'admin' }]);
    const today = new Date().toISOString().slice(0, 10);
    for (const path of [
      '/api/v1/messages',
      ...local.rows.map(({ message }) => `/api/v1/messages/${message.id}`),
      '/api/v1/dead-letters',
      '/api/v1/dead-letters/causes',
      '/api/v1/failures',
      '/api/v1/find?text=A',
      `/api/v1/balance/day?day=${today}`,
      `/api/v1/evidence?from=${today}&to=${today}`,
    ]) {
      const text = await viewer(path);
      expect(text, path).not.toContain('MORTISE_ACCESS_REFUSED');
      expect(text.toLowerCase(), path).not.toContain('c4n4ry');
    }
    expect(await viewer('/api/v1/failures')).toContain('MORTISE_STEP_');
  });
});
