// mortise diff: what differs between two environments of a project, after everything is resolved.

import type { Difference, Project } from '@mortise/engine';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly env: readonly string[];
  readonly json?: boolean;
}

export const addDiff: AddCommand = (program) => {
  const command = program
    .command('diff')
    .description('say what differs between two environments, or between one and none; exits with 1 where something does')
    .argument('[dir]', "the project's folder", '.')
    .requiredOption('--env <name>', 'an environment; a second one may be given', collect);
  jsonOption(command).action(diff);
};

function collect(name: string, former: readonly string[] = []): readonly string[] {
  return [...former, name];
}

async function diff(folder: string, { env, ...options }: Options): Promise<void> {
  if (env.length > 2) throw cliError('MORTISE_CLI_USAGE', `${env.length} environments were named; expected one or two.`);
  const { differences } = await import('@mortise/engine');
  const [one, other] = env.length === 2 ? env : [undefined, env[0]];
  const [left, right] = [await load(folder, one), await load(folder, other)];
  const found = differences(left, right);
  const [leftName, rightName] = [one ?? 'the project itself', other ?? ''];
  printResult({ left: one ?? null, right: other, differences: found }, options, (terminal) =>
    found.length === 0
      ? `Nothing differs between ${leftName} and ${rightName}.`
      : [`--- ${leftName}`, `+++ ${rightName}`, ...found.map((one) => differenceText(one, terminal))].join('\n'),
  );
  if (found.length > 0) process.exitCode = exitCodes.failed;
}

async function load(folder: string, environment: string | undefined): Promise<Project> {
  const { loadProject, openCatalog } = await import('@mortise/engine');
  const project = await loadProject(folder, {
    catalog: openCatalog(),
    execute: false,
    ...(environment === undefined ? {} : { environment }),
  });
  const errors = project.problems.filter(({ severity }) => severity === 'error');
  const [missing] = errors.filter(({ file }) => file === `environments/${environment}.yaml`);
  if (missing?.code === 'MORTISE_PROJECT_MISSING')
    throw cliError('MORTISE_CLI_USAGE', missing.message, { remedy: missing.remedy });
  const [first] = errors;
  if (!first) return project;
  throw cliError('MORTISE_CLI_PROJECT', `${first.file}:${first.line}:${first.column} ${first.code}: ${first.message}`);
}

function differenceText({ path, left, right }: Difference, terminal: Terminal): string {
  const lines = [
    ...(left === undefined ? [] : [terminal.style('red', `- ${plain(`${path}: ${JSON.stringify(left)}`)}`)]),
    ...(right === undefined ? [] : [terminal.style('green', `+ ${plain(`${path}: ${JSON.stringify(right)}`)}`)]),
  ];
  return lines.join('\n');
}
