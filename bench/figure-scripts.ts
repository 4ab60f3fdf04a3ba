// Rows that are measured by a script of their own, which also runs by itself: what it prints is read.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FigureConditions, FigureRow, Finding } from './figure.ts';

/** A number in what a script prints, and what it is to be, if anything. */
interface Wanted {
  readonly what: string;
  /** Its first group is the number. */
  readonly found: RegExp;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface Script {
  readonly name: string;
  readonly title: string;
  arguments(conditions: FigureConditions): readonly string[];
  readonly wanted: readonly Wanted[];
}

/** So many rows a million waiting messages' quick look stands for, in the row of the store. */
const rowsMin = 10_000;

const all: readonly Script[] = [
  {
    name: 'store',
    title: 'The store by itself, with keys and journal, against bare SQLite inserts of the same rows',
    // Ten rows for each that waits in the other rows: ten million, unless a quick look is wanted.
    arguments: ({ seconds, waiting }) => ['store.ts', String(seconds), String(Math.max(rowsMin, 10 * waiting))],
    wanted: [
      { what: 'hops', found: /median of ratios ([\d.]+)/, unit: '× bare SQLite', atLeast: 0.7 },
      { what: 'the same rows in two commits and an id, without a store', found: /two commits and an id: ([\d.]+)/, unit: '×' },
      { what: 'that in a thread of its own', found: /in a thread of its own ([\d.]+)/, unit: '×' },
    ],
  },
  {
    name: 'mapping',
    title: 'Mapping: the order mapping',
    arguments: () => ['--expose-gc', 'mapping.ts', '25', 'order'],
    wanted: [
      { what: 'evaluations', found: /order mapping: (\d+) times the reference/, unit: '× reference JSONata', atLeast: 100 },
      { what: 'evaluations', found: /reference, ([\d.]+) times the same by hand/, unit: '× JavaScript by hand', atLeast: 0.2 },
    ],
  },
  {
    name: 'x12',
    title: 'X12 decoding',
    arguments: ({ seconds }) => ['x12.ts', String(seconds)],
    wanted: [
      { what: 'tokenised', found: /\| cut into segments \|[^|]*\| *([\d.]+)/, unit: '× a bare span scanner', atLeast: 0.35 },
      { what: 'to JSON', found: /as JSON \| *([\d.]+)/, unit: 'MiB/s', atLeast: 25 },
    ],
  },
  {
    name: 'edifact',
    title: 'EDIFACT decoding',
    arguments: () => ['edifact.ts', '15'],
    wanted: [
      { what: 'tokenised', found: /\| tokenised[^|]*\|[^|]*\| *([\d.]+)/, unit: '× a bare span scanner', atLeast: 0.35 },
      { what: 'to JSON', found: /\| groups to JSON, structure and codes checked \| *([\d.]+)/, unit: 'MB/s', atLeast: 25 },
    ],
  },
  {
    name: 'hl7',
    title: 'HL7 decoding',
    arguments: () => ['hl7.ts', '30'],
    wanted: [
      { what: 'tokenised', found: /tokenised: [^,]*, ([\d.]+) ×/, unit: '× a bare span scanner', atLeast: 0.35 },
      { what: 'to JSON', found: /structured to JSON text[^:]*: ([\d.]+) MB/, unit: 'MB/s', atLeast: 25 },
    ],
  },
  {
    name: 'start',
    title: 'Start of an engine with 100 flows, packed build',
    arguments: () => ['start.ts', '100', '8'],
    wanted: [
      { what: 'accepting', found: /accepting after +(\d+) ms/, unit: 'ms', atMost: 1000 },
      { what: 'the libraries alone, with the same files read, without an engine', found: /the same files: (\d+) ms/, unit: 'ms' },
      { what: 'of which Node itself', found: /of which Node itself (\d+) ms/, unit: 'ms' },
      { what: 'idle memory', found: /idle memory +(\d+) MB/, unit: 'MB', atMost: 150 },
    ],
  },
];

export const scripts: readonly FigureRow[] = all.map((script) => ({
  name: script.name,
  title: script.title,
  async measure(conditions) {
    const given = script.arguments(conditions);
    const file = given.find((argument) => argument.endsWith('.ts')) ?? '';
    if (!existsSync(join(import.meta.dirname, file))) return [{ text: `not measured: there is no bench/${file}`, met: false }];
    const printed = await run(given);
    return script.wanted.map((wanted) => findingOf(wanted, printed, given));
  },
}));

/** What a script printed, against what is wanted. */
export function findingOf({ what, found, unit, atLeast, atMost }: Wanted, printed: string, given: readonly string[]): Finding {
  const text = found.exec(printed)?.[1];
  if (text === undefined) return { text: `${what}: nothing found in what \`node ${given.join(' ')}\` printed`, met: false };
  if (atLeast === undefined && atMost === undefined) return { text: `${what}: ${text} ${unit}` };
  const limit = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  const value = Number(text);
  const met = value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
  return { text: `${what}: ${text} ${unit} (to hold: ${limit}; \`node ${given.join(' ')}\`)`, met };
}

async function run(given: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, given, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let printed = '';
  for await (const chunk of child.stdout) printed += String(chunk);
  if ((await ended) !== 0) throw new Error(`node ${given.join(' ')} failed: its own words stand above.`);
  return printed;
}
