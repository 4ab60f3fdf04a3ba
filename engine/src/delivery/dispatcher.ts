// Runs deliveries: picks who is next, makes the attempt, settles what came of it in one commit.

import type { Clock, Logger } from '@mortise/sdk';
import type { Commit, CommitResult, Recovered, Store } from '../store/store.ts';
import { DeliveryLoop } from './loop.ts';
import { DeliveryQueue } from './queue.ts';
import type { WindowLimits } from './queue.ts';
import { Settler } from './settle.ts';
import type { Destination, Work } from './work.ts';

export interface DispatcherOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly window?: WindowLimits;
}

/** All destinations and their queues; and the one way to the store, which carries the dispatch marks along. */
export class Dispatcher {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly settler: Settler;
  private readonly window: WindowLimits | undefined;
  private readonly loops = new Map<string, DeliveryLoop>();
  /** Deliveries of destinations that the project does not have: they stay on disk until it does. */
  private readonly orphaned = new Map<string, number>();
  private readonly recovered: Recovered;
  private suspectTurn: Promise<void> = Promise.resolve();
  stopping = false;

  constructor({ store, clock, log, random, window }: DispatcherOptions) {
    this.store = store;
    this.clock = clock;
    this.log = log;
    this.random = random;
    this.window = window;
    this.recovered = store.recovered;
    this.settler = new Settler(this);
    for (const [name, count] of this.recovered.waiting) this.orphaned.set(name, count);
  }

  /** Adds a destination, or replaces the one of that name: the next attempt runs on it. */
  register(destination: Destination): void {
    const existing = this.loops.get(destination.name);
    if (existing) {
      existing.replace(destination);
      return;
    }
    const { name } = destination;
    const queue = new DeliveryQueue(name, this.store.read, this.orphaned.get(name) ?? 0, this.window);
    this.orphaned.delete(name);
    for (const held of this.recovered.heldLanes) if (held.destination === name) queue.lanes.hold(held.lane, held.seq);
    this.loops.set(name, new DeliveryLoop(this, destination, queue));
  }

  /** Takes a destination away; what waits for it stays on disk, and what runs ends. */
  async unregister(name: string): Promise<void> {
    const loop = this.loops.get(name);
    if (!loop) return;
    this.loops.delete(name);
    this.orphaned.set(name, loop.queue.waiting);
    await loop.stop();
  }

  has(name: string): boolean {
    return this.loops.has(name);
  }

  /** Begins to run. Before, everything only queues. */
  start(): void {
    for (const loop of this.loops.values()) loop.start();
  }

  /** How many wait for a destination, in memory or on disk. */
  waiting(name: string): number {
    return this.loops.get(name)?.queue.waiting ?? this.orphaned.get(name) ?? 0;
  }

  running(name: string): number {
    return this.loops.get(name)?.running ?? 0;
  }

  destinations(): readonly DeliveryLoop[] {
    return [...this.loops.values()];
  }

  loop(name: string): DeliveryLoop | undefined {
    return this.loops.get(name);
  }

  /**
   * Writes, with the marks of what will run soon; then dispatches the new deliveries. `works` are the deliveries of the
   * commit that are waiting, with their messages.
   */
  async commit(commit: Commit, works: readonly Work[] = []): Promise<CommitResult> {
    const loops = new Map<string, number>();
    for (const { delivery } of works) {
      const loop = this.loops.get(delivery.destination);
      const mark = loop?.markFor(delivery.seq);
      if (mark !== undefined) loops.set(delivery.destination, mark);
    }
    const marks = [...loops].map(([destination, seq]) => ({ destination, seq }));
    const result = await this.store.commit(marks.length > 0 ? { ...commit, marks } : commit);
    if (result.duplicateOf) return result;
    for (const [name, seq] of loops) this.loops.get(name)?.marked(seq);
    for (const work of works) this.offer(work);
    return result;
  }

  /** Runs one suspect at a time over the whole engine: if the process dies, it is known by which. */
  suspectAlone(run: () => Promise<void>): Promise<void> {
    this.suspectTurn = this.suspectTurn.then(run, run);
    return this.suspectTurn;
  }

  /** Takes in a delivery whose time has come, or that a person wants tried again. */
  insert(work: Work): void {
    const loop = this.loops.get(work.delivery.destination);
    if (loop) loop.insert(work);
    else this.orphaned.set(work.delivery.destination, (this.orphaned.get(work.delivery.destination) ?? 0) + 1);
  }

  /** Ends all attempts within `graceMs`; then aborts what is left. Nothing new begins. */
  async drain(graceMs: number): Promise<void> {
    this.stopping = true;
    const loops = [...this.loops.values()];
    const idle = Promise.all(loops.map((loop) => loop.stop()));
    let timer: { cancel(): void } | undefined;
    const late = new Promise<void>((resolve) => (timer = this.clock.after(graceMs, resolve)));
    await Promise.race([idle, late]);
    timer?.cancel();
    for (const loop of loops) loop.abort();
    await Promise.race([idle, new Promise<void>((resolve) => this.clock.after(1000, resolve))]);
  }

  private offer(work: Work): void {
    const { destination } = work.delivery;
    const loop = this.loops.get(destination);
    if (loop) loop.offer(work);
    else this.orphaned.set(destination, (this.orphaned.get(destination) ?? 0) + 1);
  }
}
