// The journal as a list: newest first, or oldest, filtered. First the numbers of the rows are found, then the rows are read.

import type { JournalFilter, JournalRow } from '../store.ts';
import { storeError } from '../errors.ts';
import { seqsOfTime } from './balance.ts';
import { findRoots } from './business-key-table.ts';
import { deliveryLength, outcomeColumns, readDelivery } from './delivery-row.ts';
import { hashKey } from './key-hash.ts';
import { messageColumns, readAttributes } from './message-row.ts';
import type { Names } from './names.ts';
import { openStateMax, stateCodes, troubleStateMin } from './schema.ts';
import { fixedOf, inTime, journeyRange, linksOfJourney } from './selects.ts';
import type { Statements } from './statements.ts';
import type { Row, Value } from './values.ts';
import { asBytes, asNumber } from './values.ts';

const limitMax = 1000;

const outcomeOfEither = ['state', ...outcomeColumns].map((column) => `ifnull(e.${column}, o.${column})`);
const attributes = messageColumns.slice(0, -1).map((column) => `m.${column}`);
const outcome = `LEFT JOIN ended e ON e.seq = d.seq LEFT JOIN open o ON o.destination = d.destination AND o.seq = d.seq`;
const selectRow = `SELECT ${fixedOf}, ${[...outcomeOfEither, ...attributes].join(', ')}, octet_length(m.body)
  FROM deliveries d ${outcome} CROSS JOIN messages m ON m.seq = ifnull(d.message, d.seq) WHERE d.seq = ?`;

/** Where the numbers are looked for; `s` has the number and the destination, `d` what else is asked for. */
const leads = {
  all: 'deliveries d',
  byState: `deliveries d ${outcome}`,
  open: 'open s CROSS JOIN deliveries d ON d.seq = s.seq',
  troubles: 'ended s CROSS JOIN deliveries d ON d.seq = s.seq',
};

interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

export function readJournal(statements: Statements, names: Names, filter: JournalFilter): readonly JournalRow[] {
  if (!(filter.limit >= 1 && filter.limit <= limitMax)) {
    throw storeError('MORTISE_STORE_VALUE', `The limit ${filter.limit} is out of range: expected 1 to ${limitMax}.`);
  }
  const rows: JournalRow[] = [];
  for (const seq of filter.key ? seqsOfKey(statements, names, filter, filter.key) : seqsOf(statements, names, filter)) {
    const row = statements.row(selectRow, seq);
    if (row) rows.push(journalRow(row, names));
  }
  return rows;
}

/** Numbers of deliveries, in the order of the list: among what is open, what is in trouble, or else all. */
function seqsOf(statements: Statements, names: Names, filter: JournalFilter): readonly number[] {
  const lead = leadOf(filter);
  const [row, state] = lead === 'open' || lead === 'troubles' ? ['s', 's.state'] : ['d', 'ifnull(e.state, o.state)'];
  const { sinceMs, untilMs } = filter;
  // There is no index by time, but the numbers go with it.
  const seqs = sinceMs === undefined && untilMs === undefined ? undefined : seqsOfTime(statements, sinceMs, untilMs);
  const conditions = conditionsOf(filter, names, row, state, seqs);
  if (lead === 'troubles') conditions.push({ sql: `s.state >= ${troubleStateMin}`, values: [] });
  const where = [...conditions.map(({ sql }) => sql), inTime(`${row}.seq`)].join(' AND ');
  const values = conditions.flatMap((condition) => condition.values);
  const sql = `SELECT ${row}.seq FROM ${leads[lead]} WHERE ${where} ORDER BY ${row}.seq ${filter.afterSeq === undefined ? 'DESC' : 'ASC'} LIMIT ?`;
  return statements.rows(sql, ...values, filter.limit).map(([seq]) => asNumber(seq));
}

function leadOf({ states }: JournalFilter): keyof typeof leads {
  if (!states) return 'all';
  const codes = states.map((state) => stateCodes[state]);
  if (codes.every((code) => code <= openStateMax)) return 'open';
  return codes.every((code) => code >= troubleStateMin) ? 'troubles' : 'byState';
}

/** Of all deliveries of all messages of the roots that a business key leads to, the newest that are wanted. */
function seqsOfKey(
  statements: Statements,
  names: Names,
  filter: JournalFilter,
  key: { readonly name: string; readonly value: string },
): readonly number[] {
  const conditions = conditionsOf(filter, names, 'd', 'ifnull(e.state, o.state)');
  const wanted = `SELECT 1 FROM ${leads.byState} WHERE ${['d.seq = ?', ...conditions.map(({ sql }) => sql)].join(' AND ')} AND in_time()`;
  const values = conditions.flatMap((condition) => condition.values);
  const found: number[] = [];
  const candidates = candidatesOf(statements, key);
  for (const seq of filter.afterSeq === undefined ? candidates : candidates.toReversed()) {
    if (found.length === filter.limit) break;
    if (statements.row(wanted, seq, ...values)) found.push(seq);
  }
  return found;
}

function candidatesOf(
  statements: Statements,
  { name, value }: { readonly name: string; readonly value: string },
): readonly number[] {
  const secret = asNumber(statements.row("SELECT value FROM facts WHERE name = 'secret'")?.[0]);
  const roots = findRoots(statements, name, value, hashKey(secret, name, value));
  const sql = `SELECT o.seq FROM links o WHERE o.message IN (SELECT l.message FROM ${linksOfJourney})`;
  const seqs = roots.flatMap(([root]) => statements.rows(sql, ...journeyRange(asBytes(root))).map(([seq]) => asNumber(seq)));
  return [...new Set(seqs)].sort((a, b) => b - a);
}

/** `row` is what has the number and the destination, `state` what says the state. */
function conditionsOf(
  filter: JournalFilter,
  names: Names,
  row: string,
  state: string,
  seqs?: readonly [number, number],
): Condition[] {
  const { destination, destinations, flow, states, sinceMs, untilMs, beforeSeq, afterSeq } = filter;
  const conditions: Condition[] = [];
  const add = (sql: string, ...values: readonly Value[]): void => void conditions.push({ sql, values });
  if (destination !== undefined) add(`${row}.destination = ?`, names.find(destination) ?? -1);
  if (destinations) add(`${row}.destination IN (${destinations.map((name) => names.find(name) ?? -1).join(', ')})`);
  if (beforeSeq !== undefined) add(`${row}.seq < ?`, beforeSeq);
  if (afterSeq !== undefined) add(`${row}.seq > ?`, afterSeq);
  if (states) add(`${state} IN (${states.map((name) => stateCodes[name]).join(', ')})`);
  if (flow !== undefined) add('d.flow = ?', names.find(flow) ?? -1);
  if (sinceMs !== undefined) add('d.created_at >= ?', sinceMs);
  if (untilMs !== undefined) add('d.created_at <= ?', untilMs);
  if (seqs) add(`${row}.seq BETWEEN ? AND ?`, ...seqs);
  return conditions;
}

function journalRow(row: Row, names: Names): JournalRow {
  const blobBytes = row[deliveryLength + messageColumns.length - 2];
  const bodyBytes = typeof blobBytes === 'number' ? blobBytes : asNumber(row[deliveryLength + messageColumns.length - 1]);
  return {
    delivery: readDelivery(row, 0, (id) => names.nameOf(id)),
    message: { ...readAttributes(row, deliveryLength), bodyBytes },
  };
}
