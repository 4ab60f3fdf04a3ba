// mortise replay: sends a message through again, as a new one.

import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';

interface Options extends EngineOptions {
  readonly flow?: string;
}

export const addReplay: AddCommand = (program) => {
  askingCommand(program, 'replay', 'send a message through again, as a new one with new ids')
    .argument('<id>', 'of the message')
    .option('--flow <name>', 'through this flow only')
    .action(async (id: string, options: Options) => {
      const client = await engineClient(options);
      const { flow } = options;
      const path = `/messages/${encodeURIComponent(id)}/replay`;
      const replayed = await client.post<{ readonly id: string; readonly deliveries: number }>(path, { flow });
      printResult(
        replayed,
        options,
        () => `replayed as ${replayed.id}, to ${replayed.deliveries} ${replayed.deliveries === 1 ? 'place' : 'places'}`,
      );
    });
};
