// What all commands have in common: the options by which an engine is found, and how results are printed.

import type { Command, CommandOptions } from 'commander';
import { openTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Adds one command to the program. Its action loads what it needs, so that every other command starts without it. */
export type AddCommand = (program: Command) => void;

export interface EngineOptions {
  readonly control?: string;
  readonly json?: boolean;
}

/** A command that asks a running engine. */
export function askingCommand(
  program: Command,
  nameAndArguments: string,
  description: string,
  options: CommandOptions = {},
): Command {
  return jsonOption(program.command(nameAndArguments, options).description(description)).option(
    '--control <host:port>',
    'where the engine is (default: MORTISE_CONTROL, mortise.yaml in this folder, 127.0.0.1:8080)',
  );
}

export function jsonOption(command: Command): Command {
  return command.option('--json', 'print one JSON value');
}

/** Prints a value as JSON where that was asked for, else as `text` says it. */
export function printResult(value: unknown, { json }: { readonly json?: boolean }, text: (terminal: Terminal) => string): void {
  const terminal = openTerminal();
  terminal.print(json ? JSON.stringify(value, null, terminal.columns === undefined ? undefined : 2) : text(terminal));
}
