// Writes messages one after the other, with the headers and trailers of the files and batches that they are in.

import { excerpt, unencodable } from '@mortise/sdk';
import { isDeepStrictEqual } from 'node:util';
import { declaredSet, encodingOf } from './character-sets.ts';
import type { CharacterSet } from './character-sets.ts';
import { blockEnd, delimitersOf, segmentStart, usualDelimiters } from './delimiters.ts';
import type { Delimiters } from './delimiters.ts';
import { EnvelopeWriter } from './write-envelopes.ts';
import { keptText } from './read-back.ts';
import { MessageReader } from './read-messages.ts';
import type { Hl7Options } from './read-messages.ts';
import { terminators } from './read-segments.ts';
import { SegmentWriter, isRecord, namedSegment, unwritable } from './write-segment.ts';

type Values = Readonly<Record<string, unknown>>;

/** Messages are handed on in blocks: a chunk a message would cost the one who writes them a call each. */
const blockBytes = 64 * 1024;

export class MessageWriter {
  readonly #options: Hl7Options;
  readonly #envelopes: EnvelopeWriter;
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  #record = 0;
  /** Whether what was written last has no end yet. */
  #isOpen = false;

  constructor(options: Hl7Options) {
    this.#options = options;
    this.#envelopes = new EnvelopeWriter((segment, delimiters) => {
      const { encoding, terminator } = this.#options;
      const made = this.#delimitersIn(delimiters);
      this.#add(this.#segment(segment, made, encodingOf(encoding), terminators[terminator]), encodingOf(encoding));
    });
  }

  /** A block of bytes where enough messages have gathered. Throws MORTISE_FORMAT_UNWRITABLE. */
  push(value: unknown): Uint8Array | undefined {
    this.#record += 1;
    if (!isRecord(value) || !Array.isArray(value['segments']) || value['segments'].length === 0)
      throw unwritable(`Message ${this.#record}`, `is ${excerpt(value)}; expected an object with an array of "segments"`);
    this.#envelopes.before(value['envelope']);
    const syntax = value['syntax'] ?? {};
    if (!isRecord(syntax)) throw unwritable(`Message ${this.#record}`, `has ${excerpt(syntax)} as "syntax"; expected an object`);
    const kept = this.#keptBytes(value, syntax);
    if (kept) this.#addBytes(kept);
    else this.#message(value['segments'], syntax);
    this.#envelopes.after(value['envelope']);
    return this.#bytes < blockBytes ? undefined : this.#flush();
  }

  end(): Uint8Array {
    this.#envelopes.end();
    return this.#flush();
  }

  #message(segments: readonly unknown[], syntax: Values): void {
    const delimiters = this.#delimitersIn(syntax['delimiters']);
    const set = this.#setOf(segments[0]);
    const terminator = this.#terminatorIn(syntax);
    const texts = segments.map((segment, index) => {
      const { name } = namedSegment(segment);
      if ((name === 'MSH') === index > 0 || (index > 0 && isHeader(name)))
        throw unwritable(
          `Message ${this.#record}`,
          `has ${name} as its segment ${index + 1}; expected MSH as the first, and no other header`,
        );
      return this.#segment(segment, delimiters, set, terminator);
    });
    if (isBare(texts[0] ?? '', `MSH${delimiters.text}`))
      throw unwritable(`Message ${this.#record}`, 'has an empty MSH; expected at least one field of it');
    const text = ended(texts, terminator).join('');
    this.#add(syntax['unterminated'] === true ? withoutEnd(text, terminator, segments.at(-1)) : text, set);
  }

  /** With its end. */
  #segment(segment: unknown, delimiters: Delimiters, set: CharacterSet, terminator: string): string {
    const { values } = namedSegment(segment);
    return keptText(values, delimiters, set, this.#options) ?? new SegmentWriter(delimiters, set).write(segment) + terminator;
  }

  #delimitersIn(written: unknown = usualDelimiters): Delimiters {
    const delimiters = typeof written === 'string' ? delimitersOf(written, this.#options.segmentEnd === 'any') : undefined;
    if (delimiters) return delimiters;
    throw unwritable(
      'The syntax',
      `has ${excerpt(written)} as "delimiters"; expected two to six different signs such as "|^~\\&"`,
    );
  }

  #terminatorIn({ terminator = this.#options.terminator }: Values): string {
    if (terminator === 'cr' || terminator === 'lf' || terminator === 'crlf') return terminators[terminator];
    throw unwritable(`Message ${this.#record}`, `has ${excerpt(terminator)} as "terminator"; expected "cr", "lf" or "crlf"`);
  }

  /** The character set that MSH-18 names, which is how the message is going to be read. */
  #setOf(header: unknown): CharacterSet {
    const usual = encodingOf(this.#options.encoding);
    if (!isRecord(header) || !this.#options.trustDeclared) return usual;
    const { characterSet, positions } = header;
    const written = characterSet ?? (isRecord(positions) ? positions['f18'] : undefined);
    const names = Array.isArray(written) ? written : [written];
    const set = declaredSet(names.filter((name): name is string => typeof name === 'string'));
    return set === 'unknown' ? { ...encodingOf('ascii'), name: `the unknown character set that MSH-18 names` } : (set ?? usual);
  }

  /** The bytes as they came, where decoding them gives just this value. */
  #keptBytes(value: Values, syntax: Values): Uint8Array | undefined {
    if (typeof syntax['raw'] !== 'string') return undefined;
    const bytes = Buffer.from(syntax['raw'], 'base64');
    const reader = new MessageReader({ ...this.#options, refuse: 'record' });
    const [read, other] = [...reader.push(bytes), ...reader.end()];
    const { envelope: _, ...message } = value;
    return read && !other && 'value' in read && isDeepStrictEqual(read.value, message) ? bytes : undefined;
  }

  #add(text: string, set: CharacterSet): void {
    const bytes = set.encode(text);
    if (!bytes)
      throw set.encoding ? unencodable(text, set.encoding, `Message ${this.#record}`) : unencodableIn(this.#record, set);
    this.#addBytes(bytes);
  }

  /** What has no end gets one as soon as something follows. */
  #addBytes(bytes: Uint8Array): void {
    if (this.#isOpen) this.#parts.push(Buffer.from(terminators[this.#options.terminator]));
    const last = bytes.at(-1);
    this.#isOpen = last !== 0x0d && last !== 0x0a && last !== 0x1c;
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  #flush(): Uint8Array {
    const block = Buffer.concat(this.#parts);
    this.#parts.length = 0;
    this.#bytes = 0;
    return block;
  }
}

function isHeader(name: string): boolean {
  return name === 'FHS' || name === 'BHS' || name === 'BTS' || name === 'FTS';
}

/** A text that was kept of the last segment of a message may have no end of its own, and now stand before others. */
function ended(texts: readonly string[], terminator: string): string[] {
  return texts.map((text, index) => (index + 1 < texts.length && !isEnded(text) ? text + terminator : text));
}

/** Whether the header stands there, and nothing behind it. */
function isBare(text: string, header: string): boolean {
  const behind = text.slice(segmentStart(text) + header.length);
  return segmentStart(behind) === behind.length;
}

function isEnded(text: string): boolean {
  return text.endsWith('\r') || text.endsWith('\n') || text.endsWith(blockEnd);
}

function withoutEnd(text: string, terminator: string, last: unknown): string {
  const isKept = isRecord(last) && typeof last['irregular'] === 'string';
  return !isKept && text.endsWith(terminator) ? text.slice(0, -terminator.length) : text;
}

function unencodableIn(record: number, set: CharacterSet): Error {
  return unwritable(`Message ${record}`, `has a character that ${set.name} cannot write; name another in MSH-18`);
}
