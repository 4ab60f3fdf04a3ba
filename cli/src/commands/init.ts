// mortise init: writes a project that runs, with a test, to begin from.

import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { projectFiles } from '../init/files.ts';
import { openTerminal } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

export const addInit: AddCommand = (program) => {
  program
    .command('init')
    .description('write a project that runs, with a test, to begin from')
    .argument('<dir>', 'a folder that is empty or does not exist')
    .action(init);
};

async function init(folder: string): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw cliError('MORTISE_CLI_FOLDER_TAKEN', `${folder} has files already.`);
  }
  const files = projectFiles(nameOf(folder));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' });
  }
  const terminal = openTerminal();
  terminal.print(nextSteps(folder, Object.keys(files), terminal));
}

/** The folder's name, as names are written in a project. */
function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'project' : name;
}

function nextSteps(folder: string, files: readonly string[], terminal: Terminal): string {
  const commands: readonly (readonly [string, string])[] = [
    [`mortise test ${folder}`, 'runs its tests'],
    [`mortise run ${folder}`, 'runs it; "mortise dev" also loads it anew when a file changes'],
    [`mortise send shop.order-created ${join(folder, 'fixtures', 'shop-order.json')}`, 'sends an order, from another terminal'],
    ['mortise messages', 'shows what went where'],
  ];
  const width = Math.max(...commands.map(([command]) => command.length));
  return [
    `Wrote ${files.length} files into ${folder}:`,
    ...files.map((file) => `  ${file}`),
    '',
    'Next:',
    ...commands.map(([command, what]) => `  ${terminal.style('bold', command.padEnd(width))}  ${terminal.style('dim', what)}`),
  ].join('\n');
}
