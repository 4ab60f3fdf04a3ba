// Writes deliveries and changes of them: what never changes, what is open, what has ended.

import { checksumOf } from './checksum.ts';
import { Conflict } from './conflict.ts';
import { outcomeColumns, stateAt } from './delivery-row.ts';
import type { Names } from './names.ts';
import { RecentDestinations } from './recent.ts';
import { openStateMax } from './schema.ts';
import type { Statements } from './statements.ts';
import type { Tables } from './tables.ts';
import { uuidToBytes } from './uuid.ts';
import type { Packed, Value } from './values.ts';
import { asNumber, asText } from './values.ts';

const outcome = outcomeColumns.join(', ');
const outcomeLength = outcomeColumns.length;

const deletePlain = 'DELETE FROM open WHERE destination = ? AND seq = ? AND plain AND 1 << state & ?';
const deleteOpen = 'DELETE FROM open WHERE destination = ? AND seq = ?';
const deleteEnded = 'DELETE FROM ended WHERE seq = ?';
const selectOpen = `SELECT state, suspect, ${outcome} FROM open WHERE destination = ? AND seq = ?`;
const selectEnded = `SELECT state, NULL, ${outcome} FROM ended WHERE seq = ?`;
const selectDestination = 'SELECT destination FROM deliveries WHERE seq = ?';
const selectMessage = 'SELECT seq FROM links WHERE message = ? AND other = 0';

export class DeliveryTable {
  readonly #statements: Statements;
  readonly #tables: Tables;
  readonly #names: Names;
  readonly #destinations = new RecentDestinations();

  constructor(statements: Statements, tables: Tables, names: Names) {
    this.#statements = statements;
    this.#tables = tables;
    this.#names = names;
  }

  /** Adds the delivery that is packed at `at`, whose message stands in row `carrier` if the commit brought it; tells its destination. */
  insert(commit: readonly Packed[], at: number, carrier: Packed): number {
    const seq = asNumber(commit[at]);
    const message = idBytes(commit[at + 2]);
    const destination = this.#names.idOf(asText(commit[at + 4]));
    const messageSeq = carrier ?? this.#findMessage(message, commit[at + 2]);
    const { deliveries, links } = this.#tables;
    deliveries.next.push(
      seq,
      idBytes(commit[at + 1]),
      messageSeq === seq ? null : messageSeq,
      idBytes(commit[at + 3]),
      destination,
    );
    deliveries.next.push(this.#names.idOf(asText(commit[at + 5])));
    pushPacked(deliveries.next, commit, at + 6, at + stateAt);
    deliveries.next.push(checksumOf(commit.slice(at, at + stateAt)));
    deliveries.added();
    if (messageSeq !== seq) {
      links.next.push(message, seq, seq, null);
      links.added();
    }
    this.#insertState(seq, destination, commit, at + stateAt);
    return destination;
  }

  /** Carries out the change that is packed at `at`. Throws a Conflict, before it writes, where the delivery is in another state. */
  change(commit: readonly Packed[], at: number): void {
    const [seq, fromMask, state] = [asNumber(commit[at]), asNumber(commit[at + 1]), asNumber(commit[at + 3])];
    const { ended, plain } = this.#tables;
    const destination = this.#destinations.get(seq) ?? this.#findDestination(seq);
    if (!plain.isEmpty) plain.flush();
    if (state > openStateMax && this.#statements.run(deletePlain, destination, seq, fromMask) === 1) {
      ended.next.push(seq, destination, state, commit[at + 4] ?? 0);
      pushPacked(ended.next, commit, at + 5, at + 4 + outcomeLength);
      ended.added();
      return;
    }
    this.#move(seq, destination, fromMask, commit[at + 2] ?? null, state, commit.slice(at + 4, at + 4 + outcomeLength));
  }

  /** What the short way cannot do: the delivery stays open, comes back, or has an outcome that the change keeps in part. */
  #move(seq: number, destination: number, fromMask: number, marked: Value, state: number, changes: readonly Packed[]): void {
    this.#tables.flush();
    const row = this.#statements.row(selectOpen, destination, seq);
    const [found, suspect = null, ...before] = row ?? this.#statements.row(selectEnded, seq) ?? [];
    if (found === undefined || !((1 << asNumber(found)) & fromMask))
      throw new Conflict(`Delivery ${seq} is not in a state to be changed so`);
    const after = before.map((value, i) => (changes[i] === undefined ? value : changes[i]));
    if (row) this.#statements.run(deleteOpen, destination, seq);
    else this.#statements.run(deleteEnded, seq);
    if (state > openStateMax) this.#insertEnded(seq, destination, state, after, 0);
    else this.#insertOpen(seq, destination, state, marked && suspect, marked, after, 0);
  }

  /** `from` is where the state stands, with the outcome behind it. */
  #insertState(seq: number, destination: number, commit: readonly Packed[], from: number): void {
    const state = asNumber(commit[from]);
    if (state > openStateMax) {
      this.#insertEnded(seq, destination, state, commit, from + 1);
      return;
    }
    this.#destinations.set(seq, destination);
    if (!isPlain(commit, from + 1)) {
      this.#insertOpen(seq, destination, state, null, null, commit, from + 1);
      return;
    }
    this.#tables.plain.next.push(destination, seq, state, 0, 1);
    this.#tables.plain.added();
  }

  #insertOpen(
    seq: number,
    destination: number,
    state: number,
    suspect: Value,
    marked: Value,
    values: readonly Packed[],
    from: number,
  ): void {
    const { open } = this.#tables;
    open.next.push(destination, seq, state, suspect, marked);
    pushPacked(open.next, values, from, from + outcomeLength);
    open.added();
  }

  #insertEnded(seq: number, destination: number, state: number, values: readonly Packed[], from: number): void {
    const { ended } = this.#tables;
    ended.next.push(seq, destination, state);
    pushPacked(ended.next, values, from, from + outcomeLength);
    ended.added();
  }

  #findDestination(seq: number): number {
    this.#tables.flush();
    const row = this.#statements.row(selectDestination, seq);
    if (!row) throw new Conflict(`There is no delivery ${seq}`);
    const destination = asNumber(row[0]);
    this.#destinations.set(seq, destination);
    return destination;
  }

  #findMessage(message: Value, id: Packed): number {
    this.#tables.flush();
    const row = this.#statements.row(selectMessage, message);
    if (!row) throw new Conflict(`There is no message ${String(id)} for the delivery`);
    return asNumber(row[0]);
  }
}

/** The bytes of an id that is packed as text. */
export function idBytes(value: Packed): Value {
  return typeof value === 'string' ? uuidToBytes(value) : null;
}

/** Adds packed values as values of columns. */
export function pushPacked(values: Value[], packed: readonly Packed[], from: number, to: number): void {
  for (let i = from; i < to; i++) values.push(packed[i] ?? null);
}

/** No attempt, and nothing else of an outcome. */
function isPlain(values: readonly Packed[], from: number): boolean {
  if (values[from] !== 0) return false;
  for (let i = from + 1; i < from + outcomeLength; i++) if (values[i] !== null) return false;
  return true;
}
