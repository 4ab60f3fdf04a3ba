// The messages of a journey, page by page: a split may have made a million of them.

import type { JourneyPage, StoredBody, StoredMessage } from '../store.ts';
import { storeError } from '../errors.ts';
import { readMessage } from './message-row.ts';
import { journeyRange, linksOfJourney, messageOf } from './selects.ts';
import type { Statements } from './statements.ts';
import { requireUuid, uuidToBytes } from './uuid.ts';

const limitMax = 1000;
/** All bodies of a page are in memory together. */
const bytesMax = 32 * 1024 * 1024;

const sql = `SELECT ${messageOf} FROM ${linksOfJourney} AND l.message > ? ORDER BY l.message LIMIT ?`.replace(
  'links l WHERE',
  'links l CROSS JOIN messages m ON m.seq = l.seq WHERE',
);

export function readJourneyMessages(
  statements: Statements,
  root: string,
  { after, limit = limitMax }: JourneyPage,
): { readonly messages: readonly StoredMessage[]; readonly next?: string } {
  if (!(limit >= 1 && limit <= limitMax))
    throw storeError('MORTISE_STORE_VALUE', `The limit ${limit} is out of range: expected 1 to ${limitMax}.`);
  if (after !== undefined) requireUuid(after);
  const behind = after === undefined ? new Uint8Array() : uuidToBytes(after);
  const messages: StoredMessage[] = [];
  let bytes = 0;
  for (const row of statements.iterate(sql, ...journeyRange(uuidToBytes(root)), behind, limit + 1)) {
    const last = messages.at(-1);
    const message = readMessage(row, 0);
    bytes += bytesOf(message.body);
    if (last && (messages.length === limit || bytes > bytesMax)) return { messages, next: last.id };
    messages.push(message);
  }
  return { messages };
}

function bytesOf(body: StoredBody): number {
  if (body.kind === 'blob' || body.kind === 'erased') return 0;
  return body.kind === 'json' ? body.text.length : body.bytes.byteLength;
}
