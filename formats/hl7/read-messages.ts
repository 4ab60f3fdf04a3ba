// Reads messages out of bytes: one after the other, each with its envelope and how it was written.

import { MortiseError, formatError, positionToJson, undecodable } from '@mortise/sdk';
import type { Decoded, FormatOptionsOf, Position } from '@mortise/sdk';
import { isAscii } from 'node:buffer';
import { Batches } from './batches.ts';
import { declaredSet, encodingOf } from './character-sets.ts';
import type { CharacterSet } from './character-sets.ts';
import { MessageCutter } from './cut-messages.ts';
import type { CutMessage } from './cut-messages.ts';
import type format from './format.ts';
import { declaredSetNames, readHeader } from './header.ts';
import { Marks, codesOf } from './marks.ts';
import type { Codes } from './marks.ts';
import type { CharacterBytes } from './escapes.ts';
import { readSegments } from './read-segments.ts';
import type { ReadSegments, SegmentFault } from './read-segments.ts';

export type Hl7Options = FormatOptionsOf<typeof format>;

interface Text {
  readonly text: string;
  readonly codes: Codes;
  readonly characters: CharacterBytes;
}

const escapeByte = 0x1b;
/** MSH-18 is looked for in so many bytes: all that stands before it is short. */
const headBytes = 4096;

export class MessageReader {
  readonly #options: Hl7Options;
  readonly #cutter: MessageCutter;
  readonly #batches = new Batches();
  readonly #marks = new Marks();
  readonly #encoding: CharacterSet;
  #record = 0;

  constructor(options: Hl7Options) {
    this.#options = options;
    this.#cutter = new MessageCutter(options.messageBytesMax, options.segmentEnd === 'any');
    this.#encoding = encodingOf(options.encoding);
  }

  *push(chunk: Uint8Array): Generator<Decoded> {
    for (const cut of this.#cutter.push(chunk)) {
      this.#take(cut);
      yield* this.#given();
    }
  }

  *end(): Generator<Decoded> {
    for (const cut of this.#cutter.end()) this.#take(cut);
    this.#batches.end();
    yield* this.#given();
  }

  /** What is ready. Problems are thrown where one costs the whole file. */
  *#given(): Generator<Decoded> {
    const ready = this.#batches.take();
    if (this.#options.refuse === 'record') return yield* ready;
    for (const one of ready) {
      if ('problem' in one) throw one.problem;
      yield one;
    }
  }

  #take(cut: CutMessage): void {
    const isMessage = cut.header === 'MSH' || cut.header === '';
    if (isMessage) this.#record += 1;
    const { offsetBytes, line } = cut;
    const position: Position = isMessage ? { offsetBytes, line, record: this.#record } : { offsetBytes, line };
    try {
      const value = this.#read(cut, position);
      if (cut.header === 'MSH') this.#batches.message(value, position);
      else this.#batches.boundary(cut.header, value, position, cut.bytes);
    } catch (problem) {
      if (!(problem instanceof MortiseError)) throw problem;
      this.#batches.broken(cut.header, { problem, position, raw: new Uint8Array(cut.bytes) });
    }
  }

  #read(cut: CutMessage, position: Position): ReadSegments {
    const { messageBytesMax, elementsMax, segmentEnd } = this.#options;
    if (cut.isTooLong)
      throw limit(`The message in line ${cut.line} is longer than ${messageBytesMax} bytes (messageBytesMax).`, position);
    if (cut.header === '') throw orphan(cut, position);
    const { text, codes, characters } = this.#textOf(cut, position);
    const from = leadCharacters(cut, text);
    const isTrailer = cut.header === 'BTS' || cut.header === 'FTS';
    const header = isTrailer
      ? { delimiters: this.#batches.delimitersFor(cut.header, segmentEnd === 'any'), end: from + 3 }
      : readHeader(text, from, segmentEnd === 'any');
    if (typeof header === 'string') throw faulty(`${cut.header} in line ${cut.line} ${header}.`, position, cut.header, '2');
    if (!this.#marks.mark(codes, header.end, header.delimiters.kinds, elementsMax))
      throw limit(`The message in line ${cut.line} has more than ${elementsMax} delimiters (elementsMax).`, position);
    const read = readSegments(text, from, header, this.#marks, { ...this.#options, characters, name: cut.header });
    if ('what' in read) throw located(read, text, cut, position, characters);
    if ('isExact' in characters && characters.isExact === false) keepBytes(read, text, cut, characters);
    return read;
  }

  /** ASCII takes no decoding: the character set is needed for escape sequences only, and looked up where there is one. */
  #textOf(cut: CutMessage, position: Position): Text {
    if (isAscii(cut.bytes) && !cut.bytes.includes(escapeByte)) {
      const set = (): CharacterSet => this.#setOf(cut, position);
      return {
        text: latin1(cut.bytes),
        codes: cut.bytes,
        characters: { decode: (bytes) => set().decode(bytes), encode: (one) => set().encode(one) },
      };
    }
    const set = this.#setOf(cut, position);
    const text = set.decode(cut.bytes);
    if (text !== undefined) return { text, codes: codesOf(text), characters: set };
    throw undecodableIn(cut, set, position);
  }

  #setOf(cut: CutMessage, position: Position): CharacterSet {
    if (cut.header !== 'MSH' || !this.#options.trustDeclared) return this.#encoding;
    const head = latin1(cut.bytes.subarray(cut.leadBytes, cut.leadBytes + headBytes));
    const header = readHeader(head, 0, this.#options.segmentEnd === 'any');
    const names = typeof header === 'string' ? [] : declaredSetNames(head, header);
    const set = declaredSet(names) ?? this.#encoding;
    if (set !== 'unknown') return set;
    if (isAscii(cut.bytes)) return this.#encoding;
    const message = `MSH-18 in line ${cut.line} names ${JSON.stringify(names.join('~'))}, which is no character set that is known; expected one of HL7 table 0211, or name the encoding and "trustDeclared: false".`;
    throw formatError('MORTISE_FORMAT_ENCODING', message, {
      details: positionToJson({ ...position, segment: 'MSH', field: '18' }),
    });
  }
}

function located(
  fault: SegmentFault,
  text: string,
  cut: CutMessage,
  position: Position,
  characters: CharacterBytes,
): MortiseError {
  const offsetBytes = cut.offsetBytes - cut.leadBytes + (characters.encode(text.slice(0, fault.at))?.length ?? fault.at);
  const line = cut.line + linesIn(text.slice(leadCharacters(cut, text), fault.at));
  return faulty(`${fault.what} in line ${line}.`, { ...position, offsetBytes, line }, fault.segment, fault.field);
}

/** What came before the first header segment, or without one. */
function orphan(cut: CutMessage, position: Position): MortiseError {
  const begun = Buffer.from(cut.bytes.subarray(cut.leadBytes, cut.leadBytes + 20)).toString('latin1');
  return faulty(`Line ${cut.line} begins with ${JSON.stringify(begun)}; expected a message, which begins with MSH.`, position);
}

function undecodableIn(cut: CutMessage, set: CharacterSet, position: Position): MortiseError {
  const what = `The message in line ${cut.line}`;
  if (set.encoding)
    return undecodable(cut.bytes, set.encoding, what, { ...position, offsetBytes: cut.offsetBytes - cut.leadBytes });
  const details = { details: positionToJson(position) };
  return formatError(
    'MORTISE_FORMAT_ENCODING',
    `${what} has bytes that are no text in ${set.name}, which its MSH-18 names.`,
    details,
  );
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** What stands before a segment is ASCII, but for a byte order mark. */
function leadCharacters(cut: CutMessage, text: string): number {
  return text.indexOf(cut.header, Math.max(0, cut.leadBytes - 6));
}

function linesIn(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
}

/** Where an encoding has several ways to write a text, the bytes are kept unless they are the usual ones. */
function keepBytes(read: ReadSegments, text: string, cut: CutMessage, characters: CharacterBytes): void {
  const usual = characters.encode(text);
  if (usual && Buffer.compare(usual, cut.bytes) === 0) return;
  Object.assign(read.syntax, { irregular: true, raw: Buffer.from(cut.bytes).toString('base64') });
}

function limit(message: string, position: Position): MortiseError {
  return formatError('MORTISE_FORMAT_LIMIT', message, { details: positionToJson(position) });
}

function faulty(message: string, position: Position, segment?: string, field?: string): MortiseError {
  const place = { ...position, ...(segment ? { segment } : {}), ...(field ? { field } : {}) };
  return formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson(place) });
}
