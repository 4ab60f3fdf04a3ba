// mortise again: runs one hop of a journey again, or says what would come out of it.

import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import type { AgainView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly revision: string;
  readonly body?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

export const addAgain: AddCommand = (program) => {
  askingCommand(program, 'again', 'run one hop of a journey again, without what was delivered')
    .argument('<delivery>', 'its id')
    .option('--dry-run', 'say what would come out, and do nothing')
    .addOption(
      new Option('--revision <which>', 'of the flow: as it is today, or as it was when it ran')
        .choices(['current', 'recorded'])
        .default('current'),
    )
    .option('--body <file>', 'with the JSON of this file in place of its body')
    .option('--all', 'what was delivered too, and calls whose replies are recorded')
    .action(async (id: string, { revision, body, all, dryRun: preview = false, ...options }: Options) => {
      const client = await engineClient(options);
      const value = body === undefined ? {} : { value: valueIn(body) };
      const asked = { revision, preview, outbounds: all ? 'all' : 'skip-done', ...value };
      const view = await client.post<AgainView>(`/deliveries/${encodeURIComponent(id)}/again`, asked, 120_000);
      printResult(view, options, (terminal) => textOf(view, preview, terminal));
      if (view.error) process.exitCode = exitCodes.failed;
    });
};

function valueIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw cliError(
      'MORTISE_CLI_FILE',
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function textOf({ how, id, outcome, error, outputs }: AgainView, preview: boolean, terminal: Terminal): string {
  const done = { retried: `retried ${id}`, replayed: `replayed as ${id}`, nothing: preview ? 'a dry run' : 'nothing is done' }[
    how
  ];
  return [
    `${done}: ${outcome}`,
    ...outputs.map(({ to, what, changed }) => `  ${what.padEnd(8)} ${to}${changed ? terminal.style('yellow', '  changed') : ''}`),
    ...(error ? [`${error.code}: ${plain(error.message)}`] : []),
  ].join('\n');
}
