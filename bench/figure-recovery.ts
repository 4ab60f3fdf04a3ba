// The row "recovery": kill -9 under full load, then start again on the same data.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { contenderPort } from './addresses.ts';
import { askReceiver } from './ask-receiver.ts';
import type { FigureConditions, FigureRow, Finding } from './figure.ts';
import { waitingOrders } from './mortise-api.ts';
import { startMortise, withFolder } from './one-engine.ts';
import { requireFreePorts, runLoad, startProcess, until, untilAccepting } from './processes.ts';

const msMax = 2000;
const drainMsMax = 600_000;

export const recovery: FigureRow = {
  name: 'recovery',
  title: 'Recovery after kill -9 under full load, HTTP to HTTP',
  async measure(conditions) {
    await requireFreePorts();
    const receiver = startProcess(['receiver.ts']);
    try {
      return await withFolder(conditions.folder, (dataFolder) => killed(conditions, dataFolder));
    } finally {
      await receiver.stop();
    }
  },
};

async function killed(conditions: FigureConditions, dataFolder: string): Promise<readonly Finding[]> {
  const { seconds, connections } = conditions;
  const project = join(import.meta.dirname, 'projects/forward');
  const first = startMortise(conditions, project, dataFolder);
  await Promise.race([first.died, untilAccepting()]);
  const loading = runLoad({ port: contenderPort, seconds: seconds * 2, connections, firstNumber: 1, mayBreak: true });
  await sleep(seconds * 1000);
  await first.kill();
  const { accepted, sent } = await loading;
  const startMs = performance.now();
  const second = startMortise(conditions, project, dataFolder);
  try {
    await Promise.race([second.died, untilAccepting()]);
    const tookMs = performance.now() - startMs;
    await until(async () => (await waitingOrders()) === 0, drainMsMax);
    const { requests, keys, orders } = await askReceiver();
    // Order 0 was accepted once by each engine, and its deliveries have two ids.
    const lost = Math.max(0, accepted + 2 - keys);
    const twice = keys - 1 - orders;
    return [
      { text: `accepting after ${Math.round(tookMs)} ms (to hold: ≤ ${msMax} ms)`, met: tookMs <= msMax },
      { text: `${accepted} of ${sent} orders were accepted before the kill: ${lost} of them lost (to hold: 0)`, met: lost === 0 },
      {
        text: `${requests - keys} orders were sent again, under the same delivery id; ${twice} under another (to hold: 0)`,
        met: twice <= 0,
      },
    ];
  } finally {
    await second.stop();
  }
}
