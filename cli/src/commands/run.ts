// mortise run: runs a project until it is told to stop.

import type { Command } from 'commander';
import type { AddCommand } from '../command.ts';
import { runUntilStopped } from '../running.ts';
import type { RunOptions } from '../running.ts';

export const addRun: AddCommand = (program) => {
  const command = program.command('run').description('run a project: Ctrl-C or SIGTERM ends it, SIGHUP loads it anew');
  runOptions(command).action((folder: string, options: RunOptions) => runUntilStopped(folder, options));
};

/** What can be said of a project that is to run. */
export function runOptions(command: Command): Command {
  return command
    .argument('[dir]', "the project's folder", '.')
    .option('--data <dir>', 'the data folder (default: .mortise/data in the project)')
    .option('--env <name>', 'with the settings of this environment')
    .option('--listen <host:port>', 'where requests of other systems come in, in place of mortise.yaml')
    .option('--control <host:port>', 'where console and API are, in place of mortise.yaml')
    .option('--log-level <level>', 'debug, info, warn, error or silent, in place of mortise.yaml');
}
