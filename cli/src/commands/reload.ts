// mortise reload: an engine loads its project anew, without a stop.

import type { Reloaded } from '@mortise/engine';
import { engineClient, RefusedReload } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export const addReload: AddCommand = (program) => {
  askingCommand(program, 'reload', 'let an engine load its project anew, without a stop').action(
    async (options: EngineOptions) => {
      const reloaded = await reload(await engineClient(options));
      printResult(reloaded, options, (terminal) => reloadedText(reloaded, terminal));
      if (!reloaded.applied) process.exitCode = exitCodes.failed;
    },
  );
};

async function reload(client: Awaited<ReturnType<typeof engineClient>>): Promise<Reloaded> {
  try {
    return await client.post<Reloaded>('/reload');
  } catch (error) {
    if (error instanceof RefusedReload) return error.answer;
    throw error;
  }
}

function reloadedText({ applied, revision, problems }: Reloaded, terminal: Terminal): string {
  const lines = problems.map(
    ({ file, line, column, severity, code, message, remedy }) =>
      `${file}:${line}:${column} ${severity} ${code}\n  ${message}\n  ${remedy}`,
  );
  const verdict = applied
    ? terminal.style('green', `Applied: revision ${revision}.`)
    : terminal.style('red', `Not applied: revision ${revision} goes on.`);
  return [...lines, verdict].join('\n');
}
