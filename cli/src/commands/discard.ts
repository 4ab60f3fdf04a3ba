// mortise discard: ends deliveries that nobody wants any more, with the reason.

import type { DeliveryView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';

interface Options extends EngineOptions {
  readonly reason: string;
}

export const addDiscard: AddCommand = (program) => {
  askingCommand(program, 'discard', 'end deliveries that nobody wants any more')
    .argument('<id...>', 'of deliveries')
    .requiredOption('--reason <text>', 'why: it is kept in the journal')
    .action(async (ids: readonly string[], options: Options) => {
      const client = await engineClient(options);
      const discarded: DeliveryView[] = [];
      for (const id of ids)
        discarded.push(
          await client.post<DeliveryView>(`/deliveries/${encodeURIComponent(id)}/discard`, { reason: options.reason }),
        );
      printResult(discarded, options, () =>
        discarded.map(({ id, destination }) => `discarded ${id} to ${destination}`).join('\n'),
      );
    });
};
