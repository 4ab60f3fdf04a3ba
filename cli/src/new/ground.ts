// The project that something new is written into: what it has already, and the names that may be given.

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nearest } from '@mortise/sdk';
import type { Project } from '@mortise/engine';
import { cliError } from '../errors.ts';
import { openTerminal } from '../terminal.ts';

/** Loads the project in `folder`. Its code is run only where the command cannot do without. */
export async function openGround(folder: string, execute = false): Promise<Project> {
  if (!existsSync(join(folder, 'mortise.yaml'))) {
    throw cliError('MORTISE_CLI_NO_PROJECT', `${folder} has no mortise.yaml.`);
  }
  const { loadProject, openCatalog } = await import('@mortise/engine');
  return loadProject(folder, { catalog: openCatalog(), execute });
}

/** The name, where it is one that can be written in flows. */
export function checkedName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]*$/.test(name)) return name;
  const better = slug(name);
  const message = `"${name}" is no name: expected lower-case letters, digits and hyphens.`;
  throw cliError('MORTISE_CLI_USAGE', message, better === '' ? {} : { remedy: `Write "${better}".` });
}

/** The nearest name that can be written; empty where nothing of it can. */
export function slug(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** `name`, where it is known; otherwise a usage error with the nearest that is. */
export function knownName(kind: string, name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const near = nearest(name, known);
  const all = known.length > 0 ? `Known are: ${known.join(', ')}.` : 'The project has none yet.';
  throw cliError('MORTISE_CLI_USAGE', `There is no ${kind} "${name}".`, { remedy: near ? `Did you mean "${near}"?` : all });
}

/** Writes files that are not there yet: all of them, or none where one is. Says what was written and what is next. */
export async function writeNew(folder: string, files: Readonly<Record<string, string>>, next: readonly string[]): Promise<void> {
  const taken = Object.keys(files).find((path) => existsSync(join(folder, path)));
  if (taken !== undefined) throw cliError('MORTISE_CLI_FILE_TAKEN', `${taken} is there already.`);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' });
  }
  const terminal = openTerminal();
  terminal.print(
    Object.keys(files)
      .map((path) => `Wrote ${path}`)
      .join('\n'),
  );
  if (next.length > 0) terminal.print(['', 'Next:', ...next.map((line) => `  ${line}`)].join('\n'));
}
