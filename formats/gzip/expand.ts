// Expands gzip as it comes: members one behind the other, each checked by its length and checksum.

import { crc32 } from 'node:zlib';
import { ExpansionGuard, InflateFault, Inflater, formatError } from '@mortise/sdk';
import type { ExpansionLimits } from '@mortise/sdk';

/** The flags of a header (RFC 1952, 2.3.1). */
const flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, unknown: 0xe0 };
const fixedHeaderBytes = 10;
const trailerBytes = 8;
/** Names and comments have no length of their own; nobody writes longer ones. */
const headerBytesMax = 8 * 1024;

export class Expander {
  readonly #guard: ExpansionGuard;
  /** Of a header or trailer that is not complete. */
  #held = new Uint8Array();
  #inflater: Inflater | undefined;
  #stage: 'header' | 'data' | 'trailer' = 'header';
  #crc = 0;
  /** Where what is held begins in all bytes, and where the data under way began. */
  #offset = 0;
  #dataOffset = 0;
  #members = 0;

  constructor(limits: ExpansionLimits) {
    this.#guard = new ExpansionGuard(limits);
  }

  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let next: Uint8Array | undefined = chunk;
    while (next && next.length > 0) {
      if (this.#stage === 'data') next = yield* this.#expand(next);
      else {
        this.#held = Buffer.concat([this.#held, next]);
        next = this.#stage === 'header' ? this.#passHeader() : this.#passTrailer();
      }
    }
  }

  *end(): Generator<Uint8Array> {
    if (this.#stage === 'data' && this.#inflater) yield* this.#guarded(this.#inflater, this.#inflater.end());
    const isBetween = this.#stage === 'header' && this.#held.length === 0 && this.#members > 0;
    if (!isBetween) throw this.#fault(`they end in the middle of a ${this.#stage}`, this.#offset + this.#held.length);
  }

  /** What stands behind the header; undefined where it is not complete. */
  #passHeader(): Uint8Array | undefined {
    const length = headerLength(this.#held);
    if (this.#held.length > 1 && (this.#held[0] !== 0x1f || this.#held[1] !== 0x8b))
      throw this.#fault(this.#members > 0 ? 'something else stands behind them' : 'they do not begin as gzip does', this.#offset);
    if (this.#held.length > 3 && (this.#held[2] !== 8 || ((this.#held[3] ?? 0) & flag.unknown) !== 0))
      throw this.#fault('the header names a method or flags that do not exist', this.#offset);
    if ((length ?? this.#held.length) > headerBytesMax) throw this.#fault('the header has no end', this.#offset);
    if (length === undefined) return undefined;
    this.#inflater = new Inflater();
    this.#crc = 0;
    this.#stage = 'data';
    this.#dataOffset = this.#offset + length;
    return this.#release(length);
  }

  /** What stands behind the compressed data; nothing where they go on. */
  *#expand(chunk: Uint8Array): Generator<Uint8Array, Uint8Array | undefined> {
    const inflater = this.#inflater;
    if (!inflater) return undefined;
    yield* this.#guarded(inflater, inflater.push(chunk));
    if (!inflater.done) return undefined;
    this.#offset = this.#dataOffset + inflater.readBytes;
    this.#stage = 'trailer';
    return inflater.rest;
  }

  *#guarded(inflater: Inflater, pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
    try {
      for (const piece of pieces) {
        this.#crc = crc32(piece, this.#crc);
        yield* this.#guard.pass(piece, this.#dataOffset + inflater.readBytes, 'The bytes');
      }
    } catch (error) {
      throw error instanceof InflateFault ? this.#fault(error.message, this.#dataOffset + error.offsetBytes) : error;
    }
  }

  #passTrailer(): Uint8Array | undefined {
    if (this.#held.length < trailerBytes) return undefined;
    const view = new DataView(this.#held.buffer, this.#held.byteOffset);
    if (view.getUint32(0, true) !== this.#crc) throw this.#fault('what they expand to has another checksum', this.#offset);
    const length = (this.#inflater?.givenBytes ?? 0) % 2 ** 32;
    if (view.getUint32(4, true) !== length) throw this.#fault('what they expand to has another length', this.#offset);
    this.#members += 1;
    this.#stage = 'header';
    return this.#release(trailerBytes);
  }

  /** What is held beyond `count` bytes, which are passed. */
  #release(count: number): Uint8Array {
    const rest = this.#held.slice(count);
    this.#held = new Uint8Array();
    this.#offset += count;
    return rest;
  }

  #fault(what: string, offsetBytes: number): Error {
    return formatError('MORTISE_FORMAT_SYNTAX', `The bytes are no sound gzip: at offset ${offsetBytes} ${what}.`, {
      details: { offsetBytes },
    });
  }
}

/** How long the header is at the beginning of these bytes; undefined where it is not complete. */
function headerLength(bytes: Uint8Array): number | undefined {
  const flags = bytes[3] ?? 0;
  let length = fixedHeaderBytes;
  if ((flags & flag.extra) !== 0) length += 2 + (bytes[length] ?? 0) + 256 * (bytes[length + 1] ?? 0);
  for (const text of [flag.name, flag.comment]) {
    if ((flags & text) === 0) continue;
    const end = bytes.indexOf(0, length);
    if (end < 0) return undefined;
    length = end + 1;
  }
  if ((flags & flag.headerCrc) !== 0) length += 2;
  return length <= bytes.length ? length : undefined;
}
