// Gives memory back when a thread has nothing to do: V8 keeps what a start or a burst took, for a while that may never end.

import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const lookMs = 5000;
/** Less of a processor than this is idle: the timers of an engine alone take about a hundredth. */
const idleShareMax = 0.05;

/** Each thread has a heap of its own; the main thread's time is that of the process, since it has work where its threads have. */
const usage = isMainThread ? process.cpuUsage : process.threadCpuUsage;

/**
 * After a collection a heap may grow by so much, in percent of what lives, before the next one; by itself V8 lets it grow to four times that.
 * What is held under full load falls by some 100 MB. That costs no time that can be seen, since little becomes old under load (see below).
 */
const growthPercent = 30;

/**
 * V8 notes which literals of the source make values that live long, and then makes those of that literal old at once. Under full load all that is
 * on its way to the disk lives long enough for that; from then on lists that live for two milliseconds were old, and kept alive all that stood in
 * them until the next large collection: at half load a small one took 9 ms in place of 2, and a tenth of all that was made was kept.
 */
const withoutOldLiterals = '--no-allocation-site-pretenuring';

/**
 * A small collection is shared among four threads of V8. Where there are no more than two processors, which the engine, its store and those that it
 * talks to want as well, sharing costs more than it saves.
 */
export const collectsAlone = availableParallelism() <= 2 ? ['--no-parallel-scavenge'] : [];

/** Looks every few seconds until the thread ends, which it does not keep; `more` is done along with it. On the main thread it first sets how V8 keeps memory, for all threads. */
export function whenIdle(more?: () => void): void {
  const flags = [`--heap-growing-percent=${growthPercent}`, withoutOldLiterals, ...collectsAlone];
  if (isMainThread) for (const flag of flags) setFlagsFromString(flag);
  const collect = collector();
  const isDue = collectionDue();
  let former = usage();
  setInterval(() => {
    const { user, system } = usage(former);
    former = usage();
    if (!isDue((user + system) / 1000 / lookMs)) return;
    more?.();
    collect();
  }, lookMs).unref();
}

/** Told how much of a processor was used since the last time, says whether to collect: once at first, then once after each busy time. */
export function collectionDue(): (busyShare: number) => boolean {
  let hasWorked = true;
  return (busyShare) => {
    const isIdle = busyShare < idleShareMax;
    const isDue = isIdle && hasWorked;
    hasWorked = !isIdle;
    return isDue;
  };
}

/** This kind of collection shrinks the heap, where others leave it as large as it was; it takes some 50 ms. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  return () => {
    if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort', execution: 'sync' });
  };
}
