// mortise dev: runs a project, and loads it anew whenever one of its files changes.

import type { AddCommand } from '../command.ts';
import type { Host } from '@mortise/engine';
import { buildConsole } from '../console.ts';
import { openInBrowser } from '../open-browser.ts';
import { reloadTold, runUntilStopped } from '../running.ts';
import type { RunOptions } from '../running.ts';
import { openTerminal } from '../terminal.ts';
import { watchProject } from '../watch.ts';
import { runOptions } from './run.ts';

interface DevOptions extends RunOptions {
  readonly open?: boolean;
}

export const addDev: AddCommand = (program) => {
  const command = program.command('dev').description('run a project, and load it anew whenever one of its files changes');
  command.option('--open', 'open the console in a browser, logged in, also where the output is no terminal');
  command.option('--no-open', 'leave the browser alone');
  runOptions(command).action(async (folder: string, { open = process.stdout.isTTY, ...options }: DevOptions) => {
    await buildConsole();
    await runUntilStopped(folder, options, (host) => {
      const ends = [watch(host, folder), ...(open ? [openInBrowser(host.loginLink())] : [])];
      return () => ends.forEach((end) => end());
    });
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
