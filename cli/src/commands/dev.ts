// mortise dev: runs a project, and loads it anew whenever one of its files changes.

import type { AddCommand } from '../command.ts';
import type { Host } from '@mortise/engine';
import { buildConsole } from '../console.ts';
import { reloadTold, runUntilStopped } from '../running.ts';
import type { RunOptions } from '../running.ts';
import { openTerminal } from '../terminal.ts';
import { watchProject } from '../watch.ts';
import { runOptions } from './run.ts';

export const addDev: AddCommand = (program) => {
  const command = program.command('dev').description('run a project, and load it anew whenever one of its files changes');
  runOptions(command).action(async (folder: string, options: RunOptions) => {
    await buildConsole();
    await runUntilStopped(folder, options, (host) => watch(host, folder));
  });
};

function watch(host: Host, folder: string): () => void {
  const terminal = openTerminal();
  const end = watchProject(folder, async (files) => {
    terminal.print(`${terminal.style('cyan', 'Changed:')} ${files.join(', ')}`);
    await reloadTold(host, folder, terminal);
  });
  terminal.print(`Watching ${folder} for changes.`);
  return end;
}
