// Writes a zip archive as it goes: the same entries give the same bytes.

import { crc32 } from 'node:zlib';
import { Deflater } from '../compress/deflate.ts';
import { formatError } from '../format.ts';
import { nameFault } from './zip-name.ts';
import { flag, method, signature, viewOf } from './zip-structures.ts';

interface Written {
  readonly name: Uint8Array;
  readonly offset: number;
  crc: number;
  bytes: number;
  compressedBytes: number;
}

/** The first time that MS-DOS knows: 1980-01-01. Nothing else would be the same every time. */
const noTime = 0x00210000;
const version = 20;
const [bytesMax, entriesMax] = [0xffffffff - 1, 0xffff - 1];
const flags = flag.descriptor | flag.utf8;

/** Call `begin` for each entry, `push` for its bytes, and `end` at last; write all that they give. */
export class ZipWriter {
  readonly #level: number;
  readonly #entries: Written[] = [];
  readonly #names = new Set<string>();
  #deflater: Deflater | undefined;
  #offset = 0;

  constructor(level: number) {
    this.#level = level;
  }

  /** Begins an entry, and ends the one before. Throws MORTISE_FORMAT_UNWRITABLE for a name that cannot be one, or comes again. */
  *begin(name: string): Generator<Uint8Array> {
    yield* this.#finish();
    const fault = name.isWellFormed() ? nameFault(name) : 'is no text';
    if (fault || name.endsWith('/'))
      throw unwritable(`The name of an entry, ${JSON.stringify(name)}, ${fault ?? 'is that of a folder'}.`);
    if (this.#names.size === this.#names.add(name).size) throw unwritable(`Two entries have the name ${JSON.stringify(name)}.`);
    if (this.#entries.length === entriesMax) throw unwritable(`An archive has at most ${entriesMax} entries.`);
    const entry = { name: Buffer.from(name), offset: this.#offset, crc: 0, bytes: 0, compressedBytes: 0 };
    this.#entries.push(entry);
    this.#deflater = new Deflater(this.#level);
    yield this.#out(
      structure(signature.local, [2, version, 2, flags, 2, method.deflated, 4, noTime, 12, 0, 2, entry.name.length, 2, 0]),
    );
    yield this.#out(entry.name);
  }

  *push(bytes: Uint8Array): Generator<Uint8Array> {
    const entry = this.#entries.at(-1);
    if (!entry || !this.#deflater) return;
    entry.crc = crc32(bytes, entry.crc);
    entry.bytes += bytes.length;
    for (const piece of this.#deflater.push(bytes)) yield this.#compressed(entry, piece);
  }

  *end(): Generator<Uint8Array> {
    yield* this.#finish();
    const start = this.#offset;
    for (const entry of this.#entries) yield* this.#list(entry);
    const count = this.#entries.length;
    yield this.#out(structure(signature.end, [4, 0, 2, count, 2, count, 4, this.#offset - start, 4, start, 2, 0]));
  }

  *#finish(): Generator<Uint8Array> {
    const entry = this.#entries.at(-1);
    if (!entry || !this.#deflater) return;
    yield this.#compressed(entry, this.#deflater.end());
    this.#deflater = undefined;
    yield this.#out(structure(signature.descriptor, [4, entry.crc, 4, entry.compressedBytes, 4, entry.bytes]));
  }

  *#list({ name, offset, crc, bytes, compressedBytes }: Written): Generator<Uint8Array> {
    const versions = [2, version, 2, version];
    const sizes = [4, crc, 4, compressedBytes, 4, bytes, 2, name.length];
    yield this.#out(
      structure(signature.central, [...versions, 2, flags, 2, method.deflated, 4, noTime, ...sizes, 12, 0, 4, offset]),
    );
    yield this.#out(name);
  }

  #compressed(entry: Written, piece: Uint8Array): Uint8Array {
    entry.compressedBytes += piece.length;
    if (entry.bytes > bytesMax) throw unwritable(`The entry ${Buffer.from(entry.name).toString()} is longer than 4 GiB.`);
    return this.#out(piece);
  }

  #out(piece: Uint8Array): Uint8Array {
    this.#offset += piece.length;
    if (this.#offset > bytesMax) throw unwritable('The archive is longer than 4 GiB.');
    return piece;
  }
}

/** A signature and numbers: each with its length in bytes before it; lengths of more than four are filled with zeros. */
function structure(opening: number, fields: readonly number[]): Uint8Array {
  const pairs = fields.flatMap((length, index) => (index % 2 === 0 ? [{ length, value: fields[index + 1] ?? 0 }] : []));
  const bytes = new Uint8Array(pairs.reduce((sum, { length }) => sum + length, 4));
  const view = viewOf(bytes);
  view.setUint32(0, opening, true);
  let at = 4;
  for (const { length, value } of pairs) {
    if (length === 2) view.setUint16(at, value, true);
    else if (length === 4) view.setUint32(at, value, true);
    at += length;
  }
  return bytes;
}

function unwritable(message: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
