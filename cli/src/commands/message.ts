// mortise message: the journey of one message as a tree.

import type { Journey } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { journeyText } from '../journey-text.ts';

interface Options extends EngineOptions {
  readonly body?: boolean;
  readonly after?: string;
}

export const addMessage: AddCommand = (program) => {
  askingCommand(program, 'message', 'show the journey of a message, across flows and systems')
    .argument('<id>', 'of a message or of a delivery')
    .option('--body', 'write its body, and nothing else, to standard output')
    .option('--after <id>', 'of a long journey: the messages behind this one')
    .action(async (id: string, options: Options) => {
      const client = await engineClient(options);
      if (options.body) {
        process.stdout.write((await client.bytes(`/messages/${encodeURIComponent(id)}/body`)).content);
        return;
      }
      const journey = await client.get<Journey>(`/messages/${encodeURIComponent(id)}`, { cursor: options.after });
      const more = journey.next === undefined ? '' : `\n\nThere are more messages: mortise message ${id} --after ${journey.next}`;
      printResult(journey, options, (terminal) => journeyText(journey, id, terminal) + more);
    });
};
