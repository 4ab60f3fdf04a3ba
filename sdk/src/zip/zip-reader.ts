// Reads a zip archive from its beginning to its end as it comes, and believes its central directory only where both agree.

import { crc32 } from 'node:zlib';
import { ExpansionGuard } from '../compress/expansion.ts';
import type { ExpansionLimits } from '../compress/expansion.ts';
import { HeldBytes } from '../compress/held-bytes.ts';
import { InflateFault, Inflater } from '../compress/inflate.ts';
import { formatError } from '../format.ts';
import { ZipDirectory } from './zip-directory.ts';
import { zipName } from './zip-name.ts';
import { flag, method, readCentral, readLocal, signature, viewOf, zipFault, zipTime } from './zip-structures.ts';
import type { ZipEntry, ZipRecord } from './zip-structures.ts';

export interface ZipLimits extends ExpansionLimits {
  readonly entriesMax: number;
}

/** An entry, then its bytes piece by piece, then its end, which is given where length and checksum are right. */
export type ZipPart =
  | { readonly kind: 'entry'; readonly entry: ZipEntry }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly entry: ZipEntry };

interface Open {
  readonly entry: ZipEntry;
  readonly record: ZipRecord;
  /** Undefined where it is stored. */
  readonly inflater: Inflater | undefined;
  readonly dataOffset: number;
  crc: number;
  bytes: number;
  compressedBytes: number;
}

/** Signature, checksum and two sizes, of four or eight bytes; the signature may be absent (4.3.9). */
const descriptorBytesMax = 24;
const zip64EndBytesMin = 56;
const endBytes = 22;

/** Call `push` for every chunk, then `end`. The same parts come, and the same fault, however the archive is cut. */
export class ZipReader {
  readonly #limits: ZipLimits;
  readonly #guard: ExpansionGuard;
  readonly #held = new HeldBytes();
  readonly #directory = new ZipDirectory();
  #stage: 'structure' | 'data' | 'descriptor' | 'comment' = 'structure';
  #open: Open | undefined;
  /** Where what is held begins. */
  #offset = 0;
  #commentBytes = 0;

  constructor(limits: ZipLimits) {
    this.#limits = limits;
    this.#guard = new ExpansionGuard(limits);
  }

  *push(chunk: Uint8Array): Generator<ZipPart> {
    let rest: Uint8Array | undefined = chunk;
    while (rest && rest.length > 0) {
      if (this.#stage === 'data') rest = yield* this.#readData(rest);
      else rest = yield* this.#readStructures(rest);
    }
  }

  *end(): Generator<ZipPart> {
    if (this.#open?.inflater && this.#stage === 'data') yield* this.#expand(this.#open, this.#open.inflater, 'end');
    const isWhole = this.#stage === 'comment' && this.#commentBytes === 0;
    if (!isWhole) throw zipFault('they end too early', this.#offset + this.#held.length);
  }

  /** What is left once data begin. */
  *#readStructures(chunk: Uint8Array): Generator<ZipPart, Uint8Array | undefined> {
    this.#held.add(chunk);
    while (this.#held.length > 0) {
      if (this.#stage === 'data') return this.#held.take(this.#held.length);
      if (!(yield* this.#readStructure())) return undefined;
    }
    return undefined;
  }

  /** False where more is needed. */
  *#readStructure(): Generator<ZipPart, boolean> {
    if (this.#stage === 'comment') return this.#passComment();
    if (this.#stage === 'descriptor') return yield* this.#readDescriptor();
    if (this.#held.length < 4) return false;
    const found = viewOf(this.#held.bytes).getUint32(0, true);
    if (found === signature.local && !this.#directory.hasBegun) return yield* this.#beginEntry();
    if (found === signature.central) return this.#readCentral();
    if (found === signature.end64) return this.#readEnd64();
    if (found === signature.locator64) return this.#passLocator();
    if (found === signature.end) return this.#readEnd();
    throw zipFault(
      this.#offset === 0 ? 'they do not begin as an archive does' : 'stands something that is no part of it',
      this.#offset,
    );
  }

  *#beginEntry(): Generator<ZipPart, boolean> {
    const record = readLocal(this.#held.bytes, this.#offset);
    if (!record) return false;
    this.#refuse(record);
    const entry = { name: zipName(record, this.#offset), modified: zipTime(record.modified), offsetBytes: this.#offset };
    if (this.#directory.size === this.#limits.entriesMax)
      throw formatError('MORTISE_FORMAT_LIMIT', `The archive has more than ${this.#limits.entriesMax} entries (entriesMax).`);
    if (!this.#directory.add(entry)) throw zipFault(`the name ${JSON.stringify(entry.name)} comes again`, this.#offset);
    this.#pass(record.length);
    const inflater = record.method === method.deflated ? new Inflater() : undefined;
    this.#open = { entry, record, inflater, dataOffset: this.#offset, crc: 0, bytes: 0, compressedBytes: 0 };
    yield { kind: 'entry', entry };
    if (inflater || record.compressedBytes > 0) this.#stage = 'data';
    else yield* this.#finish(this.#open);
    return true;
  }

  #refuse({ flags, method: by, bytes, compressedBytes }: ZipRecord): void {
    if ((flags & (flag.encrypted | flag.strong | flag.masked)) !== 0) throw zipFault('an entry is encrypted', this.#offset);
    if (by !== method.stored && by !== method.deflated)
      throw zipFault(`an entry is compressed by method ${by}; expected 0 (stored) or 8 (deflated)`, this.#offset);
    if (by === method.stored && (flags & flag.descriptor) !== 0)
      throw zipFault('an entry is stored without its length before it, so that nobody knows where it ends', this.#offset);
    if (by === method.stored && bytes !== compressedBytes)
      throw zipFault('a stored entry has two different lengths', this.#offset);
  }

  /** What stands behind the data of the entry; undefined where they go on. */
  *#readData(chunk: Uint8Array): Generator<ZipPart, Uint8Array | undefined> {
    const open = this.#open as Open;
    if (open.inflater) {
      yield* this.#expand(open, open.inflater, chunk);
      if (!open.inflater.done) return undefined;
      open.compressedBytes = open.inflater.readBytes;
      yield* this.#finish(open);
      return open.inflater.rest;
    }
    const part = chunk.subarray(0, open.record.compressedBytes - open.compressedBytes);
    open.compressedBytes += part.length;
    yield* this.#give(open, new Uint8Array(part), open.dataOffset + open.compressedBytes);
    if (open.compressedBytes < open.record.compressedBytes) return undefined;
    yield* this.#finish(open);
    return chunk.subarray(part.length);
  }

  *#expand(open: Open, inflater: Inflater, chunk: Uint8Array | 'end'): Generator<ZipPart> {
    try {
      for (const piece of chunk === 'end' ? inflater.end() : inflater.push(chunk))
        yield* this.#give(open, piece, open.dataOffset + inflater.readBytes);
    } catch (error) {
      throw error instanceof InflateFault ? zipFault(error.message, open.dataOffset + error.offsetBytes) : error;
    }
  }

  *#give(open: Open, piece: Uint8Array, readBytes: number): Generator<ZipPart> {
    open.crc = crc32(piece, open.crc);
    open.bytes += piece.length;
    for (const bytes of this.#guard.pass(piece, readBytes, 'The entries')) yield { kind: 'bytes', bytes };
  }

  /** The data are over; where a descriptor follows, it is read first. */
  *#finish(open: Open): Generator<ZipPart> {
    this.#offset = open.dataOffset + open.compressedBytes;
    this.#stage = (open.record.flags & flag.descriptor) === 0 ? 'structure' : 'descriptor';
    if (this.#stage === 'structure') yield* this.#close(open, open.record);
  }

  *#close(open: Open, told: Pick<ZipRecord, 'crc' | 'bytes' | 'compressedBytes'>): Generator<ZipPart> {
    const same = told.crc === open.crc && told.bytes === open.bytes && told.compressedBytes === open.compressedBytes;
    if (!same)
      throw zipFault(`the entry ${JSON.stringify(open.entry.name)} has another length or checksum than is said`, this.#offset);
    this.#directory.settle(open.entry, {
      ...open.record,
      crc: open.crc,
      bytes: open.bytes,
      compressedBytes: open.compressedBytes,
    });
    this.#open = undefined;
    yield { kind: 'end', entry: open.entry };
  }

  /** There is always a directory behind it, so that so many bytes are there. */
  *#readDescriptor(): Generator<ZipPart, boolean> {
    if (this.#held.length < descriptorBytesMax) return false;
    const open = this.#open as Open;
    const length = descriptorLength(this.#held.bytes, open);
    if (length === undefined)
      throw zipFault(`the entry ${JSON.stringify(open.entry.name)} has another length or checksum than is said`, this.#offset);
    this.#pass(length);
    this.#stage = 'structure';
    yield* this.#close(open, open);
    return true;
  }

  #readCentral(): boolean {
    const record = readCentral(this.#held.bytes, this.#offset);
    if (!record) return false;
    this.#directory.list(record, this.#offset);
    this.#pass(record.length);
    return true;
  }

  #readEnd64(): boolean {
    if (this.#held.length < zip64EndBytesMin) return false;
    const view = viewOf(this.#held.bytes);
    const [length, entries, bytes, offset] = [4, 32, 40, 48].map((at) => Number(view.getBigUint64(at, true))) as [
      number,
      number,
      number,
      number,
    ];
    if (length !== zip64EndBytesMin - 12) throw zipFault('the end of a zip64 directory is of an unknown length', this.#offset);
    this.#directory.end64({ entries, bytes, offset }, this.#offset);
    this.#pass(zip64EndBytesMin);
    return true;
  }

  #passLocator(): boolean {
    if (this.#held.length < 20) return false;
    this.#directory.locate(Number(viewOf(this.#held.bytes).getBigUint64(8, true)), this.#offset);
    this.#pass(20);
    return true;
  }

  #readEnd(): boolean {
    if (this.#held.length < endBytes) return false;
    const view = viewOf(this.#held.bytes);
    const isSplit = [4, 6].some((at) => view.getUint16(at, true) !== 0 && view.getUint16(at, true) !== 0xffff);
    if (isSplit) throw zipFault('the archive is split over several files', this.#offset);
    const told = { entries: view.getUint16(10, true), bytes: view.getUint32(12, true), offset: view.getUint32(16, true) };
    this.#directory.end(told, this.#offset);
    this.#commentBytes = view.getUint16(20, true);
    this.#pass(endBytes);
    this.#stage = 'comment';
    return true;
  }

  #passComment(): boolean {
    const count = Math.min(this.#held.length, this.#commentBytes);
    if (count < this.#held.length) throw zipFault('stands something behind its end', this.#offset + count);
    this.#commentBytes -= count;
    this.#pass(count);
    return true;
  }

  #pass(count: number): void {
    this.#held.take(count);
    this.#offset += count;
  }
}

/** How long the descriptor is that says what was found; undefined where none of its forms does. */
function descriptorLength(bytes: Uint8Array, { crc, bytes: length, compressedBytes }: Open): number | undefined {
  const view = viewOf(bytes);
  const says = (at: number, isLong: boolean): boolean => {
    const size = (place: number): number => (isLong ? Number(view.getBigUint64(place, true)) : view.getUint32(place, true));
    const [first, second] = isLong ? [at + 4, at + 12] : [at + 4, at + 8];
    return view.getUint32(at, true) === crc && size(first) === compressedBytes && size(second) === length;
  };
  const isSigned = view.getUint32(0, true) === signature.descriptor;
  if (isSigned && says(4, true)) return 24;
  if (isSigned && says(4, false)) return 16;
  if (says(0, true)) return 20;
  return says(0, false) ? 12 : undefined;
}
