// Answers the store's questions, synchronously, from a connection that only reads.

import type { DatabaseSync } from 'node:sqlite';
import type { Json } from '@mortise/sdk';
import type { Balance, PeriodBalance, TroubleRow } from '../balance-rows.ts';
import type {
  BusinessKey,
  Droppable,
  DroppableAsk,
  ErasableJourney,
  JournalFilter,
  JournalRow,
  JourneyPage,
  StateKey,
  StoredDelivery,
  StoredHold,
  StoredJourney,
  StoredMember,
  StoredMessage,
  StoredReply,
  StoredState,
  WaitingDelivery,
} from '../store.ts';
import { storeError } from '../errors.ts';
import { requireChecksum } from './checksum.ts';
import { damagedDelivery, tellsDamage } from './damaged.ts';
import { readBalance, readPeriod, readTroubles } from './balance.ts';
import { readReply } from './body-row.ts';
import { deliveryLength, readDelivery, stateAt } from './delivery-row.ts';
import { findDroppable, findDroppableKeys, readUsedBytes } from './droppable.ts';
import { ErasableFinder } from './erasable.ts';
import { readHolds } from './holds.ts';
import { readJoined } from './joined.ts';
import { readJourneyMessages } from './journey.ts';
import { readJournal } from './journal.ts';
import { messageColumns, readMessage } from './message-row.ts';
import { Names } from './names.ts';
import { fixedOf, inTime, journeyRange, messageOf, outcomeOf } from './selects.ts';
import { Statements } from './statements.ts';
import { requireUuid, uuidToBytes } from './uuid.ts';
import type { Row } from './values.ts';
import { asNumber, asText, readJson } from './values.ts';

/** Of each table's row of a delivery; at the end whether it belongs there. Left joins: a row that is missing is damage, and is told. */
const openDelivery = `SELECT ${fixedOf}, ${outcomeOf('o')}, o.suspect, ${messageOf}, d.checksum,
  d.destination = o.destination AND NOT EXISTS (SELECT 1 FROM ended e WHERE e.seq = o.seq)
  FROM open o LEFT JOIN deliveries d ON d.seq = o.seq LEFT JOIN messages m ON m.seq = ifnull(d.message, d.seq)`;
const endedDelivery = `SELECT ${fixedOf}, ${outcomeOf('e')}, NULL, ${messageOf}, d.checksum, d.destination = e.destination
  FROM ended e LEFT JOIN deliveries d ON d.seq = e.seq LEFT JOIN messages m ON m.seq = ifnull(d.message, d.seq)`;
const messageAt = deliveryLength + 1;
const bodyAt = messageAt + messageColumns.length - 1;
const checksumAt = bodyAt + 2;

/** So many are looked at one by one where one of them is damaged. */
const damagedLimit = 100;

export class Reader {
  readonly #statements: Statements;
  readonly #names: Names;
  #deadlineMs = 0;

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
    this.#names = new Names(this.#statements);
    database.function('in_time', () => this.#inTime());
  }

  /** From now on, questions may take so long. */
  limit(timeoutMs: number): void {
    this.#deadlineMs = performance.now() + timeoutMs;
  }

  /** Asks in one read transaction: what is committed meanwhile is in all of the answer, or in nothing of it. */
  inOneView<T>(ask: () => T): T {
    this.#statements.run('BEGIN');
    try {
      return ask();
    } finally {
      this.#statements.run('COMMIT');
    }
  }

  waiting(destination: string, afterSeq: number, limit: number, bytesMax: number): readonly WaitingDelivery[] {
    const id = this.#names.find(destination);
    if (id === undefined) return [];
    try {
      return this.#waitingOf(id, afterSeq, limit, bytesMax);
    } catch (error) {
      if (!tellsDamage(error)) throw error;
      return this.#oneByOne(destination, id, afterSeq, Math.min(limit, damagedLimit));
    }
  }

  #waitingOf(id: number, afterSeq: number, limit: number, bytesMax: number): readonly WaitingDelivery[] {
    const found: WaitingDelivery[] = [];
    let bytes = 0;
    const sql = `${openDelivery} WHERE o.destination = ? AND o.seq > ? AND o.state = 0
      AND ${inTime('o.seq')} ORDER BY o.seq LIMIT ?`;
    for (const row of this.#statements.iterate(sql, id, afterSeq, limit)) {
      bytes += bodyBytesInRow(row);
      if (found.length > 0 && bytes > bytesMax) break;
      found.push(this.#waiting(row));
    }
    return found;
  }

  /** The same where some of them are damaged: those that are not go on. */
  #oneByOne(destination: string, id: number, afterSeq: number, limit: number): readonly WaitingDelivery[] {
    const sql = 'SELECT seq FROM open WHERE destination = ? AND seq > ? AND state = 0 ORDER BY seq LIMIT ?';
    return this.#statements.rows(sql, id, afterSeq, limit).map(([value]) => {
      const seq = asNumber(value);
      try {
        return this.#waiting(this.#statements.row(`${openDelivery} WHERE o.destination = ? AND o.seq = ?`, id, seq) ?? []);
      } catch (error) {
        if (!tellsDamage(error)) throw error;
        return damagedDelivery(this.#statements, this.#names, { seq, destination }, error);
      }
    });
  }

  delivery(by: { readonly seq: number } | { readonly id: string }): WaitingDelivery | undefined {
    const seq = 'seq' in by ? by.seq : this.#findDelivery(by.id);
    if (seq === undefined) return undefined;
    const destination = this.#statements.row('SELECT destination FROM deliveries WHERE seq = ?', seq)?.[0];
    if (destination === undefined) return undefined;
    try {
      const row =
        this.#statements.row(`${openDelivery} WHERE o.destination = ? AND o.seq = ?`, destination, seq) ??
        this.#statements.row(`${endedDelivery} WHERE e.seq = ?`, seq);
      return row && this.#waiting(row);
    } catch (error) {
      if (!tellsDamage(error)) throw error;
      return damagedDelivery(
        this.#statements,
        this.#names,
        { seq, destination: this.#names.nameOf(asNumber(destination)) },
        error,
      );
    }
  }

  heldDue(untilMs: number, limit: number): { readonly due: readonly number[]; readonly nextAtMs?: number } {
    const sql = 'SELECT seq, due_at FROM open WHERE state = 1 AND due_at IS NOT NULL ORDER BY due_at, seq LIMIT ?';
    const rows = this.#statements.rows(sql, limit + 1);
    const due = rows.filter((row) => asNumber(row[1]) <= untilMs).slice(0, limit);
    const next = rows[due.length];
    return { due: due.map((row) => asNumber(row[0])), ...(next && { nextAtMs: asNumber(next[1]) }) };
  }

  message(id: string): StoredMessage | undefined {
    requireUuid(id);
    const sql = `SELECT ${messageOf} FROM links l JOIN messages m ON m.seq = l.seq WHERE l.message = ? AND l.other = 0`;
    const row = this.#statements.row(sql, uuidToBytes(id));
    return row && readMessage(row, 0);
  }

  journey(root: string, page: JourneyPage): StoredJourney {
    requireUuid(root);
    const { messages, next } = readJourneyMessages(this.#statements, root, page);
    const deliveries = messages.flatMap(({ id }) => this.deliveriesOf(id));
    const joined = readJoined(this.#statements, messages, deliveries);
    return { messages, deliveries: deliveries.sort((a, b) => a.seq - b.seq), joined, ...(next === undefined ? {} : { next }) };
  }

  deliveriesOf(message: string): readonly StoredDelivery[] {
    requireUuid(message);
    const seqs = this.#statements.rows('SELECT seq FROM links WHERE message = ? AND in_time()', uuidToBytes(message));
    const found = seqs.map((row) => this.delivery({ seq: asNumber(row[0]) })?.delivery);
    return found.filter((delivery) => delivery !== undefined).sort((a, b) => a.seq - b.seq);
  }

  journal(filter: JournalFilter): readonly JournalRow[] {
    return readJournal(this.#statements, this.#names, filter);
  }

  entries(flow: string): ReadonlyMap<string, number> {
    const id = this.#names.find(flow);
    if (id === undefined) return new Map();
    const sql = `SELECT d.entry, count(*) FROM open o CROSS JOIN deliveries d ON d.seq = o.seq
      WHERE d.flow = ? AND d.entry IS NOT NULL AND in_time() GROUP BY d.entry`;
    return new Map(this.#statements.rows(sql, id).map((row) => [asText(row[0]), asNumber(row[1])]));
  }

  left(flow: string, drainsTo: number): { readonly waiting: number; readonly held: number } {
    const sql = `SELECT count(*) FILTER (WHERE o.state = 0), count(*) FILTER (WHERE o.state = 1)
      FROM open o CROSS JOIN deliveries d ON d.seq = o.seq WHERE d.flow = ? AND o.state < 2
      AND (d.entry IS NOT NULL OR o.destination <> ? OR o.seq <= ?) AND ${inTime('o.seq')}`;
    const [id = -1, destination = -1] = [this.#names.find(flow), this.#names.find(`flow:${flow}`)];
    const [waiting, held] = this.#statements.row(sql, id, destination, drainsTo) ?? [];
    return { waiting: asNumber(waiting), held: asNumber(held) };
  }

  state({ flow, step, key }: StateKey, nowMs: number): StoredState | undefined {
    const sql = 'SELECT version, until, value, checksum FROM states WHERE flow = ? AND step = ? AND key = ?';
    const [version, until, value, checksum] = this.#statements.row(sql, flow, step, key) ?? [];
    if (version === undefined) return undefined;
    requireChecksum(
      [flow, step, key, version, until, value],
      checksum,
      () => `What step ${step} of flow ${flow} keeps under "${key}"`,
    );
    if (typeof until === 'number' && until <= nowMs) return undefined;
    return { version: asNumber(version), value: readJson<Json>(value), ...(typeof until === 'number' && { untilMs: until }) };
  }

  members({ flow, step, key }: StateKey, afterPlace: number, limit: number, bytesMax: number): readonly StoredMember[] {
    const sql = `SELECT m.place, m.seq FROM states s CROSS JOIN members m ON m.state = s.id
      WHERE s.flow = ? AND s.step = ? AND s.key = ? AND m.place > ? AND ${inTime('m.seq')} ORDER BY m.place LIMIT ?`;
    const found: StoredMember[] = [];
    let bytes = 0;
    for (const [place, seq] of this.#statements.rows(sql, flow, step, key, afterPlace, limit)) {
      const row = this.delivery({ seq: asNumber(seq) });
      if (!row) throw storeError('MORTISE_STORE_CORRUPT', `Delivery ${String(seq)} is a member of "${key}" and is not there.`);
      bytes += row.message.body.kind === 'json' ? row.message.body.text.length : 0;
      if (found.length > 0 && bytes > bytesMax) break;
      found.push({ place: asNumber(place), delivery: row.delivery, message: row.message });
    }
    return found;
  }

  calls(delivery: string): ReadonlyMap<string, StoredReply> {
    requireUuid(delivery);
    const sql = 'SELECT call, about, body_kind, blob_bytes, body, checksum FROM calls WHERE delivery = ?';
    const rows = this.#statements.rows(sql, uuidToBytes(delivery));
    for (const row of rows)
      requireChecksum([delivery, ...row.slice(0, 5)], row[5], () => `The reply to a call of delivery ${delivery}`);
    return new Map(rows.map((row) => [asText(row[0]), replyOf(row, 1)]));
  }

  reply(root: string): StoredReply | undefined {
    requireUuid(root);
    const sql = 'SELECT about, body_kind, blob_bytes, body, checksum FROM replies WHERE root = ?';
    const row = this.#statements.row(sql, uuidToBytes(root));
    if (row) requireChecksum([root, ...row.slice(0, 4)], row[4], () => `The reply to message ${root}`);
    return row && replyOf(row, 0);
  }

  cursor(scope: string): Json | undefined {
    const row = this.#statements.row('SELECT value, checksum FROM cursors WHERE scope = ?', scope);
    if (row) requireChecksum([scope, row[0]], row[1], () => `The cursor of ${scope}`);
    return row && readJson<Json>(row[0]);
  }

  balance(): Balance {
    return readBalance(this.#statements, this.#names);
  }

  troubles(): readonly TroubleRow[] {
    return readTroubles(this.#statements, this.#names);
  }

  period(fromMs: number, untilMs: number): PeriodBalance {
    return readPeriod(this.#statements, this.#names, fromMs, untilMs);
  }

  droppable(ask: DroppableAsk): Droppable {
    return findDroppable(this.#statements, ask);
  }

  droppableKeys(ask: { readonly beforeMs: number; readonly after: number; readonly limit: number }): Droppable {
    return findDroppableKeys(this.#statements, ask);
  }

  erasable(key: BusinessKey): readonly ErasableJourney[] {
    return new ErasableFinder(this.#statements, this.#names).find(key);
  }

  holds(): readonly StoredHold[] {
    return readHolds(this.#statements);
  }

  usedBytes(): number {
    return readUsedBytes(this.#statements);
  }

  blobs(): ReadonlySet<string> {
    const tables = ['messages', 'calls', 'replies'].map((table) => `SELECT body FROM ${table} WHERE body_kind > 1 AND in_time()`);
    return new Set(this.#statements.rows(tables.join(' UNION ALL ')).map((row) => asText(row[0])));
  }

  /** There is no index by the ids of deliveries: they begin with the same millisecond as their message's id. */
  #findDelivery(id: string): number | undefined {
    requireUuid(id);
    const [first, last, bytes] = journeyRange(uuidToBytes(id));
    const sql = `SELECT d.seq FROM links l CROSS JOIN deliveries d ON d.seq = l.seq
      WHERE l.message BETWEEN ? AND ? AND d.id = ? AND in_time()`;
    const row = this.#statements.row(sql, first, last, bytes);
    return row && asNumber(row[0]);
  }

  #waiting(row: Row): WaitingDelivery {
    const delivery = readDelivery(row, 0, (id) => this.#names.nameOf(id));
    const message = readMessage(row, messageAt);
    const { seq, destination, flow } = delivery;
    const values = [seq, delivery.id, message.id, row[3] && delivery.parent, destination, flow, ...row.slice(6, stateAt)];
    requireChecksum(values, row[checksumAt], () => `Delivery ${delivery.id}`);
    if (row[checksumAt + 1] !== 1) throw storeError('MORTISE_STORE_CORRUPT', `Delivery ${seq} stands where it does not belong.`);
    return { delivery, message, suspect: row[deliveryLength] === 1 };
  }

  #inTime(): number {
    if (performance.now() <= this.#deadlineMs) return 1;
    throw storeError('MORTISE_STORE_SLOW_QUESTION', 'The question took longer than it may.');
  }
}

/** The bytes of the body that the row itself holds; a blob file is not read into memory. */
function bodyBytesInRow(row: Row): number {
  const body = row[bodyAt];
  if (typeof row[bodyAt - 1] === 'number') return 0;
  return typeof body === 'string' ? body.length : body instanceof Uint8Array ? body.byteLength : 0;
}

function replyOf(row: Row, at: number): StoredReply {
  return readReply(row[at] ?? null, row[at + 1] ?? null, row[at + 2] ?? null, row[at + 3] ?? null);
}
