// Erases journeys: what their rows say of a person is overwritten, the rows stay and are counted as before.

import type { DatabaseSync } from 'node:sqlite';
import type { ErasableJourney } from '../store.ts';
import { kinds } from './body-row.ts';
import { checksumOf } from './checksum.ts';
import { Conflict } from './conflict.ts';
import { fixedColumns } from './delivery-row.ts';
import { HeldJourneys } from './holds.ts';
import { messageColumns, messageIdCount } from './message-row.ts';
import type { Names } from './names.ts';
import { stateCodes } from './schema.ts';
import type { Statements } from './statements.ts';
import { bytesToUuid, uuidToBytes } from './uuid.ts';
import type { Packed, Row, Value } from './values.ts';
import { asBytes, asNumber } from './values.ts';

/** What of a message is not kept, with what stands there then. */
const takenOfMessage: Readonly<Partial<Record<(typeof messageColumns)[number], Value>>> = {
  subject: null,
  headers: null,
  keys: null,
  variables: null,
  message_key: null,
  body_kind: kinds.erased,
  blob_bytes: null,
  body: '',
};
const takenNames = Object.keys(takenOfMessage);
const selectMessage = `SELECT ${messageColumns.join(', ')} FROM messages WHERE seq = ?`;
const updateMessage = `UPDATE messages SET ${[...takenNames, 'checksum'].map((name) => `${name} = ?`).join(', ')} WHERE seq = ?`;

const selectDelivery = `SELECT ${fixedColumns.map((name) => (name === 'message' ? 'm.id' : `d.${name}`)).join(', ')}
  FROM deliveries d CROSS JOIN messages m ON m.seq = ifnull(d.message, d.seq) WHERE d.seq = ?`;
const updateDelivery = 'UPDATE deliveries SET lane = NULL, options = NULL, checksum = ? WHERE seq = ?';
/** The code stays: failures are counted by it. */
const updateEnded = `UPDATE ended SET detail = NULL, journal = NULL,
  error = CASE WHEN error IS NULL THEN NULL ELSE json_object('code', json_extract(error, '$.code'), 'message', 'erased', 'remedy', '') END
  WHERE seq = ?`;
const countOpen = `SELECT count(*) FROM json_each(?) j CROSS JOIN deliveries d ON d.seq = j.value
  LEFT JOIN ended e ON e.seq = d.seq WHERE e.seq IS NULL OR e.state = ${stateCodes.dead}`;
const forgetState = `DELETE FROM states WHERE key = ? AND flow = ? AND NOT EXISTS (SELECT 1 FROM members m WHERE m.state = states.id)`;

export class Eraser {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #names: Names;

  constructor(database: DatabaseSync, statements: Statements, names: Names) {
    this.#database = database;
    this.#statements = statements;
    this.#names = names;
  }

  /** Throws a Conflict where the journey may not be erased as it is now. */
  require({ root, deliveries }: ErasableJourney): void {
    const [hold] = new HeldJourneys(this.#statements).holding(uuidToBytes(root));
    if (hold !== undefined) throw new Conflict(`Journey ${root} is under legal hold ${hold}`);
    const open = asNumber(this.#statements.row(countOpen, JSON.stringify(deliveries))?.[0]);
    if (open > 0) throw new Conflict(`${open} deliveries of journey ${root} may still be delivered`);
  }

  erase({ root, messages, deliveries, once, stateKeys }: ErasableJourney): void {
    // Pages that become free are overwritten too, as long as this goes on.
    this.#database.exec('PRAGMA secure_delete = ON');
    try {
      const flows = new Set(deliveries.map((seq) => this.#delivery(seq)));
      for (const seq of messages) this.#message(seq);
      for (const flow of flows) for (const key of stateKeys) this.#statements.run(forgetState, key, flow);
      for (const n of once) this.#statements.run('DELETE FROM once WHERE n = ?', n);
      this.#statements.run('DELETE FROM dedupe WHERE root = ?', uuidToBytes(root));
      this.#statements.run('DELETE FROM replies WHERE root = ?', uuidToBytes(root));
    } finally {
      this.#database.exec('PRAGMA secure_delete = FAST');
    }
  }

  #message(seq: number): void {
    const row = this.#statements.row(selectMessage, seq);
    if (!row) return;
    const values = messageColumns.map((name, i): Packed => {
      if (name in takenOfMessage) return takenOfMessage[name];
      return i < messageIdCount ? idText(row, i) : row[i];
    });
    this.#statements.run(updateMessage, ...Object.values(takenOfMessage), checksumOf(values), seq);
  }

  /** Gives the flow. */
  #delivery(seq: number): string {
    const row = this.#statements.row(selectDelivery, seq) ?? [];
    const name = (at: number): string => this.#names.nameOf(asNumber(row[at]));
    const values = fixedColumns.map((column, i): Packed => {
      if (column === 'lane' || column === 'options') return null;
      if (column === 'destination' || column === 'flow') return name(i);
      return column === 'id' || column === 'message' || column === 'parent' ? idText(row, i) : row[i];
    });
    this.#statements.run(updateDelivery, checksumOf(values), seq);
    this.#statements.run(updateEnded, seq);
    this.#statements.run('DELETE FROM calls WHERE delivery = ?', asBytes(row[1]));
    return name(fixedColumns.indexOf('flow'));
  }
}

function idText(row: Row, at: number): string | null {
  const value = row[at];
  return value instanceof Uint8Array ? bytesToUuid(value) : null;
}
