// mortise hold: sets and lifts legal holds, which keep journeys from retention and from being erased.

import type { HoldView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';

interface SetOptions extends EngineOptions {
  readonly reason: string;
  readonly key?: string;
  readonly message?: string;
  readonly flow?: string;
  readonly since?: string;
  readonly until?: string;
  readonly zone?: string;
}

export const addHold: AddCommand = (program) => {
  const command = program.command('hold').description('keep journeys from retention and erasing: legal holds');
  askingCommand(command, 'set', 'hold journeys by a business key, by a message, or by flow and time')
    .requiredOption('--reason <text>', 'why')
    .option('--key <name=value>', 'all that this business key leads to, now or later')
    .option('--message <id>', 'the journey of this message or delivery')
    .option('--flow <name>', 'journeys that passed this flow')
    .option('--since <time>', 'not before: RFC 3339, or a date')
    .option('--until <time>', 'not after: RFC 3339, or a date, which counts to its end')
    .option('--zone <zone>', 'where those dates are, as Europe/Berlin', 'UTC')
    .action(async ({ reason, key, message, flow, since, until, zone, ...options }: SetOptions) => {
      const client = await engineClient(options);
      const hold = await client.post<HoldView>('/holds', { reason, key, message, flow, since, until, zone });
      printResult(hold, options, () => `Held: ${hold.id}.`);
    });
  askingCommand(command, 'list', 'legal holds, oldest first').action(async (options: EngineOptions) => {
    const holds = await (await engineClient(options)).get<readonly HoldView[]>('/holds');
    printResult(holds, options, (terminal) => (holds.length === 0 ? 'There are none.' : tableText(holds, columns, terminal)));
  });
  askingCommand(command, 'lift <id>', 'end a legal hold')
    .requiredOption('--reason <text>', 'why')
    .action(async (id: string, { reason, ...options }: EngineOptions & { readonly reason: string }) => {
      const client = await engineClient(options);
      const hold = await client.delete<HoldView>(`/holds/${encodeURIComponent(id)}`, { reason });
      printResult(hold, options, () => `Lifted: ${hold.id}. Retention and erasing take what no other hold keeps.`);
    });
};

const columns: readonly Column<HoldView>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'SET', text: ({ setAt }) => setAt },
  { title: 'BY', text: ({ setBy }) => setBy },
  { title: 'HOLDS', text: whatOf },
  { title: 'REASON', text: ({ reason }) => reason },
];

function whatOf({ key, journey, flow, since, until }: HoldView): string {
  if (key !== undefined) return `key ${key}`;
  if (journey !== undefined) return `journey ${journey}`;
  return [flow === undefined ? 'all flows' : `flow ${flow}`, since && `since ${since}`, until && `until ${until}`]
    .filter(Boolean)
    .join(' ');
}
