// Looks whether a damaged frame of the write-ahead log cut off what was committed behind it: SQLite itself takes such a frame for the end.

import { closeSync, openSync, readSync } from 'node:fs';
import { storeError } from '../errors.ts';

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const headerBytes = 32;
const frameHeaderBytes = 24;
/** A commit begins when the one before is on disk: where two lie behind the end, the first was told to be durable. */
const commitsOfDamage = 2;

type Sum = readonly [number, number];

/** Throws MORTISE_STORE_CORRUPT where commits lie behind the `validFrames` that SQLite found. To be asked before anything is written. */
export function requireWholeLog(file: string, validFrames: number): void {
  const log = openLog(`${file}-wal`);
  if (!log) return;
  try {
    const cut = findCut(log, validFrames);
    if (cut === undefined) return;
    const found = `The log ${file}-wal is damaged at frame ${validFrames + 1}; frame ${cut} behind it is one of a later commit.`;
    throw storeError('MORTISE_STORE_CORRUPT', found);
  } finally {
    closeSync(log.handle);
  }
}

interface Log {
  readonly handle: number;
  readonly header: Buffer;
}

/** Undefined where there is no log, or one in which nothing was ever written. */
function openLog(path: string): Log | undefined {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch {
    return undefined;
  }
  const header = Buffer.alloc(headerBytes);
  if (readSync(handle, header, 0, headerBytes, 0) === headerBytes && header.readUInt32BE(0) !== 0) return { handle, header };
  closeSync(handle);
  return undefined;
}

/** The number of the frame that ends the second of two whole commits in a row behind the end. */
function findCut({ handle, header }: Log, validFrames: number): number | undefined {
  const pageBytes = header.readUInt32BE(8);
  if (pageBytes < 512 || pageBytes > 65_536) return undefined;
  const isBigEndian = (header.readUInt32BE(0) & 1) === 1;
  const frame = Buffer.alloc(frameHeaderBytes + pageBytes);
  const read = (number: number, bytes: number): boolean =>
    readSync(handle, frame, 0, bytes, headerBytes + (number - 1) * frame.length) === bytes;
  let salts = isSound(header, isBigEndian) ? header.subarray(16, 24) : undefined;
  let before: Sum | undefined;
  let commits = 0;
  for (let number = validFrames + 1; read(number, frameHeaderBytes); number++) {
    salts ??= Buffer.from(frame.subarray(8, 16));
    const sum = sumAt(frame, 16);
    const follows =
      before !== undefined &&
      salts.equals(frame.subarray(8, 16)) &&
      read(number, frame.length) &&
      fits(frame, before, sum, isBigEndian);
    before = sum;
    if (!follows) commits = 0;
    else if (frame.readUInt32BE(4) !== 0) commits += 1;
    if (commits === commitsOfDamage) return number;
  }
  return undefined;
}

function isSound(header: Buffer, isBigEndian: boolean): boolean {
  const [first, second] = sumOf(header.subarray(0, 24), [0, 0], isBigEndian);
  const [s1, s2] = sumAt(header, 24);
  return first === s1 && second === s2;
}

/** Whether a frame's own sum is the one that follows from the frame before it. */
function fits(frame: Buffer, before: Sum, sum: Sum, isBigEndian: boolean): boolean {
  const [first, second] = sumOf(frame.subarray(frameHeaderBytes), sumOf(frame.subarray(0, 8), before, isBigEndian), isBigEndian);
  return first === sum[0] && second === sum[1];
}

function sumAt(bytes: Buffer, at: number): Sum {
  return [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
}

/** SQLite's checksum of the log, over pairs of 32-bit numbers. */
function sumOf(bytes: Buffer, [from1, from2]: Sum, isBigEndian: boolean): Sum {
  let [s1, s2] = [from1, from2];
  for (let at = 0; at < bytes.length; at += 8) {
    s1 = (s1 + (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + s2) >>> 0;
    s2 = (s2 + (isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + s1) >>> 0;
  }
  return [s1, s2];
}
