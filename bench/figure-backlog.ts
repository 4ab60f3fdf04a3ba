// The row "backlog": what very many waiting messages do to the latency of others, and to memory.

import { join } from 'node:path';
import type { FigureRow } from './figure.ts';
import type { LatencySummary } from './latency.ts';
import { fillWaiting } from './many-waiting.ts';
import { withMortise } from './one-engine.ts';
import { runLoad } from './processes.ts';
import { contenderPort } from './addresses.ts';

/** A rate that is no load: what is measured is the waiting, not the engine's limit. */
const ratePerSecond = 500;
const ratioMax = 2;
const bytesMax = 512e6;

export const backlog: FigureRow = {
  name: 'backlog',
  title: 'Very many waiting: intake beside them, and memory',
  async measure(conditions) {
    const { seconds, connections, waiting } = conditions;
    const latencyOf = async (firstNumber: number, loadSeconds: number): Promise<LatencySummary> =>
      (await runLoad({ port: contenderPort, seconds: loadSeconds, connections, firstNumber, ratePerSecond, leadInSeconds: 2 }))
        .latency;
    const measureOne = (fill: number) =>
      withMortise(
        conditions,
        join(import.meta.dirname, 'projects/backlog'),
        (data) => fillWaiting(data, fill),
        async (engine) => {
          await latencyOf(1, Math.min(5, seconds));
          return { latency: await latencyOf(10_000_000, seconds), peak: engine.usage().residentBytesPeak };
        },
      );
    const without = await measureOne(0);
    const beside = await measureOne(waiting);
    const ratio = beside.latency.p99Ms / without.latency.p99Ms;
    const p99 = `${without.latency.p99Ms.toFixed(1)} ms with none, ${beside.latency.p99Ms.toFixed(1)} ms`;
    return [
      {
        text: `${waiting} waiting: intake's p99 at ${ratePerSecond}/s is ${ratio.toFixed(2)} × (${p99}; to hold: ≤ ${ratioMax} ×)`,
        met: ratio <= ratioMax,
      },
      {
        text: `${waiting} waiting: memory ${megabytes(beside.peak)} at most (to hold: ≤ ${megabytes(bytesMax)})`,
        met: beside.peak <= bytesMax,
      },
    ];
  },
};

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
