// What an error of the server, or of the connection to it, means for the one who sends.

import { Busy, InDoubt, MortiseError, Rejected, Unavailable } from '@mortise/sdk';

/** SQLSTATE classes (PostgreSQL documentation, appendix A) of what may pass, or an operator mends. */
const unavailableClasses = ['08', '28', '3D', '53', '55', '57', '58', 'F0', 'XX'];

/** Others had the rows or the place at that moment; the time is what it takes them, as far as anybody knows. */
const busyMs: Readonly<Record<string, number>> = {
  '40001': 100, // serialization_failure
  '40P01': 100, // deadlock_detected
  '55P03': 500, // lock_not_available
  '53300': 1000, // too_many_connections
};

const privilegeLacking = '42501';
const readOnlyTransaction = '25006';
const undefinedTable = '42P01';

/** What the server says of an error, besides the sentence. */
interface ServerError extends Error {
  readonly code: string;
  readonly routine?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

interface Situation {
  readonly readOnly: boolean;
  /** COMMIT was sent. */
  readonly committing: boolean;
}

export function failureOf(error: unknown, { readOnly, committing }: Situation): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (!isServerError(error)) {
    if (committing) return new InDoubt(`COMMIT was sent, and no answer came: ${message}`, { cause: error });
    return error instanceof MortiseError ? error : new Unavailable(sentence(error, message), { cause: error });
  }
  const { code } = error;
  const details = { sqlState: code, ...factsOf(error) };
  if (Object.hasOwn(busyMs, code)) return new Busy(message, busyMs[code] ?? 0, { details });
  if (!mayPass(error, readOnly)) return new Rejected(`${message}${place(error)}`, { details });
  return committing
    ? new InDoubt(`COMMIT was sent, and the server said: ${message}`, { details })
    : new Unavailable(message, { details });
}

/** The SQLSTATE of a failure; undefined where it did not come from the server. */
export function sqlStateOf(error: unknown): string | undefined {
  if (isServerError(error)) return error.code;
  const state = error instanceof MortiseError ? error.details['sqlState'] : undefined;
  return typeof state === 'string' ? state : undefined;
}

/** Whether a table is missing. */
export function lacksTable(error: unknown): boolean {
  return sqlStateOf(error) === undefinedTable;
}

/** A SQLSTATE is five digits or capitals; errors of the system have other codes. */
export function isServerError(error: unknown): error is ServerError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code) &&
    'severity' in error
  );
}

function mayPass({ code, routine }: ServerError, readOnly: boolean): boolean {
  // A policy of the table refuses the row; otherwise a GRANT is missing.
  if (code === privilegeLacking) return routine !== 'ExecWithCheckOptions';
  // Where the statement may write, it is the server that may not: a standby, or one that is being moved.
  if (code === readOnlyTransaction) return !readOnly;
  return unavailableClasses.includes(code.slice(0, 2));
}

/** No detail and no context of the server: they hold the row. */
function factsOf({ schema, table, column, constraint }: ServerError): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ schema, table, column, constraint }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function place(error: ServerError): string {
  const facts = Object.entries(factsOf(error)).filter(([name]) => name !== 'schema');
  return facts.length > 0 ? ` (${facts.map(([name, value]) => `${name} ${value}`).join(', ')})` : '';
}

/** Several addresses that all failed come as one error without a sentence of its own. */
function sentence(error: unknown, message: string): string {
  return error instanceof AggregateError
    ? error.errors.map((one: unknown) => (one instanceof Error ? one.message : String(one))).join('; ')
    : message;
}
