// A delivery, and a change of one, as columns and back.

import type { Json } from '@mortise/sdk';
import type { DeliveryState } from '../delivery-state.ts';
import type { DeliveryChange, StoredDelivery, StoredError } from '../store.ts';
import { storeError } from '../errors.ts';
import { stateCodes } from './schema.ts';
import { bytesToUuid, requireUuid } from './uuid.ts';
import type { Packed, Row, Value } from './values.ts';
import { asBytes, asNumber, readJson } from './values.ts';

/** What never changes, in the order in which it is packed. `message` is a number in the file, names are too. */
export const fixedColumns = [
  'seq',
  'id',
  'message',
  'parent',
  'destination',
  'flow',
  'entry',
  'lane',
  'options',
  'created_at',
] as const;

/** What may change besides the state, in the order in which it is packed and read. */
export const outcomeColumns = [
  'attempts',
  'due_at',
  'ended_at',
  'revision',
  'error',
  'detail',
  'journal',
  'outputs',
  'holds_lane',
  'crashes',
] as const;

/** Where in a packed delivery the state stands, with the outcome behind it. */
export const stateAt = fixedColumns.length;
export const deliveryLength = stateAt + 1 + outcomeColumns.length;
/** A packed change: seq, mask of the states it may come from, marked, state, outcome. */
export const changeLength = 4 + outcomeColumns.length;

const statesByCode = new Map(Object.entries(stateCodes).map(([state, code]) => [code, state as DeliveryState]));

/** Adds `fixedColumns`, the state and the outcome; ids as text, which was checked. */
export function packDelivery(values: Packed[], delivery: StoredDelivery): void {
  requireSeq(delivery.seq);
  requireUuid(delivery.message);
  requireUuid(delivery.id);
  if (delivery.parent !== undefined) requireUuid(delivery.parent);
  values.push(delivery.seq, delivery.id, delivery.message, delivery.parent ?? null, delivery.destination, delivery.flow);
  values.push(delivery.entry ?? null, delivery.lane ?? null, packJson(delivery.options) ?? null, delivery.createdAtMs);
  values.push(stateCodes[delivery.state], delivery.attempts, delivery.dueAtMs ?? null, delivery.endedAtMs ?? null);
  values.push(delivery.revision ?? null, packJson(delivery.error) ?? null, delivery.detail ?? null);
  values.push(packJson(delivery.journal) ?? null, delivery.outputs ?? null, packFlag(delivery.holdsLane) ?? null);
  values.push(delivery.crashes ?? null);
}

/** Adds a change; undefined stands for what it leaves as it is. */
export function packChange(values: Packed[], change: DeliveryChange): void {
  let fromMask = 0;
  for (const state of change.from) fromMask |= 1 << stateCodes[state];
  values.push(change.seq, fromMask, change.marked === true ? 1 : null, stateCodes[change.state]);
  values.push(change.attempts, change.dueAtMs, change.endedAtMs, change.revision, packTaken(change.error), change.detail);
  values.push(packTaken(change.journal), change.outputs, packFlag(change.holdsLane), change.crashes);
}

/**
 * Reads `fixedColumns`, the state and the outcome, which begin at `at`; the message's id stands in place of its number.
 * `name` tells the names that stand as numbers.
 */
export function readDelivery(row: Row, at: number, name: (id: number) => string): StoredDelivery {
  const [parent, entry, lane, options] = [row[at + 3], row[at + 6], row[at + 7], row[at + 8]];
  return {
    seq: asNumber(row[at]),
    id: bytesToUuid(asBytes(row[at + 1])),
    message: bytesToUuid(asBytes(row[at + 2])),
    ...(parent instanceof Uint8Array && { parent: bytesToUuid(parent) }),
    destination: name(asNumber(row[at + 4])),
    flow: name(asNumber(row[at + 5])),
    ...(typeof entry === 'string' && { entry }),
    ...(typeof lane === 'string' && { lane }),
    ...(typeof options === 'string' && { options: readJson<Json>(options) }),
    createdAtMs: asNumber(row[at + 9]),
    state: readState(row[at + stateAt]),
    ...readOutcome(row, at + stateAt + 1),
  };
}

/** The state that a column says. */
export function readState(value: Value | undefined): DeliveryState {
  const state = statesByCode.get(asNumber(value));
  if (state) return state;
  throw storeError('MORTISE_STORE_CORRUPT', `A delivery is in state ${String(value)}; expected one of ${statesByCode.size}.`);
}

function readOutcome(
  row: Row,
  at: number,
): Omit<StoredDelivery, 'state' | 'seq' | 'id' | 'message' | 'destination' | 'flow' | 'createdAtMs'> {
  const [dueAtMs, endedAtMs, revision, error, detail] = [row[at + 1], row[at + 2], row[at + 3], row[at + 4], row[at + 5]];
  const [journal, outputs, holdsLane, crashes] = [row[at + 6], row[at + 7], row[at + 8], row[at + 9]];
  return {
    attempts: asNumber(row[at]),
    ...(typeof dueAtMs === 'number' && { dueAtMs }),
    ...(typeof endedAtMs === 'number' && { endedAtMs }),
    ...(typeof revision === 'string' && { revision }),
    ...(typeof error === 'string' && { error: readJson<StoredError>(error) }),
    ...(typeof detail === 'string' && { detail }),
    ...(typeof journal === 'string' && { journal: readJson<Json>(journal) }),
    ...(typeof outputs === 'number' && { outputs }),
    ...(typeof holdsLane === 'number' && { holdsLane: holdsLane === 1 }),
    ...(typeof crashes === 'number' && { crashes }),
  };
}

function requireSeq(seq: number): void {
  if (Number.isSafeInteger(seq) && seq > 0) return;
  throw storeError('MORTISE_STORE_VALUE', `${seq} is no sequence number: expected one that takeSeq gave.`);
}

/** JSON text of what a change sets; null takes it away. */
function packTaken(value: Json | StoredError | undefined): string | null | undefined {
  return value === null ? null : packJson(value);
}

function packJson(value: Json | StoredError | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function packFlag(flag: boolean | undefined): number | undefined {
  return flag === undefined ? undefined : flag ? 1 : 0;
}
