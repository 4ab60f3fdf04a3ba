// A commit as one flat list of values: cheap to hand to the store's thread, and checked before anything is handed over.

import type { Commit, StateChange, StoredDelivery, StoredMessage } from '../store.ts';
import { storeError } from '../errors.ts';
import { stateCodes } from './schema.ts';
import { packReply } from './body-row.ts';
import { packChange, packDelivery } from './delivery-row.ts';
import { packMessage } from './message-row.ts';
import type { SeenKeys } from './seen-keys.ts';
import { requireUuid } from './uuid.ts';
import type { Packed } from './values.ts';

/** The word that opens each part of a packed commit. */
export const parts = {
  once: 1,
  change: 2,
  message: 3,
  delivery: 4,
  call: 5,
  reply: 6,
  released: 7,
  dedupe: 8,
  key: 9,
  mark: 10,
  cursor: 11,
  pause: 12,
  resume: 13,
  file: 14,
  drop: 15,
  state: 16,
  join: 17,
  leave: 18,
  forget: 19,
  hold: 20,
  lift: 21,
  erase: 22,
};

/** Packs a commit in the order in which it is carried out, and notes its keys. Throws MORTISE_STORE_VALUE for ids that are none. */
export function packCommit(commit: Commit, seen: SeenKeys, nowMs: number): readonly Packed[] {
  const values: Packed[] = [];
  const { once, messages = [], deliveries = [] } = commit;
  if (once) {
    const { hash, known } = seen.addOnce(once.scope, once.key, once.keepUntilMs, nowMs);
    values.push(parts.once, once.scope, once.key, JSON.stringify(once.messages), once.keepUntilMs, hash, known);
  }
  for (const change of commit.changes ?? []) packChange(push(values, parts.change), change);
  const carriers = findCarriers(messages, deliveries);
  for (const message of messages) packMessage(push(values, parts.message, carriers.get(message.id)), message);
  for (const delivery of deliveries) packDelivery(push(values, parts.delivery, carriers.get(delivery.message)), delivery);
  for (const state of commit.states ?? []) packState(values, state, deliveries);
  packKeys(values, commit, seen, nowMs);
  packRest(values, commit);
  return values;
}

/** A change of a state, then those who join it, then those who leave it: the latter belong to the state before them. */
function packState(values: Packed[], change: StateChange, deliveries: readonly StoredDelivery[]): void {
  const { flow, step, key, was, version, value, untilMs, join = [], leave = [] } = change;
  const text = value === null ? null : JSON.stringify(value);
  values.push(parts.state, flow, step, key, was, version, text, untilMs ?? null);
  const seqs = join.length > 0 ? new Map(deliveries.map(({ id, seq }) => [id, seq])) : undefined;
  for (const { place, delivery } of join) {
    const seq = seqs?.get(delivery);
    if (seq === undefined)
      throw storeError('MORTISE_STORE_VALUE', `Delivery ${delivery} cannot join: the commit does not bring it.`);
    values.push(parts.join, place, seq);
  }
  for (const { from, through, state, endedAtMs, into } of leave) {
    if (into !== undefined) requireUuid(into);
    values.push(parts.leave, from, through, stateCodes[state], endedAtMs, into ?? null);
  }
  if (value === null) values.push(parts.forget);
}

/** Roughly how many bytes wait in memory for a packed commit. */
export function packedBytes(values: readonly Packed[]): number {
  let bytes = 8 * values.length;
  for (const value of values) {
    if (typeof value === 'string') bytes += value.length;
    else if (value instanceof Uint8Array) bytes += value.byteLength;
  }
  return bytes;
}

/** Of each message the number of the first delivery in the commit that carries it: the message's row has the same number. */
function findCarriers(
  messages: readonly StoredMessage[],
  deliveries: readonly StoredDelivery[],
): { get(message: string): number | undefined } {
  const [message, delivery] = [messages[0], deliveries[0]];
  if (messages.length === 1 && deliveries.length === 1 && message && delivery) {
    return { get: (id) => (id === message.id && id === delivery.message ? delivery.seq : undefined) };
  }
  const brought = new Set(messages.map(({ id }) => id));
  const carriers = new Map<string, number>();
  for (const { message: id, seq } of deliveries) if (brought.has(id)) carriers.set(id, Math.min(seq, carriers.get(id) ?? seq));
  return carriers;
}

function packKeys(values: Packed[], commit: Commit, seen: SeenKeys, nowMs: number): void {
  for (const { root, flow } of commit.released ?? []) {
    requireUuid(root);
    values.push(parts.released, root, flow);
  }
  for (const { root, untilMs, ...name } of commit.dedupe ?? []) {
    requireUuid(root);
    const { hash, known } = seen.addDedupe(name, untilMs, nowMs);
    values.push(parts.dedupe, name.flow, name.step, name.key, root, untilMs, hash, known);
  }
  for (const { name, value, root } of commit.keys ?? []) {
    requireUuid(root);
    values.push(parts.key, name, value, root, seen.hashBusinessKey(name, value));
  }
}

function packRest(values: Packed[], commit: Commit): void {
  for (const { delivery, call, reply } of commit.calls ?? []) {
    requireUuid(delivery);
    packReply(push(values, parts.call, delivery, call), reply);
  }
  for (const { root, reply } of commit.replies ?? []) {
    requireUuid(root);
    packReply(push(values, parts.reply, root), reply);
  }
  for (const { destination, seq } of commit.marks ?? []) values.push(parts.mark, destination, seq);
  for (const { kind, name, sinceMs, reason = null, drainsTo = null } of commit.pauses ?? [])
    values.push(parts.pause, kind, name, sinceMs, reason, drainsTo);
  for (const { kind, name } of commit.resumes ?? []) values.push(parts.resume, kind, name);
  for (const { scope, id, name, atMs, read, accepted, invalid, whole } of commit.files ?? [])
    values.push(parts.file, scope, id, atMs, name ?? null, read, accepted, invalid, whole ? 1 : 0);
  if (commit.drop) {
    const { seqs = [], keys = [], endedBeforeMs = 0 } = commit.drop;
    values.push(parts.drop, JSON.stringify(seqs), endedBeforeMs, JSON.stringify(keys));
  }
  for (const { id, atMs, who, reason, about } of commit.holds ?? [])
    values.push(parts.hold, id, atMs, who, reason, JSON.stringify(about));
  for (const id of commit.lifts ?? []) values.push(parts.lift, id);
  for (const journey of commit.erase ?? []) values.push(parts.erase, JSON.stringify(journey));
  if (commit.cursor) values.push(parts.cursor, commit.cursor.scope, JSON.stringify(commit.cursor.value));
}

function push(values: Packed[], ...more: readonly Packed[]): Packed[] {
  values.push(...more);
  return values;
}
