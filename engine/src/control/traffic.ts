// How much goes where: rates by destination over the last minutes, and since when the oldest message waits.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { StoreReader } from '../store/store.ts';
import type { ControlHost } from './host.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from '../store/iso-time.ts';
import type { Asker } from './authentication.ts';
import { destinationObject, flowObject, may, onlyCovered } from './objects.ts';

const everyMs = 2000;
/** Five minutes. */
const samplesMax = 150;
/** What is shown as the present rate is the mean over so many samples. */
const presentSamples = 5;
/** The oldest of so many destinations is looked for at a time: those with the longest backlog. */
const oldestMax = 20;

export const TrafficView = Type.Object({
  at: Type.String({ format: 'date-time' }),
  everyMs: Type.Integer({ description: 'The time between two values of a series.' }),
  destinations: Type.Array(
    Type.Object({
      name: Type.String({ description: 'flow:NAME, outbound:SYSTEM.OUTBOUND or channel:NAME.' }),
      perSecond: Type.Number({ description: 'What was made for it a second, over the last ten seconds.' }),
      failedPerMinute: Type.Number({ description: 'Attempts that failed, over the last minute.' }),
      waiting: Type.Integer(),
      oldestAt: Type.Optional(Type.String({ format: 'date-time', description: 'When the oldest of what waits was made.' })),
      series: Type.Array(Type.Number(), { description: 'What was made for it a second, the oldest value first.' }),
    }),
  ),
  edges: Type.Array(Type.Object({ flow: Type.String(), destination: Type.String(), perSecond: Type.Number() }), {
    description: 'What each flow made for each outbound a second, over the last ten seconds.',
  }),
});
export type TrafficView = Static<typeof TrafficView>;

interface Sample {
  readonly made: ReadonlyMap<string, number>;
  readonly failures: ReadonlyMap<string, number>;
}

export function trafficRoutes(server: ControlServer, host: ControlHost): void {
  // Counting began at nothing, so that the first values tell of what came at once.
  const samples: Sample[] = [{ made: new Map(), failures: new Map() }];
  const take = (): void => {
    samples.push(sampleOf(host));
    if (samples.length > samplesMax) samples.shift();
  };
  const timer = setInterval(take, everyMs);
  timer.unref();
  server.addHook('onClose', async () => clearInterval(timer));
  server.get(
    '/api/v1/traffic',
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'getTraffic',
        tags: ['mesh'],
        summary: 'How much goes where, over the last five minutes.',
        response: { 200: TrafficView },
      },
    },
    async ({ asker }) => trafficView(host, samples, asker),
  );
}

function sampleOf({ engine: { dispatcher } }: ControlHost): Sample {
  return { made: new Map(dispatcher.traffic.made), failures: new Map(dispatcher.traffic.failures) };
}

function names(dispatcher: ControlHost['engine']['dispatcher']): readonly string[] {
  return dispatcher.destinations().map(({ destination }) => destination.name);
}

async function trafficView(host: ControlHost, samples: readonly Sample[], asker: Asker): Promise<TrafficView> {
  const { engine, clock } = host;
  const { dispatcher, runtime } = engine;
  const seen = names(dispatcher).filter((name) => asker.covers(destinationObject(name)));
  const backlog = seen.toSorted((a, b) => dispatcher.waiting(b) - dispatcher.waiting(a));
  const behind = backlog.slice(0, oldestMax).filter((name) => dispatcher.waiting(name) > 0);
  const oldest = new Map(
    await Promise.all(behind.map(async (name) => [name, await oldestOf(runtime.store.read, name)] as const)),
  );
  return {
    at: isoTime(clock.nowMs()),
    everyMs,
    edges: edgesOf(samples).filter(({ flow }) => asker.covers(flowObject(flow))),
    destinations: seen.map((name) => {
      const series = perSecond(samples.map(({ made }) => made.get(name) ?? 0));
      const failures = samples.map((sample) => sample.failures.get(name) ?? 0).slice(-30);
      const oldestAt = oldest.get(name);
      return {
        name,
        perSecond: mean(series.slice(-presentSamples)),
        failedPerMinute: (failures.at(-1) ?? 0) - (failures[0] ?? 0),
        waiting: dispatcher.waiting(name),
        ...(oldestAt === undefined ? {} : { oldestAt }),
        series,
      };
    }),
  };
}

async function oldestOf(read: StoreReader, destination: string): Promise<string | undefined> {
  const [row] = await read.journal({ destination, states: ['waiting'], afterSeq: 0, limit: 1 });
  return row && isoTime(row.delivery.createdAtMs);
}

function edgesOf(samples: readonly Sample[]): TrafficView['edges'] {
  const last = samples.at(-1)?.made ?? new Map<string, number>();
  const present = samples.slice(-presentSamples - 1);
  return [...last.keys()].flatMap((name) => {
    const [, flow, destination] = /^flow:(\S+) (.+)$/.exec(name) ?? [];
    if (flow === undefined || destination === undefined) return [];
    return [{ flow, destination, perSecond: mean(perSecond(present.map(({ made }) => made.get(name) ?? 0))) }];
  });
}

function perSecond(totals: readonly number[]): number[] {
  return totals.slice(1).map((total, index) => ((total - (totals[index] ?? 0)) * 1000) / everyMs);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
