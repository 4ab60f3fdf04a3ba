// Words, literals, pseudo-text and periods of a copybook.

import type { CopybookLine } from './copybook-lines.ts';
import { copybookError } from './errors.ts';

export interface Word {
  readonly kind: 'word' | 'literal' | 'pseudo' | 'period';
  /** Of a literal and of pseudo-text what stands between the delimiters. */
  readonly text: string;
  /** Of a literal: `X` for one in hexadecimal digits, `N` or `G` for national ones; empty for others. */
  readonly prefix: string;
  readonly file: string;
  readonly line: number;
}

const literalPrefixes = new Set(['X', 'N', 'G', 'Z', 'H', 'B', 'NX', 'GX', 'U', 'UX', 'BX']);
const pseudoMark = '==';

/** Throws MORTISE_COPYBOOK_SYNTAX for a literal or a pseudo-text that does not end. */
export function wordsOf(lines: readonly CopybookLine[], file: string): Word[] {
  const reader = new WordReader(file);
  for (const line of lines) reader.add(line);
  return reader.end();
}

/** The words of a pseudo-text, placed where it stands. */
export function wordsWithin({ text, file, line }: Word): Word[] {
  return wordsOf([{ text, line, continues: false }], file);
}

class WordReader {
  readonly #file: string;
  readonly #words: Word[] = [];
  /** What has begun and did not end on its line. */
  #open: { readonly delimiter: string; readonly prefix: string; readonly line: number; text: string } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  add({ text, line, continues }: CopybookLine): void {
    let at = 0;
    if (this.#open) at = this.#resume(text, continues);
    else if (continues) at = this.#resumeWord(text, line);
    while (at < text.length) at = this.#next(text, at, line);
  }

  end(): Word[] {
    if (this.#open) throw this.#unended(this.#open.delimiter, this.#open.line);
    return this.#words;
  }

  /** A literal goes on behind the quotation mark that opens its next line; pseudo-text simply goes on. */
  #resume(text: string, continues: boolean): number {
    if (this.#open?.delimiter === pseudoMark) return this.#close(text, 0, ' ');
    const first = text.search(/\S/);
    if (!continues || text[first] !== this.#open?.delimiter)
      throw this.#unended(this.#open?.delimiter ?? '', this.#open?.line ?? 0);
    return this.#close(text, first + 1, '');
  }

  #resumeWord(text: string, line: number): number {
    const last = this.#words.at(-1);
    const at = Math.max(text.search(/\S/), 0);
    if (last?.kind !== 'word') return at;
    this.#words.pop();
    const joined = `${last.text}${text.slice(at)}`;
    for (let next = 0; next < joined.length; ) next = this.#next(joined, next, line);
    return text.length;
  }

  #next(text: string, from: number, line: number): number {
    const at = from + (/\S/.exec(text.slice(from))?.index ?? text.length - from);
    const first = text[at];
    if (first === undefined) return at;
    if (first === '"' || first === "'") return this.#openAt(text, at + 1, { delimiter: first, prefix: '', line });
    if (text.startsWith(pseudoMark, at)) return this.#openAt(text, at + 2, { delimiter: pseudoMark, prefix: '', line });
    const run = /^(?:(?!==)[^\s"'])+/.exec(text.slice(at))?.[0] ?? first;
    const end = at + run.length;
    const quote = text[end];
    if ((quote === '"' || quote === "'") && literalPrefixes.has(run.toUpperCase()))
      return this.#openAt(text, end + 1, { delimiter: quote, prefix: run.toUpperCase(), line });
    this.#pushRun(run, line);
    return end;
  }

  /** A period, comma or semicolon at the end of a run separates; within one it belongs to a picture or number. */
  #pushRun(run: string, line: number): void {
    const [, word = '', tail = ''] = /^(.*?)([.,;]*)$/.exec(run) ?? [];
    if (word !== '') this.#push('word', word, '', line);
    if (tail.includes('.')) this.#push('period', '.', '', line);
  }

  #openAt(text: string, at: number, open: { delimiter: string; prefix: string; line: number }): number {
    this.#open = { ...open, text: '' };
    return this.#close(text, at, '');
  }

  /** Reads on to the delimiter; a doubled quotation mark is one of the literal. */
  #close(text: string, from: number, joint: string): number {
    const open = this.#open;
    if (!open) return from;
    const { delimiter } = open;
    open.text += joint;
    let at = from;
    for (;;) {
      const end = text.indexOf(delimiter, at);
      open.text += text.slice(at, end < 0 ? undefined : end);
      if (end < 0) return text.length;
      at = end + delimiter.length;
      if (delimiter === pseudoMark || !text.startsWith(delimiter, at)) break;
      open.text += delimiter;
      at += 1;
    }
    this.#push(delimiter === pseudoMark ? 'pseudo' : 'literal', open.text, open.prefix, open.line);
    this.#open = undefined;
    return at;
  }

  #push(kind: Word['kind'], text: string, prefix: string, line: number): void {
    this.#words.push({ kind, text, prefix, file: this.#file, line });
  }

  #unended(delimiter: string, line: number): Error {
    const what = delimiter === pseudoMark ? 'pseudo-text' : 'literal';
    return copybookError('MORTISE_COPYBOOK_SYNTAX', `${this.#file}:${line}: the ${what} that begins here does not end.`);
  }
}
