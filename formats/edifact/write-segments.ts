// Writes segments: releases every service character that stands in a text, and nothing else.

import { characterEncodings, excerpt, formatError, unencodable } from '@mortise/sdk';
import type { CharacterEncoding } from '@mortise/sdk';
import { isRepeated } from './segment.ts';
import type { Element, Segment } from './segment.ts';
import { unwritable } from './segment-tree.ts';
import { serviceCharacters } from './service-characters.ts';
import type { Separators, ServiceCharacters } from './service-characters.ts';

export class SegmentWriter {
  readonly #characters: ServiceCharacters;
  readonly #special: RegExp;
  readonly #specialEach: RegExp;

  constructor(separators: Separators) {
    this.#characters = serviceCharacters(separators);
    const { component, element, release, repetition, terminator } = this.#characters;
    const list = [component, element, release, repetition, terminator].map((one) => one.replace(/[\\\]^-]/, '\\$&')).join('');
    this.#special = new RegExp(`[${list}]`);
    this.#specialEach = new RegExp(`[${list}]`, 'g');
  }

  /** The segment with its terminator. Throws where it cannot be written. */
  write({ tag, nesting = [], elements }: Segment): string {
    if (!/^[A-Z][A-Z0-9]{2}$/.test(tag))
      throw unwritable(`A segment has the tag ${excerpt(tag)}; expected three capital letters or digits`);
    const { component, element, terminator } = this.#characters;
    let text = tag;
    for (const one of nesting) text += component + this.#released(one, tag);
    for (const one of elements) text += element + this.#element(one, tag);
    return text + terminator;
  }

  #element(element: Element, tag: string): string {
    if (!isRepeated(element)) return this.#repetition(element, tag);
    const { repetition } = this.#characters;
    if (repetition === '' && element.repeat.length > 1)
      throw unwritable(`${tag} repeats an element; expected version 4 of the syntax, with a repetition separator`);
    return element.repeat.map((one) => this.#repetition(one, tag)).join(repetition);
  }

  #repetition(repetition: string | readonly string[], tag: string): string {
    if (typeof repetition === 'string') return this.#released(repetition, tag);
    return repetition.map((text) => this.#released(text, tag)).join(this.#characters.component);
  }

  #released(text: string, tag: string): string {
    if (!this.#special.test(text)) return text;
    const { release } = this.#characters;
    if (release === '') throw unwritable(`${tag} has ${excerpt(text)} with a service character; there is no release character`);
    return text.replace(this.#specialEach, (one) => release + one);
  }
}

/** Throws where the encoding has not a character of the text. */
export function encodeText(text: string, encoding: CharacterEncoding): Uint8Array {
  const bytes = characterEncodings[encoding].encode(text);
  if (bytes) return bytes;
  const lines = text.split(/['\n]/);
  const line = lines.find((one) => characterEncodings[encoding].encode(one) === undefined) ?? text;
  const { message } = unencodable(line, encoding, excerpt(line));
  throw formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
