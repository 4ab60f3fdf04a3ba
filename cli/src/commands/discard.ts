// mortise discard: ends deliveries that nobody wants any more, with the reason; one by one, or many that ended for one cause.

import { Option } from 'commander';
import type { ActionCounts, DeliveryView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount } from '../parameters.ts';
import { plain } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly reason: string;
  readonly all?: boolean;
  readonly flow?: string;
  readonly destination?: string;
  readonly code?: string;
  readonly state: string;
  readonly limit: number;
  readonly dryRun?: boolean;
}

/** At a hundred a second: as long as the most that are discarded at once take, and more. */
const timeoutMs = 600_000;

export const addDiscard: AddCommand = (program) => {
  askingCommand(program, 'discard', 'end deliveries that nobody wants any more')
    .argument('[id...]', 'of deliveries')
    .requiredOption('--reason <text>', 'why: it is kept in the journal')
    .option('--all', 'all that are dead')
    .option('--flow <name>', 'those of this flow')
    .option('--destination <name>', 'those to flow:NAME or outbound:SYSTEM.OUTBOUND')
    .option('--code <code>', 'those that ended with this code')
    .addOption(new Option('--state <state>', 'those in this state').choices(['dead', 'in-doubt']).default('dead'))
    .option('--limit <count>', 'so many at most', parseCount, 1000)
    .option('--dry-run', 'count those of a choice of many, and do nothing')
    .action(discard);
};

async function discard(ids: readonly string[], options: Options): Promise<void> {
  const { all, flow, destination, code, reason } = options;
  const isMany = Boolean(all) || flow !== undefined || destination !== undefined || code !== undefined;
  if (isMany === ids.length > 0) {
    const what = isMany ? 'Ids were given, and a choice of many too.' : 'Nothing says what is to be discarded.';
    throw cliError('MORTISE_CLI_USAGE', what, { remedy: 'Give the ids of deliveries, or --all, --flow, --destination, --code.' });
  }
  if (isMany) return discardMany(options);
  const client = await engineClient(options);
  const discarded: DeliveryView[] = [];
  for (const id of ids)
    discarded.push(await client.post<DeliveryView>(`/deliveries/${encodeURIComponent(id)}/discard`, { reason }));
  printResult(discarded, options, () => discarded.map(({ id, destination: to }) => `discarded ${id} to ${to}`).join('\n'));
}

async function discardMany({
  flow,
  destination,
  code,
  state,
  reason,
  limit,
  dryRun = false,
  ...options
}: Options): Promise<void> {
  const asked = { action: 'discard', flow, destination, code, state, reason, limit, preview: dryRun };
  const counts = await (await engineClient(options)).post<ActionCounts>('/failures/act', asked, timeoutMs);
  printResult(counts, options, () =>
    [
      dryRun ? `Would discard ${counts.found}.` : `Discarded ${counts.done} of ${counts.found}.`,
      ...counts.failed.map(({ id, code: why, detail }) => `not ${id}: ${why}: ${plain(detail)}`),
      ...(counts.stopped ? ['Too many were refused: the rest was left.'] : []),
      ...(counts.more ? ['There are more: say it again, or raise --limit.'] : []),
    ].join('\n'),
  );
  if (counts.failed.length > 0) process.exitCode = exitCodes.failed;
}
