// Runs a project in this process: from start to stop, with all that signals ask for.

import { flushCompileCache } from 'node:module';
import { MortiseError } from '@mortise/sdk';
import { cliError } from './errors.ts';
import type { Host } from '@mortise/engine';
import { exitCodes } from './exit-codes.ts';
import { errorText, tellFailure } from './failure.ts';
import { openTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface RunOptions {
  readonly data?: string;
  readonly env?: string;
  readonly listen?: string;
  readonly control?: string;
  readonly logLevel?: string;
}

/** `started` is called once it runs; what it gives is called when it is to end. */
export async function runUntilStopped(folder: string, options: RunOptions, started?: (host: Host) => () => void): Promise<void> {
  const terminal = openTerminal();
  const stop = stopSignal();
  // Timers of the engine do not keep the process alive, and its listeners are closed before its store.
  const alive = setInterval(() => undefined, 60_000);
  try {
    // Compiled code is written before the end, so that the start after a crash has it too. Before the first message: it sets how memory is kept.
    const { whenIdle } = await import('@mortise/engine');
    whenIdle(flushCompileCache);
    const host = await startTold(folder, options, terminal).catch((error: unknown) => endUnstarted(error, terminal));
    const reload = (): void => void reloadTold(host, folder, terminal);
    // Before it says that it runs: whoever reads that may send the signal at once.
    process.on('SIGHUP', reload);
    terminal.print(startedText(host, linkOf(host, started !== undefined), terminal));
    const end = started?.(host);
    const failure = await Promise.race([stop, host.drained, host.failed]);
    end?.();
    process.off('SIGHUP', reload);
    terminal.print('Stopping: what is under way is ended first. A second Ctrl-C ends at once.');
    const unstopped: unknown = await host.stop().catch((error: unknown) => error);
    if (failure) terminal.printError(errorText(asMortiseError(failure), terminal));
    const stopFailed = unstopped === undefined ? exitCodes.ok : tellFailure(unstopped, terminal);
    // What could be closed is closed; a connector's own timer or socket, or what could not be, must not hold the process.
    process.exit(failure ? exitCodes.diskFailed : stopFailed);
  } finally {
    clearInterval(alive);
  }
}

/** Loads the project anew into a host that runs, and says what came of it. Never rejects: the old one goes on. */
export async function reloadTold(host: Host, folder: string, terminal: Terminal): Promise<void> {
  const { countProblems } = await import('@mortise/engine');
  try {
    const problems = await host.reload();
    await printProblems(problems, folder, terminal);
    const { errors } = countProblems(problems);
    terminal.print(
      errors > 0
        ? terminal.style('red', 'Not applied: what ran before goes on.')
        : terminal.style('green', `Applied: revision ${host.engine.project.revision}.`),
    );
  } catch (error) {
    terminal.printError(errorText(asMortiseError(error), terminal));
    terminal.print(terminal.style('red', 'Not applied: what ran before goes on.'));
  }
}

/** What was opened before it failed must not hold the process. */
function endUnstarted(error: unknown, terminal: Terminal): never {
  process.exit(tellFailure(error, terminal));
}

async function startTold(folder: string, options: RunOptions, terminal: Terminal): Promise<Host> {
  const { data, env, listen, control } = options;
  const { startHost, logLevels } = await import('@mortise/engine');
  const logLevel = logLevels.find((level) => level === options.logLevel);
  if (!logLevel && options.logLevel !== undefined)
    throw cliError('MORTISE_CLI_USAGE', `"${options.logLevel}" is no level of the log.`, {
      remedy: `Write one of ${logLevels.join(', ')}.`,
    });
  try {
    return await startHost({
      folder,
      ...(logLevel ? { logLevel } : {}),
      ...(data === undefined ? {} : { dataFolder: data }),
      ...(env === undefined ? {} : { environment: env }),
      ...(listen === undefined ? {} : { listen }),
      ...(control === undefined ? {} : { control }),
    });
  } catch (error) {
    if (error instanceof MortiseError && error.code === 'MORTISE_ENGINE_PROJECT_BROKEN')
      await printProblems(error.details['problems'] as never, folder, terminal);
    throw error;
  }
}

async function printProblems(problems: Awaited<ReturnType<Host['reload']>>, folder: string, terminal: Terminal): Promise<void> {
  if (problems.length === 0) return;
  const { renderProblems } = await import('@mortise/engine');
  terminal.printError(renderProblems(problems, { folder, colors: terminal.coloured }).trimEnd());
}

/** A link that logs in at once is for who works on the project; elsewhere the first one makes the first administrator. */
function linkOf(host: Host, logsIn: boolean): { readonly words: string; readonly link: string } | undefined {
  if (logsIn) return { words: 'console, logged in, once', link: host.loginLink() };
  const link = host.setupLink();
  return link === undefined ? undefined : { words: 'first administrator, once', link };
}

function startedText({ engine, addresses }: Host, link: ReturnType<typeof linkOf>, terminal: Terminal): string {
  const { settings, revision, compiled } = engine.project;
  const flows = `${compiled.size} ${compiled.size === 1 ? 'flow' : 'flows'}`;
  const control = `${settings.listeners.controlTls ? 'https://' : 'http://'}${addresses.control}`;
  return [
    `${terminal.style('green', 'Running')} ${terminal.style('bold', settings.name)} (revision ${revision}, ${flows}).`,
    `  messages come in at  http://${addresses.inbound}`,
    `  the console is at    ${control}`,
    `  API                  ${control}/api/openapi.json`,
    '  look at it with      mortise messages, mortise flows, mortise balance',
    ...(link ? [`  ${link.words}:  ${link.link}`] : []),
  ].join('\n');
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(exitCodes.interrupted));
      resolve(undefined);
    };
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
  });
}

function asMortiseError(error: unknown): MortiseError {
  if (error instanceof MortiseError) return error;
  return cliError('MORTISE_CLI_FAULT', error instanceof Error ? error.message : String(error), { cause: error });
}
