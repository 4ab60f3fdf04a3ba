// mortise prove: the crash test of a project. Kills its engine again and again, and says what became of every message.

import { randomInt } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import type { Project, ProveOptions } from '@mortise/engine';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount } from '../parameters.ts';
import { proofPage } from '../prove/page.ts';
import { proofText } from '../prove/text.ts';
import { openTerminal } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly kills?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly messages?: string;
  readonly out?: string;
  readonly env?: string;
  readonly json?: boolean;
}

const killsDefault = 25;
const seedMax = 1_000_000;

export const addProve: AddCommand = (program) => {
  const command = program
    .command('prove')
    .description("kill a project's engine again and again, with recorders for outbounds, and say what became of every message")
    .argument('[dir]', "the project's folder", '.');
  jsonOption(command)
    .option('--kills <count>', `so many kills (default: ${killsDefault}, or as many as --minutes leaves time for)`, parseCount)
    .option('--minutes <count>', 'no more kills after so many minutes', parseCount)
    .option('--seed <number>', 'kill and fail as in the run that had this seed', parseSeed)
    .option('--messages <file>', 'on what "mortise export" wrote, in place of what the tests give')
    .option('--out <file>', 'write the report as a page too, into a new file')
    .option('--env <name>', 'with the settings of this environment')
    .action(proveProject);
};

async function proveProject(folder: string, { out, ...options }: Options): Promise<void> {
  const { faultKinds, prove } = await import('@mortise/engine');
  const terminal = openTerminal();
  const project = await loadSound(folder, options.env, terminal);
  // Before the long work: a report that cannot be written is worth nothing.
  if (out !== undefined) writeFileSync(out, '', { flag: 'wx' });
  const proof = await prove(project, proveOptions(options)).catch((error: unknown) => {
    if (out !== undefined) rmSync(out, { force: true });
    throw error;
  });
  if (out !== undefined) writeFileSync(out, proofPage(proof, faultKinds));
  printResult(proof, options, (shown) => proofText(proof, shown));
  if (!proof.proven) process.exitCode = exitCodes.failed;
}

function proveOptions({ kills, minutes, seed = randomInt(seedMax), messages }: Options): ProveOptions {
  return {
    kills: kills ?? (minutes === undefined ? killsDefault : Number.MAX_SAFE_INTEGER),
    seed,
    ...(minutes === undefined ? {} : { minutes }),
    ...(messages === undefined ? {} : { messages }),
  };
}

async function loadSound(folder: string, env: string | undefined, terminal: Terminal): Promise<Project> {
  const { loadProject, openCatalog, renderProblems } = await import('@mortise/engine');
  const project = await loadProject(folder, { catalog: openCatalog(), ...(env === undefined ? {} : { environment: env }) });
  const errors = project.problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return project;
  terminal.printError(renderProblems(errors, { folder, colors: terminal.coloured }).trimEnd());
  throw cliError('MORTISE_CLI_PROJECT', 'The project has errors, and nothing was proven.');
}

function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw cliError('MORTISE_CLI_USAGE', `"${text}" is no seed; expected a whole number of at most nine digits.`);
}
