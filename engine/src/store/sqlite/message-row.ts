// A message as columns and back.

import type { Headers } from '@mortise/sdk';
import { storeError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import type { StoredMessage } from '../store.ts';
import { requireChecksum } from './checksum.ts';
import { packBody, readBody } from './body-row.ts';
import { bytesToUuid, requireUuid } from './uuid.ts';
import type { Packed, Row, Value } from './values.ts';
import { asBytes, asNumber, asText, readJson } from './values.ts';

/** The columns in the order in which they are packed and read, behind the row's number. The first `messageIdCount` are ids. */
export const messageColumns = [
  'id',
  'root',
  'parent',
  'replay_of',
  'source',
  'type',
  'subject',
  'time',
  'content_type',
  'data_schema',
  'headers',
  'keys',
  'variables',
  'accepted_at',
  'expires_at',
  'message_key',
  'body_kind',
  'blob_bytes',
  'body',
] as const;

export const messageIdCount = 4;

/** Stands in the column `time` where that is the time of the acceptance, which has a column of its own. */
const timeOfAcceptance = '';
/** What a `Date` can be at most. */
const latestMs = 8.64e15;

/** Adds the message's columns; ids as text, which was checked. */
export function packMessage(values: Packed[], message: StoredMessage): void {
  const { id, root, parent, replayOf } = message;
  if (root !== id) requireUuid(root);
  if (parent !== undefined) requireUuid(parent);
  if (replayOf !== undefined) requireUuid(replayOf);
  requireUuid(id);
  values.push(id, root === id ? null : root, parent ?? null, replayOf ?? null);
  values.push(message.source, message.type, message.subject ?? null);
  values.push(message.time === isoTime(message.acceptedAtMs) ? timeOfAcceptance : message.time);
  values.push(message.dataContentType ?? null, message.dataSchema ?? null);
  values.push(packRecord(message.headers), packRecord(message.keys), packRecord(message.variables));
  values.push(message.acceptedAtMs, message.expiresAtMs ?? null, message.key ?? null);
  packBody(values, message.body);
}

/** Reads the columns that begin at `at`, with the checksum behind them. Throws MORTISE_STORE_CORRUPT where they are not what was written. */
export function readMessage(row: Row, at: number): StoredMessage {
  const end = at + messageColumns.length;
  const values = row
    .slice(at, end)
    .map((value, i) => (i < messageIdCount && value !== null ? bytesToUuid(asBytes(value)) : value));
  requireChecksum(values, row[end], () => `Message ${String(values[0])}`);
  return {
    ...readAttributes(row, at),
    headers: readRecord<string>(row[at + 10]),
    variables: readRecord<unknown>(row[at + 12]),
    body: readBody(row[at + 16] ?? null, row[at + 17] ?? null, row[at + 18] ?? null),
  };
}

/** What a list shows of a message: everything but body, headers and variables. */
export function readAttributes(row: Row, at: number): Omit<StoredMessage, 'body' | 'headers' | 'variables'> {
  const id = bytesToUuid(asBytes(row[at]));
  const [root, parent, replayOf] = [row[at + 1], row[at + 2], row[at + 3]];
  const [subject, contentType, dataSchema] = [row[at + 6], row[at + 8], row[at + 9]];
  const [expiresAtMs, key] = [row[at + 14], row[at + 15]];
  return {
    id,
    root: root instanceof Uint8Array ? bytesToUuid(root) : id,
    ...(parent instanceof Uint8Array && { parent: bytesToUuid(parent) }),
    ...(replayOf instanceof Uint8Array && { replayOf: bytesToUuid(replayOf) }),
    source: asText(row[at + 4]),
    type: asText(row[at + 5]),
    ...(typeof subject === 'string' && { subject }),
    time: readTime(row[at + 7], asNumber(row[at + 13])),
    ...(typeof contentType === 'string' && { dataContentType: contentType }),
    ...(typeof dataSchema === 'string' && { dataSchema }),
    keys: readRecord<string>(row[at + 11]),
    acceptedAtMs: asNumber(row[at + 13]),
    ...(typeof expiresAtMs === 'number' && { expiresAtMs }),
    ...(typeof key === 'string' && { key }),
  };
}

function readTime(value: Value | undefined, acceptedAtMs: number): string {
  const time = asText(value);
  if (time !== timeOfAcceptance) return time;
  if (Math.abs(acceptedAtMs) <= latestMs) return isoTime(acceptedAtMs);
  throw storeError('MORTISE_STORE_CORRUPT', `A message was accepted at ${acceptedAtMs}; expected milliseconds since 1970.`);
}

function packRecord(record: Headers | Readonly<Record<string, unknown>>): string | null {
  for (const _name in record) return JSON.stringify(record);
  return null;
}

function readRecord<T>(value: Value | undefined): Readonly<Record<string, T>> {
  return typeof value === 'string' ? readJson<Readonly<Record<string, T>>>(value) : {};
}
