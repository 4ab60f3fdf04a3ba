// Drives a test's engine until nothing is owed any more: real work is waited for, pauses are skipped.

import type { Engine } from '../engine.ts';
import type { Store } from '../store/store.ts';
import { harnessError } from './errors.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Timers of the longest retry, many times over. */
const advancesMax = 100_000;
/** Real time: only a script that never returns takes that long. */
const workMsMax = 30_000;
/** A delivery that has ended may be followed by one that the store is just being asked for. */
const quietTurns = 10;

/** Throws MORTISE_HARNESS_RESTLESS. */
export async function runToRest(engine: Engine, store: Store, clock: VirtualClock): Promise<void> {
  for (let advances = 0; advances < advancesMax; advances++) {
    await untilQuiet(engine);
    if (!(await isOwed(engine, store, clock)) || !clock.advance()) return;
  }
  throw harnessError('MORTISE_HARNESS_RESTLESS', `After ${advancesMax} timers something was still owed.`);
}

async function untilQuiet({ dispatcher }: Engine): Promise<void> {
  const startedMs = performance.now();
  for (let quiet = 0; quiet < quietTurns; ) {
    await new Promise((resolve) => setImmediate(resolve));
    const busy = dispatcher.destinations().find(({ running }) => running > 0);
    quiet = busy ? 0 : quiet + 1;
    if (busy && performance.now() - startedMs > workMsMax) {
      throw harnessError('MORTISE_HARNESS_RESTLESS', `${busy.destination.name} did not end within ${workMsMax / 1000} s.`);
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
