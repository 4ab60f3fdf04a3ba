// Fixed-width records: how fast they are read to JSON and written, beside a bare scan of the same bytes.
//
//   node bench/fixed-width.ts [rounds]

import { readFields } from '@mortise/sdk';
import { decoder } from '../formats/fixed-width/decode.ts';
import { encoder } from '../formats/fixed-width/encode.ts';
import format from '../formats/fixed-width/format.ts';

const rounds = Number(process.argv[2] ?? 7);
const fields = [
  { name: 'orderId', width: 10, type: 'integer' },
  { name: 'sku', width: 10 },
  { name: 'customer', width: 20 },
  { name: 'price', width: 9, type: 'decimal', scale: 2 },
  { name: 'quantity', width: 5, type: 'integer', pad: ' ' },
  { name: 'due', width: 8, type: 'date' },
];
const lines = readFields(format.options, { fields }).values;
const kept = readFields(format.options, { fields, irregular: 'keep' }).values;
const blocks = readFields(format.options, { fields, newline: 'none', encoding: 'ebcdic-037' }).values;
const values = Array.from({ length: 20_000 }, (_, index) => ({
  orderId: index,
  sku: `A-${index % 1000}`,
  customer: 'Smith & Sons',
  price: `${index % 50_000}.25`,
  quantity: index % 100,
  due: `2026-11-${10 + (index % 20)}`,
}));
const [inLines, inBlocks] = [encoder.encodeWhole(values, lines), encoder.encodeWhole(values, blocks)];

async function streamed(bytes: Uint8Array, options: typeof lines): Promise<number> {
  async function* chunks(): AsyncIterable<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }
  let characters = 0;
  for await (const one of decoder.decode(chunks(), options)) if ('value' in one) characters += JSON.stringify(one.value).length;
  return characters;
}

function scanned(): number {
  let sum = 1;
  for (const byte of inLines) sum = (sum + byte) % 65_536;
  return sum;
}

/** Of the processor's time, which others on the machine disturb less; the best of all rounds. */
async function rate(bytes: Uint8Array, work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return bytes.length / 1e6 / best;
}

const contenders: Readonly<Record<string, readonly [Uint8Array, () => unknown]>> = {
  'a bare scan': [inLines, scanned],
  'lines, streamed to JSON': [inLines, () => streamed(inLines, lines)],
  'lines with "irregular: keep", streamed to JSON': [inLines, () => streamed(inLines, kept)],
  'lines, the whole file to values': [inLines, () => decoder.decodeWhole(inLines, lines).length],
  'blocks of EBCDIC, streamed to JSON': [inBlocks, () => streamed(inBlocks, blocks)],
  'written, lines': [inLines, () => encoder.encodeWhole(values, lines).length],
};
for (const [name, [bytes, work]] of Object.entries(contenders))
  console.log(`${name}: ${(await rate(bytes, work)).toFixed(1)} MB/s`);
