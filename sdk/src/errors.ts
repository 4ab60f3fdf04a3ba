// Errors with stable codes: every failure says what was found, what was expected, what to do, and who must act.

/** Who has to act for the error to go away. */
export type Actor = 'author' | 'operator' | 'other system' | 'mortise';

/** What the reference says of one code. */
export interface ErrorEntry {
  readonly actor: Actor;
  /** One sentence: what happened. */
  readonly cause: string;
  /** One sentence: what to do. */
  readonly remedy: string;
}

export type ErrorTable = Readonly<Record<`MORTISE_${string}`, ErrorEntry>>;

export interface ErrorDetails {
  /** Replaces the table's remedy where a better one is known. */
  readonly remedy?: string;
  readonly cause?: unknown;
  /** Facts for machines: position, path, found, expected. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An error with a stable code. `message` names the offending value and what was expected. */
export class MortiseError extends Error {
  readonly code: string;
  readonly actor: Actor;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, entry: ErrorEntry, message: string, { remedy, cause, details }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MortiseError';
    this.code = code;
    this.actor = entry.actor;
    this.remedy = remedy ?? entry.remedy;
    this.details = details ?? {};
  }
}

/** A function that makes errors of the codes of one table, and the table, from which the reference is generated. */
export interface ErrorFactory<Table extends ErrorTable> {
  (code: keyof Table & string, message: string, details?: ErrorDetails): MortiseError;
  readonly table: Table;
}

/** Declares the error codes of one area. Stands in a file named `errors.ts`, which the reference is generated from. */
export function defineErrors<const Table extends ErrorTable>(table: Table): ErrorFactory<Table> {
  const entries: ErrorTable = table;
  const make = (code: keyof Table & string, message: string, details?: ErrorDetails): MortiseError =>
    new MortiseError(code, entries[code as `MORTISE_${string}`] as ErrorEntry, message, details);
  return Object.assign(make, { table });
}

const deliveryErrors = {
  MORTISE_DELIVERY_UNAVAILABLE: {
    actor: 'other system',
    cause: 'The receiving system could not be reached, or said that it cannot work now; nothing was done there.',
    remedy: 'Nothing, if it passes: the delivery is retried. Else look at the system and its address.',
  },
  MORTISE_DELIVERY_BUSY: {
    actor: 'other system',
    cause: 'The receiving system asked to be left alone for a while.',
    remedy: 'Nothing: the delivery is retried when the time it named has passed. Lower the rate if it happens often.',
  },
  MORTISE_DELIVERY_REJECTED: {
    actor: 'author',
    cause: 'The receiving system understood the message and refused it for good.',
    remedy: 'Read its reason, mend the mapping or the data, then retry the dead letter.',
  },
  MORTISE_DELIVERY_IN_DOUBT: {
    actor: 'operator',
    cause: 'The message was sent and no answer came: it may have taken effect.',
    remedy: 'Look in the receiving system, then retry or discard; or say "onInDoubt: retry" if it is idempotent.',
  },
} as const satisfies ErrorTable;

/** The codes of the four ways in which a send can fail. */
export const deliveryError = defineErrors(deliveryErrors);

/** Try again: the receiving system could not be reached or cannot work now, and nothing was done there. */
export class Unavailable extends MortiseError {
  constructor(message: string, details?: ErrorDetails) {
    super('MORTISE_DELIVERY_UNAVAILABLE', deliveryErrors.MORTISE_DELIVERY_UNAVAILABLE, message, details);
    this.name = 'Unavailable';
  }
}

/** Try again, not before `retryAfterMs` (milliseconds from now) has passed; nothing was done. */
export class Busy extends MortiseError {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, details?: ErrorDetails) {
    super('MORTISE_DELIVERY_BUSY', deliveryErrors.MORTISE_DELIVERY_BUSY, message, details);
    this.name = 'Busy';
    this.retryAfterMs = retryAfterMs;
  }
}

/** Never try again: the receiving system understood the message and refused it. */
export class Rejected extends MortiseError {
  constructor(message: string, details?: ErrorDetails) {
    super('MORTISE_DELIVERY_REJECTED', deliveryErrors.MORTISE_DELIVERY_REJECTED, message, details);
    this.name = 'Rejected';
  }
}

/** The message was sent and no answer came: it may have happened. */
export class InDoubt extends MortiseError {
  constructor(message: string, details?: ErrorDetails) {
    super('MORTISE_DELIVERY_IN_DOUBT', deliveryErrors.MORTISE_DELIVERY_IN_DOUBT, message, details);
    this.name = 'InDoubt';
  }
}
