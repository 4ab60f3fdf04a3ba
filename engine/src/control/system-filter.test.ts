// Messages by system: what goes to it, and what comes from it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { MessageRows } from './messages.ts';
import type { Problem } from './problem.ts';
import type { Sent } from './send.ts';

let running: RunningHost;
beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.close());

const ask = (query: string): string => `/api/v1/messages?${query}`;
const destinationsOf = ({ rows }: MessageRows): readonly string[] => [
  ...new Set(rows.map(({ delivery }) => delivery.destination)),
];

it('gives what goes to a system by any of its outbounds, and what comes from one to flows', async () => {
  await running.post<Sent>('/api/v1/send', { target: 'shop.order', value: { id: 's1' } });
  const all = await running.until<MessageRows>(ask(''), ({ rows }) =>
    rows.some(({ delivery: { destination, state } }) => destination === 'outbound:crm.put-order' && state === 'done'),
  );
  const toCrm = destinationsOf((await running.get<MessageRows>(ask('system=crm'))).body);
  expect(toCrm).toEqual(destinationsOf(all).filter((name) => name.startsWith('outbound:crm.')));
  expect(toCrm).toContain('outbound:crm.put-order');
  expect(destinationsOf((await running.get<MessageRows>(ask('system=shop'))).body)).toEqual(['flow:in']);
  expect((await running.get<MessageRows>(ask('system=shop&destination=outbound:crm.put-order'))).body.rows).toEqual([]);
});

it('says which systems there are where the name is wrong', async () => {
  const { status, body } = await running.get<Problem>(ask('system=crn'));
  expect({ status, code: body.code, remedy: body.remedy }).toEqual({
    status: 404,
    code: 'MORTISE_CONTROL_UNKNOWN',
    remedy: 'Did you mean "crm"?',
  });
});
