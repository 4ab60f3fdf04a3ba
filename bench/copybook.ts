// Copybook records: how fast they are read to JSON and written, beside a bare scan of the same bytes, and what memory that takes.

import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { bindFormat, bindOptions, readFields } from '@mortise/sdk';
import type { BoundFormat, ProjectFile } from '@mortise/sdk';
import { loadFormat } from '@mortise/sdk/testing';

const mebibyte = 1024 ** 2;
/** `node bench/copybook.ts [MiB]`: 1024 streams a gibibyte. */
const streamBytes = Number(argv[2] ?? 48) * mebibyte;
const chunkBytes = 64 * 1024;
const scanRounds = 10;
const folder = new URL('../formats/copybook/', import.meta.url);

const account = (index: number, irregular: boolean): object => ({
  'ACCOUNT-NUMBER': index,
  OWNER: irregular ? 'Smith\0\0' : 'Smith',
  KIND: 'C',
  BALANCE: `-${index % 100_000}.25`,
  RATE: '0.0200',
  'MOVEMENT-COUNT': 2,
  MOVEMENT: [
    { 'BOOKED-ON': 20_261_130, AMOUNT: '12.50' },
    { 'BOOKED-ON': 20_261_201, AMOUNT: '-0.75' },
  ],
});

const format = await loaded();
const plain = format.encodeWhole(Array.from({ length: 20_000 }, (_, index) => account(index, false)));
const odd = format.encodeWhole(Array.from({ length: 20_000 }, (_, index) => account(index, true)));
const values = format.decodeWhole(plain).map((one) => ('problem' in one ? undefined : one.value));

const scan = scanRounds * rate(plain, () => scanned(plain));
const rates = {
  'streamed to JSON, as the command does': await streamedRate(plain),
  'read to values': rate(plain, () => format.decodeWhole(plain).length),
  'read to JSON': rate(plain, () => format.decodeWhole(plain).reduce((sum, one) => sum + JSON.stringify(one).length, 0)),
  'read to values, every record irregular': rate(odd, () => format.decodeWhole(odd).length),
  written: rate(plain, () => format.encodeWhole(values).length),
};
console.log(`bare scan of all bytes: ${scan.toFixed(0)} MB/s`);
for (const [name, found] of Object.entries(rates))
  console.log(`${name}: ${found.toFixed(1)} MB/s, ${(found / scan).toFixed(3)} of the scan`);
await stream();

async function loaded(): Promise<BoundFormat> {
  const implementation = await loadFormat(folder.pathname);
  const { options } = implementation.declaration;
  const read = readFields(options, { copybook: 'fixtures/account.cpy', recordFormat: 'v' });
  const file = (path: string): ProjectFile => ({ path, bytes: readFileSync(new URL(path, folder)), beside: () => undefined });
  const bound = bindOptions(options, read.values, { file, format: () => ({ problem: 'none', remedy: 'none' }) });
  return bindFormat('copybook', implementation, bound.values);
}

/** Of the processor's time, which others on the machine disturb less; the best of five. */
function rate(bytes: Uint8Array, work: () => number): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    if (work() === 0) throw new Error('nothing was done');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  return bytes.length / 1e6 / Math.min(...times);
}

/** The same of a stream: no value is kept beside the next. */
async function streamedRate(bytes: Uint8Array): Promise<number> {
  async function* chunks(): AsyncIterable<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  let best = Infinity;
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage();
    let characters = 0;
    for await (const one of format.decode(chunks())) if ('value' in one) characters += JSON.stringify(one.value).length;
    if (characters === 0) throw new Error('nothing was done');
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return bytes.length / 1e6 / best;
}

function scanned(bytes: Uint8Array): number {
  let sum = 1;
  for (let round = 0; round < scanRounds; round += 1) for (const byte of bytes) sum = (sum + byte) % 65_536;
  return sum;
}

async function stream(): Promise<void> {
  async function* chunks(): AsyncIterable<Uint8Array> {
    for (let sent = 0; sent < streamBytes; sent += plain.length)
      for (let at = 0; at < plain.length; at += chunkBytes) yield plain.subarray(at, at + chunkBytes);
  }
  let [records, peak] = [0, 0];
  const before = process.memoryUsage().rss;
  for await (const _ of format.decode(chunks()))
    if ((records += 1) % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  console.log(
    `streamed ${streamBytes / mebibyte} MiB, ${records} records: ${((peak - before) / mebibyte).toFixed(0)} MiB more than before`,
  );
}
