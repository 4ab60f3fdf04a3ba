// mortise doctor: looks at machine, project and engine, and says what to do about what is not well.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import type { Finding } from '../doctor/finding.ts';
import { lookAtClock, lookAtDataFolder, lookAtDisk, lookAtFileSystem, lookAtNode, lookAtRetention } from '../doctor/machine.ts';
import { exitCodes } from '../exit-codes.ts';
import { plain } from '../terminal.ts';
import type { Style, Terminal } from '../terminal.ts';

interface Options {
  readonly data?: string;
  readonly env?: string;
  readonly json?: boolean;
}

export const addDoctor: AddCommand = (program) => {
  const command = program
    .command('doctor')
    .description('look at machine, project and engine, and say what is not well')
    .argument('[dir]', "the project's folder", '.')
    .option('--data <dir>', 'the data folder (default: .mortise/data in the project)')
    .option('--env <name>', 'with the settings of this environment');
  jsonOption(command).action(doctor);
};

async function doctor(folder: string, options: Options): Promise<void> {
  const findings = [lookAtNode(), lookAtClock(), ...(await lookAtAll(folder, options))];
  printResult(findings, options, (terminal) => findings.map((finding) => findingText(finding, terminal)).join('\n'));
  if (findings.some(({ verdict }) => verdict === 'fail')) process.exitCode = exitCodes.failed;
}

async function lookAtAll(folder: string, { env, data = join(folder, '.mortise', 'data') }: Options): Promise<readonly Finding[]> {
  if (!existsSync(join(folder, 'mortise.yaml'))) {
    const remedy = 'Name the folder of a project, or write one with "mortise init DIR".';
    return [{ look: 'project', verdict: 'warn', detail: `${folder} has no mortise.yaml; nothing else was looked at.`, remedy }];
  }
  const { loadForDoctor, lookAtEnvironments, lookAtProject, lookAtSecrets, lookAtWebhooks } = await import(
    '../doctor/project.ts'
  );
  const { lookAtListeners } = await import('../doctor/network.ts');
  const project = await loadForDoctor(folder, env);
  const { listeners, limits, journal, name } = project.settings;
  return [
    lookAtProject(project, folder),
    ...lookAtSecrets(project, data),
    ...lookAtEnvironments(project),
    ...lookAtWebhooks(project),
    lookAtDataFolder(data),
    ...(await lookAtFileSystem(data)),
    await lookAtDisk(data, limits.freeDiskBytes),
    await lookAtRetention(data, journal.atMostBytes),
    ...(await lookAtListeners(listeners, name)),
  ];
}

const styles: Readonly<Record<Finding['verdict'], Style>> = { ok: 'green', warn: 'yellow', fail: 'red' };

function findingText({ look, verdict, detail, remedy }: Finding, terminal: Terminal): string {
  const line = `${terminal.style(styles[verdict], verdict.padEnd(4))} ${look}: ${plain(detail)}`;
  return remedy === undefined ? line : `${line}\n     ${plain(remedy)}`;
}
