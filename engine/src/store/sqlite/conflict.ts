// A commit cannot be done as it stands; the others of its group can.

import { primaryCode } from './sqlite-error.ts';

export class Conflict extends Error {}

/** SQLITE_CONSTRAINT: an id or a number is taken. */
const constraintCode = 19;

export function isConflict(error: unknown): error is Error {
  return error instanceof Conflict || primaryCode(error) === constraintCode;
}
