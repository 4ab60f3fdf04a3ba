// Message and delivery ids: UUIDv7 at the edge, UUIDv8 for what is derived (RFC 9562, sections 5.7 and 5.8).

import { hash } from 'node:crypto';

/** Random bytes for ids; injected, so that a run can be repeated. */
export type RandomBytes = (count: number) => Uint8Array;

/** What of an id's 74 low bits fits into a number: the lowest 48, of which text has twelve digits. */
const lowLimit = 2 ** 48;

/** Makes UUIDv7 ids that ascend also within one millisecond (RFC 9562, section 6.2, method 2). */
export function idMaker(random: RandomBytes): (nowMs: number) => string {
  let [lastMs, time] = [0, ''];
  let [high, low] = [0, 0];
  return (nowMs) => {
    if (nowMs > lastMs) {
      [lastMs, time] = [nowMs, timeDigits(nowMs)];
      const digits = hex(random(9));
      // Of the 26 bits above, 24: counting on has room.
      high = Number.parseInt(digits.slice(0, 6), 16);
      low = Number.parseInt(digits.slice(6), 16);
    } else {
      low += 1 + ((random(1)[0] as number) & 0x7f);
      if (low >= lowLimit) [high, low] = [high + 1, low - lowLimit];
    }
    return layOut(time, high, low);
  };
}

/**
 * An id made from others: the root's 48 bits of time, then a hash of the parts. The same parts give the same id again, and
 * ids stay ordered by the root's time.
 */
export function deriveId(root: string, ...parts: readonly (string | number)[]): string {
  let text = root;
  for (const part of parts) text += `\0${part}`;
  const digest = hash('sha1', text, 'hex');
  const variant = ((Number.parseInt(digest[16] as string, 16) & 0x3) | 0x8).toString(16);
  return `${root.slice(0, 13)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** Milliseconds since 1970 at which the root of this id was accepted. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** 48 bits of time as they stand in an id. */
function timeDigits(timeMs: number): string {
  const digits = timeMs.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/** The time, version 7, 12 bits, the variant, 14 bits and 48 bits. */
function layOut(time: string, high: number, low: number): string {
  const upper = (high >>> 14).toString(16).padStart(3, '0');
  const variant = (0x8000 | (high & 0x3fff)).toString(16);
  return `${time}-7${upper}-${variant}-${low.toString(16).padStart(12, '0')}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
