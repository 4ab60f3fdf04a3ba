// mortise check: what is wrong with a project, each with its place and what to do.

import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

interface Options {
  readonly env?: string;
  readonly json?: boolean;
  readonly execute?: boolean;
}

export const addCheck: AddCommand = (program) => {
  const command = program
    .command('check')
    .description('look for errors in a project')
    .argument('[dir]', "the project's folder", '.');
  jsonOption(command)
    .option('--env <name>', 'with the settings of this environment')
    .option('--execute', "load the project's own code too: its flows in TypeScript, its connectors and formats")
    .action(check);
};

async function check(folder: string, { env, execute = false, ...options }: Options): Promise<void> {
  const { countProblems, loadProject, openCatalog, renderProblems } = await import('@mortise/engine');
  const { problems } = await loadProject(folder, {
    catalog: openCatalog(),
    execute,
    ...(env === undefined ? {} : { environment: env }),
  });
  const { errors, warnings } = countProblems(problems);
  printResult({ errors, warnings, problems }, options, ({ coloured }) =>
    renderProblems(problems, { folder, colors: coloured }).trimEnd(),
  );
  if (errors > 0) process.exitCode = exitCodes.failed;
}
