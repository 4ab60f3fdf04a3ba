// mortise drain: an engine takes nothing more in, ends what is there, and then says so.

import { MortiseError } from '@mortise/sdk';
import type { DrainView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import type { EngineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseWait } from '../parameters.ts';
import { plain } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly wait?: boolean;
  readonly timeout?: number;
  readonly stop?: boolean;
  readonly cancel?: boolean;
}

const everyMs = 200;

export const addDrain: AddCommand = (program) => {
  askingCommand(program, 'drain', 'let an engine take nothing more in, end what is there, and say so')
    .option('--wait', 'until all is drained')
    .option('--timeout <duration>', 'with --wait: for so long; then it fails, and draining goes on', parseWait)
    .option('--stop', 'then the process ends')
    .option('--cancel', 'take messages in again')
    .action(drain);
};

async function drain(options: Options): Promise<void> {
  const { cancel, stop = false, wait } = options;
  if (cancel && (stop || wait)) throw cliError('MORTISE_CLI_USAGE', '--cancel was given together with --wait or --stop.');
  const client = await engineClient(options);
  const first = await client.post<DrainView>(cancel ? '/drain/cancel' : '/drain', cancel ? {} : { stop });
  const last = wait ? await drained(client, first, options.timeout ?? Infinity) : first;
  printResult(last, options, () => drainText(last));
  if (wait && last.state !== 'drained') process.exitCode = exitCodes.failed;
}

/** Asks until all is drained, or the time is over. An engine that ends with it is gone before it could be asked again. */
async function drained(client: EngineClient, first: DrainView, timeoutMs: number): Promise<DrainView> {
  let view = first;
  for (const untilMs = Date.now() + timeoutMs; view.state === 'draining' && Date.now() < untilMs; ) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    try {
      view = await client.get<DrainView>('/drain');
    } catch (error) {
      const isGone = error instanceof MortiseError && error.code === 'MORTISE_CLI_UNREACHABLE';
      if (!isGone || !view.stops) throw error;
      return { ...view, state: 'drained', left: [] };
    }
  }
  return view;
}

function drainText({ state, stops, left }: DrainView): string {
  if (state === 'off') return 'Messages are taken in.';
  if (state === 'drained') return stops ? 'Drained; the process ends.' : 'Drained: nothing runs, and nothing waits.';
  const lines = left.map(
    ({ name, waiting, running, standsStill }) =>
      `  ${plain(name)}: ${waiting} waiting, ${running} running${standsStill === undefined ? '' : `. ${plain(standsStill)}`}`,
  );
  return ['Draining: nothing more is taken in. Left are', ...lines].join('\n');
}
