// The clauses of a data description entry, each read into the entry's draft.

import type { Word } from './copybook-words.ts';
import type { Picture, PictureStyle } from './picture.ts';
import { parsePicture } from './picture.ts';
import type { WordCursor } from './word-cursor.ts';

export type Usage =
  | 'display'
  | 'binary'
  | 'native'
  | 'comp-x'
  | 'packed'
  | 'packed-unsigned'
  | 'float'
  | 'double'
  | 'national'
  | 'dbcs'
  | 'index'
  | 'pointer';

/** A name with the groups that it is said to be in, innermost first. */
export interface Reference {
  readonly name: string;
  readonly within: readonly string[];
}

export interface Occurs {
  readonly min: number;
  readonly max: number;
  readonly dependingOn?: Reference;
}

/** A condition name (level 88): the values under which it is true. */
export interface Condition {
  readonly name: string;
  readonly values: readonly { readonly from: string; readonly to?: string }[];
}

export interface SignClause {
  readonly leading: boolean;
  readonly separate: boolean;
}

/** What the clauses of an entry say. */
export interface Clauses {
  picture?: Picture;
  usage?: Usage;
  /** Of BINARY-CHAR and its like, which have no picture. */
  nativeBytes?: number;
  unsigned?: boolean;
  sign?: SignClause;
  occurs?: Occurs;
  redefines?: string;
  sync?: boolean;
  justified?: boolean;
  blankWhenZero?: boolean;
}

type ClauseReader = (clauses: Clauses, cursor: WordCursor, style: PictureStyle) => void;

const usages: Readonly<Record<string, Usage>> = {
  DISPLAY: 'display',
  COMP: 'binary',
  BINARY: 'binary',
  'COMP-0': 'binary',
  'COMP-1': 'float',
  'COMP-2': 'double',
  'COMP-3': 'packed',
  'COMP-4': 'binary',
  'COMP-5': 'native',
  'COMP-6': 'packed-unsigned',
  'COMP-X': 'comp-x',
  'PACKED-DECIMAL': 'packed',
  'FLOAT-SHORT': 'float',
  'FLOAT-LONG': 'double',
  NATIONAL: 'national',
  'DISPLAY-1': 'dbcs',
  INDEX: 'index',
  POINTER: 'pointer',
  'PROCEDURE-POINTER': 'pointer',
  'FUNCTION-POINTER': 'pointer',
};

const nativeBytes: Readonly<Record<string, number>> = {
  'BINARY-CHAR': 1,
  'BINARY-SHORT': 2,
  'BINARY-LONG': 4,
  'BINARY-DOUBLE': 8,
};

const occursMax = 16 * 1024 ** 2;

const readers: Readonly<Record<string, ClauseReader>> = {
  PIC: readPicture,
  PICTURE: readPicture,
  USAGE: readUsage,
  VALUE: readValue,
  VALUES: readValue,
  OCCURS: readOccurs,
  REDEFINES: (clauses, cursor) => {
    clauses.redefines = cursor.take().text;
  },
  SIGN: (clauses, cursor) => {
    cursor.skip('IS');
    readSign(clauses, cursor, cursor.take());
  },
  SYNC: readSync,
  SYNCHRONIZED: readSync,
  JUST: readJustified,
  JUSTIFIED: readJustified,
  BLANK: (clauses, cursor) => {
    cursor.skip('WHEN');
    if (!cursor.skip('ZERO', 'ZEROS', 'ZEROES')) throw cursor.fault('expected BLANK WHEN ZERO');
    clauses.blankWhenZero = true;
  },
  'GROUP-USAGE': readUsage,
  DATE: (_clauses, cursor) => {
    cursor.skip('FORMAT');
    cursor.skip('IS');
    cursor.take();
  },
  IS: pass,
  GLOBAL: pass,
  EXTERNAL: pass,
  VOLATILE: pass,
};

/** Whether an entry's name may not be this word. */
export function isClause(word: string): boolean {
  const name = usageName(word);
  return Object.hasOwn(readers, name) || Object.hasOwn(usages, name) || Object.hasOwn(nativeBytes, name);
}

/** Reads one clause. Throws MORTISE_COPYBOOK_SYNTAX. */
export function readClause(clauses: Clauses, cursor: WordCursor, style: PictureStyle): void {
  const word = cursor.take();
  const name = usageName(word.text);
  const reader = word.kind === 'word' && Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader) reader(clauses, cursor, style);
  else if (name === 'LEADING' || name === 'TRAILING') readSign(clauses, cursor, word);
  else setUsage(clauses, cursor, word);
}

/** A literal, or what stands for one, as its text. */
export function readLiteral(cursor: WordCursor): string {
  const word = cursor.take();
  if (word.kind === 'word' && word.text.toUpperCase() === 'ALL') return readLiteral(cursor);
  return word.prefix === 'X' ? `X'${word.text}'` : word.text;
}

function usageName(word: string): string {
  return word.toUpperCase().replace(/^COMPUTATIONAL/, 'COMP');
}

function readPicture(clauses: Clauses, cursor: WordCursor, style: PictureStyle): void {
  cursor.skip('IS');
  const word = cursor.take();
  let { text } = word;
  // Some write a blank before the count.
  while (cursor.peek()?.text.startsWith('(')) text += cursor.take().text;
  const picture = parsePicture(text, style);
  if (!picture) throw cursor.fault(`"${text}" is no picture`, word);
  clauses.picture = picture;
}

function readUsage(clauses: Clauses, cursor: WordCursor): void {
  cursor.skip('IS');
  setUsage(clauses, cursor, cursor.take());
}

function setUsage(clauses: Clauses, cursor: WordCursor, word: Word): void {
  const name = usageName(word.text);
  if (Object.hasOwn(nativeBytes, name)) {
    clauses.usage = 'native';
    clauses.nativeBytes = nativeBytes[name] ?? 0;
    clauses.unsigned = cursor.skip('UNSIGNED');
    cursor.skip('SIGNED');
    return;
  }
  const usage = word.kind === 'word' && Object.hasOwn(usages, name) ? usages[name] : undefined;
  if (!usage) throw cursor.fault(`found "${word.text}", expected a clause or a period`, word);
  clauses.usage = usage;
  cursor.skip('NATIVE');
}

function readValue(_clauses: Clauses, cursor: WordCursor): void {
  cursor.skip('IS', 'ARE');
  readLiteral(cursor);
}

function readSign(clauses: Clauses, cursor: WordCursor, place: Word): void {
  const leading = place.text.toUpperCase() === 'LEADING';
  if (!leading && place.text.toUpperCase() !== 'TRAILING') throw cursor.fault('expected SIGN LEADING or SIGN TRAILING', place);
  const separate = cursor.skip('SEPARATE');
  if (separate) cursor.skip('CHARACTER');
  clauses.sign = { leading, separate };
}

function readSync(clauses: Clauses, cursor: WordCursor): void {
  cursor.skip('LEFT', 'RIGHT');
  clauses.sync = true;
}

function readJustified(clauses: Clauses, cursor: WordCursor): void {
  cursor.skip('RIGHT');
  clauses.justified = true;
}

function readOccurs(clauses: Clauses, cursor: WordCursor): void {
  const first = readCount(cursor);
  const last = cursor.skip('TO') ? readCount(cursor) : first;
  cursor.skip('TIMES');
  let dependingOn: Reference | undefined;
  for (;;) {
    if (cursor.skip('DEPENDING')) dependingOn = readReference(cursor);
    else if (cursor.skip('ASCENDING', 'DESCENDING')) passNames(cursor, 'KEY');
    else if (cursor.skip('INDEXED')) passNames(cursor, 'BY');
    else break;
  }
  if (last < first) throw cursor.fault(`OCCURS ${first} TO ${last} has its bounds the wrong way round`);
  clauses.occurs = dependingOn ? { min: first === last ? 0 : first, max: last, dependingOn } : { min: last, max: last };
}

function readCount(cursor: WordCursor): number {
  const word = cursor.take();
  const count = Number(word.text);
  if (!/^\d+$/.test(word.text) || count > occursMax)
    throw cursor.fault(`OCCURS "${word.text}": expected a number up to ${occursMax}`, word);
  return count;
}

function readReference(cursor: WordCursor): Reference {
  cursor.skip('ON');
  const { text: name } = cursor.take();
  const within: string[] = [];
  while (cursor.skip('OF', 'IN')) within.push(cursor.take().text);
  return { name, within };
}

/** Names of keys and indexes say nothing of the layout. */
function passNames(cursor: WordCursor, opening: string): void {
  cursor.skip(opening);
  cursor.skip('IS');
  for (let next = cursor.peek(); next && !isFollower(next.text); next = cursor.peek()) cursor.take();
}

function isFollower(word: string): boolean {
  return (
    isClause(word) || ['ASCENDING', 'DESCENDING', 'INDEXED', 'DEPENDING', 'LEADING', 'TRAILING'].includes(word.toUpperCase())
  );
}

function pass(): void {
  // Says who sees the field, and nothing of where it stands.
}
