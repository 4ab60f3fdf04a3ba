// What the entries of a zip archive were, and whether its central directory says the same of them.

import { flag, zipFault } from './zip-structures.ts';
import type { ZipEntry, ZipRecord } from './zip-structures.ts';

interface DirectoryEnd {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

/** In the upper bits of a Unix mode. What a link leads to is not in the archive. */
const kindOfFile = { mask: 0xf000, link: 0xa000 };

/**
 * Readers that trust the directory, and readers that trust the entries, may see different archives in the same bytes; such bytes
 * are refused. Every entry is listed once, none besides, and both say the same of it.
 */
export class ZipDirectory {
  readonly #names = new Set<string>();
  /** By the place of the local header; removed when the directory lists it. */
  readonly #unlisted = new Map<number, ZipRecord>();
  #listed = 0;
  #beginning: number | undefined;
  #end64: { readonly offset: number } | undefined;
  #isLocated = false;

  get size(): number {
    return this.#names.size;
  }

  get hasBegun(): boolean {
    return this.#beginning !== undefined || this.#end64 !== undefined;
  }

  /** False where there is an entry of that name: as a file and as a folder too. */
  add({ name }: ZipEntry): boolean {
    return this.#names.size < this.#names.add(name.replace(/\/$/, '')).size;
  }

  settle({ offsetBytes }: ZipEntry, record: ZipRecord): void {
    this.#unlisted.set(offsetBytes, record);
  }

  /** One record of the directory, which stands at `offset`. */
  list(record: ZipRecord, offset: number): void {
    this.#beginning ??= offset;
    const found = this.#unlisted.get(record.localOffset);
    if (this.#end64 || !found || !isSame(found, record))
      throw zipFault('the directory lists an entry that is not there, or is another', offset);
    if ((record.unixMode & kindOfFile.mask) === kindOfFile.link) throw zipFault('an entry is a symbolic link', offset);
    this.#unlisted.delete(record.localOffset);
    this.#listed += 1;
  }

  end64(told: DirectoryEnd, offset: number): void {
    if (this.#end64) throw zipFault('the directory ends twice', offset);
    this.#check(told, offset);
    this.#end64 = { offset };
  }

  locate(told: number, offset: number): void {
    if (this.#isLocated || told !== this.#end64?.offset)
      throw zipFault('the end of the directory is said to be elsewhere', offset);
    this.#isLocated = true;
  }

  /** The last structure: what is all ones stands in the zip64 one. */
  end({ entries, bytes, offset: from }: DirectoryEnd, offset: number): void {
    if (this.#end64 && !this.#isLocated) throw zipFault('the end of the directory is not located', offset);
    const directoryEnd = this.#end64?.offset ?? offset;
    const start = this.#beginning ?? directoryEnd;
    this.#check(
      {
        entries: this.#end64 && entries === 0xffff ? this.#listed : entries,
        bytes: this.#end64 && bytes === 0xffffffff ? directoryEnd - start : bytes,
        offset: this.#end64 && from === 0xffffffff ? start : from,
      },
      directoryEnd,
    );
  }

  #check({ entries, bytes, offset: from }: DirectoryEnd, offset: number): void {
    const start = this.#beginning ?? offset;
    if (this.#unlisted.size > 0) throw zipFault('the directory does not list an entry that is there', offset);
    if (entries !== this.#listed || bytes !== offset - start || from !== start)
      throw zipFault('the end of the directory contradicts it', offset);
  }
}

function isSame(local: ZipRecord, central: ZipRecord): boolean {
  const flags = flag.encrypted | flag.strong | flag.masked | flag.utf8;
  return (
    Buffer.from(local.name).equals(central.name) &&
    local.method === central.method &&
    local.crc === central.crc &&
    local.bytes === central.bytes &&
    local.compressedBytes === central.compressedBytes &&
    (local.flags & flags) === (central.flags & flags)
  );
}
