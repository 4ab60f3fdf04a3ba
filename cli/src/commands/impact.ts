// mortise impact: which flows a changed model would break.

import { readFileSync } from 'node:fs';
import type { Impact } from '@mortise/engine';
import type { JsonSchema } from '@mortise/sdk';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadSound, sayUnknown } from './sound-project.ts';

interface Options {
  readonly change: string;
  readonly dir: string;
  readonly env?: string;
  readonly json?: boolean;
}

export const addImpact: AddCommand = (program) => {
  const command = program
    .command('impact')
    .description('which flows and mappings a changed model would break')
    .argument('<model>', 'the model, with its version, as order@1');
  jsonOption(command)
    .requiredOption('--change <file>', 'the changed JSON Schema')
    .option('--dir <dir>', "the project's folder", '.')
    .option('--env <name>', 'with the settings of this environment')
    .action(showImpact);
};

async function showImpact(model: string, options: Options): Promise<void> {
  const { changeImpact, renderProblems } = await import('@mortise/engine');
  const project = await loadSound(options.dir, options.env);
  const { models } = project.definitions;
  if (!models.has(model)) throw sayUnknown('model', model, [...models.keys()]);
  const impacts = changeImpact(project, model, readSchema(options.change) as JsonSchema);
  const problems = impacts.flatMap((one) => one.problems);
  printResult(impacts, options, ({ coloured, style }) =>
    impacts.length === 0
      ? style('green', `The change of ${model} breaks no flow.`)
      : [
          `Flows that it concerns: ${flowNames(impacts)}`,
          renderProblems(problems, { folder: options.dir, colors: coloured }).trimEnd(),
        ].join('\n'),
  );
  if (problems.some(({ severity }) => severity === 'error')) process.exitCode = exitCodes.failed;
}

function flowNames(impacts: readonly Impact[]): string {
  return impacts.map(({ flow }) => flow).join(', ');
}

function readSchema(file: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(file, 'utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw cliError('MORTISE_CLI_FILE', `${file} is not valid JSON.`, { cause: error });
  }
  throw cliError('MORTISE_CLI_FILE', `${file} is no JSON Schema: expected an object.`);
}
