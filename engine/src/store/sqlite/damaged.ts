// What is left of a delivery whose rows are damaged: enough to set it aside, so that it holds up no others.

import { MortiseError } from '@mortise/sdk/errors';
import type { StoredDelivery, StoredMessage, WaitingDelivery } from '../store.ts';
import { deliveryLength, fixedColumns, readDelivery } from './delivery-row.ts';
import type { Names } from './names.ts';
import { outcomeOf } from './selects.ts';
import { tellError } from './sqlite-error.ts';
import type { Statements } from './statements.ts';

const noId = '00000000-0000-0000-0000-000000000000';
/** The message's id is not read: it may be what is damaged. */
const fixed = fixedColumns.map((column) => (column === 'message' ? 'zeroblob(16)' : `d.${column}`)).join(', ');
const selectOpen = `SELECT ${fixed}, ${outcomeOf('o')}, d.checksum
  FROM open o CROSS JOIN deliveries d ON d.seq = o.seq WHERE o.destination = ? AND o.seq = ?`;

/** Whether an error says that what was read is damaged. */
export function tellsDamage(error: unknown): boolean {
  return tellError(error).code === 'MORTISE_STORE_CORRUPT';
}

/** A delivery that waits for `destination`, with an empty message in place of the one that cannot be read. */
export function damagedDelivery(
  statements: Statements,
  names: Names,
  { seq, destination }: { readonly seq: number; readonly destination: string },
  error: unknown,
): WaitingDelivery {
  const delivery = salvage(statements, names, seq, destination) ?? {
    seq,
    id: noId,
    message: noId,
    destination,
    flow: '',
    state: 'waiting',
    attempts: 0,
    createdAtMs: 0,
  };
  return { delivery, message: emptyMessage(delivery), suspect: false, damage: reasonOf(error) };
}

/** What can be read of the delivery itself. */
function salvage(statements: Statements, names: Names, seq: number, destination: string): StoredDelivery | undefined {
  try {
    const row = statements.row(selectOpen, names.find(destination) ?? -1, seq);
    return row && row.length > deliveryLength ? { ...readDelivery(row, 0, (id) => names.nameOf(id)), destination } : undefined;
  } catch (error) {
    if (tellsDamage(error)) return undefined;
    throw error;
  }
}

function emptyMessage({ message, createdAtMs }: StoredDelivery): StoredMessage {
  return {
    id: message,
    root: message,
    source: '',
    type: '',
    time: new Date(0).toISOString(),
    headers: {},
    keys: {},
    variables: {},
    acceptedAtMs: createdAtMs,
    body: { kind: 'json', text: 'null' },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof MortiseError ? error.message : tellError(error).message;
}
