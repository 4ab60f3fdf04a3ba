// What makes a balance uneven.

import { describe, expect, it } from 'vitest';
import { deliveryStates } from '../store/delivery-state.ts';
import type { BalanceRow } from '../store/balance-rows.ts';
import { balanceView } from './balance.ts';

function row(destination: string, created: number, states: Partial<BalanceRow['states']>): BalanceRow {
  const none = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<(typeof deliveryStates)[number], number>;
  return { destination, created, dropped: 0, states: { ...none, ...states } };
}

const even = { outputsSaid: 2, outputsFound: 2, strayMessages: 0 };

describe('the balance', () => {
  it('is even where every delivery that was made is there', () => {
    const view = balanceView({ rows: [row('flow:a', 3, { done: 1, waiting: 1, dead: 1 })], ...even });
    expect(view).toMatchObject({ even: true, reasons: [], rows: [{ destination: 'flow:a', created: 3 }] });
  });

  it('names each reason why it is not', () => {
    const view = balanceView({
      rows: [row('flow:a', 3, { done: 2 }), row('flow:b', 1, { done: 1 })],
      outputsSaid: 5,
      outputsFound: 4,
      strayMessages: 2,
    });
    expect(view.even).toBe(false);
    expect(view.reasons).toEqual([
      'flow:a: 3 deliveries were made and 2 are there.',
      'Deliveries say that they made 5 others, and 4 are there.',
      '2 messages are carried by no delivery.',
    ]);
  });
});
