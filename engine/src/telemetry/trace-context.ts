// Which trace a message belongs to: what its sender said (W3C Trace Context), else one by the id of its root. Pure: it is the same in every
// process and after every restart, so nothing of it has to be stored.

import { createHash } from 'node:crypto';
import type { Headers } from '@mortise/sdk';

export interface MessageTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The span of the sender, where it said one; else undefined. */
  readonly parent?: string;
  /** What the sender decided; undefined where it said nothing. */
  readonly isSampled?: boolean;
  /** Handed on as it came. */
  readonly state?: string;
}

/** Longer ones may be dropped (W3C Trace Context, section 3.3.1.5). */
const stateLengthMax = 512;
/** W3C Trace Context, section 3.2.2. Later versions may say more behind the flags; ff is none. */
const parentPattern = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** `headers` are those of a message, `root` is the id of the first message of its journey. */
export function traceOf({ headers, root }: { readonly headers: Headers; readonly root: string }): MessageTrace {
  const said = parentPattern.exec(headers['traceparent'] ?? '');
  const [, version, traceId = '', parent = '', flags = '', more] = said ?? [];
  const isBad = /^0*$/.test(traceId) || /^0*$/.test(parent) || (version === '00' && more !== undefined);
  if (isBad) return { traceId: root.replaceAll('-', '') };
  const state = headers['tracestate'];
  const isKept = state !== undefined && state.length <= stateLengthMax && /^[\x20-\x7e]+$/.test(state);
  return { traceId, parent, isSampled: (Number.parseInt(flags, 16) & 1) === 1, ...(isKept ? { state } : {}) };
}

/** 16 hexadecimal digits, the same for the same parts: whoever knows the ids knows the span. */
export function spanIdOf(...parts: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 16);
  return /^0+$/.test(digest) ? '0000000000000001' : digest;
}

export function traceParent(traceId: string, spanId: string, isSampled: boolean): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
