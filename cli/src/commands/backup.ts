// mortise backup: copies what an engine has stored, while it runs, or a data folder that no engine works on.

import { resolve } from 'node:path';
import { formatSize } from '@mortise/sdk';
import type { BackedUp, BackingUp } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly data?: string;
}

/** The engine answers within a minute, also where the backup takes longer: then it is asked again. */
const answerMs = 120_000;

export const addBackup: AddCommand = (program) => {
  askingCommand(program, 'backup', 'copy what is stored into a new folder, while the engine runs')
    .argument('<target>', 'a folder that does not exist yet')
    .option('--data <dir>', 'of this data folder, which no engine works on')
    .action(async (target: string, options: Options) => {
      const folder = resolve(target);
      const done = options.data === undefined ? await ofEngine(folder, options) : await ofFolder(folder, resolve(options.data));
      printResult(done, options, (terminal) => doneText(done, terminal));
      if (done.missing.length > 0) process.exitCode = exitCodes.failed;
    });
};

async function ofEngine(target: string, options: Options): Promise<BackedUp> {
  const client = await engineClient(options);
  for (;;) {
    const answer = await client.post<BackedUp | BackingUp>('/backup', { target }, answerMs);
    if (!('running' in answer)) return answer;
  }
}

async function ofFolder(target: string, dataFolder: string): Promise<BackedUp> {
  const { backupFolder, version } = await import('@mortise/engine');
  const { takenAt, storeVersion, files, missing } = await backupFolder(target, dataFolder, {
    takenAt: new Date().toISOString(),
    version,
  });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { target, takenAt, storeVersion, files: files.length, bytes, missing: [...missing] };
}

function doneText({ target, files, bytes, missing }: BackedUp, terminal: Terminal): string {
  const lines = [`${terminal.style('green', 'Backed up')} to ${target}: ${files} files, ${formatSize(bytes)}.`];
  if (missing.length > 0)
    lines.push(
      terminal.style('red', `${missing.length} large bodies have no file and are missing: ${missing.slice(0, 3).join(', ')}.`),
    );
  lines.push('Secrets are not in it: keep the folder "secrets" of the data folder elsewhere.');
  return lines.join('\n');
}
