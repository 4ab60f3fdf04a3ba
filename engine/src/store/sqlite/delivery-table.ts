// Writes deliveries and changes of them: what never changes, what is open, what has ended.

import { Conflict } from './conflict.ts';
import { deliveryLength, outcomeColumns, stateAt } from './delivery-row.ts';
import type { Names } from './names.ts';
import { RecentDestinations } from './recent.ts';
import { openStateMax } from './schema.ts';
import type { Statements } from './statements.ts';
import { uuidToBytes } from './uuid.ts';
import type { Packed, Value } from './values.ts';
import { asNumber, asText } from './values.ts';

const outcome = outcomeColumns.join(', ');
const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

const insertFixed = `INSERT INTO deliveries VALUES (${marks(stateAt)})`;
const insertLink = 'INSERT INTO links VALUES (?, ?, ?, NULL)';
const insertPlain = 'INSERT INTO open (destination, seq, state, plain, attempts) VALUES (?, ?, ?, 1, 0)';
const insertOpen = `INSERT INTO open (destination, seq, state, suspect, marked, ${outcome}) VALUES (${marks(15)})`;
const insertEnded = `INSERT INTO ended (seq, destination, state, ${outcome}) VALUES (${marks(13)})`;
const deletePlain = 'DELETE FROM open WHERE destination = ? AND seq = ? AND plain AND 1 << state & ?';
const deleteOpen = 'DELETE FROM open WHERE destination = ? AND seq = ?';
const deleteEnded = 'DELETE FROM ended WHERE seq = ?';
const selectOpen = `SELECT state, suspect, ${outcome} FROM open WHERE destination = ? AND seq = ?`;
const selectEnded = `SELECT state, NULL, ${outcome} FROM ended WHERE seq = ?`;
const selectDestination = 'SELECT destination FROM deliveries WHERE seq = ?';
const selectMessage = 'SELECT seq FROM links WHERE message = ? AND other = 0';

export class DeliveryTable {
  readonly #statements: Statements;
  readonly #names: Names;
  readonly #destinations = new RecentDestinations();

  constructor(statements: Statements, names: Names) {
    this.#statements = statements;
    this.#names = names;
  }

  /** Adds the delivery that is packed at `at`, whose message stands in row `carrier` if the commit brought it; tells its destination. */
  insert(commit: readonly Packed[], at: number, carrier: Packed): number {
    const seq = asNumber(commit[at]);
    const message = idBytes(commit[at + 2]);
    const destination = this.#names.idOf(asText(commit[at + 4]));
    const messageSeq = carrier ?? this.#findMessage(message, commit[at + 2]);
    const fixed = [seq, idBytes(commit[at + 1]), messageSeq === seq ? null : messageSeq, idBytes(commit[at + 3]), destination];
    this.#statements.run(insertFixed, ...fixed, this.#names.idOf(asText(commit[at + 5])), ...settled(commit, at + 6, at + stateAt));
    if (messageSeq !== seq) this.#statements.run(insertLink, message, seq, seq);
    this.#insertState(seq, destination, asNumber(commit[at + stateAt]), settled(commit, at + stateAt + 1, at + deliveryLength));
    return destination;
  }

  /** Carries out the change that is packed at `at`. Throws a Conflict, before it writes, where the delivery is in another state. */
  change(commit: readonly Packed[], at: number): void {
    const [seq, fromMask, state] = [asNumber(commit[at]), asNumber(commit[at + 1]), asNumber(commit[at + 3])];
    const destination = this.#destinations.get(seq) ?? this.#findDestination(seq);
    const changes = commit.slice(at + 4, at + 4 + outcomeColumns.length);
    if (state > openStateMax && this.#statements.run(deletePlain, destination, seq, fromMask) === 1) {
      const [attempts = 0, ...rest] = changes;
      this.#statements.run(insertEnded, seq, destination, state, attempts, ...settled(rest, 0, rest.length));
      return;
    }
    this.#move(seq, destination, fromMask, commit[at + 2] ?? null, state, changes);
  }

  /** What the short way cannot do: the delivery stays open, comes back, or has an outcome that the change keeps in part. */
  #move(seq: number, destination: number, fromMask: number, marked: Value, state: number, changes: readonly Packed[]): void {
    const open = this.#statements.row(selectOpen, destination, seq);
    const [found, suspect, ...before] = open ?? this.#statements.row(selectEnded, seq) ?? [];
    if (found === undefined || !((1 << asNumber(found)) & fromMask)) throw new Conflict(`Delivery ${seq} is not in a state to be changed so`);
    const after = before.map((value, i) => (changes[i] === undefined ? value : changes[i]));
    if (open) this.#statements.run(deleteOpen, destination, seq);
    else this.#statements.run(deleteEnded, seq);
    if (state > openStateMax) this.#statements.run(insertEnded, seq, destination, state, ...after);
    else this.#statements.run(insertOpen, destination, seq, state, marked && (suspect ?? null), marked, ...after);
  }

  #insertState(seq: number, destination: number, state: number, after: readonly Value[]): void {
    if (state > openStateMax) {
      this.#statements.run(insertEnded, seq, destination, state, ...after);
      return;
    }
    this.#destinations.set(seq, destination);
    if (after[0] === 0 && after.every((value, i) => i === 0 || value === null)) this.#statements.run(insertPlain, destination, seq, state);
    else this.#statements.run(insertOpen, destination, seq, state, null, null, ...after);
  }

  #findDestination(seq: number): number {
    const row = this.#statements.row(selectDestination, seq);
    if (!row) throw new Conflict(`There is no delivery ${seq}`);
    const destination = asNumber(row[0]);
    this.#destinations.set(seq, destination);
    return destination;
  }

  #findMessage(message: Value, id: Packed): number {
    const row = this.#statements.row(selectMessage, message);
    if (!row) throw new Conflict(`There is no message ${String(id)} for the delivery`);
    return asNumber(row[0]);
  }
}

/** The bytes of an id that is packed as text. */
export function idBytes(value: Packed): Value {
  return typeof value === 'string' ? uuidToBytes(value) : null;
}

/** Packed values as values of columns. */
function settled(values: readonly Packed[], from: number, to: number): readonly Value[] {
  const columns: Value[] = [];
  for (let i = from; i < to; i++) columns.push(values[i] ?? null);
  return columns;
}
