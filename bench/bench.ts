// Measures Mortise against its peers and writes bench/results.md.
// `npm run bench -- [--seconds 60] [--connections 256] [--row intake|forward] [--data FOLDER] [--profile FOLDER]`

import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { lookAtMachine } from './machine.ts';
import { measure } from './measure.ts';
import type { Measured } from './measured.ts';
import { reportOf } from './report.ts';
import { growthPerSecond, heldPerSecond } from './results.ts';
import { rowNames, rowOf } from './rows.ts';
import type { Row } from './rows.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '256' },
    row: { type: 'string' },
    data: { type: 'string', default: tmpdir() },
    profile: { type: 'string' },
  },
});
const [seconds, connections] = [Number(values.seconds), Number(values.connections)];
const folder = resolve(values.data);
const profile = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(values.profile)}`];
const wanted = rowNames.filter((name) => values.row === undefined || values.row === name);
if (!(seconds >= 1 && connections >= 1) || wanted.length === 0) {
  throw new Error(`Expected --seconds and --connections from 1 up, and --row as one of ${rowNames.join(', ')}.`);
}

const machine = lookAtMachine(folder);
const rows: { row: Row; measured: readonly Measured[] }[] = [];
for (const name of wanted) {
  const row = rowOf(name, profile);
  rows.push({ row, measured: await measureRow(row) });
}
const command = `npm run bench${process.argv.slice(2).length > 0 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
const report = reportOf({ command, seconds, connections, machine, rows });
writeFileSync(join(import.meta.dirname, 'results.md'), report);
process.stdout.write(`\n${report}`);

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
