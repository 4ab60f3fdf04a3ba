// What an error of SQLite means for the one who sends.

import type { Failure, Settings } from './protocol.ts';

/** Primary result codes (sqlite.org/rescode.html). */
const codes = {
  perm: 3,
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  interrupt: 9,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  notADatabase: 26,
} as const;

/** What may pass, or an operator mends. Everything else is the fault of the statement or of the data. */
const unavailableCodes: ReadonlySet<number> = new Set(Object.values(codes));

/** `committing`: it came from COMMIT. */
export function failureOf(error: unknown, { file, readOnly }: Settings, committing = false): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const code = primaryCodeOf(error);
  if (!unavailableCodes.has(code)) return { kind: 'rejected', message };
  if (readOnly && code === codes.readOnly) return { kind: 'rejected', message: `${message}: the statement may only read` };
  // The disk failed while it took the transaction: what a power cut would leave of it, nobody knows.
  if (committing && code === codes.ioError) return { kind: 'inDoubt', message: `${file}: ${message}` };
  return { kind: 'unavailable', message: `${file}: ${message}`, locked: code === codes.busy || code === codes.locked };
}

/** 0 where the error is none of SQLite's. The lower eight bits are the primary code, the rest says more. */
function primaryCodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}
