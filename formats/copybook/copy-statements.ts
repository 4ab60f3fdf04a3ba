// COPY and REPLACE: puts other copybooks of the same folder in place, with their replacements.

import type { ProjectFile } from '@mortise/sdk';
import { copybookLines } from './copybook-lines.ts';
import type { Columns } from './copybook-lines.ts';
import { wordsOf, wordsWithin } from './copybook-words.ts';
import type { Word } from './copybook-words.ts';
import { WordCursor, isWord } from './word-cursor.ts';

interface Replacement {
  readonly from: readonly Word[];
  readonly to: readonly Word[];
  readonly part: 'whole' | 'leading' | 'trailing' | 'within';
}

const depthMax = 16;
/** Copies of copies grow: what all of them together may be. */
const [wordsMax, copiesMax] = [500_000, 1000];
const extensions = ['', '.cpy', '.cbl', '.cob', '.CPY', '.CBL', '.COB'];

/** All words of a copybook and of those that it copies. Throws MORTISE_COPYBOOK_SYNTAX. */
export function expandedWords(file: ProjectFile, columns: Columns): Word[] {
  return new Expansion(columns).expand(file, 0);
}

class Expansion {
  readonly #columns: Columns;
  #copies = 0;

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  expand(file: ProjectFile, depth: number): Word[] {
    const cursor = new WordCursor(wordsOf(copybookLines(file.bytes, this.#columns), file.path));
    const expanded: Word[] = [];
    let active: readonly Replacement[] = [];
    while (!cursor.atEnd) {
      const word = cursor.take();
      if (isWord(word, 'COPY')) expanded.push(...replaced(this.#copy(cursor, file, depth), active));
      else if (isWord(word, 'REPLACE')) active = endOf(cursor, cursor.skip('OFF') ? [] : replacements(cursor));
      else expanded.push(...replaced([word], active));
      if (expanded.length > wordsMax) throw cursor.fault(`there are more than ${wordsMax} words with what is copied`);
    }
    return expanded;
  }

  #copy(cursor: WordCursor, file: ProjectFile, depth: number): Word[] {
    const name = cursor.take();
    if (depth >= depthMax) throw cursor.fault(`copies are nested more than ${depthMax} deep; does one copy itself?`);
    if (this.#copies++ >= copiesMax) throw cursor.fault(`there are more than ${copiesMax} copies`);
    if (cursor.skip('OF', 'IN')) cursor.take();
    cursor.skip('SUPPRESS');
    const changes = cursor.skip('REPLACING') ? replacements(cursor) : [];
    return endOf(cursor, replaced(this.expand(copied(file, name, cursor), depth + 1), changes));
  }
}

/** A name of a file beside this one, and never a path. */
function copied(file: ProjectFile, name: Word, cursor: WordCursor): ProjectFile {
  const { text } = name;
  if (!/^[\w#@$-]+(\.\w+)?$/.test(text))
    throw cursor.fault(`COPY names "${text}"; expected the name of a copybook in the same folder`, name);
  for (const written of [text, text.toLowerCase(), text.toUpperCase()]) {
    for (const extension of extensions) {
      const found = file.beside(`${written}${extension}`);
      if (found) return found;
    }
  }
  throw cursor.fault(`there is no copybook "${text}" in the folder of this one`, name);
}

function replacements(cursor: WordCursor): Replacement[] {
  const found: Replacement[] = [];
  while (cursor.peek()) {
    const part = cursor.skip('LEADING') ? 'leading' : cursor.skip('TRAILING') ? 'trailing' : 'whole';
    const from = operand(cursor);
    if (!cursor.skip('BY')) throw cursor.fault('expected BY behind what is replaced');
    found.push({ from, to: operand(cursor), part: part === 'whole' && isTag(from) ? 'within' : part });
  }
  return found;
}

function operand(cursor: WordCursor): Word[] {
  const word = cursor.take();
  if (word.kind === 'period') throw cursor.fault('expected a word, a literal or ==pseudo-text==');
  return word.kind === 'pseudo' ? wordsWithin(word) : [word];
}

function endOf<Value>(cursor: WordCursor, value: Value): Value {
  if (!cursor.ended()) throw cursor.fault('expected a period at the end of COPY or REPLACE');
  return value;
}

/** `:TAG:` and `(TAG)` stand within words. */
function isTag(words: readonly Word[]): boolean {
  return words.length === 1 && /^(?::.*:|\(.*\))$/.test(words[0]?.text ?? '');
}

function replaced(words: readonly Word[], replacements: readonly Replacement[]): Word[] {
  if (replacements.length === 0) return [...words];
  const result: Word[] = [];
  for (let at = 0; at < words.length; ) {
    const whole = replacements.find(({ from, part }) => part === 'whole' && matches(words, at, from));
    const word = words[at];
    if (whole) result.push(...whole.to);
    else if (word) result.push(...within(word, replacements));
    at += whole ? Math.max(1, whole.from.length) : 1;
  }
  return result;
}

function matches(words: readonly Word[], at: number, from: readonly Word[]): boolean {
  return from.length > 0 && from.every((one, index) => isSame(words[at + index], one));
}

function within(word: Word, replacements: readonly Replacement[]): Word[] {
  if (word.kind !== 'word') return [word];
  let { text } = word;
  for (const { from, to, part } of replacements) {
    const [search, by] = [from[0]?.text ?? '', to[0]?.text ?? ''];
    const at = search === '' || part === 'whole' ? -1 : text.toUpperCase().indexOf(search.toUpperCase());
    if (part === 'leading' ? at === 0 : part === 'trailing' ? at >= 0 && at === text.length - search.length : at >= 0)
      text = text.slice(0, at) + by + text.slice(at + search.length);
  }
  return text === '' ? [] : [{ ...word, text }];
}

function isSame(word: Word | undefined, other: Word): boolean {
  return word?.kind === other.kind && (word.kind === 'literal' ? word.text === other.text : isWord(word, other.text));
}
