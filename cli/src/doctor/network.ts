// Looks at the listeners: whether an engine has them, or whether they can be had.

import { createServer } from 'node:net';
import type { EngineView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { parseAddress } from '@mortise/engine';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';
import { lookAtRunning } from './running.ts';

export interface Listeners {
  readonly inbound: string;
  readonly control: string;
}

/** Where an engine runs its listeners are its own; where none does they must be free. */
export async function lookAtListeners({ inbound, control }: Listeners, name: string): Promise<readonly Finding[]> {
  const client = await engineClient({ control });
  const engine = await client.get<EngineView>('/engine').catch(() => undefined);
  if (!engine) {
    const none = ok('engine', `none runs at ${control}`);
    return [none, await lookAtPort('inbound port', inbound), await lookAtPort('control port', control)];
  }
  if (engine.name !== name) {
    return [
      fail(
        'engine',
        `Another project, ${engine.name}, runs at ${control}.`,
        'Stop it, or give one of them other listeners in mortise.yaml.',
      ),
    ];
  }
  const state = `${engine.name} runs at ${control}: ${engine.state}, revision ${engine.revision}`;
  return [
    engine.state === 'ready' ? ok('engine', state) : warn('engine', state, 'Wait until it is ready.'),
    clockFinding(engine),
    ...(await lookAtRunning(client, engine)),
  ];
}

/** Half a minute is more than asking takes. */
const clockDifferenceMsMax = 30_000;

function clockFinding({ now }: EngineView): Finding {
  const differenceMs = Math.abs(Date.now() - Date.parse(now));
  if (differenceMs <= clockDifferenceMsMax) return ok("engine's clock", 'as here');
  return warn(
    "engine's clock",
    `It is ${Math.round(differenceMs / 1000)} s apart from the one here.`,
    'Let both machines keep time by NTP.',
  );
}

async function lookAtPort(look: string, address: string): Promise<Finding> {
  const { host, port } = parseAddress(address);
  const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const server = createServer()
      .once('error', resolve)
      .listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (!problem) return ok(look, `${address} is free`);
  const remedy =
    problem.code === 'EADDRINUSE'
      ? 'Stop what has it, or choose another one in mortise.yaml.'
      : 'Choose an address of this machine, and a port that this user may open.';
  return fail(look, `${address}: ${problem.message}`, remedy);
}
