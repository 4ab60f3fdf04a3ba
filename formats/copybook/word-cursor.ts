// Steps through the words of a copybook.

import type { MortiseError } from '@mortise/sdk';
import type { Word } from './copybook-words.ts';
import { copybookError } from './errors.ts';

export class WordCursor {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  get atEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  /** The next word; undefined at a period and at the end. */
  peek(): Word | undefined {
    const word = this.#words[this.#at];
    return word?.kind === 'period' ? undefined : word;
  }

  /** Throws MORTISE_COPYBOOK_SYNTAX at the end. */
  take(): Word {
    const word = this.#words[this.#at];
    if (!word) throw this.fault('the copybook ends here, in the middle of an entry');
    this.#at += 1;
    return word;
  }

  /** Whether the next word is one of these, which is passed then. */
  skip(...texts: readonly string[]): boolean {
    const word = this.peek();
    const found = word?.kind === 'word' && texts.includes(word.text.toUpperCase());
    if (found) this.#at += 1;
    return found;
  }

  /** Whether a period, or the end, is here; it is passed then. A level number is as good: some forget the period. */
  ended(): boolean {
    const word = this.peek();
    if (word?.kind === 'word' && /^\d{1,2}$/.test(word.text)) return true;
    if (!word) this.#at += 1;
    return word === undefined;
  }

  passSentence(): void {
    while (this.peek()) this.#at += 1;
    this.#at += 1;
  }

  /** An error at this word, or at the one that was taken last. */
  fault(what: string, at = this.#words[Math.max(0, Math.min(this.#at, this.#words.length) - 1)]): MortiseError {
    return copybookError('MORTISE_COPYBOOK_SYNTAX', `${at ? `${at.file}:${at.line}: ` : ''}${what}.`);
  }
}

export function isWord(word: Word | undefined, text: string): boolean {
  return word !== undefined && word.kind !== 'literal' && word.text.toUpperCase() === text.toUpperCase();
}
