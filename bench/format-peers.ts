// The packages that others read X12, EDIFACT and HL7 with, beside ours: how many public files each reads, and how fast those that both read.
//
//   npm ci --ignore-scripts --prefix bench/format-peers && node bench/format-peers.ts [rounds]

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFields } from '@mortise/sdk';
import type { BoundFormat } from '@mortise/sdk';
import { bindFormat } from '@mortise/sdk';
import { loadFormat } from '@mortise/sdk/testing';
import { largeFiles, piecesOf } from './large-files.ts';

/** How many segments were read of a text; throws where it cannot be read. */
type Read = (text: string, bytes: Buffer) => number | Promise<number>;

interface Contest {
  readonly format: string;
  readonly begin: RegExp;
  readonly ours: Readonly<Record<string, Read>>;
  readonly peers: Readonly<Record<string, Read>>;
}

const rounds = Number(process.argv[2] ?? 5);
const data = process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../shared/data');
const generatedBytes = 1024 ** 2;
const fileBytesMax = 4 * 1024 ** 2;
const installed = createRequire(join(import.meta.dirname, 'format-peers/package.json'));

async function ours(name: string, written: Readonly<Record<string, unknown>>): Promise<Read> {
  const implementation = await loadFormat(join(import.meta.dirname, '../formats', name));
  const format: BoundFormat = bindFormat(name, implementation, readFields(implementation.declaration.options, written).values);
  return (_text, bytes) => {
    const all = format.decodeWhole(bytes);
    const [problem] = all.flatMap((one) => ('problem' in one ? [one.problem] : []));
    if (problem) throw problem;
    return all.length;
  };
}

interface EventParser {
  onopensegment: (name: string) => void;
  onelement: () => void;
  oncomponent: (text: string) => void;
  onclosesegment: () => void;
  encoding(name: string): void;
  write(text: string): void;
  end(): void;
}

/** As its own documentation does it: segments with their elements and components. */
function readWithEdifact(text: string): number {
  const Parser = installed('edifact/parser.js') as new () => EventParser;
  const parser = new Parser();
  const segments: { name: string; elements: string[][] }[] = [];
  parser.onopensegment = (name) => void segments.push({ name, elements: [] });
  parser.onelement = () => void segments.at(-1)?.elements.push([]);
  parser.oncomponent = (component) => void segments.at(-1)?.elements.at(-1)?.push(component);
  parser.onclosesegment = () => undefined;
  parser.encoding('UNOC');
  parser.write(text);
  parser.end();
  return segments.length;
}

function readWithNodeX12(text: string): number {
  const { X12Parser } = installed('node-x12') as { X12Parser: new (strict: boolean) => { parse(text: string): object } };
  return Object.keys(new X12Parser(false).parse(text)).length;
}

async function readWithX12Parser(text: string): Promise<number> {
  const { X12parser } = installed('x12-parser') as { X12parser: new () => NodeJS.ReadWriteStream };
  const parser = new X12parser();
  let count = 0;
  const ended = new Promise<void>((resolve, reject) => void parser.on('end', resolve).on('error', reject));
  parser.on('data', () => (count += 1));
  parser.end(text);
  await ended;
  return count;
}

function readWithSimpleHl7(text: string): number {
  const { Parser } = installed('simple-hl7') as { Parser: new () => { parse(text: string): { segments: readonly unknown[] } } };
  return messagesOf(text).reduce((sum, message) => sum + new Parser().parse(message).segments.length, 0);
}

function readWithNodeHl7Client(text: string): number {
  const { Message } = installed('node-hl7-client') as { Message: new (options: { text: string }) => object };
  return messagesOf(text).reduce((sum, message) => sum + Object.keys(new Message({ text: message })).length, 0);
}

/** These packages take one message at a time, with CR behind each segment. */
function messagesOf(text: string): readonly string[] {
  return text
    .replace(/\r?\n/g, '\r')
    .split(/(?=^MSH)/m)
    .flatMap((part) => part.split(/(?<=\r)(?=MSH)/))
    .filter((part) => part.startsWith('MSH'));
}

const contests: readonly Contest[] = [
  {
    format: 'x12',
    begin: /^\ufeff?\s*ISA/,
    ours: {
      'mortise, by definition': await ours('x12', { faults: 'value' }),
      'mortise, segments': await ours('x12', { faults: 'value', structure: 'segments' }),
    },
    peers: { 'node-x12': readWithNodeX12, 'x12-parser': readWithX12Parser },
  },
  {
    format: 'edifact',
    begin: /^\ufeff?\s*UN[AB]/,
    ours: { mortise: await ours('edifact', { faults: 'keep' }) },
    peers: { edifact: readWithEdifact },
  },
  {
    format: 'hl7',
    begin: /^\ufeff?\s*MSH/,
    ours: { mortise: await ours('hl7', {}) },
    peers: { 'simple-hl7': readWithSimpleHl7, 'node-hl7-client': readWithNodeHl7Client },
  },
];

function publicFiles(begin: RegExp): readonly Buffer[] {
  if (!existsSync(data)) return [];
  return readdirSync(data, { recursive: true, encoding: 'utf8' })
    .map((path) => join(data, path))
    .filter((path) => statSync(path).isFile() && statSync(path).size < fileBytesMax && !/\.(json|xml|md|html)$/.test(path))
    .map((path) => readFileSync(path))
    .filter((bytes) => begin.test(bytes.toString('latin1', 0, 40)));
}

async function isRead(read: Read, bytes: Buffer): Promise<boolean> {
  try {
    return (await read(bytes.toString('latin1'), bytes)) > 0;
  } catch {
    return false;
  }
}

/** Of the processor's time, which others on the machine disturb less; the best of all rounds. */
async function rateOf(read: Read, files: readonly Buffer[]): Promise<number> {
  const texts = files.map((bytes) => [bytes.toString('latin1'), bytes] as const);
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (const [text, bytes] of texts) await read(text, bytes);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return files.reduce((sum, { length }) => sum + length, 0) / best;
}

console.log(
  '| format | reader | public files read | MB/s, files that all of them read | MB/s, a generated file of 1 MiB |\n|---|---|---|---|---|',
);
for (const { format, begin, ours: own, peers } of contests) {
  const files = publicFiles(begin);
  const large = largeFiles[format];
  const generated = large ? [Buffer.concat([...piecesOf(large, generatedBytes)].map(({ bytes }) => bytes))] : [];
  const readers = { ...own, ...peers };
  const read = new Map<string, Set<Buffer>>();
  for (const [name, reader] of Object.entries(readers)) {
    const found = new Set<Buffer>();
    for (const bytes of files) if (await isRead(reader, bytes)) found.add(bytes);
    read.set(name, found);
  }
  const common = files.filter((bytes) => [...read.values()].every((found) => found.has(bytes)));
  for (const [name, reader] of Object.entries(readers)) {
    const rates = [await rateOf(reader, common), await rateOf(reader, generated)].map((rate) => rate.toFixed(1));
    console.log(`| ${format} | ${name} | ${read.get(name)?.size} of ${files.length} | ${rates.join(' | ')} |`);
  }
}
