// Lets an engine run to where nothing is owed: skips the time in which nothing happens, and answers where a person would be asked.

import type { Engine } from '../../engine.ts';
import type { JournalRow, Store } from '../../store/store.ts';
import type { FromEngine } from './protocol.ts';
import type { SkippingClock } from './skipping-clock.ts';

interface Draining {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: SkippingClock;
  readonly isFed: boolean;
  readonly isStopping: boolean;
}

/** A delivery that has ended may be followed by one that the store is just being asked for. */
const quietTurns = 10;
/** Attempts that last so long wait for a limit of their system. */
const stalledMs = 1000;
/** What waits behind a dead one of its lane waits for a person: when nothing has moved for so long nothing more is expected. */
const stuckMs = 5000;
const lookMs = 5;
const pageRows = 1000;

/** Tells when everything has come to its end, or when nothing moves any more. */
export async function untilDrained(running: Draining, tell: (what: FromEngine) => void): Promise<void> {
  let toldMs = running.clock.aheadMs;
  let [waiting, sinceMs] = [0, performance.now()];
  while (!running.isStopping) {
    await untilQuiet(running);
    const now = waitingIn(running);
    if (now !== waiting) [waiting, sinceMs] = [now, performance.now()];
    if (running.isFed && (await retryAll(running, tell))) continue;
    const isStuck = performance.now() - sinceMs > stuckMs;
    const isOver = isStuck || !(await isOwed(running, now));
    if (isOver && running.isFed && (isStuck || (await isEnded(running)))) return tell({ drained: true });
    if (isOver) await pause();
    else running.clock.skip();
    if (running.clock.aheadMs !== toldMs) tell({ aheadMs: (toldMs = running.clock.aheadMs) });
  }
}

async function untilQuiet(running: Draining): Promise<void> {
  const startedMs = performance.now();
  for (let quiet = 0; quiet < quietTurns && !running.isStopping; ) {
    await new Promise((resolve) => setImmediate(resolve));
    const isBusy = running.engine.dispatcher.destinations().some((loop) => loop.running > 0);
    quiet = isBusy ? 0 : quiet + 1;
    if (isBusy) await pause();
    if (performance.now() - startedMs > stalledMs) return;
  }
}

function waitingIn({ engine: { dispatcher } }: Draining): number {
  return dispatcher
    .destinations()
    .reduce((sum, { destination, running }) => sum + running + dispatcher.waiting(destination.name), 0);
}

/** Something is waiting, or is held until a time; what is held without one waits for other messages. */
async function isOwed({ store, clock }: Draining, waiting: number): Promise<boolean> {
  const { due, nextAtMs } = await store.read.heldDue(clock.nowMs(), 1);
  if (waiting > 0 || due.length > 0) return true;
  if (nextAtMs !== undefined) clock.skipTo(nextAtMs);
  return nextAtMs !== undefined;
}

/** What is let go from being held is on disk a moment before it is in memory. */
async function isEnded({ store }: Draining): Promise<boolean> {
  return (await store.read.journal({ states: ['waiting'], afterSeq: 0, limit: 1 })).length === 0;
}

/** What is in doubt, and what was given up because the process died under it: a person would look, and say "again". */
async function retryAll({ engine, store }: Draining, tell: (what: FromEngine) => void): Promise<boolean> {
  const rows = await journalOf(store, ['in-doubt', 'dead']);
  const mine = rows.filter(
    ({ delivery }) => delivery.state === 'in-doubt' || delivery.error?.code === 'MORTISE_DELIVERY_CRASHED',
  );
  for (const { delivery } of mine) {
    await engine.operations.retry(delivery.id);
    tell({ retried: delivery.id, state: delivery.state });
  }
  return mine.length > 0;
}

/** All rows of these states, oldest first. */
export async function journalOf(
  { read }: Pick<Store, 'read'>,
  states?: readonly JournalRow['delivery']['state'][],
): Promise<readonly JournalRow[]> {
  const rows: JournalRow[] = [];
  for (;;) {
    const afterSeq = rows.at(-1)?.delivery.seq ?? 0;
    const page = await read.journal({ ...(states ? { states } : {}), afterSeq, limit: pageRows });
    rows.push(...page);
    if (page.length < pageRows) return rows;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lookMs));
}
