// mortise login-link: a link that logs a browser on this machine in, once.

import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';

export const addLoginLink: AddCommand = (program) => {
  askingCommand(program, 'login-link', 'print a link that logs a browser in, once, within a quarter of an hour').action(
    async (options: EngineOptions) => {
      const client = await engineClient(options);
      const { code } = await client.post<{ readonly code: string }>('/login-links');
      const link = `${client.origin}/#login=${code}`;
      printResult({ link }, options, () => link);
    },
  );
};
