// Drives a test's engine until nothing is owed any more: real work is waited for, pauses are skipped.

import type { Engine } from '../engine.ts';
import type { Store } from '../store/store.ts';
import { harnessError } from './errors.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** When a test is given up. */
export interface RestLimits {
  /** Timers that fire: many times those of the longest retry. */
  readonly advances: number;
  /** Real time for one stretch of work: only a script that never returns takes so long. */
  readonly workMs: number;
}

export const restLimitsDefault: RestLimits = { advances: 20_000, workMs: 30_000 };
/** A delivery that has ended may be followed by one that the store is just being asked for. */
const quietTurns = 10;

/** Throws MORTISE_HARNESS_RESTLESS. */
export async function runToRest(engine: Engine, store: Store, clock: VirtualClock, limits: RestLimits): Promise<void> {
  for (let advances = 0; advances < limits.advances; advances++) {
    await untilQuiet(engine, limits.workMs);
    if (!(await isOwed(engine, store, clock)) || !clock.advance()) return;
  }
  throw harnessError('MORTISE_HARNESS_RESTLESS', `After ${limits.advances} timers something was still owed.`);
}

/** Lets so much time pass, with all that it brings. */
export async function runFor(engine: Engine, clock: VirtualClock, forMs: number, limits: RestLimits): Promise<void> {
  const untilMs = clock.nowMs() + forMs;
  for (let advances = 0; advances < limits.advances; advances++) {
    await untilQuiet(engine, limits.workMs);
    if (clock.advance(untilMs)) continue;
    clock.pass(untilMs);
    return;
  }
  throw harnessError('MORTISE_HARNESS_RESTLESS', `After ${limits.advances} timers a message was still to come.`);
}

/** Stops the engine; what it waits for meanwhile comes at once, so that a script that never returns cannot hold it. */
export async function stopEngine(engine: Engine, clock: VirtualClock): Promise<void> {
  let isStopped = false;
  const stopped = engine.stop().finally(() => (isStopped = true));
  while (!isStopped) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance();
  }
  await stopped;
}

async function untilQuiet({ dispatcher }: Engine, workMsMax: number): Promise<void> {
  const startedMs = performance.now();
  for (let quiet = 0; quiet < quietTurns; ) {
    await new Promise((resolve) => setImmediate(resolve));
    const busy = dispatcher.destinations().find(({ running }) => running > 0);
    quiet = busy ? 0 : quiet + 1;
    if (busy && performance.now() - startedMs > workMsMax) {
      throw harnessError('MORTISE_HARNESS_RESTLESS', `${busy.destination.name} did not end within ${workMsMax} ms.`);
    }
  }
}

/** Where messages are only held, the time until the first of them is due passes at once: nobody looks every minute. */
async function isOwed({ dispatcher }: Engine, store: Store, clock: VirtualClock): Promise<boolean> {
  if (dispatcher.destinations().some(({ destination }) => dispatcher.waiting(destination.name) > 0)) return true;
  const { due, nextAtMs } = await store.read.heldDue(clock.nowMs(), 1);
  if (due.length === 0 && nextAtMs !== undefined) clock.pass(nextAtMs);
  return due.length > 0 || nextAtMs !== undefined;
}
