// Data description entries of a copybook, in the order in which they are written.

import { isClause, readClause, readLiteral } from './clauses.ts';
import type { Clauses, Condition } from './clauses.ts';
import type { Word } from './copybook-words.ts';
import type { PictureStyle } from './picture.ts';
import { WordCursor } from './word-cursor.ts';

export interface Entry extends Readonly<Clauses> {
  readonly level: number;
  /** Undefined for FILLER, and where there is no name. */
  readonly name: string | undefined;
  readonly place: string;
  readonly conditions: readonly Condition[];
}

/** Words that begin a sentence around records: it is passed over. */
const passedSentences = new Set(['FD', 'SD', 'DATA', 'FILE', 'WORKING-STORAGE', 'LINKAGE', 'LOCAL-STORAGE']);
const passedWords = new Set(['EJECT', 'SKIP1', 'SKIP2', 'SKIP3']);
const entriesMax = 50_000;
const [alone, renames, condition] = [77, 66, 88];
const levelMax = 49;

/** Throws MORTISE_COPYBOOK_SYNTAX. */
export function parseEntries(words: readonly Word[], style: PictureStyle): Entry[] {
  const cursor = new WordCursor(words);
  const entries: (Entry & { readonly conditions: Condition[] })[] = [];
  while (!cursor.atEnd) {
    const first = cursor.take();
    const text = first.text.toUpperCase();
    const level = Number(first.text);
    if (first.kind === 'period' || passedWords.has(text)) continue;
    if (passedSentences.has(text) || level === renames) cursor.passSentence();
    else if (level === condition) conditionsOf(entries.at(-1), cursor, first).push(readCondition(cursor));
    else entries.push(readEntry(first, cursor, style));
    if (entries.length > entriesMax) throw cursor.fault(`there are more than ${entriesMax} entries`);
  }
  return entries;
}

function readEntry(first: Word, cursor: WordCursor, style: PictureStyle): Entry & { readonly conditions: Condition[] } {
  const level = Number(first.text);
  if (!/^\d{1,2}$/.test(first.text)) throw cursor.fault(`found "${first.text}", expected a level number`, first);
  if (level === 0 || (level > levelMax && level !== alone)) throw cursor.fault(`${level} is no level of a field`, first);
  const name = readName(cursor);
  const clauses: Clauses = {};
  while (!cursor.ended()) readClause(clauses, cursor, style);
  return { ...clauses, level: level === alone ? 1 : level, name, place: `${first.file}:${first.line}`, conditions: [] };
}

/** An entry without a name has a clause, or the period, in its place. */
function readName(cursor: WordCursor): string | undefined {
  const word = cursor.peek();
  if (word?.kind !== 'word' || isClause(word.text)) return undefined;
  cursor.take();
  if (word.text.toUpperCase() === 'FILLER') return undefined;
  if (!/^(?=.*\p{L})[\p{L}\p{N}$#@][\p{L}\p{N}$#@_-]*$/u.test(word.text))
    throw cursor.fault(`"${word.text}" is no name of a field`, word);
  return word.text;
}

function conditionsOf(entry: { readonly conditions: Condition[] } | undefined, cursor: WordCursor, at: Word): Condition[] {
  if (!entry) throw cursor.fault('a condition (level 88) stands before any field', at);
  return entry.conditions;
}

function readCondition(cursor: WordCursor): Condition {
  const { text: name } = cursor.take();
  cursor.skip('VALUE', 'VALUES');
  cursor.skip('IS', 'ARE');
  const values: { from: string; to?: string }[] = [];
  while (cursor.peek() && !cursor.skip('WHEN')) {
    const from = readLiteral(cursor);
    values.push(cursor.skip('THRU', 'THROUGH') ? { from, to: readLiteral(cursor) } : { from });
  }
  cursor.passSentence();
  return { name, values };
}
