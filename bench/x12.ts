// Compares reading X12 with a bare scanner of spans: ratios of one run, printed.
//
//   node bench/x12.ts [seconds]

import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { readFields } from '@mortise/sdk';
import { SegmentCutter } from '../formats/x12/cut-segments.ts';
import { decoder } from '../formats/x12/decode.ts';
import format from '../formats/x12/format.ts';
import { cutBytes, readIsa } from '../formats/x12/syntax.ts';

/** So long all measurements take together. */
const seconds = Number(process.argv[2] ?? 20);
const mebibyte = 1024 ** 2;
const pieceBytes = 64 * 1024;

const order = readFileSync(join(import.meta.dirname, '../formats/x12/fixtures/purchase-order.edi'), 'latin1');
const bytes = interchange(4 * mebibyte);

/** The same orders with many items, in one group. */
function interchange(bytesMin: number): Buffer {
  const begin = order.slice(0, order.indexOf('ST*'));
  const set = order.slice(order.indexOf('ST*'), order.indexOf('GE*'));
  const items = set.slice(set.indexOf('PO1*1'), set.indexOf('CTT'));
  const large = set.replace(items, items.repeat(20)).replace('SE*11', `SE*${11 + 19 * 3}`);
  const count = Math.ceil(bytesMin / large.length);
  const sets = Array.from({ length: count }, (_, index) => large.replaceAll('0001~', `${String(index + 1).padStart(9, '0')}~`));
  return Buffer.from(`${begin}${sets.join('')}GE*${count}*101~\nIEA*1*000000101~\n`, 'latin1');
}

/** What any reader has to do at least: looks at each byte once, and keeps where elements and segments are. */
function scanSpans(): number {
  const spans = new Int32Array(4096);
  let filled = 0;
  let start = 0;
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x2a && byte !== 0x7e) continue;
    spans[filled] = start;
    spans[filled + 1] = at;
    filled = (filled + 2) & 4095;
    start = at + 1;
    if (byte === 0x7e) sum += 1;
  }
  return sum + (spans[0] ?? 0);
}

function cutSegments(): number {
  const header = readIsa(bytes, 0, bytes.length, 'latin1', true);
  if (!header || header === 'more') throw new Error('This is no interchange.');
  const cutter = new SegmentCutter();
  cutter.syntax = cutBytes(header.syntax, 'latin1');
  let count = 0;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    cutter.keepFrom = cutter.at;
    cutter.push(bytes.subarray(at, at + pieceBytes));
    while (cutter.next(false)) count += 1;
  }
  return count;
}

async function decode(options: Readonly<Record<string, unknown>>): Promise<number> {
  const read = readFields(format.options, options).values;
  let count = 0;
  for await (const decoded of decoder.decode(pieces(), read)) {
    if ('problem' in decoded) throw decoded.problem;
    count += 1;
  }
  return count;
}

async function* pieces(): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

const contenders: readonly { readonly name: string; readonly run: () => number | Promise<number> }[] = [
  { name: 'bare scanner of spans', run: scanSpans },
  { name: 'cut into segments', run: cutSegments },
  { name: 'values with segments as they stand', run: () => decode({ structure: 'segments' }) },
  { name: 'values by definition, checked', run: () => decode({}) },
  { name: 'values by definition, as JSON', run: decodeToJson },
];

async function decodeToJson(): Promise<number> {
  const read = readFields(format.options, {}).values;
  let characters = 0;
  for await (const decoded of decoder.decode(pieces(), read))
    if ('value' in decoded) characters += JSON.stringify(decoded.value).length;
  return characters;
}

/** They take turns, and the best of each counts. Processor time, the collector's included: others may want the processor, too. */
const best = contenders.map(() => Infinity);
const end = performance.now() + seconds * 1000;
do {
  for (const [index, { run }] of contenders.entries()) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best[index] = Math.min(best[index] as number, (user + system) / 1000);
  }
} while (performance.now() < end);

const [bare = 1] = best;
const rows = contenders.map(({ name }, index) => {
  const ms = best[index] as number;
  return `| ${name} | ${(bytes.length / mebibyte / (ms / 1000)).toFixed(0)} | ${(bare / ms).toFixed(2)} |`;
});
const load = loadavg().map((one) => one.toFixed(1));
process.stdout.write(
  `Node ${process.version}, ${cpus().length} processors, load ${load.join(', ')}.\n\n| what | MiB/s | times the bare scanner |\n|---|---|---|\n${rows.join('\n')}\n`,
);
