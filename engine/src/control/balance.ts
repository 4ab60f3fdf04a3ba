// The balance: whether every message that was ever taken is in exactly one state, and each reason why it is not.

import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Balance } from '../store/store.ts';
import type { ControlServer } from './server.ts';
import type { ControlHost } from './host.ts';

export const BalanceView = Type.Object({
  even: Type.Boolean(),
  reasons: Type.Array(Type.String(), { description: 'Why it is not even; empty where it is.' }),
  rows: Type.Array(
    Type.Object({
      destination: Type.String(),
      created: Type.Integer({ description: 'Counted as deliveries were made.' }),
      states: Type.Record(Type.String(), Type.Integer(), { description: 'Counted as they are now.' }),
    }),
  ),
});
export type BalanceView = Static<typeof BalanceView>;

export function balanceRoutes(server: ControlServer, { engine }: ControlHost): void {
  server.get(
    '/api/v1/balance',
    {
      schema: {
        operationId: 'getBalance',
        tags: ['messages'],
        summary: 'Adds up what was taken against what became of it.',
        response: { 200: BalanceView },
      },
    },
    async () => balanceView(await engine.runtime.store.read.balance()),
  );
}

export function balanceView({ rows, outputsSaid, outputsFound, strayMessages }: Balance): BalanceView {
  const reasons = rows.flatMap(({ destination, created, states }) => {
    const found = Object.values(states).reduce((sum, count) => sum + count, 0);
    return found === created ? [] : [`${destination}: ${created} deliveries were made and ${found} are there.`];
  });
  if (outputsSaid !== outputsFound)
    reasons.push(`Deliveries say that they made ${outputsSaid} others, and ${outputsFound} are there.`);
  if (strayMessages > 0) reasons.push(`${strayMessages} messages are carried by no delivery.`);
  return {
    even: reasons.length === 0,
    reasons,
    rows: rows.map(({ destination, created, states }) => ({ destination, created, states: { ...states } })),
  };
}
