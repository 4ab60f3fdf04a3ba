// mortise dead-letters: what was given up or is in doubt, and waits for a person.

import type { CauseGroups, MessageRow } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { keysText, localTime } from '../message-rows.ts';
import { parseCount } from '../parameters.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';
import { styleOfState } from '../terminal.ts';
import { readRows } from './messages.ts';

interface Options extends EngineOptions {
  readonly flow?: string;
  readonly destination?: string;
  readonly causes?: boolean;
  readonly limit: number;
}

export const addDeadLetters: AddCommand = (program) => {
  askingCommand(program, 'dead-letters', 'list what was given up or is in doubt')
    .option('--flow <name>', 'of this flow only')
    .option('--destination <name>', 'to flow:NAME or outbound:SYSTEM.OUTBOUND only')
    .option('--causes', 'counted by cause')
    .option('--limit <count>', 'so many at most', parseCount, 50)
    .action(deadLetters);
};

async function deadLetters(options: Options): Promise<void> {
  const client = await engineClient(options);
  const { flow, destination, limit } = options;
  if (options.causes) {
    const causes = await client.get<CauseGroups>('/dead-letters/causes', { flow, destination });
    printResult(causes, options, (terminal) =>
      causes.groups.length === 0 ? none : tableText(causes.groups, causeColumns, terminal),
    );
    return;
  }
  const rows = await readRows(client, '/dead-letters', { flow, destination }, limit);
  printResult(rows, options, (terminal) => {
    if (rows.length === 0) return none;
    return `${tableText(rows, columns, terminal)}\n\nTry again with "mortise retry DELIVERY", give up with "mortise discard DELIVERY --reason …".`;
  });
}

const none = 'No dead letters.';

const columns: readonly Column<MessageRow>[] = [
  { title: 'TIME', text: ({ delivery }) => localTime(delivery.endedAt ?? delivery.createdAt), whole: true },
  { title: 'STATE', text: ({ delivery }) => delivery.state, style: ({ delivery }) => styleOfState(delivery.state), whole: true },
  { title: 'DELIVERY', text: ({ delivery }) => delivery.id, whole: true },
  { title: 'DESTINATION', text: ({ delivery }) => delivery.destination },
  { title: 'KEYS', text: ({ message }) => keysText(message.keys) },
  { title: 'TRIES', text: ({ delivery }) => delivery.attempts, align: 'right' },
  { title: 'WHY', text: ({ delivery }) => (delivery.error ? `${delivery.error.code}: ${delivery.error.message}` : undefined) },
];

const causeColumns: readonly Column<CauseGroups['groups'][number]>[] = [
  { title: 'COUNT', text: ({ count }) => count, align: 'right' },
  { title: 'STATE', text: ({ state }) => state, style: ({ state }) => styleOfState(state), whole: true },
  { title: 'OTHERS WAIT', text: ({ othersHeld }) => (othersHeld > 0 ? othersHeld : undefined), align: 'right' },
  { title: 'DESTINATION', text: ({ destination }) => destination },
  { title: 'CODE', text: ({ code }) => code, whole: true },
  { title: 'NEWEST', text: ({ newestAt }) => localTime(newestAt), whole: true },
  { title: 'WHY', text: ({ newest }) => newest.error },
];
