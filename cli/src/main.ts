// The mortise command: all its commands, and how it ends.

import { Command } from 'commander';
import { exitCodesText } from './exit-codes.ts';
import { tellFailure } from './failure.ts';
import { openTerminal } from './terminal.ts';
import { readVersion } from './version.ts';

/** In the order in which help lists them. A command is loaded when it is what was typed: together they are half of what a start loads. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  init: async () => (await import('./commands/init.ts')).addInit,
  new: async () => (await import('./commands/new.ts')).addNew,
  check: async () => (await import('./commands/check.ts')).addCheck,
  test: async () => (await import('./commands/test.ts')).addTest,
  map: async () => (await import('./commands/map.ts')).addMap,
  lineage: async () => (await import('./commands/lineage.ts')).addLineage,
  impact: async () => (await import('./commands/impact.ts')).addImpact,
  formats: async () => (await import('./commands/formats.ts')).addFormats,
  decode: async () => (await import('./commands/decode.ts')).addDecode,
  encode: async () => (await import('./commands/encode.ts')).addEncode,
  validate: async () => (await import('./commands/validate.ts')).addValidate,
  prove: async () => (await import('./commands/prove.ts')).addProve,
  run: async () => (await import('./commands/run.ts')).addRun,
  dev: async () => (await import('./commands/dev.ts')).addDev,
  send: async () => (await import('./commands/send.ts')).addSend,
  flows: async () => (await import('./commands/flows.ts')).addFlows,
  systems: async () => (await import('./commands/systems.ts')).addSystems,
  messages: async () => (await import('./commands/messages.ts')).addMessages,
  message: async () => (await import('./commands/message.ts')).addMessage,
  'dead-letters': async () => (await import('./commands/dead-letters.ts')).addDeadLetters,
  retry: async () => (await import('./commands/retry.ts')).addRetry,
  discard: async () => (await import('./commands/discard.ts')).addDiscard,
  replay: async () => (await import('./commands/replay.ts')).addReplay,
  again: async () => (await import('./commands/again.ts')).addAgain,
  balance: async () => (await import('./commands/balance.ts')).addBalance,
  alerts: async () => (await import('./commands/alerts.ts')).addAlerts,
  pause: async () => (await import('./commands/pause.ts')).addPause,
  resume: async () => (await import('./commands/pause.ts')).addResume,
  drain: async () => (await import('./commands/drain.ts')).addDrain,
  export: async () => (await import('./commands/export.ts')).addExport,
  import: async () => (await import('./commands/import.ts')).addImport,
  backup: async () => (await import('./commands/backup.ts')).addBackup,
  restore: async () => (await import('./commands/restore.ts')).addRestore,
  reload: async () => (await import('./commands/reload.ts')).addReload,
  'log-level': async () => (await import('./commands/log-level.ts')).addLogLevel,
  user: async () => (await import('./commands/user.ts')).addUser,
  token: async () => (await import('./commands/token.ts')).addToken,
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  secret: async () => (await import('./commands/secret.ts')).addSecret,
  evidence: async () => (await import('./commands/evidence.ts')).addEvidence,
  erase: async () => (await import('./commands/erase.ts')).addErase,
  hold: async () => (await import('./commands/hold.ts')).addHold,
  'login-link': async () => (await import('./commands/login-link.ts')).addLoginLink,
  diff: async () => (await import('./commands/diff.ts')).addDiff,
  schema: async () => (await import('./commands/schema.ts')).addSchema,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
};

/** Runs what `argv` says (as `process.argv`), and sets the exit code of the process. Never rejects. */
export async function main(argv: readonly string[]): Promise<void> {
  endQuietlyWithPipe();
  try {
    const program = await makeProgram(argv.find((word, at) => at >= 2 && !word.startsWith('-')));
    await program.parseAsync([...argv]);
  } catch (thrown) {
    process.exitCode = tellFailure(thrown, openTerminal());
  }
}

/** With the command of this name; where there is none, with all, for help and for what was mistyped. */
async function makeProgram(name: string | undefined): Promise<Command> {
  const program = new Command('mortise');
  program
    .description('Joins the IT systems of an organisation and of its partners.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command, or on "exit-codes"')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  const one = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  for (const add of await Promise.all((one ? [one] : Object.values(commands)).map((load) => load()))) add(program);
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
