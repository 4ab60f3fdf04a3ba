// A group that cannot go on: what it holds is told with the dead one, and goes on when a person has decided about that.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { MessageRows } from './messages.ts';
import type { Static } from './schema.ts';
import type { Sent } from './send.ts';
import type { JourneyDelivery } from './views.ts';

interface Groups {
  readonly groups: readonly { readonly destination: string; readonly othersHeld: number }[];
}

let running: RunningHost;
beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.close());

describe('a group whose timer is dead', () => {
  const daily = (emit: string) => `from: { channel: orders }
steps:
  - aggregate: { id: batch, by: '"all"', after: 1s, emit: '${emit}' }
to: { channel: nobody }
`;
  interface Held {
    readonly messages: readonly { readonly deliveries: readonly Static<typeof JourneyDelivery>[] }[];
  }
  const groupOfDaily = ({ groups }: Groups) => groups.find(({ destination }) => destination === 'flow:daily');

  it('is told with all that wait for it, where people look; it goes on with a retry, or without the dead one when that is discarded', async () => {
    running.write({ 'flows/daily.yaml': daily('$number($group[0].id)') });
    await running.post('/api/v1/reload');
    const ids: string[] = [];
    for (const id of ['g1', 'g2', 'g3'])
      ids.push(
        (await running.post<Sent>('/api/v1/send', { target: 'channel:orders', value: { id } })).body.messages[0]?.id ?? '',
      );
    const failures = await running.until<Groups>('/api/v1/failures', (view) => groupOfDaily(view)?.othersHeld === 2);
    expect(groupOfDaily(failures)).toMatchObject({ state: 'dead', count: 1, othersHeld: 2 });
    const causes = await running.get<Groups>('/api/v1/dead-letters/causes?flow=daily');
    expect(causes.body.groups).toMatchObject([{ count: 1, othersHeld: 2 }]);
    const ofDaily = async (id = ''): Promise<readonly Static<typeof JourneyDelivery>[]> =>
      (await running.get<Held>(`/api/v1/messages/${id}`)).body.messages
        .flatMap(({ deliveries }) => deliveries)
        .filter(({ destination, entry }) => destination === 'flow:daily' && entry !== undefined);
    const [dead] = await ofDaily(ids[0]);
    expect(dead).toMatchObject({ state: 'dead', othersHeld: 2 });
    const heldBy = { delivery: dead?.id, message: dead?.message };
    expect([...(await ofDaily(ids[1])), ...(await ofDaily(ids[2]))]).toMatchObject([
      { state: 'held', heldBy },
      { state: 'held', heldBy },
    ]);
    await running.post(`/api/v1/deliveries/${dead?.id}/discard`, { reason: 'no number' });
    await running.until<Groups>('/api/v1/failures', (view) => groupOfDaily(view)?.othersHeld === 1);
    const [second] = await ofDaily(ids[1]);
    expect(second).toMatchObject({ state: 'dead', othersHeld: 1 });
    running.write({ 'flows/daily.yaml': daily('{ "ids": $group.id }') });
    await running.post('/api/v1/reload');
    await running.post(`/api/v1/deliveries/${second?.id}/retry`);
    await running.until<MessageRows>('/api/v1/messages?flow=daily', ({ rows }) =>
      rows.every(({ delivery }) => delivery.state !== 'held'),
    );
    expect((await ofDaily(ids[2]))[0]).toMatchObject({ state: 'done', into: { message: expect.any(String) } });
    expect((await ofDaily(ids[2]))[0]?.heldBy).toBeUndefined();
  });
});
