// The structures of a zip archive (PKWARE APPNOTE 6.3.10, section 4.3), read from bytes that hold all of them.

import { formatError } from '../format.ts';

export const signature = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
} as const;

export const flag = { encrypted: 1, descriptor: 8, strong: 0x40, utf8: 0x800, masked: 0x2000 } as const;
export const method = { stored: 0, deflated: 8 } as const;

/** What a local header or a record of the central directory says of an entry. */
export interface ZipRecord {
  readonly flags: number;
  readonly method: number;
  /** As MS-DOS has them: date in the upper half, time in the lower. */
  readonly modified: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly name: Uint8Array;
  /** How long the structure is. */
  readonly length: number;
  /** Of a record of the directory: where the local header is, and what it says of the file's kind. */
  readonly localOffset: number;
  readonly unixMode: number;
}

export interface ZipEntry {
  /** With `/` between folders; no name leads out of the archive. A folder's ends with `/`. */
  readonly name: string;
  /** As the archive has it, without a zone; undefined where it is no time. */
  readonly modified: string | undefined;
  readonly offsetBytes: number;
}

const localBytes = 30;
const centralBytes = 46;
/** The most that names, extra fields and comments of one entry may take together. */
const variableBytesMax = 64 * 1024;
const beyond32 = 0xffffffff;

/** Undefined where the bytes do not reach. */
export function readLocal(bytes: Uint8Array, offset: number): ZipRecord | undefined {
  if (bytes.length < localBytes) return undefined;
  const view = viewOf(bytes);
  const [nameBytes, extraBytes] = [view.getUint16(26, true), view.getUint16(28, true)];
  return readRecord(bytes, { at: 6, nameBytes, extraBytes, commentBytes: 0, fixed: localBytes }, offset);
}

/** Undefined where the bytes do not reach. */
export function readCentral(bytes: Uint8Array, offset: number): ZipRecord | undefined {
  if (bytes.length < centralBytes) return undefined;
  const view = viewOf(bytes);
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((at) => view.getUint16(at, true)) as [number, number, number];
  return readRecord(bytes, { at: 8, nameBytes, extraBytes, commentBytes, fixed: centralBytes }, offset);
}

interface Shape {
  /** Where the flags are; what follows them is the same in both structures. */
  readonly at: number;
  readonly nameBytes: number;
  readonly extraBytes: number;
  readonly commentBytes: number;
  readonly fixed: number;
}

function readRecord(bytes: Uint8Array, shape: Shape, offset: number): ZipRecord | undefined {
  const { at, nameBytes, extraBytes, commentBytes, fixed } = shape;
  const length = fixed + nameBytes + extraBytes + commentBytes;
  if (length > fixed + variableBytesMax)
    throw zipFault('an entry has names, extra fields and comments that are too long', offset);
  if (bytes.length < length) return undefined;
  const view = viewOf(bytes);
  const isCentral = fixed === centralBytes;
  const sizes = {
    bytes: view.getUint32(at + 16, true),
    compressedBytes: view.getUint32(at + 12, true),
    localOffset: isCentral ? view.getUint32(42, true) : 0,
  };
  const name = bytes.slice(fixed, fixed + nameBytes);
  const extra = bytes.subarray(fixed + nameBytes, fixed + nameBytes + extraBytes);
  return {
    flags: view.getUint16(at, true),
    method: view.getUint16(at + 2, true),
    modified: view.getUint32(at + 4, true),
    crc: view.getUint32(at + 8, true),
    ...withZip64(sizes, extra, offset),
    name,
    length,
    unixMode: isCentral && bytes[5] === 3 ? view.getUint16(40, true) : 0,
  };
}

type Sizes = Pick<ZipRecord, 'bytes' | 'compressedBytes' | 'localOffset'>;

/** The extra field of zip64 (4.5.3) has those sizes, in this order, that are all ones where they belong. */
function withZip64(sizes: Sizes, extra: Uint8Array, offset: number): Sizes {
  const field = extraField(extra, 1, offset);
  let at = 0;
  const read = (value: number): number => {
    if (value !== beyond32 || !field) return value;
    if (field.length < at + 8) throw zipFault('a zip64 field is too short', offset);
    at += 8;
    return Number(viewOf(field).getBigUint64(at - 8, true));
  };
  return { bytes: read(sizes.bytes), compressedBytes: read(sizes.compressedBytes), localOffset: read(sizes.localOffset) };
}

function extraField(extra: Uint8Array, id: number, offset: number): Uint8Array | undefined {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) throw zipFault('an extra field is longer than there is room', offset);
    if (view.getUint16(at, true) === id) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

/** 2026-11-26T14:05:08, without a zone, which the archive does not know; undefined where it is no time. */
export function zipTime(modified: number): string | undefined {
  const [date, time] = [modified >>> 16, modified & 0xffff];
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  const [hour, minute, second] = [time >> 11, (time >> 5) & 63, (time & 31) * 2];
  const text = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  const parsed = new Date(`${text}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text) ? text : undefined;
}

export function zipFault(what: string, offsetBytes: number): Error {
  const details = { offsetBytes };
  return formatError('MORTISE_FORMAT_SYNTAX', `The bytes are no sound zip archive: at offset ${offsetBytes} ${what}.`, {
    details,
  });
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
