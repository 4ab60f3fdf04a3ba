// One life of an engine that is killed: takes inputs from the prover, tells what it has acknowledged, and runs until all has ended.

import { join } from 'node:path';
import type { Logger, Outbound } from '@mortise/sdk';
import { openCatalog } from '../../catalog/catalog.ts';
import { Engine } from '../../engine.ts';
import { loadProject } from '../../project/load.ts';
import type { Project } from '../../project/load.ts';
import { openBlobs } from '../../store/blobs.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import type { Store } from '../../store/store.ts';
import { withoutMaintenance } from '../without-maintenance.ts';
import { feed } from './feed.ts';
import { untilDrained } from './drain-life.ts';
import type { FromEngine, Input, Life, ToEngine } from './protocol.ts';
import { ArrivalRecorder } from './record.ts';
import { SkippingClock } from './skipping-clock.ts';

/** What tests put between the engine and what it stands on, to see that a fault is found. */
export interface Seams {
  store?(store: Store): Store;
  outbound?(outbound: Outbound): Outbound;
}

/** What is under `workFolder`. */
export const workFiles = (workFolder: string) => ({
  data: join(workFolder, 'data'),
  arrivals: join(workFolder, 'arrivals.ndjson'),
});

/** Runs what the parent process says, and ends with it. */
export async function runKillable(seams: Seams = {}): Promise<void> {
  process.once('disconnect', () => process.exit());
  const inbox = openInbox();
  const first = await inbox.next();
  if (!('life' in first)) throw new Error('The first thing that is said must be the life.');
  const running = await startLife(first.life, seams);
  tell({ ready: true });
  const fed: Promise<void>[] = [];
  for (let said = await inbox.next(); !('stop' in said); said = await inbox.next()) {
    if ('input' in said) fed.push(take(running, said.input));
    if ('end' in said) void Promise.all(fed).then(() => (running.isFed = true));
  }
  await running.stop();
  process.disconnect?.();
}

export interface RunningLife {
  readonly engine: Engine;
  readonly project: Project;
  readonly store: Store;
  readonly clock: SkippingClock;
  /** No more inputs come, and those that came are acknowledged. */
  isFed: boolean;
  isStopping: boolean;
  stop(): Promise<void>;
}

async function startLife(life: Life, seams: Seams): Promise<RunningLife> {
  const { folder, environment } = life;
  const files = workFiles(life.workFolder);
  const named = environment === undefined ? {} : { environment };
  const loaded = await loadProject(folder, { catalog: openCatalog(), ...named });
  const project = { ...loaded, definitions: withoutMaintenance(loaded.definitions) };
  const clock = new SkippingClock(life.aheadMs);
  const opened = await openSqliteStore({ folder: files.data, nowMs: () => clock.nowMs() });
  const store = seams.store?.(opened) ?? opened;
  const blobs = await openBlobs(join(files.data, 'blobs'));
  const recorder = new ArrivalRecorder(life, files.arrivals);
  const outbound: NonNullable<Seams['outbound']> = (one) => seams.outbound?.(one) ?? one;
  const engine = new Engine({
    project,
    store,
    blobs,
    clock,
    log: silent,
    connections: {
      inbound: async () => ({ close: async () => undefined }),
      outbound: async (definition) => outbound(recorder.outbound(definition)),
      resolve: (_fields, values) => values,
    },
  });
  // A store that has failed leaves nothing to go on with: the next life recovers.
  void opened.failed.then((error) => crash(error));
  await engine.start();
  const running: RunningLife = {
    engine,
    project,
    store,
    clock,
    isFed: false,
    isStopping: false,
    async stop() {
      running.isStopping = true;
      await engine.stop();
      await opened.close();
      recorder.close();
    },
  };
  void untilDrained(running, tell).catch(crash);
  return running;
}

async function take(running: RunningLife, input: Input): Promise<void> {
  const { number } = input;
  try {
    tell({ acknowledged: number, ids: await feed(running, input) });
  } catch (error) {
    tell({ refused: number, why: error instanceof Error ? error.message : String(error) });
  }
}

/** What the parent says, in order, however late it is asked for. */
function openInbox(): { next(): Promise<ToEngine> } {
  const said: ToEngine[] = [];
  let waiting: ((next: ToEngine) => void) | undefined;
  process.on('message', (next: ToEngine) => {
    if (!waiting) return void said.push(next);
    waiting(next);
    waiting = undefined;
  });
  return {
    async next() {
      return said.shift() ?? new Promise((resolve) => (waiting = resolve));
    },
  };
}

function tell(what: FromEngine): void {
  if (process.connected) process.send?.(what);
}

function crash(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
