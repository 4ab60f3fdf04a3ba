// Plays the mainframe of the demo, `node ledger.ts FOLDER`: takes files of postings, checks their totals, and tells what it booked.

import { binaryBytes, packedBytes, RecordBytes, textBytes, variableRecords } from './played-records.ts';
import { Objection, play } from './played-system.ts';
import type { Answer, Memory } from './played-system.ts';

export interface Posting {
  readonly orderId: string;
  readonly cents: number;
}

export interface PostingsFile {
  readonly number: number;
  readonly currency: string;
  readonly postings: readonly Posting[];
}

const recordLength = 60;

if (import.meta.main) play({ folder: process.argv[2] ?? '.', takes: /^POSTED\.G\d+$/, answer });

function answer(bytes: Uint8Array, memory: Memory): readonly Answer[] {
  const file = readPostings(bytes);
  memory.see('file', file.number, `${file.postings.length} postings in ${file.currency}`);
  for (const { orderId } of file.postings) memory.see(`order ${orderId}`, 1, `file ${file.number}`);
  const number = memory.draw('file');
  return [{ name: `BOOKED.G${number}`, bytes: bookingsOf(file, number, memory) }];
}

/** The records of the copybook postings.cpy. Throws an `Objection` where they are others, or do not add up. */
export function readPostings(bytes: Uint8Array): PostingsFile {
  if (bytes.length < 2 * recordLength || bytes.length % recordLength > 0)
    throw new Objection(`${bytes.length} bytes are no records of ${recordLength}.`);
  const records = Array.from({ length: bytes.length / recordLength }, (_, index) =>
    bytes.subarray(index * recordLength, (index + 1) * recordLength),
  ).map((record) => new RecordBytes(record));
  const types = records.map((record) => record.text(1)).join('');
  if (!/^HP*T$/.test(types)) throw new Objection(`The records are ${types}; expected H, P for each posting, T.`);
  const [header, ...postings] = records as [RecordBytes, ...RecordBytes[]];
  const trailer = postings.pop() as RecordBytes;
  const [number, , currency] = [header.binary(), header.text(8), header.text(3)];
  const read = postings.map((record) => {
    const [orderId] = [record.text(12), record.text(20), record.text(8)];
    return { orderId, cents: record.packed(6) };
  });
  const [count, total] = [trailer.binary(), trailer.packed(7)];
  const sum = read.reduce((cents, posting) => cents + posting.cents, 0);
  if (count !== read.length || total !== sum)
    throw new Objection(`The trailer says ${count} postings of ${total}; there are ${read.length} of ${sum}.`);
  return { number, currency, postings: read };
}

/** The records of the copybook bookings.cpy. */
function bookingsOf({ number: postingsFile, postings }: PostingsFile, number: number, memory: Memory): Uint8Array {
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const header = [textBytes('H', 1), binaryBytes(number), binaryBytes(postingsFile), textBytes(today, 8)];
  const bookings = postings.map(({ orderId, cents }) => {
    const document = String(memory.draw('document')).padStart(10, '0');
    return [textBytes('B', 1), textBytes(orderId, 12), textBytes(document, 10), packedBytes(cents, 6)];
  });
  const total = postings.reduce((sum, { cents }) => sum + cents, 0);
  const trailer = [textBytes('T', 1), binaryBytes(postings.length), packedBytes(total, 7)];
  return variableRecords([header, ...bookings, trailer].map((fields) => Buffer.concat(fields)));
}
