// The mortise command: all its commands, and how it ends.

import { Command } from 'commander';
import { addAlerts } from './commands/alerts.ts';
import { addAgain } from './commands/again.ts';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addBalance } from './commands/balance.ts';
import { addCheck } from './commands/check.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addDecode } from './commands/decode.ts';
import { addDev } from './commands/dev.ts';
import { addDiff } from './commands/diff.ts';
import { addDiscard } from './commands/discard.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrain } from './commands/drain.ts';
import { addEncode } from './commands/encode.ts';
import { addErase } from './commands/erase.ts';
import { addEvidence } from './commands/evidence.ts';
import { addExport } from './commands/export.ts';
import { addFlows } from './commands/flows.ts';
import { addFormats } from './commands/formats.ts';
import { addHold } from './commands/hold.ts';
import { addImpact } from './commands/impact.ts';
import { addImport } from './commands/import.ts';
import { addInit } from './commands/init.ts';
import { addLineage } from './commands/lineage.ts';
import { addLogLevel } from './commands/log-level.ts';
import { addLoginLink } from './commands/login-link.ts';
import { addMap } from './commands/map.ts';
import { addMessage } from './commands/message.ts';
import { addMessages } from './commands/messages.ts';
import { addNew } from './commands/new.ts';
import { addPause, addResume } from './commands/pause.ts';
import { addProve } from './commands/prove.ts';
import { addReload } from './commands/reload.ts';
import { addReplay } from './commands/replay.ts';
import { addRestore } from './commands/restore.ts';
import { addRetry } from './commands/retry.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addSecret } from './commands/secret.ts';
import { addSend } from './commands/send.ts';
import { addSystems } from './commands/systems.ts';
import { addToken } from './commands/token.ts';
import { addUser } from './commands/user.ts';
import { addTest } from './commands/test.ts';
import { addValidate } from './commands/validate.ts';
import { exitCodesText } from './exit-codes.ts';
import { tellFailure } from './failure.ts';
import { openTerminal } from './terminal.ts';
import { readVersion } from './version.ts';

/** In the order in which help lists them. */
const commands = [
  addInit,
  addNew,
  addCheck,
  addTest,
  addMap,
  addLineage,
  addImpact,
  addFormats,
  addDecode,
  addEncode,
  addValidate,
  addProve,
  addRun,
  addDev,
  addSend,
  addFlows,
  addSystems,
  addMessages,
  addMessage,
  addDeadLetters,
  addRetry,
  addDiscard,
  addReplay,
  addAgain,
  addBalance,
  addAlerts,
  addPause,
  addResume,
  addDrain,
  addExport,
  addImport,
  addBackup,
  addRestore,
  addReload,
  addLogLevel,
  addUser,
  addToken,
  addAudit,
  addSecret,
  addEvidence,
  addErase,
  addHold,
  addLoginLink,
  addDiff,
  addSchema,
  addDoctor,
];

/** Runs what `argv` says (as `process.argv`), and sets the exit code of the process. Never rejects. */
export async function main(argv: readonly string[]): Promise<void> {
  endQuietlyWithPipe();
  try {
    await makeProgram().parseAsync([...argv]);
  } catch (thrown) {
    process.exitCode = tellFailure(thrown, openTerminal());
  }
}

function makeProgram(): Command {
  const program = new Command('mortise');
  program
    .description('Joins the IT systems of an organisation and of its partners.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command, or on "exit-codes"')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  for (const add of commands) add(program);
  addExitCodes(program);
  return program;
}

/** No command of its own, but `mortise help exit-codes` finds it. */
function addExitCodes(program: Command): void {
  const topic = program.command('exit-codes', { hidden: true }).action(() => topic.outputHelp());
  topic.helpInformation = exitCodesText;
}

/** `mortise messages | head` closes our output before we are done: that is no fault. */
function endQuietlyWithPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}
