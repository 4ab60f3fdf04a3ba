// mortise erase: erases bodies and keys of one person everywhere, except what is under legal hold.

import { Option } from 'commander';
import type { ErasureView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly key: string;
  readonly reason: string;
  readonly undelivered: string;
  readonly dryRun?: boolean;
}

/** The whole of the free space in the data folder is overwritten. */
const timeoutMs = 3_600_000;

export const addErase: AddCommand = (program) => {
  askingCommand(program, 'erase', 'erase bodies and keys of one person everywhere, except what is under legal hold')
    .requiredOption('--key <name=value>', 'the business key that names the person, as customer=4711')
    .requiredOption('--reason <text>', 'why: it is kept, so it must not name the person')
    .option('--dry-run', 'list what would be erased, and do nothing')
    .addOption(
      new Option('--undelivered <what>', 'what becomes of deliveries that wait, are held, in doubt or dead')
        .choices(['refuse', 'discard'])
        .default('refuse'),
    )
    .action(async ({ key, reason, undelivered, dryRun: preview = false, ...options }: Options) => {
      const client = await engineClient(options);
      const view = await client.post<ErasureView>('/erase', { key, reason, undelivered, preview }, timeoutMs);
      printResult(view, options, (terminal) => textOf(view, terminal));
    });
};

function textOf({ preview, journeys, held, undelivered, copies }: ErasureView, terminal: Terminal): string {
  const sum = (count: (journey: ErasureView['journeys'][number]) => number): number =>
    journeys.reduce((total, journey) => total + count(journey), 0);
  const counts = `${sum(({ messages }) => messages)} messages and ${sum(({ deliveries }) => deliveries)} deliveries of ${journeys.length} journeys`;
  const spared = sum((journey) => journey.spared);
  return [
    preview ? `Would erase ${counts}:` : `${terminal.style('green', 'Erased')} ${counts}.`,
    ...(preview ? journeys.map(({ root, messages }) => `  ${root}: ${messages} messages`) : []),
    ...(spared > 0 ? [`${spared} messages of these journeys are about others, and stay.`] : []),
    ...held.map(({ root, holds }) => `${terminal.style('yellow', 'Held')} ${root}, by ${holds.join(', ')}`),
    ...undelivered.map(
      ({ id, state, destination }) => `${terminal.style('yellow', 'Undelivered')} ${id} to ${destination} (${state})`,
    ),
    ...copies.map(
      (name) => `${name} in the data folder holds what was there before an upgrade: delete it when nobody goes back.`,
    ),
    'Backups and what other systems received are not touched.',
  ].join('\n');
}
