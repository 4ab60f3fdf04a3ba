// How commands tell what is wrong with a file: a line for people, or a JSON value a line.

import { once } from 'node:events';
import type { MortiseError, Position } from '@mortise/sdk';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import type { FileBytes } from './file-bytes.ts';

/** What an error says of its place, among its details. */
const placeNames = ['offsetBytes', 'line', 'column', 'record', 'segment', 'field'];

/** How problems are told: a line for people, or a JSON value a line. Resolves when the reader takes more. */
export type TellProblem = (problem: ToldProblem) => Promise<void>;

export interface ToldProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly position: Position;
  /** The bytes of the record, in base64. */
  readonly raw?: string;
}

/** A problem as it is told; the bytes of its record with it, where they are given. */
export function toldProblem(
  { code, message, remedy, details }: MortiseError,
  position: Position = {},
  raw?: Uint8Array,
): ToldProblem {
  // Every error of a format carries its place as numbers and texts.
  const own = Object.fromEntries(Object.entries(details).filter(([name]) => placeNames.includes(name))) as Position;
  const place = { ...position, ...own };
  return { code, message, remedy, position: place, ...(raw ? { raw: Buffer.from(raw).toString('base64') } : {}) };
}

export function problemTeller(file: Pick<FileBytes, 'name' | 'hide'>, json: boolean, terminal: Terminal): TellProblem {
  return async (problem) => {
    file.hide();
    if (json) terminal.printError(JSON.stringify(problem));
    else
      terminal.printError(
        `${terminal.style('red', 'problem')} ${placeText(file.name, problem.position)}: ${problem.code}: ${plain(problem.message)}`,
      );
    // A file may have more problems than fit into memory.
    if (process.stderr.writableNeedDrain) await once(process.stderr, 'drain');
  };
}

/** `orders.hl7:12 (record 3, PID-8, offset 345)`. */
function placeText(name: string, { line, column, record, segment, field, offsetBytes }: Position): string {
  const at = [name, line, column].filter((part) => part !== undefined).join(':');
  const element = [segment, field].filter((part) => part !== undefined).join('-');
  const more = [
    ...(record === undefined ? [] : [`record ${record}`]),
    ...(element === '' ? [] : [element]),
    ...(offsetBytes === undefined ? [] : [`offset ${offsetBytes}`]),
  ];
  return more.length > 0 ? `${at} (${more.join(', ')})` : at;
}
