// Runs deliveries: picks who is next, makes the attempt, settles what came of it in one commit.

import type { Clock, Logger } from '@mortise/sdk';
import type { Commit, CommitResult, Recovered, Store } from '../store/store.ts';
import type { Dispatching } from './dispatching.ts';
import { DeliveryLoop } from './loop.ts';
import { Backlog } from './backlog.ts';
import type { WindowLimits } from './backlog.ts';
import { SuspectTurns } from './suspects.ts';
import type { Tracer } from './tracer.ts';
import { Traffic } from './traffic.ts';
import { worksOf } from './works.ts';
import type { Destination, Work } from './work.ts';

export interface DispatcherOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly window?: WindowLimits;
}

type Mark = NonNullable<Commit['marks']>[number];

/** All destinations and their backlogs; and the one way to the store, which carries the dispatch marks along. */
export class Dispatcher implements Dispatching {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly suspects = new SuspectTurns();
  readonly traffic = new Traffic();
  tracer: Tracer | undefined;
  private readonly window: WindowLimits | undefined;
  private readonly loops = new Map<string, DeliveryLoop>();
  /** Deliveries of destinations that the project does not have: they stay on disk until it does. */
  private readonly orphaned = new Map<string, number>();
  private readonly recovered: Recovered;
  stopping = false;

  constructor({ store, clock, log, random, window }: DispatcherOptions) {
    this.store = store;
    this.clock = clock;
    this.log = log;
    this.random = random;
    this.window = window;
    this.recovered = store.recovered;
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
    const backlog = new Backlog({
      name,
      read: this.store.read,
      onDisk: this.orphaned.get(name) ?? 0,
      offeredSeq: this.store.takeSeq(),
      ...(this.window ? { limits: this.window } : {}),
    });
    this.orphaned.delete(name);
    for (const held of this.recovered.heldLanes) if (held.destination === name) backlog.lanes.hold(held.lane, held.seq);
    this.loops.set(name, new DeliveryLoop(this, destination, backlog));
  }

  /** Takes a destination away; what waits for it stays on disk, and what runs ends. */
  async unregister(name: string): Promise<void> {
    const loop = this.loops.get(name);
    if (!loop) return;
    this.loops.delete(name);
    this.orphaned.set(name, loop.backlog.waiting);
    await loop.stop();
  }

  has(name: string): boolean {
    return this.loops.has(name);
  }

  /** Begins to run. Before, everything only waits. */
  start(): void {
    for (const loop of this.loops.values()) loop.start();
  }

  /** Something that stood still may go on. */
  wake(): void {
    for (const loop of this.loops.values()) loop.wake();
  }

  /** How many wait for a destination, in memory or on disk. */
  waiting(name: string): number {
    return this.loops.get(name)?.backlog.waiting ?? this.orphaned.get(name) ?? 0;
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

  commit(unnumbered: Commit): Promise<CommitResult> {
    const commit = this.numbered(unnumbered);
    const works = worksOf(commit);
    const marks = this.marksOf(works);
    const { deliveries } = commit;
    return this.store.commit(marks ? { ...commit, marks } : commit).then((result) => {
      if (!result.duplicateOf) this.committed(deliveries, works, marks);
      return result;
    });
  }

  private committed(deliveries: Commit['deliveries'] = [], works: readonly Work[], marks: readonly Mark[] = []): void {
    for (const { destination, flow } of deliveries) this.traffic.count(destination, flow);
    for (const { destination, seq } of marks) this.loops.get(destination)?.marked(seq);
    for (const work of works) this.offer(work);
  }

  /** For each destination the mark that is to ride along: of the last delivery to it that has one. */
  private marksOf(works: readonly Work[]): Mark[] | undefined {
    let marks: Mark[] | undefined;
    for (const { delivery } of works) {
      const { destination } = delivery;
      const seq = this.loops.get(destination)?.markFor(delivery.seq);
      if (seq === undefined) continue;
      const others = marks?.filter((mark) => mark.destination !== destination) ?? [];
      marks = [...others, { destination, seq }];
    }
    return marks;
  }

  /** One is about to be made waiting, and will be inserted. */
  announce(destination: string, seq: number): void {
    this.loops.get(destination)?.backlog.announce(seq);
  }

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

  private numbered(commit: Commit): Commit {
    if (!commit.deliveries) return commit;
    return { ...commit, deliveries: commit.deliveries.map((delivery) => ({ ...delivery, seq: this.store.takeSeq() })) };
  }

  private offer(work: Work): void {
    const { destination } = work.delivery;
    const loop = this.loops.get(destination);
    if (loop) loop.offer(work);
    else this.orphaned.set(destination, (this.orphaned.get(destination) ?? 0) + 1);
  }
}
