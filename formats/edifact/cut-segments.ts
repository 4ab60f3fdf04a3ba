// Cuts bytes into segments as they come: it marks the spans between service characters, and makes texts of one segment at a time.

/* oxlint-disable unicorn/no-new-array -- lists of a known length are made as long at once: that is most of what cutting costs. */

import { characterEncodings, formatError, hasFixedWidth, positionToJson } from '@mortise/sdk';
import type { CharacterEncoding } from '@mortise/sdk';
import { serviceCharacters } from './service-characters.ts';
import type { Separators } from './service-characters.ts';
import type { Element, Segment } from './segment.ts';

const kind = { ordinary: 0, component: 1, element: 2, repetition: 3, terminator: 4, release: 5, lineFeed: 6, high: 7 } as const;
/** In a mark beside the kind: the span before it holds a release character. */
const released = 8;
/** A mark is a place in its segment and four bits, in 32 bits. */
const segmentBytesMax = 2 ** 28;

/** So many bytes become text at once. More would be faster, and would be kept as long as any long text in them. */
const textBytes = 4096;

const tagLength = 3;
const tagsMax = 1000;
const tags = new Map<number, string>();

/** What may stand between segments and is no part of them. */
export const isPadding = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0 || byte === 0x1a;

export class SegmentCutter {
  readonly #kinds = new Uint8Array(256);
  #bytes = Buffer.alloc(0);
  #length = 0;
  /** The offset of the first byte that is held. */
  #base = 0;
  /** Where the scan stands, and where the segment under way begins: places in what is held. */
  #at = 0;
  #from = -1;
  #marks = new Uint32Array(256);
  #marked = 0;
  /** How many elements have ended, the tag among them. */
  #elements = 0;
  #flag = 0;
  #high = false;
  #lines = 1;
  #release = '';
  /** The bytes as text, each a character, from an offset on. */
  #text = '';
  #textFrom = 0;
  #terminatorBytes = 0x27;
  #encoding: CharacterEncoding = 'latin1';

  /** Of the segment that was given last: where it begins and ends in all bytes, and its line. */
  offsetBytes = 0;
  endBytes = 0;
  line = 1;
  /** Where the bytes between it and the one before begin. */
  gapBytes = 0;
  /** Set where a segment has releases that it does not need; who asks sets it back. */
  needless = false;
  /** Set where a segment or a composite ends in a separator behind which is nothing; who asks sets it back. */
  trailing = false;
  /** The offset of bytes that are no text in the encoding; who asks sets it back. */
  undecodableBytes: number | undefined;

  set separators(separators: Separators) {
    const { component, element, release, repetition, terminator } = serviceCharacters(separators);
    this.#kinds.fill(kind.ordinary, 0, 0x80).fill(kind.high, 0x80);
    this.#kinds[0x0a] = kind.lineFeed;
    const mark = (character: string, of: number): void => {
      if (character !== '') this.#kinds[character.charCodeAt(0)] = of;
    };
    mark(repetition, kind.repetition);
    mark(component, kind.component);
    mark(element, kind.element);
    mark(release, kind.release);
    mark(terminator, kind.terminator);
    this.#release = release;
    this.#terminatorBytes = terminator.charCodeAt(0);
  }

  /** Set before the header of an interchange: its syntax identifier tells the encoding, of its own texts as well. */
  chooseEncoding: ((identifier: string) => CharacterEncoding) | undefined;

  set encoding(encoding: CharacterEncoding) {
    this.#encoding = encoding;
  }

  get encoding(): CharacterEncoding {
    return this.#encoding;
  }

  /** Takes a copy. Bytes before `keepFrom` are not needed any more. */
  push(chunk: Uint8Array, keepFrom: number): void {
    const dropped = Math.min(keepFrom, this.#base + (this.#from < 0 ? this.#at : this.#from)) - this.#base;
    if (dropped > 0) this.#drop(dropped);
    const needed = this.#length + chunk.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length, 1024));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = needed;
  }

  #drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length);
    this.#length -= count;
    this.#base += count;
    this.#at -= count;
    if (this.#from >= 0) this.#from -= count;
  }

  /** Copies bytes that are still held. */
  raw(from: number, to: number): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(from - this.#base, to - this.#base));
  }

  /** Up to so many bytes that come next, without taking them. */
  peek(count: number): Buffer {
    return this.#bytes.subarray(this.#at, Math.min(this.#length, this.#at + count));
  }

  /** Where the next byte stands in all bytes. */
  get nextBytes(): number {
    return this.#base + this.#at;
  }

  /** How far the segment under way, or the one that was given last, reaches so far. */
  get reachedBytes(): number {
    return this.#from < 0 ? this.endBytes : this.#base + this.#at;
  }

  /** How many bytes have come in all. */
  get totalBytes(): number {
    return this.#base + this.#length;
  }

  /** Whether just this text stands between the segment that was given last and the one before. */
  gapIs(text: string): boolean {
    const length = this.offsetBytes - this.gapBytes;
    if (length !== text.length) return false;
    for (let index = 0; index < length; index += 1)
      if (this.#bytes[this.gapBytes - this.#base + index] !== text.charCodeAt(index)) return false;
    return true;
  }

  /** Passes over bytes before a segment. */
  skip(count: number): void {
    for (let index = 0; index < count; index += 1) if (this.#bytes[this.#at + index] === 0x0a) this.#lines += 1;
    this.#at += count;
  }

  /** Passes over what may stand between segments; true where something else has come. */
  skipPadding(): boolean {
    while (this.#at < this.#length) {
      const byte = this.#bytes[this.#at] as number;
      const met = this.#kinds[byte] as number;
      if (!isPadding(byte) || (met !== kind.ordinary && met !== kind.lineFeed)) return true;
      if (byte === 0x0a) this.#lines += 1;
      this.#at += 1;
    }
    return false;
  }

  /** The next segment, if all of it has come. Padding before it is passed over. */
  next(): Segment | undefined {
    if (this.#from < 0 && !this.#begin()) return undefined;
    if (!this.#scan()) return undefined;
    return this.#complete(this.#at);
  }

  /** Passes over the next segment, if all of it has come: its spans are found, and no texts are made of them. */
  pass(): boolean {
    if ((this.#from < 0 && !this.#begin()) || !this.#scan()) return false;
    this.#finish(this.#at);
    return true;
  }

  /** Back to before the padding of the segment that was given last. */
  rewind(): void {
    this.#at = this.gapBytes - this.#base;
    this.#lines = this.line - linesIn(this.#bytes.subarray(this.#at, this.offsetBytes - this.#base));
    this.endBytes = this.gapBytes;
    this.needless = false;
    this.undecodableBytes = undefined;
  }

  /** At the end of all bytes: what stands there without a terminator, or nothing. */
  rest(): { readonly offsetBytes: number; readonly line: number; readonly endBytes: number } | undefined {
    if (this.#from < 0 && !this.#begin()) return undefined;
    return { offsetBytes: this.offsetBytes, line: this.line, endBytes: this.#base + this.#length };
  }

  /** At the end of all bytes, where line ends are terminators: the last segment needs none. */
  finish(): Segment | undefined {
    if (!isPadding(this.#terminatorBytes) || (this.#from < 0 && !this.#begin())) return undefined;
    if (this.#marked === this.#marks.length) this.#moreMarks();
    this.#marks[this.#marked++] = ((this.#length - this.#from) << 4) | this.#flag | kind.terminator;
    this.#elements += 1;
    this.needless = true;
    return this.#complete(this.#length);
  }

  #begin(): boolean {
    if (!this.skipPadding()) return false;
    this.#from = this.#at;
    this.#marked = 0;
    this.#elements = 0;
    this.#flag = 0;
    this.#high = false;
    this.gapBytes = this.endBytes;
    this.offsetBytes = this.#base + this.#from;
    this.line = this.#lines;
    return true;
  }

  /** Goes on until the end of the segment, or of what has come. The marks are kept in variables as long as it runs. */
  #scan(): boolean {
    const bytes = this.#bytes;
    const kinds = this.#kinds;
    const end = this.#length;
    const from = this.#from;
    let marks = this.#marks;
    let marked = this.#marked;
    let elements = this.#elements;
    let at = this.#at;
    let met: number = kind.ordinary;
    for (; at < end; at += 1) {
      met = kinds[bytes[at] as number] as number;
      if (met === kind.ordinary) continue;
      if (met <= kind.terminator) {
        if (marked === marks.length) marks = this.#moreMarks();
        marks[marked++] = ((at - from) << 4) | this.#flag | met;
        this.#flag = 0;
        if (met !== kind.component && met !== kind.repetition) elements += 1;
        if (met === kind.terminator) break;
      } else if (met === kind.high) this.#high = true;
      else if (met === kind.lineFeed) this.#lines += 1;
      else if (at + 1 === end) break;
      else {
        at += 1;
        this.#releases(bytes[at] as number);
      }
    }
    this.#at = at;
    this.#marked = marked;
    this.#elements = elements;
    if (at - from > segmentBytesMax) throw this.#tooLong();
    return at < end && met === kind.terminator;
  }

  #moreMarks(): Uint32Array<ArrayBuffer> {
    const larger = new Uint32Array(2 * this.#marks.length);
    larger.set(this.#marks);
    this.#marks = larger;
    return larger;
  }

  #releases(byte: number): void {
    this.#flag = released;
    const met = this.#kinds[byte] as number;
    if (met === kind.ordinary || met > kind.release) this.needless = true;
    if (met === kind.high) this.#high = true;
    if (byte === 0x0a) this.#lines += 1;
  }

  #complete(end: number): Segment {
    if (this.chooseEncoding) this.#choose();
    const segment = this.#build(end);
    this.#finish(end);
    return segment;
  }

  #finish(end: number): void {
    const taken = end < this.#length;
    if (taken && this.#terminatorBytes === 0x0a) this.#lines += 1;
    this.#at = taken ? end + 1 : end;
    this.#from = -1;
    this.endBytes = this.#base + this.#at;
  }

  /** The first component of the first element, as bytes that are letters anyway. */
  #choose(): void {
    const from = this.#from + ((this.#marks[0] ?? 0) >>> 4) + 1;
    const to = this.#from + ((this.#marks[1] ?? 0) >>> 4);
    if (this.#marked > 1 && this.#bytes.toString('latin1', this.#from, this.#from + 3) === 'UNB')
      this.#encoding = this.chooseEncoding?.(this.#bytes.toString('latin1', from, to)) ?? this.#encoding;
    this.chooseEncoding = undefined;
  }

  /** Makes texts of the spans. This is where the time goes: lists are made as long as they will be, and loops are plain. */
  #build(end: number): Segment {
    const wide = this.#high && this.#encoding !== 'latin1' ? this.#wideTexts(end) : undefined;
    const text = wide ? '' : this.#textUntil(end);
    const origin = this.#base + this.#from - this.#textFrom;
    const marks = this.#marks;
    const elements = new Array<Element>(this.#elements - 1);
    let tag: string | readonly string[] | undefined;
    let repeat: (string | readonly string[])[] | undefined;
    let from = origin;
    let next = 0;
    for (let index = 0; index < this.#marked; index += 1) {
      const first = index;
      while (((marks[index] as number) & 7) === kind.component) index += 1;
      const components = index > first ? new Array<string>(index - first + 1) : undefined;
      let part = '';
      for (let at = first; at <= index; at += 1) {
        const mark = marks[at] as number;
        const to = origin + (mark >>> 4);
        if (wide) part = wide[at] as string;
        else part = at === 0 && to === from + tagLength ? tagAt(text, from) : text.substring(from, to);
        if ((mark & released) !== 0) part = this.#unescaped(part);
        if (components) components[at - first] = part;
        from = to + 1;
      }
      if (components && part === '') this.trailing = true;
      const value = components ?? part;
      if (((marks[index] as number) & 7) === kind.repetition) (repeat ??= []).push(value);
      else if (tag === undefined) tag = value;
      else {
        elements[next++] = repeat ? { repeat: [...repeat, value] } : value;
        repeat = undefined;
      }
    }
    if (next > 0 && elements[next - 1] === '') this.trailing = true;
    return typeof tag === 'string' ? { tag, elements } : nested(tag ?? [], elements);
  }

  /** The text in which the segment stands, byte by byte: that of several segments is made at once. */
  #textUntil(end: number): string {
    const from = this.#base + this.#from;
    if (from < this.#textFrom || this.#base + end > this.#textFrom + this.#text.length) {
      this.#textFrom = from;
      this.#text = this.#bytes.toString('latin1', this.#from, Math.max(end, Math.min(this.#length, this.#from + textBytes)));
    }
    return this.#text;
  }

  /** The texts of all spans, of an encoding in which a byte is not just a character of its number. */
  #wideTexts(end: number): readonly string[] {
    const { decode } = characterEncodings[this.#encoding];
    const bytes = this.#bytes.subarray(this.#from, end);
    const whole = hasFixedWidth(this.#encoding) ? decode(bytes) : undefined;
    let from = 0;
    return Array.from(this.#marks.subarray(0, this.#marked), (mark) => {
      const [start, to] = [from, mark >>> 4];
      from = to + 1;
      if (whole !== undefined) return whole.substring(start, to);
      const span = bytes.subarray(start, to);
      return decode(span) ?? this.#undecodable(span, start);
    });
  }

  #undecodable(span: Buffer, from: number): string {
    this.undecodableBytes ??= this.#base + this.#from + from;
    return span.toString('latin1');
  }

  #unescaped(text: string): string {
    let result = '';
    let from = 0;
    for (let at = text.indexOf(this.#release); at >= 0; at = text.indexOf(this.#release, at + 2)) {
      result += text.substring(from, at);
      from = at + 1;
    }
    return result + text.substring(from);
  }

  #tooLong(): Error {
    const details = positionToJson({ offsetBytes: this.offsetBytes, line: this.line });
    return formatError('MORTISE_FORMAT_LIMIT', `The segment in line ${this.line} is longer than ${segmentBytesMax} bytes.`, {
      details,
    });
  }
}

/** The same tag is the same text, which is found and compared faster than another one. Only the usual ones are kept. */
function tagAt(text: string, from: number): string {
  const code = (text.charCodeAt(from) << 16) | (text.charCodeAt(from + 1) << 8) | text.charCodeAt(from + 2);
  const known = tags.get(code);
  if (known !== undefined) return known;
  const tag = text.substring(from, from + tagLength);
  if (tags.size < tagsMax) tags.set(code, tag);
  return tag;
}

/** Components of the tag say where a segment is nested. A tag cannot be repeated: what looks so is left as it is. */
function nested([tag = '', ...nesting]: readonly string[], elements: readonly Element[]): Segment {
  return { tag, nesting, elements };
}

function linesIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
}
