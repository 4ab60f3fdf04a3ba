// The journal as a list: newest first, filtered; which table leads depends on what is asked for.

import type { JournalFilter, JournalRow } from '../store.ts';
import { storeError } from '../errors.ts';
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
const outcomeOfEither = ['state', ...outcomeColumns].map((column) => `ifnull(e.${column}, o.${column})`).join(', ');
const attributes = messageColumns.slice(0, -1).map((column) => `m.${column}`);
const message = 'CROSS JOIN messages m ON m.seq = ifnull(d.message, d.seq)';
const selected = `SELECT ${fixedOf}, ${outcomeOfEither}, ${attributes.join(', ')}, octet_length(m.body)`;
const outcome = `LEFT JOIN ended e ON e.seq = d.seq LEFT JOIN open o ON o.destination = d.destination AND o.seq = d.seq`;

export function readJournal(statements: Statements, names: Names, filter: JournalFilter): readonly JournalRow[] {
  if (!(filter.limit >= 1 && filter.limit <= limitMax)) {
    throw storeError('MORTISE_STORE_VALUE', `The limit ${filter.limit} is out of range: expected 1 to ${limitMax}.`);
  }
  const { conditions, values } = conditionsOf(filter, names);
  const rest = `${message} ${outcome} WHERE ${[...conditions, inTime('d.seq')].join(' AND ')}`;
  const rows = filter.key
    ? rowsOfKey(statements, filter.key, filter.limit, (seq) =>
        statements.row(`${selected} FROM deliveries d ${rest} AND d.seq = ?`, ...values, seq),
      )
    : statements.rows(`${selected} FROM ${leadOf(filter)} ${rest} ORDER BY d.seq DESC LIMIT ?`, ...values, filter.limit);
  return rows.map((row) => journalRow(row, names));
}

/** What is gone through: what is open, what is in trouble; or else all, from the newest. */
function leadOf({ states }: JournalFilter): string {
  const codes = (states ?? []).map((state) => stateCodes[state]);
  const among = `state IN (${codes.join(', ')})`;
  const seqs = states && (codes.every((code) => code <= openStateMax) ? `open WHERE ${among}` : troubles(codes, among));
  return seqs ? `(SELECT seq FROM ${seqs}) f CROSS JOIN deliveries d ON d.seq = f.seq` : 'deliveries d';
}

function troubles(codes: readonly number[], among: string): string | undefined {
  return codes.every((code) => code >= troubleStateMin) ? `ended WHERE ${among} AND state >= ${troubleStateMin}` : undefined;
}

/** Of all deliveries of all messages of the roots that a business key leads to, the newest that `find` finds. */
function rowsOfKey(
  statements: Statements,
  key: { readonly name: string; readonly value: string },
  limit: number,
  find: (seq: number) => Row | undefined,
): readonly Row[] {
  const secret = asNumber(statements.row("SELECT value FROM facts WHERE name = 'secret'")?.[0]);
  const roots = findRoots(statements, key.name, key.value, hashKey(secret, key.name, key.value));
  const sql = `SELECT o.seq FROM links o WHERE o.message IN (SELECT l.message FROM ${linksOfJourney})`;
  const seqs = new Set(
    roots.flatMap(([root]) => statements.rows(sql, ...journeyRange(asBytes(root))).map((row) => asNumber(row[0]))),
  );
  const rows: Row[] = [];
  for (const seq of [...seqs].sort((a, b) => b - a)) {
    const row = rows.length < limit ? find(seq) : undefined;
    if (row) rows.push(row);
  }
  return rows;
}

function conditionsOf(
  filter: JournalFilter,
  names: Names,
): { readonly conditions: readonly string[]; readonly values: readonly Value[] } {
  const conditions: string[] = [];
  const values: Value[] = [];
  const add = (condition: string, ...more: readonly Value[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  if (filter.destination !== undefined) add('d.destination = ?', names.find(filter.destination) ?? -1);
  if (filter.flow !== undefined) add('d.flow = ?', names.find(filter.flow) ?? -1);
  if (filter.sinceMs !== undefined) add('d.created_at >= ?', filter.sinceMs);
  if (filter.untilMs !== undefined) add('d.created_at <= ?', filter.untilMs);
  if (filter.beforeSeq !== undefined) add('d.seq < ?', filter.beforeSeq);
  if (filter.states) add(`ifnull(e.state, o.state) IN (${filter.states.map((state) => stateCodes[state]).join(', ')})`);
  return { conditions, values };
}

function journalRow(row: Row, names: Names): JournalRow {
  const blobBytes = row[deliveryLength + messageColumns.length - 2];
  const bodyBytes = typeof blobBytes === 'number' ? blobBytes : asNumber(row[deliveryLength + messageColumns.length - 1]);
  return {
    delivery: readDelivery(row, 0, (id) => names.nameOf(id)),
    message: { ...readAttributes(row, deliveryLength), bodyBytes },
  };
}
