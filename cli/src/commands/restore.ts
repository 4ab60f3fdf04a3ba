// mortise restore: makes a data folder of a backup, paused, and says what may happen twice when it is resumed.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly data: string;
  readonly project?: string;
  readonly json?: boolean;
}

/** `unknown`: no project was there to look it up in. */
type Repeats = 'safe' | 'unsafe' | 'unknown';

interface Owed {
  readonly destination: string;
  readonly state: string;
  readonly count: number;
  /** What sending it a second time does. */
  readonly repeats: Repeats;
}

interface Result {
  readonly data: string;
  readonly takenAt: string;
  readonly version: string;
  readonly paused: true;
  readonly mayRepeat: readonly Owed[];
}

export const addRestore: AddCommand = (program) => {
  const command = program
    .command('restore')
    .description('make a data folder of a backup; the engine that starts on it is paused');
  jsonOption(command)
    .argument('<backup>', 'a folder that "mortise backup" wrote')
    .requiredOption('--data <dir>', 'the data folder to make: empty, or not there yet')
    .option('--project <dir>', 'the project, to tell which outbounds repeat safely (default: the current folder, if it is one)')
    .action(async (backup: string, options: Options) => {
      const { restoreBackup } = await import('@mortise/engine');
      const data = resolve(options.data);
      const { manifest, owed } = await restoreBackup(resolve(backup), data, Date.now());
      const { takenAt, version } = manifest;
      const repeats = await repeatsOf(options.project);
      const mayRepeat = owed.map((row) => ({ ...row, repeats: repeats(row.destination) }));
      const result: Result = { data, takenAt, version, paused: true, mayRepeat };
      printResult(result, options, (terminal) => resultText(result, terminal));
    });
};

/** Of each destination what a repeat does; a flow repeats as the outbounds do that it sends to. */
async function repeatsOf(folder: string | undefined): Promise<(destination: string) => Repeats> {
  if (folder === undefined && !existsSync(join('.', 'mortise.yaml'))) return () => 'unknown';
  const { loadProject, openCatalog } = await import('@mortise/engine');
  const { definitions, compiled } = await loadProject(folder ?? '.', { catalog: openCatalog(), execute: false });
  const known = new Map<string, Repeats>();
  for (const system of definitions.systems.values()) {
    for (const { name, onInDoubt } of system.outbounds.values())
      known.set(`outbound:${system.name}.${name}`, onInDoubt === 'retry' ? 'safe' : 'unsafe');
  }
  for (const flow of compiled.values()) {
    const unsafe = flow.targets.some((target) => target.kind === 'outbound' && target.outbound.onInDoubt !== 'retry');
    known.set(`flow:${flow.name}`, unsafe ? 'unsafe' : 'safe');
  }
  return (destination) => known.get(destination) ?? 'unknown';
}

function resultText({ data, takenAt, version, mayRepeat }: Result, terminal: Terminal): string {
  const lines = [
    `${terminal.style('green', 'Restored')} ${data}, as it was at ${takenAt} (Mortise ${version}).`,
    'What was accepted after that is not in it. The engine that starts on it is paused: nothing is sent until it is resumed.',
  ];
  if (mayRepeat.length === 0) return [...lines, 'Nothing was owed then: nothing will be repeated.'].join('\n');
  return [
    ...lines,
    '',
    'Owed then, so possibly sent since; it is sent again, under the same ids, when the engine is resumed:',
    tableText(mayRepeat, columns, terminal),
    '',
    'unsafe: the receiver may do it twice. Look there first, and discard what it has: mortise discard.',
  ].join('\n');
}

const columns: readonly Column<Owed>[] = [
  { title: 'DESTINATION', text: ({ destination }) => destination },
  { title: 'STATE', text: ({ state }) => state },
  { title: 'COUNT', text: ({ count }) => count, align: 'right' },
  { title: 'REPEATS', text: ({ repeats }) => repeats, style: ({ repeats }) => (repeats === 'safe' ? 'green' : 'red') },
];
