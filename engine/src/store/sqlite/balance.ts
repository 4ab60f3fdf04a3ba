// Adds everything up: what was created against what is there, outputs against parents, messages that nothing carries.

import type { Balance, BalanceRow, DeliveryState } from '../store.ts';
import { deliveryStates } from '../store.ts';
import { readState } from './delivery-row.ts';
import type { Names } from './names.ts';
import { inTime } from './selects.ts';
import type { Statements } from './statements.ts';
import type { Row, Value } from './values.ts';
import { asNumber } from './values.ts';

const countOpen = `SELECT destination, state, count(*), 0 FROM open WHERE ${inTime('seq')} GROUP BY destination, state`;
const countEnded = `SELECT destination, state, count(*), ifnull(sum(outputs), 0) FROM ended WHERE ${inTime('seq')} GROUP BY destination, state`;
const countParents = `SELECT count(*) FROM deliveries WHERE parent IS NOT NULL AND ${inTime('seq')}`;
const countStray = `SELECT count(*) FROM links l WHERE l.other = 0 AND ${inTime('l.seq')}
  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.seq = l.seq)
  AND NOT EXISTS (SELECT 1 FROM links o WHERE o.message = l.message AND o.other > 0)`;

export function readBalance(statements: Statements, names: Names): Balance {
  const counted = [...statements.rows(countOpen), ...statements.rows(countEnded)];
  const created = new Map<Value, number>();
  for (const [destination = null] of counted) created.set(destination, 0);
  for (const [destination = null, count] of statements.rows('SELECT destination, created FROM counters WHERE created > 0')) {
    created.set(destination, asNumber(count));
  }
  return {
    rows: [...created].map(([destination, count]) => balanceRow(destination, count, counted, names)),
    outputsSaid: counted.reduce((sum, row) => sum + asNumber(row[3]), 0),
    outputsFound: countOf(statements, countParents),
    strayMessages: countOf(statements, countStray),
  };
}

function balanceRow(destination: Value, created: number, counted: readonly Row[], names: Names): BalanceRow {
  const states = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<DeliveryState, number>;
  for (const row of counted) if (row[0] === destination) states[readState(row[1])] = asNumber(row[2]);
  return { destination: names.nameOf(asNumber(destination)), created, states };
}

function countOf(statements: Statements, sql: string): number {
  return asNumber(statements.row(sql)?.[0]);
}
