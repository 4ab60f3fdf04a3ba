// mortise log-level: what a running engine logs.

import { Argument } from 'commander';
import type { LogView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';

const levels: readonly LogView['level'][] = ['debug', 'info', 'warn', 'error', 'silent'];

export const addLogLevel: AddCommand = (program) => {
  askingCommand(program, 'log-level', 'show the level of the log, or change it until the next start')
    .addArgument(new Argument('[level]', 'the least that is told').choices(levels))
    .action(async (level: LogView['level'] | undefined, options: EngineOptions) => {
      const client = await engineClient(options);
      const log = level === undefined ? await client.get<LogView>('/log') : await client.post<LogView>('/log', { level });
      printResult(log, options, () => log.level);
    });
};
