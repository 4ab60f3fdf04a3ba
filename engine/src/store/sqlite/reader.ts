// Answers the store's questions, synchronously, from a connection that only reads.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Json } from '@mortise/sdk';
import type {
  Balance,
  BalanceRow,
  DedupeKey,
  DeliveryState,
  JournalFilter,
  JournalRow,
  StoredJourney,
  StoredMessage,
  StoredReply,
  WaitingDelivery,
} from '../store.ts';
import { deliveryStates } from '../store.ts';
import { storeError } from '../errors.ts';
import { readReply } from './body-row.ts';
import { deliveryColumns, readDelivery, stateOf } from './delivery-row.ts';
import { messageColumns, readAttributes, readMessage } from './message-row.ts';
import { Names } from './names.ts';
import type { Answer, Arguments, Question } from './questions.ts';
import { stateCodes } from './schema.ts';
import { bytesToUuid, requireUuid, uuidToBytes } from './uuid.ts';
import type { Row, Value } from './values.ts';
import { asBytes, asNumber, asText, readJson, rowOf, rowsOf } from './values.ts';

/** How many rows a scan passes between two looks at the clock. A power of two. */
const rowsPerLook = 1024;

export class Reader {
  readonly #database: DatabaseSync;
  readonly #names: Names;
  readonly #statements = new Map<string, StatementSync>();
  #deadlineMs = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#names = new Names(database);
    database.function('in_time', () => this.#inTime());
  }

  /** Carries out one question, which may take `timeoutMs` at most. */
  ask<Q extends Question>(timeoutMs: number, question: Q, parameters: Arguments<Q>): Answer<Q> {
    this.#deadlineMs = performance.now() + timeoutMs;
    const method = this[question] as (...parameters: Arguments<Q>) => Answer<Q>;
    return method.apply(this, parameters);
  }

  waiting(destination: string, afterSeq: number, limit: number, bytesMax: number): readonly WaitingDelivery[] {
    const id = this.#names.find(destination);
    if (id === undefined) return [];
    const found: WaitingDelivery[] = [];
    let bytes = 0;
    const sql = `${selectWaiting} WHERE d.destination = ? AND d.state = 0 AND d.seq > ? ORDER BY d.seq LIMIT ?`;
    for (const row of this.#iterate(sql, id, afterSeq, limit)) {
      bytes += bodyBytesInRow(row);
      if (found.length > 0 && bytes > bytesMax) break;
      found.push(this.#waiting(row));
    }
    return found;
  }

  delivery(by: { readonly seq: number } | { readonly id: string }): WaitingDelivery | undefined {
    if ('id' in by) requireUuid(by.id);
    const row =
      'seq' in by
        ? this.#row(`${selectWaiting} WHERE d.seq = ?`, by.seq)
        : this.#row(`${selectWaiting} WHERE d.id = ?`, uuidToBytes(by.id));
    return row && this.#waiting(row);
  }

  heldDue(untilMs: number, limit: number): { readonly due: readonly number[]; readonly nextAtMs?: number } {
    const sql = 'SELECT seq, due_at FROM deliveries WHERE state = 1 AND due_at IS NOT NULL ORDER BY due_at, seq LIMIT ?';
    const rows = this.#rows(sql, limit + 1);
    const due = rows.filter((row) => asNumber(row[1]) <= untilMs).slice(0, limit);
    const next = rows[due.length];
    return { due: due.map((row) => asNumber(row[0])), ...(next && { nextAtMs: asNumber(next[1]) }) };
  }

  message(id: string): StoredMessage | undefined {
    requireUuid(id);
    const row = this.#row(`SELECT ${messageColumns.join(', ')} FROM messages WHERE id = ?`, uuidToBytes(id));
    return row && readMessage(row, 0);
  }

  journey(root: string): StoredJourney {
    requireUuid(root);
    const rootBytes = uuidToBytes(root);
    const sql = `SELECT ${messageColumns.join(', ')} FROM messages WHERE id BETWEEN ? AND ? AND ifnull(root, id) = ? AND in_time() ORDER BY id`;
    const rows = this.#rows(sql, ...rangeOf(rootBytes), rootBytes);
    const deliveries = rows.flatMap((row) => this.#rows(`${selectDelivery} WHERE d.message = ? AND in_time()`, row[0] ?? null));
    return {
      messages: rows.map((row) => readMessage(row, 0)),
      deliveries: deliveries.map((row) => readDelivery(row, 0, this.#name)).sort((a, b) => a.seq - b.seq),
    };
  }

  journal(filter: JournalFilter): readonly JournalRow[] {
    if (!(filter.limit >= 1 && filter.limit <= 1000)) {
      throw storeError('MORTISE_STORE_VALUE', `The limit ${filter.limit} is out of range: expected 1 to 1000.`);
    }
    const { conditions, parameters } = this.#conditions(filter);
    const columns = [...deliveryColumns.map((column) => `d.${column}`), ...messageColumns.slice(0, -1).map((column) => `m.${column}`)];
    const sql = `SELECT ${columns.join(', ')}, octet_length(m.body) FROM deliveries d JOIN messages m ON m.id = d.message
      WHERE ${[...conditions, inTime].join(' AND ')} ORDER BY d.seq DESC LIMIT ?`;
    return this.#rows(sql, ...parameters, filter.limit).map((row) => this.#journalRow(row));
  }

  entries(flow: string): ReadonlyMap<string, number> {
    const id = this.#names.find(flow);
    if (id === undefined) return new Map();
    const sql = `SELECT entry, count(*) FROM deliveries WHERE flow = ? AND entry IS NOT NULL AND state < 3 AND in_time() GROUP BY entry`;
    return new Map(this.#rows(sql, id).map((row) => [asText(row[0]), asNumber(row[1])]));
  }

  calls(delivery: string): ReadonlyMap<string, StoredReply> {
    requireUuid(delivery);
    const sql = 'SELECT call, about, body_kind, blob_bytes, body FROM calls WHERE delivery = ?';
    return new Map(this.#rows(sql, uuidToBytes(delivery)).map((row) => [asText(row[0]), replyOf(row, 1)]));
  }

  reply(root: string): StoredReply | undefined {
    requireUuid(root);
    const row = this.#row('SELECT about, body_kind, blob_bytes, body FROM replies WHERE root = ?', uuidToBytes(root));
    return row && replyOf(row, 0);
  }

  cursor(scope: string): Json | undefined {
    const row = this.#row('SELECT value FROM cursors WHERE scope = ?', scope);
    return row && readJson<Json>(row[0]);
  }

  balance(): Balance {
    const created = new Map(this.#rows('SELECT destination, created FROM counters').map(([id, count]) => [asNumber(id), asNumber(count)]));
    const counted = this.#rows(
      `SELECT destination, state, count(*), sum(outputs), count(parent) FROM deliveries WHERE ${inTime.replace('d.', '')} GROUP BY destination, state`,
    );
    for (const row of counted) if (!created.has(asNumber(row[0]))) created.set(asNumber(row[0]), 0);
    const stray = this.#row(
      `SELECT count(*) FROM messages m WHERE in_time() AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message = m.id)`,
    );
    return {
      rows: [...created].map(([id, count]) => this.#balanceRow(id, count, counted)),
      outputsSaid: counted.reduce((sum, row) => sum + (row[3] === null ? 0 : asNumber(row[3])), 0),
      outputsFound: counted.reduce((sum, row) => sum + asNumber(row[4]), 0),
      strayMessages: asNumber(stray?.[0]),
    };
  }

  blobs(): ReadonlySet<string> {
    const sql = `SELECT body FROM messages WHERE body_kind > 1 AND in_time()
      UNION ALL SELECT body FROM calls WHERE body_kind > 1 AND in_time() UNION ALL SELECT body FROM replies WHERE body_kind > 1 AND in_time()`;
    return new Set(this.#rows(sql).map((row) => asText(row[0])));
  }

  dedupe(key: DedupeKey, nowMs: number): { readonly root: string } | undefined {
    const sql = 'SELECT root FROM dedupe WHERE flow = ? AND step = ? AND key = ? AND until > ?';
    const row = this.#row(sql, key.flow, key.step, key.key, nowMs);
    return row && { root: bytesToUuid(asBytes(row[0])) };
  }

  #conditions(filter: JournalFilter): { readonly conditions: readonly string[]; readonly parameters: readonly Value[] } {
    const conditions: string[] = [];
    const parameters: Value[] = [];
    const add = (condition: string, ...values: readonly Value[]): void => {
      conditions.push(condition);
      parameters.push(...values);
    };
    if (filter.destination !== undefined) add('d.destination = ?', this.#names.find(filter.destination) ?? -1);
    if (filter.flow !== undefined) add('d.flow = ?', this.#names.find(filter.flow) ?? -1);
    if (filter.states) add(`d.state IN (${filter.states.map((state) => stateCodes[state]).join(', ')})`);
    if (filter.key) add('ifnull(m.root, m.id) IN (SELECT root FROM keys WHERE name = ? AND value = ?)', filter.key.name, filter.key.value);
    if (filter.sinceMs !== undefined) add('d.created_at >= ?', filter.sinceMs);
    if (filter.untilMs !== undefined) add('d.created_at <= ?', filter.untilMs);
    if (filter.beforeSeq !== undefined) add('d.seq < ?', filter.beforeSeq);
    return { conditions, parameters };
  }

  #journalRow(row: Row): JournalRow {
    const at = deliveryColumns.length;
    const message = readAttributes(row, at);
    const blobBytes = row[at + messageColumns.length - 2];
    const bodyBytes = typeof blobBytes === 'number' ? blobBytes : asNumber(row[at + messageColumns.length - 1]);
    return { delivery: readDelivery(row, 0, this.#name), message: { ...message, bodyBytes } };
  }

  #balanceRow(id: number, created: number, counted: readonly Row[]): BalanceRow {
    const states = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<DeliveryState, number>;
    for (const row of counted) if (row[0] === id) states[stateOf(row[1])] = asNumber(row[2]);
    return { destination: this.#names.nameOf(id), created, states };
  }

  #waiting(row: Row): WaitingDelivery {
    const delivery = readDelivery(row, 0, this.#name);
    return { delivery, message: readMessage(row, deliveryColumns.length + 1), suspect: row[deliveryColumns.length] === 1 };
  }

  readonly #name = (id: number): string => this.#names.nameOf(id);

  #inTime(): number {
    if (performance.now() <= this.#deadlineMs) return 1;
    throw storeError('MORTISE_STORE_SLOW_QUESTION', 'The question took longer than it may.');
  }

  #rows(sql: string, ...parameters: readonly Value[]): readonly Row[] {
    return rowsOf(this.#statement(sql), ...parameters);
  }

  #row(sql: string, ...parameters: readonly Value[]): Row | undefined {
    return rowOf(this.#statement(sql), ...parameters);
  }

  #iterate(sql: string, ...parameters: readonly Value[]): Iterable<Row> {
    return this.#statement(sql).iterate(...parameters) as unknown as Iterable<Row>;
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql, { returnArrays: true });
    this.#statements.set(sql, statement);
    return statement;
  }
}

const inTime = `(d.seq & ${rowsPerLook - 1} OR in_time())`;
const selectDelivery = `SELECT ${deliveryColumns.map((column) => `d.${column}`).join(', ')} FROM deliveries d`;
const selectWaiting = `SELECT ${deliveryColumns.map((column) => `d.${column}`).join(', ')}, d.suspect,
  ${messageColumns.map((column) => `m.${column}`).join(', ')} FROM deliveries d JOIN messages m ON m.id = d.message`;

/** The bytes of the body that the row itself holds; a blob file is not read into memory. */
function bodyBytesInRow(row: Row): number {
  const body = row.at(-1);
  if (typeof row.at(-2) === 'number') return 0;
  return typeof body === 'string' ? body.length : body instanceof Uint8Array ? body.byteLength : 0;
}

/** The first and last id of the millisecond that an id was made in: all of a journey lies between. */
function rangeOf(id: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const [first, last] = [new Uint8Array(16), new Uint8Array(16).fill(255)];
  first.set(id.subarray(0, 6));
  last.set(id.subarray(0, 6));
  return [first, last];
}

function replyOf(row: Row, at: number): StoredReply {
  return readReply(row[at] ?? null, row[at + 1] ?? null, row[at + 2] ?? null, row[at + 3] ?? null);
}
