// mortise drain: an engine, or one flow, takes nothing more in, ends what is there, and then says so.

import { MortiseError } from '@mortise/sdk';
import type { DrainView, PauseView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import type { EngineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { flowDrainText } from '../flow-drain.ts';
import { parseWait } from '../parameters.ts';
import { plain } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly wait?: boolean;
  readonly timeout?: number;
  readonly stop?: boolean;
  readonly cancel?: boolean;
  readonly flow?: string;
  readonly reason?: string;
}

const everyMs = 200;

export const addDrain: AddCommand = (program) => {
  askingCommand(program, 'drain', 'let an engine, or one flow, take nothing more in, end what is there, and say so')
    .option('--flow <name>', 'of the engine this flow alone: over restarts, until it is resumed')
    .option('--reason <text>', 'with --flow, why: shown wherever it is missed')
    .option('--wait', 'until all is drained')
    .option('--timeout <duration>', 'with --wait: for so long; then it fails, and draining goes on', parseWait)
    .option('--stop', 'then the process ends')
    .option('--cancel', 'take messages in again')
    .action(drain);
};

async function drain(options: Options): Promise<void> {
  const { cancel, stop = false, wait } = options;
  if (cancel && (stop || wait)) throw cliError('MORTISE_CLI_USAGE', '--cancel was given together with --wait or --stop.');
  if (options.flow === undefined && options.reason !== undefined)
    throw cliError('MORTISE_CLI_USAGE', '--reason was given without --flow.');
  const client = await engineClient(options);
  if (options.flow !== undefined) return drainFlow(client, options.flow, options);
  const first = await client.post<DrainView>(cancel ? '/drain/cancel' : '/drain', cancel ? {} : { stop });
  const last = wait ? await drained(client, first, options.timeout ?? Infinity) : first;
  printResult(last, options, () => drainText(last));
  if (wait && last.state !== 'drained') process.exitCode = exitCodes.failed;
}

async function drainFlow(client: EngineClient, name: string, options: Options): Promise<void> {
  const { cancel, stop, wait, reason, timeout = Infinity } = options;
  if (stop) throw cliError('MORTISE_CLI_USAGE', '--stop was given together with --flow: other flows go on.');
  const flow = { kind: 'flow', name };
  if (cancel) {
    const answer = await client.post<{ readonly resumed: boolean }>('/pauses/resume', flow);
    printResult(answer, options, () =>
      answer.resumed ? `Goes on: flow ${plain(name)}.` : `Was not drained: flow ${plain(name)}.`,
    );
    return;
  }
  let view = await client.post<PauseView>('/pauses', { ...flow, drain: true, ...(reason === undefined ? {} : { reason }) });
  for (const untilMs = Date.now() + timeout; wait && view.drain?.state === 'draining' && Date.now() < untilMs; ) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    view =
      (await client.get<readonly PauseView[]>('/pauses')).find((one) => one.kind === 'flow' && one.name === name) ??
      flowGone(name);
  }
  const { drain } = view;
  const goesOn = `It goes on with "mortise resume flow ${plain(name)}".`;
  printResult(
    view,
    options,
    () => `Flow ${plain(name)} takes nothing more in; ${drain ? flowDrainText(drain) : 'paused'}. ${goesOn}`,
  );
  if (wait && drain?.state !== 'drained') process.exitCode = exitCodes.failed;
}

function flowGone(name: string): never {
  throw cliError('MORTISE_CLI_USAGE', `Flow ${name} was resumed meanwhile.`);
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
