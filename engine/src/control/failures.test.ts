// What did not come out, by cause, and what is done about many at once; finding; rates.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { MessageRows } from './messages.ts';
import type { TrafficView } from './traffic.ts';

interface Groups {
  readonly groups: readonly {
    readonly code: string;
    readonly destination: string;
    readonly state: string;
    readonly count: number;
  }[];
  readonly complete: boolean;
}

let running: RunningHost;
beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.close());

const send = (id: string) => running.post('/api/v1/send', { target: 'shop.order', value: { id } });
const act = (body: object) => running.post<Record<string, unknown>>('/api/v1/failures/act', body);
const dead = { destination: 'outbound:crm.put-order', state: 'dead' };

describe('failures', () => {
  it('are grouped by cause, with what nobody claimed', async () => {
    running.answerWith(422);
    for (const id of ['a', 'b', 'c']) await send(id);
    const { groups, complete } = await running.until<Groups>('/api/v1/failures', (found) =>
      [dead.destination, 'channel:nobody'].every((name) =>
        found.groups.some(({ destination, count }) => destination === name && count === 3),
      ),
    );
    expect(complete).toBe(true);
    expect(groups).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...dead, count: 3, code: 'MORTISE_DELIVERY_REJECTED' }),
        expect.objectContaining({ destination: 'channel:nobody', state: 'unclaimed', code: '', count: 3 }),
      ]),
    );
  });

  it('are counted before anything is done', async () => {
    const counts = { found: 2, done: 0, failed: [], more: true, stopped: false };
    expect((await act({ ...dead, action: 'retry', limit: 2, preview: true })).body).toEqual(counts);
    expect((await running.get<Groups>('/api/v1/failures')).body.groups).toContainEqual(
      expect.objectContaining({ ...dead, count: 3 }),
    );
  });

  it('are discarded with a reason, the oldest first', async () => {
    expect((await act({ ...dead, action: 'discard', reason: 'a test', limit: 1 })).body).toMatchObject({ done: 1, more: true });
    const { body } = await running.get<MessageRows>('/api/v1/messages?state=discarded');
    expect(body.rows.map(({ delivery, message }) => [delivery.detail, message.keys['order']])).toEqual([['a test', 'a']]);
  });

  it('are not discarded without a reason, nor where nothing has the name that was given', async () => {
    const unreasoned = await act({ ...dead, action: 'discard' });
    expect([unreasoned.status, unreasoned.body['code']]).toEqual([400, 'MORTISE_CONTROL_REQUEST']);
    for (const path of ['/api/v1/failures/act', '/api/v1/dead-letters/retry']) {
      const more = path.endsWith('act') ? { action: 'retry', state: 'dead' } : {};
      const { status, body } = await running.post<Record<string, unknown>>(path, { ...more, flow: 'ou' });
      expect([status, body['code'], body['remedy']]).toEqual([404, 'MORTISE_CONTROL_UNKNOWN', 'Did you mean "out"?']);
      const other = await running.post<Record<string, unknown>>(path, { ...more, destination: 'outbound:crm.put-ordr' });
      expect([other.status, other.body['remedy']]).toEqual([404, 'Did you mean "outbound:crm.put-order"?']);
    }
  });

  it('are tried again', async () => {
    running.answerWith(200);
    expect((await act({ ...dead, action: 'retry' })).body).toMatchObject({ found: 2, done: 2, failed: [], more: false });
    await running.until<MessageRows>(
      `/api/v1/messages?destination=${dead.destination}&state=done`,
      ({ rows }) => rows.length === 2,
    );
  });

  it('end where too many are refused', async () => {
    const answer = await act({ destination: 'channel:nobody', state: 'unclaimed', action: 'discard', reason: 'x', stopAfter: 1 });
    expect(answer.body).toMatchObject({ done: 0, stopped: true, failed: [{ code: 'MORTISE_DELIVERY_WRONG_STATE' }] });
  });
});

describe('finding', () => {
  it('goes by any business key, by name and value, and by id', async () => {
    expect((await running.get('/api/v1/keys')).body).toEqual({ names: ['order', 'shop'] });
    const byValue = await running.get<MessageRows>('/api/v1/find?text=c');
    expect(byValue.body.rows.length).toBeGreaterThan(1);
    expect(byValue.body.rows.every(({ message }) => message.keys['order'] !== 'b')).toBe(true);
    expect((await running.get<MessageRows>('/api/v1/find?text=shop%3Dweb')).body.rows.length).toBeGreaterThan(3);
    const byPart = await running.get<MessageRows>('/api/v1/find?text=WE');
    expect(byPart.body.rows.length).toBeGreaterThan(3);
    const [first] = byValue.body.rows;
    const byId = await running.get<MessageRows>(`/api/v1/find?text=${first?.message.id}`);
    expect(byId.body.rows.map(({ message }) => message.id)).toContain(first?.message.id);
    expect((await running.get<MessageRows>('/api/v1/find?text=none')).body.rows).toEqual([]);
    const pages = await running.get<MessageRows>(
      `/api/v1/find?text=shop%3Dweb&cursor=${byValue.body.rows[0]?.delivery ? 9e14 : 0}`,
    );
    expect(pages.body.rows.length).toBeGreaterThan(3);
    expect((await running.get<MessageRows>('/api/v1/find?text=shop%3Dweb&cursor=1')).body.rows).toEqual([]);
  });

  it('looks into bodies, whatever the case', async () => {
    const found = await running.get<MessageRows & { readonly looked: number }>('/api/v1/find/bodies?text=%22ID%22:%22B%22');
    expect(found.body.looked).toBeGreaterThan(6);
    expect(found.body.rows.length).toBeGreaterThan(0);
    expect(new Set(found.body.rows.flatMap(({ message }) => message.keys['order'] ?? []))).toEqual(new Set(['b']));
  });
});

describe('traffic', () => {
  it('is told for each destination, with its course', async () => {
    await send('d');
    const { destinations } = await running.until<TrafficView>('/api/v1/traffic', (view) =>
      view.destinations.some(({ name, series }) => name === 'flow:out' && series.some((value) => value > 0)),
    );
    expect(destinations.find(({ name }) => name === 'flow:price')).toMatchObject({ perSecond: 0, waiting: 0 });
    await running.until<TrafficView>('/api/v1/traffic', ({ edges }) =>
      edges.some(({ flow, destination, perSecond }) => flow === 'out' && destination === dead.destination && perSecond > 0),
    );
  });

  it('says since when the oldest waits', async () => {
    await running.post('/api/v1/pauses', { kind: 'flow', name: 'out' });
    await send('e');
    const { destinations } = await running.until<TrafficView>('/api/v1/traffic', (view) =>
      view.destinations.some(({ name, waiting }) => name === 'flow:out' && waiting === 1),
    );
    const oldestAt = destinations.find(({ name }) => name === 'flow:out')?.oldestAt;
    expect(Date.parse(oldestAt ?? '')).toBeLessThanOrEqual(Date.now());
    await running.post('/api/v1/pauses/resume', { kind: 'flow', name: 'out' });
  });
});
