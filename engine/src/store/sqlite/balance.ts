// Adds everything up: what was created against what is there, outputs against parents, messages that nothing carries.

import type { Balance, BalanceRow, FileCount, PeriodBalance, TroubleRow } from '../balance-rows.ts';
import type { DeliveryState } from '../delivery-state.ts';
import { deliveryStates } from '../delivery-state.ts';
import { periodMs } from '../store.ts';
import { readState } from './delivery-row.ts';
import type { Names } from './names.ts';
import { inTime } from './selects.ts';
import { stateCodes } from './schema.ts';
import type { Statements } from './statements.ts';
import type { Row, Value } from './values.ts';
import { asNumber, asText } from './values.ts';

const countOpen = `SELECT destination, state, count(*), 0 FROM open WHERE ${inTime('seq')} GROUP BY destination, state`;
const countEnded = `SELECT destination, state, count(*), ifnull(sum(outputs), 0) FROM ended WHERE ${inTime('seq')} GROUP BY destination, state`;
const countDropped =
  'SELECT destination, state, sum(count) FROM dropped WHERE period >= ? AND period < ? GROUP BY destination, state';
const countParents = `SELECT count(*) FROM deliveries WHERE parent IS NOT NULL AND ${inTime('seq')}`;
const countStray = `SELECT count(*) FROM links l WHERE l.other = 0 AND ${inTime('l.seq')}
  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.seq = l.seq)
  AND NOT EXISTS (SELECT 1 FROM links o WHERE o.message = l.message AND o.other > 0)`;

/** By the index of what is in trouble: it costs as much as is dead. */
const countDead = `SELECT e.destination, d.flow, count(*), ifnull(sum(e.holds_lane), 0)
  FROM ended e CROSS JOIN deliveries d ON d.seq = e.seq WHERE e.state = ${stateCodes.dead} AND e.state >= 5 AND ${inTime('e.seq')} GROUP BY 1, 2`;

const countDays =
  'SELECT destination, sum(created), min(first), max(last) FROM days WHERE period >= ? AND period < ? GROUP BY destination';
const countPeriod = `SELECT d.destination, ifnull(e.state, o.state), count(*)
  FROM deliveries d LEFT JOIN ended e ON e.seq = d.seq LEFT JOIN open o ON o.destination = d.destination AND o.seq = d.seq
  WHERE d.seq BETWEEN ? AND ? AND d.created_at >= ? AND d.created_at < ? AND ${inTime('d.seq')} GROUP BY 1, 2`;
const selectFiles =
  'SELECT scope, id, at, name, read, accepted, invalid, whole FROM files WHERE at >= ? AND at < ? ORDER BY at, scope, id';
const always = [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;

export function readBalance(statements: Statements, names: Names): Balance {
  const counted = [...statements.rows(countOpen), ...statements.rows(countEnded)];
  const dropped = statements.rows(countDropped, ...always);
  const created = new Map<Value, number>();
  for (const [destination = null] of counted) created.set(destination, 0);
  for (const [destination = null, count] of statements.rows('SELECT destination, created FROM counters WHERE created > 0')) {
    created.set(destination, asNumber(count));
  }
  return {
    rows: [...created].map(([destination, count]) => balanceRow(destination, count, counted, dropped, names)),
    outputsSaid: counted.reduce((sum, row) => sum + asNumber(row[3]), factOf(statements, 'dropped_outputs')),
    outputsFound: countOf(statements, countParents) + factOf(statements, 'dropped_parents'),
    strayMessages: countOf(statements, countStray),
  };
}

/** Of a stretch of time: what was counted when it came, against what is found of it now and what was dropped of it. */
export function readPeriod(statements: Statements, names: Names, fromMs: number, untilMs: number): PeriodBalance {
  const periods = [Math.floor(fromMs / periodMs), Math.floor(untilMs / periodMs)] as const;
  const days = statements.rows(countDays, ...periods);
  const first = Math.min(...days.map((row) => asNumber(row[2])));
  const last = Math.max(...days.map((row) => asNumber(row[3])));
  const counted = days.length === 0 ? [] : statements.rows(countPeriod, first, last, fromMs, untilMs);
  const dropped = statements.rows(countDropped, ...periods);
  return {
    rows: days.map(([destination = null, created]) => balanceRow(destination, asNumber(created), counted, dropped, names)),
    files: statements.rows(selectFiles, fromMs, untilMs).map(fileOf),
  };
}

export function readTroubles(statements: Statements, names: Names): readonly TroubleRow[] {
  return statements.rows(countDead).map(([destination, flow, dead, holding]) => ({
    destination: names.nameOf(asNumber(destination)),
    flow: names.nameOf(asNumber(flow)),
    dead: asNumber(dead),
    holding: asNumber(holding),
  }));
}

/** Between which numbers all deliveries stand that were created between two times. */
export function seqsOfTime(
  statements: Statements,
  sinceMs: number | undefined,
  untilMs: number | undefined,
): readonly [number, number] {
  const from = sinceMs === undefined ? always[0] : Math.floor(sinceMs / periodMs);
  const until = untilMs === undefined ? always[1] : Math.floor(untilMs / periodMs);
  const row = statements.row('SELECT min(first), max(last) FROM days WHERE period BETWEEN ? AND ?', from, until);
  return [typeof row?.[0] === 'number' ? row[0] : 0, typeof row?.[1] === 'number' ? row[1] : -1];
}

function balanceRow(
  destination: Value,
  created: number,
  counted: readonly Row[],
  dropped: readonly Row[],
  names: Names,
): BalanceRow {
  const states = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<DeliveryState, number>;
  const own = (rows: readonly Row[]): readonly Row[] => rows.filter((row) => row[0] === destination);
  for (const [, state, count] of [...own(counted), ...own(dropped)]) states[readState(state)] += asNumber(count);
  const gone = own(dropped).reduce((sum, row) => sum + asNumber(row[2]), 0);
  return { destination: names.nameOf(asNumber(destination)), created, states, dropped: gone };
}

function fileOf([scope, id, at, name, read, accepted, invalid, whole]: Row): FileCount {
  return {
    scope: asText(scope),
    id: asText(id),
    atMs: asNumber(at),
    ...(typeof name === 'string' && { name }),
    read: asNumber(read),
    accepted: asNumber(accepted),
    invalid: asNumber(invalid),
    whole: whole === 1,
  };
}

function factOf(statements: Statements, name: string): number {
  return asNumber(statements.row('SELECT value FROM facts WHERE name = ?', name)?.[0]);
}

function countOf(statements: Statements, sql: string): number {
  return asNumber(statements.row(sql)?.[0]);
}
