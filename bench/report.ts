// The results as Markdown, for bench/results.md.

import { bare, limit, mortise } from './contenders.ts';
import type { FigureRow, Finding } from './figure.ts';
import type { Machine } from './machine.ts';
import type { Measured } from './measured.ts';
import { bodyBytes } from './order.ts';
import { bytesPerBodyByteMax, latencyToHold, resultsOf, verdictOf } from './results.ts';
import type { Latency, Result } from './results.ts';
import type { Row } from './rows.ts';

export interface Run {
  readonly command: string;
  readonly seconds: number;
  readonly connections: number;
  readonly machine: Machine;
  readonly rows: readonly { readonly row: Row; readonly measured: readonly Measured[] }[];
  readonly figures: readonly { readonly row: Pick<FigureRow, 'title'>; readonly findings: readonly Finding[] }[];
}

const secondsToHold = 60;
/** More processes than this that want to run beside a benchmark spoil it. */
const loadBeforeMax = 0.5;

export function reportOf(run: Run): string {
  return [
    '# Results',
    `Written by \`${run.command}\`; not edited by hand. Ratios of one run on one machine: only they mean something elsewhere.`,
    ...doubtsOf(run),
    ...machineText(run),
    ...run.rows.flatMap(({ row, measured }) => rowText(row, resultsOf(measured), run.machine.cores)),
    ...run.figures.flatMap(({ row, findings }) => [`## ${row.title}`, findings.map(findingLine).join('\n')]),
    '',
  ].join('\n\n');
}

/** The report of a run of some rows, with the other rows of the report that stood there before; each says of which run it is. */
export function withOtherRows(report: string, former: string): string {
  const [head = '', ...rows] = former.split(/^(?=## )/m).map((part) => part.trim());
  const command = /^Written by (`[^`]*`)/m.exec(head)?.[1];
  const kept = rows.filter((row) => !report.includes(`${row.split('\n', 1)[0]}\n`));
  const told = kept.map((row) => (row.includes(ofAnother) ? row : `${row}\n\n${ofAnother} ${command}.`));
  return `${[report.trimEnd(), ...told].join('\n\n')}\n`;
}

const ofAnother = 'Of another run:';

/** What keeps the figures from being the ones of the design. */
function doubtsOf({ seconds, machine: { loadBefore } }: Run): readonly string[] {
  return [
    ...(seconds < secondsToHold
      ? [`**A look of ${seconds} s, not a result**: the figures are to be held for ${secondsToHold} s.`]
      : []),
    ...(loadBefore > loadBeforeMax
      ? [`**The machine was not idle**: ${loadBefore.toFixed(1)} processes wanted to run before the benchmark began.`]
      : []),
  ];
}

function machineText({ seconds, connections, machine }: Run): readonly string[] {
  const { sync } = machine;
  return [
    `Machine: ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, Node ${machine.node}, SQLite ${machine.sqlite}. ` +
      `Data on ${machine.fileSystem}; fdatasync of 16 KiB there: p50 ${ms(sync.p50Ms)}, p99 ${ms(sync.p99Ms)}.`,
    `Each contender is a process of its own, measured alone for ${seconds} s after a warm-up, with orders of ${bodyBytes} bytes over ` +
      `${connections} connections. The load is a process of its own on the same cores, and the receiver is another. Full load: a connection ` +
      'sends its next order on the answer to the last. Half load: a fixed rate, half of what the contender held; latency counts from the ' +
      'time when an order was due, whether or not it could be sent, and not in the first two seconds, in which the load itself is compiled.',
    'Mortise writes with fsync: its store sets `synchronous = FULL` and reads it back on every open, and does not start where it did not take ' +
      '(MORTISE_STORE_UNFIT). Where a contender is said to have SQLite or the store, it writes with fsync, too; the others write nothing.',
  ];
}

function rowText(row: Row, results: readonly Result[], cores: number): readonly string[] {
  const own = results.find(({ name }) => name === mortise);
  return [
    `## ${row.title}`,
    table(results, row.sendsOn),
    ...(own ? [[...verdictLines(row, results, own), ...limitLines(row, results, own, cores), ...ownLines(own)].join('\n')] : []),
  ];
}

function table(results: readonly Result[], sendsOn: boolean): string {
  const where = sendsOn ? 'to the receiver' : 'to the answer';
  const head = [
    'contender',
    'orders/s',
    `full load ${where}, p50 / p99`,
    `half load ${where}, p50 / p99`,
    'processor µs an order (main thread)',
    sendsOn ? 'load and receiver µs an order' : 'load µs an order',
    'memory, peak',
  ];
  return [head, head.map(() => '---'), ...results.map(cells)].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells(result: Result): readonly string[] {
  const rates = result.rates.length > 1 ? ` (${result.rates.map(whole).join(', ')})` : '';
  return [
    result.name,
    `${whole(result.heldPerSecond)}${rates}`,
    latency(result.fullLatency),
    latency(result.halfLatency),
    `${whole(result.processorUsPerOrder)} (${whole(result.mainThreadUsPerOrder)})`,
    whole(result.othersUsPerOrder),
    `${whole(result.residentBytesPeak / 1024 ** 2)} MiB`,
  ];
}

function verdictLines({ figures }: Row, results: readonly Result[], own: Result): readonly string[] {
  return figures.flatMap((figure) => {
    const other = results.find(({ name }) => name === figure.against);
    if (!other) return [];
    const { ratio, reasons } = verdictOf(figure, own, other);
    const verdict = reasons.length === 0 ? '**met**' : `**not met**: ${reasons.join(', ')}`;
    return [`- ${ratio.toFixed(2)} × ${figure.against} (to hold: ≥ ${figure.atLeast}): ${verdict}.`];
  });
}

/**
 * How much of the bare server's rate is left for any engine that writes these rows, and how much of that Mortise holds; and what an order may cost at
 * the rate that is wanted, with all processors busy, and its JavaScript, which one thread runs.
 */
function limitLines({ figures }: Row, results: readonly Result[], own: Result, cores: number): readonly string[] {
  const [most, least] = [limit, bare].map((wanted) => results.find(({ name }) => name === wanted));
  const wanted = figures.find(({ against }) => against === bare)?.atLeast;
  if (!most || !least || wanted === undefined) return [];
  const [left, held] = [most.heldPerSecond / least.heldPerSecond, own.heldPerSecond / most.heldPerSecond];
  const budgetUs = (cores * 1e6) / (wanted * least.heldPerSecond) - own.othersUsPerOrder;
  const threadUs = 1e6 / (wanted * least.heldPerSecond);
  return [
    `- The same rows in the same commits without an engine hold ${left.toFixed(2)} × ${bare}; Mortise holds ${held.toFixed(2)} of that.`,
    `- At ${wanted} × ${bare} an order may take ${whole(budgetUs)} µs of ${cores} processors that do nothing else; without an engine it takes ${whole(most.processorUsPerOrder)}.`,
    `- The main thread may take ${whole(threadUs)} of them, on a processor that does nothing else; without an engine it takes ${whole(most.mainThreadUsPerOrder)}, with Mortise’s ${whole(own.mainThreadUsPerOrder)}.`,
  ];
}

/** What else the design says of Mortise, and what has to be true for the rate to count. */
function ownLines(own: Result): readonly string[] {
  const { p50Ms, p99Ms } = latencyToHold;
  const inTime = own.halfLatency.p50Ms <= p50Ms && own.halfLatency.p99Ms <= p99Ms;
  return [
    `- Latency at half load, with fsync: p50 ${ms(own.halfLatency.p50Ms)}, p99 ${ms(own.halfLatency.p99Ms)} (to hold: ≤ ${p50Ms} ms, ≤ ${p99Ms} ms): ${met(inTime)}.`,
    `- Written a body byte: ${own.bytesPerBodyByte.toFixed(1)} bytes (to hold: ≤ ${bytesPerBodyByteMax}): ${met(own.bytesPerBodyByte <= bytesPerBodyByteMax)}.`,
    `- Backlog ${own.flat ? 'flat' : '**not flat**'}: it grew by ${own.growthPerSecond.toFixed(1)}/s, and ${whole(own.waitingMax)} orders waited at most.`,
    `- Settled = accepted: ${own.lost} lost, ${own.duplicated} duplicated, ${own.refused} refused.`,
  ];
}

function findingLine({ text, met: is }: Finding): string {
  return is === undefined ? `- ${text}.` : `- ${text}: ${met(is)}.`;
}

function met(is: boolean): string {
  return is ? '**met**' : '**not met**';
}

function latency({ p50Ms, p99Ms }: Latency): string {
  return `${ms(p50Ms)} / ${ms(p99Ms)}`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
