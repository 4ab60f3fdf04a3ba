// mortise retry: tries dead letters again, one by one or many at once.

import { MortiseError } from '@mortise/sdk';
import type { DeliveryView, Journey, RetryCounts } from '@mortise/engine';
import { engineClient } from '../client.ts';
import type { EngineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount } from '../parameters.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly all?: boolean;
  readonly flow?: string;
  readonly destination?: string;
  readonly code?: string;
  readonly inDoubt?: boolean;
  readonly limit: number;
}

export const addRetry: AddCommand = (program) => {
  askingCommand(program, 'retry', 'try dead letters again, under the same ids')
    .argument('[id...]', 'of deliveries, or of messages: then all that is dead or in doubt of what came of them')
    .option('--all', 'all that are dead')
    .option('--flow <name>', 'those of this flow')
    .option('--destination <name>', 'those to flow:NAME or outbound:SYSTEM.OUTBOUND')
    .option('--code <code>', 'those that ended with this code')
    .option('--in-doubt', 'those in doubt too: they may have taken effect, and may do so twice')
    .option('--limit <count>', 'so many at most', parseCount, 1000)
    .action(retry);
};

async function retry(ids: readonly string[], options: Options): Promise<void> {
  const { all, flow, destination, code, inDoubt = false, limit } = options;
  const isMany = Boolean(all) || flow !== undefined || destination !== undefined || code !== undefined;
  if (isMany === ids.length > 0) {
    const what = isMany ? 'Ids were given, and a choice of many too.' : 'Nothing says what is to be tried again.';
    throw cliError('MORTISE_CLI_USAGE', what, { remedy: 'Give the ids of deliveries, or --all, --flow, --destination, --code.' });
  }
  const client = await engineClient(options);
  const counts = isMany
    ? await client.post<RetryCounts>('/dead-letters/retry', { flow, destination, code, inDoubt, limit })
    : await retryEach(client, ids);
  printResult(counts, options, (terminal) => countsText(counts, terminal));
  if (counts.failed.length > 0) process.exitCode = exitCodes.failed;
}

async function retryEach(client: EngineClient, ids: readonly string[]): Promise<RetryCounts> {
  const failed: RetryCounts['failed'] = [];
  let retried = 0;
  for (const id of ids) {
    try {
      const open = await openDeliveries(client, id);
      for (const delivery of open) await client.post<DeliveryView>(`/deliveries/${delivery}/retry`);
      retried += open.length;
      if (open.length === 0)
        failed.push({
          id,
          code: 'MORTISE_DELIVERY_WRONG_STATE',
          detail: 'Nothing that came of this message is dead or in doubt.',
        });
    } catch (error) {
      if (!(error instanceof MortiseError) || error.code.startsWith('MORTISE_CLI_')) throw error;
      failed.push({ id, code: error.code, detail: error.message });
    }
  }
  return { retried, failed, more: false };
}

/** The delivery of that id; or those that are dead or in doubt of a message and of all that came of it. */
async function openDeliveries(client: EngineClient, id: string): Promise<readonly string[]> {
  const messages = await wholeJourney(client, id);
  const byParent = Map.groupBy(messages, ([, { parent }]) => parent);
  const wanted = new Set([id]);
  for (const message of wanted) for (const [child] of byParent.get(message) ?? []) wanted.add(child);
  const own = [...wanted].flatMap((message) => messages.get(message)?.deliveries ?? []);
  if (own.length === 0) return [id];
  return own.filter(({ state }) => state === 'dead' || state === 'in-doubt').map((delivery) => delivery.id);
}

interface Passed {
  readonly parent: string | undefined;
  readonly deliveries: readonly { readonly id: string; readonly state: string }[];
}

/** All messages of a journey, page by page; of each only what is looked at here, since there may be a million. */
async function wholeJourney(client: EngineClient, id: string): Promise<ReadonlyMap<string, Passed>> {
  const found = new Map<string, Passed>();
  let cursor: string | undefined;
  do {
    const page: Journey = await client.get<Journey>(`/messages/${encodeURIComponent(id)}`, { cursor });
    for (const message of page.messages) {
      const deliveries = message.deliveries.map((delivery) => ({ id: delivery.id, state: delivery.state }));
      found.set(message.id, { parent: message.parent, deliveries });
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

function countsText({ retried, failed, more }: RetryCounts, terminal: Terminal): string {
  const lines = [`${terminal.style('green', String(retried))} ${retried === 1 ? 'is' : 'are'} tried again.`];
  for (const { id, code, detail } of failed) lines.push(`${terminal.style('red', 'not')} ${id}: ${code}: ${plain(detail)}`);
  if (more) lines.push('There are more: say it again, or raise --limit.');
  return lines.join('\n');
}
