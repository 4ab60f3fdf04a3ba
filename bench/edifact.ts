// What decoding EDIFACT costs, as ratios of one run: against a bare scan for separators, and against text to JSON.
//
//   node bench/edifact.ts [rounds]

import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { readFields } from '@mortise/sdk';
import { SegmentCutter } from '../formats/edifact/cut-segments.ts';
import { decoder } from '../formats/edifact/decode.ts';
import format from '../formats/edifact/format.ts';
import { interchangeOf, orders } from '../formats/edifact/samples.fixture.ts';

/** The best of so many rounds counts, since whatever else runs only makes it slower. */
const rounds = Number(process.argv[2] ?? 5);
const chunkBytes = 64 * 1024;
const separators = ":+.? '";

type Options = Parameters<typeof decoder.decodeWhole>[1];

const bytes = Buffer.from(interchangeOf(Array.from({ length: 6000 }, (_, index) => orders(index + 1, 10))));
const options = (written: Readonly<Record<string, unknown>>): Options =>
  readFields(format.options, written).values as unknown as Options;

/** Finds where each separator stands, and does nothing else: what no reader can be faster than. */
function scanBare(): number {
  const kinds = new Uint8Array(256);
  for (const character of separators.replace(/[. ]/g, '')) kinds[character.charCodeAt(0)] = 1;
  const places = new Uint32Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) if (kinds[bytes[at] as number] !== 0) places[count++] = at;
  return count;
}

/** The spans of segments and their elements. */
function pass(): number {
  return cutBy((cutter) => cutter.pass());
}

/** Segments with the texts of their elements. */
function cut(): number {
  return cutBy((cutter) => cutter.next() !== undefined);
}

function cutBy(next: (cutter: SegmentCutter) => boolean): number {
  const cutter = new SegmentCutter();
  cutter.separators = separators;
  let segments = 0;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    cutter.push(bytes.subarray(at, at + chunkBytes), cutter.endBytes);
    while (next(cutter)) segments += 1;
  }
  return segments;
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

async function decodeToJson(written: Readonly<Record<string, unknown>>): Promise<number> {
  let characters = 0;
  for await (const decoded of decoder.decode(chunks(), options(written))) {
    if ('problem' in decoded) throw decoded.problem;
    characters += JSON.stringify(decoded.value).length;
  }
  return characters;
}

const contenders: readonly (readonly [string, () => number | Promise<number>])[] = [
  ['a bare scan for separators', scanBare],
  ['tokenised: the spans of segments and elements', pass],
  ['segments with the texts of their elements', cut],
  ['segments to JSON', () => decodeToJson({})],
  ['groups to JSON, structure checked', () => decodeToJson({ shape: 'groups' })],
  ['groups to JSON, structure and codes checked', () => decodeToJson({ shape: 'groups', check: 'codes' })],
];

/** Time of this process alone: what else runs on the machine takes less of it away than of time by the clock. */
function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const best = contenders.map(() => Infinity);
for (let round = 0; round < rounds; round += 1)
  for (const [index, [, run]] of contenders.entries()) {
    const start = spentMs();
    await run();
    best[index] = Math.min(best[index] as number, spentMs() - start);
  }

const megabytes = bytes.length / 1e6;
const rates = best.map((ms) => (megabytes / ms) * 1000);
const rows = contenders.map(([name], index) => {
  const rate = rates[index] as number;
  return `| ${name} | ${rate.toFixed(0)} | ${(rate / (rates[0] as number)).toFixed(2)} |`;
});
const report = [
  '# What decoding EDIFACT costs',
  '',
  `Written by \`node bench/edifact.ts\`: ${megabytes.toFixed(1)} MB of orders (D.96A), in chunks of 64 KiB. Each figure is the best of ${rounds} rounds that`,
  'take turns in one process, by the time of its processors. Ratios are of one run.',
  '',
  `Node ${process.version}, ${cpus().length} processors, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}.`,
  '',
  '| what | MB/s | of the bare scan |',
  '|---|---|---|',
  ...rows,
  '',
].join('\n');
writeFileSync(join(import.meta.dirname, 'edifact-results.md'), report);
process.stdout.write(`${report}\n`);
