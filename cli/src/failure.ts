// How a command ends badly: what is printed, and with which code it exits.

import { MortiseError } from '@mortise/sdk';
import { CommanderError } from 'commander';
import { cliError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { plain } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Codes that do not end with "failed". */
const codes: Readonly<Record<string, number>> = {
  MORTISE_CLI_USAGE: exitCodes.usage,
  MORTISE_CLI_UNREACHABLE: exitCodes.unreachable,
  MORTISE_CLI_NOT_MORTISE: exitCodes.unreachable,
  MORTISE_CLI_FAULT: exitCodes.fault,
  MORTISE_ENGINE_LISTEN: exitCodes.notStarted,
  MORTISE_ENGINE_ADDRESS: exitCodes.notStarted,
  MORTISE_STORE_LOCKED: exitCodes.notStarted,
  MORTISE_STORE_NEWER: exitCodes.notStarted,
  MORTISE_STORE_CORRUPT: exitCodes.notStarted,
  MORTISE_STORE_UNFIT: exitCodes.notStarted,
};

/** Prints what was thrown, never a stack unless it is asked for; gives the exit code. */
export function tellFailure(thrown: unknown, terminal: Terminal): number {
  if (thrown instanceof CommanderError && /^commander\.(help|helpDisplayed|version)$/.test(thrown.code)) {
    return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  const error = errorOf(thrown);
  terminal.printError(errorText(error, terminal));
  if (process.env['MORTISE_DEBUG']) terminal.printError(String(thrown instanceof Error ? thrown.stack : thrown));
  return codes[error.code] ?? exitCodes.failed;
}

/** What is wrong, its code, and what to do. */
export function errorText(
  { code, message, remedy }: Pick<MortiseError, 'code' | 'message' | 'remedy'>,
  terminal: Terminal,
): string {
  return `${terminal.style('red', 'error')} ${code}: ${plain(message)}\n  remedy: ${plain(remedy)}`;
}

function errorOf(thrown: unknown): MortiseError {
  if (thrown instanceof MortiseError) return thrown;
  return thrown instanceof CommanderError ? usageError(thrown) : faultOf(thrown);
}

/** Commander's "error: unknown command 'chek'\n(Did you mean check?)". */
function usageError({ message }: CommanderError): MortiseError {
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const remedy = suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'Look at "mortise help", or at the help of the command.';
  return cliError('MORTISE_CLI_USAGE', `${what.charAt(0).toUpperCase()}${what.slice(1)}.`.replace(/\.\.$/, '.'), { remedy });
}

function faultOf(thrown: unknown): MortiseError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const errno = thrown instanceof Error && 'code' in thrown && 'path' in thrown ? thrown : undefined;
  return cliError(errno ? 'MORTISE_CLI_FILE' : 'MORTISE_CLI_FAULT', message, { cause: thrown });
}
