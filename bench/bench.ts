// Measures Mortise against its peers and writes bench/results.md.
// `npm run bench -- [--seconds 60] [--connections 256] [--only ROW] [--waiting 1000000] [--large 1000] [--data FOLDER] [--profile FOLDER]`
// `--only` may stand several times; rows that it leaves out stay in the file as they are, and say so. A quick look: `--seconds 10 --waiting 20000 --large 100` (messages that wait, megabytes of the long one).

import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { figureRows } from './figures.ts';
import type { FigureRow, Finding } from './figure.ts';
import { lookAtMachine } from './machine.ts';
import { measure } from './measure.ts';
import type { Measured } from './measured.ts';
import { reportOf, withOtherRows } from './report.ts';
import { growthPerSecond, heldPerSecond } from './results.ts';
import { rowNames, rowOf } from './rows.ts';
import type { Row } from './rows.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '256' },
    only: { type: 'string', multiple: true, default: [] },
    waiting: { type: 'string', default: '1000000' },
    large: { type: 'string', default: '1000' },
    data: { type: 'string', default: tmpdir() },
    profile: { type: 'string' },
  },
});
const [seconds, connections] = [Number(values.seconds), Number(values.connections)];
const folder = resolve(values.data);
const nodeArguments = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(values.profile)}`];
const names: readonly string[] = [...rowNames, ...figureRows.map(({ name }) => name)];
const isWanted = (name: string): boolean => values.only.length === 0 || values.only.includes(name);
if (!(seconds >= 1 && connections >= 1) || values.only.some((name) => !names.includes(name))) {
  throw new Error(`Expected --seconds and --connections from 1 up, and --only as one of ${names.join(', ')}.`);
}

const machine = lookAtMachine(folder);
const resultsFile = join(import.meta.dirname, 'results.md');
const former = readFileSync(resultsFile, 'utf8');
const command = `npm run bench${process.argv.slice(2).length > 0 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
const rows: { row: Row; measured: readonly Measured[] }[] = [];
const figures: { row: FigureRow; findings: readonly Finding[] }[] = [];
for (const name of rowNames.filter(isWanted)) {
  const row = rowOf(name, nodeArguments);
  rows.push({ row, measured: await measureRow(row) });
  writeReport();
}
const conditions = { seconds, connections, folder, sendsOn: false, nodeArguments };
const more = { waiting: Number(values.waiting), largeBytes: Number(values.large) * 1e6 };
for (const row of figureRows.filter(({ name }) => isWanted(name))) {
  const findings = await row.measure({ ...conditions, ...more });
  for (const { text } of findings) process.stdout.write(`${row.name}: ${text}\n`);
  figures.push({ row, findings });
  writeReport();
}
process.stdout.write(`\n${writeReport()}`);

/** After each row: a run takes the better part of an hour, and what was measured is not lost with what comes later. */
function writeReport(): string {
  const report = reportOf({ command, seconds, connections, machine, rows, figures });
  writeFileSync(resultsFile, values.only.length > 0 ? withOtherRows(report, former) : report);
  return report;
}

async function measureRow(row: Row): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const contender of row.contenders) {
    const one = await measure(contender, { seconds, connections, folder, sendsOn: row.sendsOn });
    const rate = heldPerSecond(one.full.report.acceptedPerSecond, growthPerSecond(one.waiting));
    process.stdout.write(`${row.name}: ${one.name}: ${Math.round(rate)}/s\n`);
    measured.push(one);
  }
  return measured;
}
