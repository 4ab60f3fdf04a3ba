// Message and delivery ids: UUIDv7 at the edge, UUIDv8 for what is derived (RFC 9562, sections 5.7 and 5.8).

import { hash } from 'node:crypto';

/** Random bytes for ids; injected, so that a run can be repeated. */
export type RandomBytes = (count: number) => Uint8Array;

/** Makes UUIDv7 ids that ascend also within one millisecond (RFC 9562, section 6.2, method 2). */
export function idMaker(random: RandomBytes): (nowMs: number) => string {
  let lastMs = 0;
  let low = 0n;
  return (nowMs) => {
    if (nowMs > lastMs) {
      lastMs = nowMs;
      low = BigInt(`0x${hex(random(9))}`) & 0x1ff_ffff_ffff_ffff_ffffn;
    } else {
      low += 1n + BigInt((random(1)[0] as number) & 0x7f);
    }
    return layOut(lastMs, 7, low);
  };
}

/**
 * An id made from others: the root's 48 bits of time, then a hash of the parts. The same parts give the same id again, and
 * ids stay ordered by the root's time.
 */
export function deriveId(root: string, ...parts: readonly (string | number)[]): string {
  const digest = hash('sha1', `${root}\0${parts.join('\0')}`, 'hex');
  const variant = ((Number.parseInt(digest[16] as string, 16) & 0x3) | 0x8).toString(16);
  return `${root.slice(0, 13)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** Milliseconds since 1970 at which the root of this id was accepted. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** 48 bits of time, version, 74 bits of `low` with the variant between. */
function layOut(timeMs: number, version: number, low: bigint): string {
  const time = timeMs.toString(16).padStart(12, '0');
  const digits = (low & 0x3ff_ffff_ffff_ffff_ffffn).toString(2).padStart(74, '0');
  const high = Number.parseInt(digits.slice(0, 12), 2).toString(16).padStart(3, '0');
  const variant = Number.parseInt(`10${digits.slice(12, 26)}`, 2)
    .toString(16)
    .padStart(4, '0');
  const rest = BigInt(`0b${digits.slice(26)}`)
    .toString(16)
    .padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${high}-${variant}-${rest}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
