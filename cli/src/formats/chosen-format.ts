// The format that a command was given, and the options of commands that take one.

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { BoundFormat } from '@mortise/sdk';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { sayUnknown } from '../commands/sound-project.ts';
import { collectOption, writtenOptions } from './format-options.ts';

export interface FormatChoice {
  readonly format: string;
  readonly option?: readonly string[];
  readonly json?: boolean;
}

/** A command that reads a file, or standard input, with a format. */
export function formatCommand(program: Parameters<AddCommand>[0], name: string, description: string, file: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[file]', `${file}; - or nothing: standard input`, '-')
    .requiredOption('--format <name>', 'the format, as "mortise formats" lists them, or one of formats/ where a project is')
    .option('--option <name=value>', 'an option of the format; may be given several times', collectOption);
}

/** One of the catalog with the options given, or one that the project of the current folder names. Files that options name are read from there. */
export async function chosenFormat({ format: name, option = [] }: FormatChoice): Promise<BoundFormat> {
  const { openCatalog, openFormat } = await import('@mortise/engine/formats');
  const catalog = openCatalog();
  if (!catalog.formats.includes(name)) return formatOfProject(name, option, catalog.formats);
  const { options } = await catalog.format(name);
  const found = await openFormat(catalog, { [name]: writtenOptions(option, options) }, process.cwd());
  if ('format' in found) return found.format;
  throw cliError('MORTISE_CLI_USAGE', found.problem, { remedy: found.remedy });
}

/** What `formats/<name>.yaml` says. Nothing of the project's own code runs. */
async function formatOfProject(name: string, option: readonly string[], known: readonly string[]): Promise<BoundFormat> {
  const { loadProject, openCatalog } = await import('@mortise/engine');
  if (!existsSync('mortise.yaml')) throw sayUnknown('format', name, known);
  const { definitions, formatNames } = await loadProject('.', { catalog: openCatalog(), execute: false });
  if (!formatNames.includes(name)) throw sayUnknown('format', name, formatNames);
  if (option.length > 0)
    throw cliError('MORTISE_CLI_USAGE', `The options of "${name}" stand in formats/${name}.yaml; expected no --option.`);
  const found = definitions.format(name);
  if ('format' in found) return found.format;
  throw cliError('MORTISE_CLI_USAGE', found.problem, { remedy: found.remedy });
}
