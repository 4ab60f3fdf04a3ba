// A commit cannot be done as it stands; the others of its group can.

import { primaryCode } from './sqlite-error.ts';

export class Conflict extends Error {}

/** SQLITE_CONSTRAINT: an id or a number is taken. */
const constraintCode = 19;

export function isConflict(error: unknown): error is Error {
  return error instanceof Conflict || primaryCode(error) === constraintCode;
}

/** What to tell of a conflict. */
export function conflictText(error: Error): string {
  return error instanceof Conflict ? `${error.message}.` : `An id or a number of the commit is taken (${error.message}).`;
}
