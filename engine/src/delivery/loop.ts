// The loop of one destination: as many attempts at a time as it may make, one after the other in each lane.

import { MortiseError } from '@mortise/sdk';
import type { Permission } from './breaker.ts';
import type { Dispatching } from './dispatching.ts';
import { engineError } from './errors.ts';
import { factsOf } from './facts.ts';
import { seqOf } from './backlog.ts';
import type { Backlog } from './backlog.ts';
import type { Ticket } from './lanes.ts';
import { Settler } from './settle.ts';
import type { Commit } from '../store/store.ts';
import type { AttemptContext, Destination, Outcome, Work } from './work.ts';

/** The mark runs so many deliveries ahead, so that it can ride along with commits that are made anyway. */
const markAheadCount = 64;
/** The process died so often under the mark of one delivery: it is not tried a further time by itself. */
const crashesMax = 3;
/** The outcome of a delivery was refused so often: what it conflicts with does not go away. Others' changes are done sooner. */
const conflictsMax = 10;
/** A clock that was set back or forward is noticed within this. */
const sleepMsMax = 60_000;
/** What could not be read from disk is tried again after so long. */
const unreadPauseMs = 5000;

export class DeliveryLoop {
  readonly backlog: Backlog;
  destination: Destination;
  running = 0;
  readonly dispatcher: Dispatching;
  readonly settler: Settler;
  private started = false;
  private stopped = false;
  readonly controller = new AbortController();
  private durableMark = 0;
  private wakeTimer: { readonly atMs: number; cancel(): void } | undefined;
  private idle: (() => void)[] = [];
  /** Deliveries whose outcome the store refused, and how often in a row. */
  private readonly conflicts = new Map<number, { readonly count: number; readonly error: MortiseError }>();
  private unlisten: (() => void) | undefined;

  constructor(dispatcher: Dispatching, destination: Destination, backlog: Backlog) {
    this.dispatcher = dispatcher;
    this.settler = new Settler(dispatcher);
    this.destination = destination;
    this.backlog = backlog;
    this.unlisten = destination.breaker?.onChange(() => this.pump());
  }

  replace(destination: Destination): void {
    this.unlisten?.();
    this.unlisten = destination.breaker?.onChange(() => this.pump());
    this.destination = destination;
    this.pump();
  }

  start(): void {
    this.started = true;
    this.pump();
  }

  /** Begins no more; resolves when nothing runs. */
  stop(): Promise<void> {
    this.stopped = true;
    this.unlisten?.();
    this.wakeTimer?.cancel();
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  abort(): void {
    this.controller.abort();
  }

  offer(work: Work): void {
    this.backlog.offer(work);
    this.pump();
  }

  insert(work: Work): void {
    this.backlog.insert(work);
    this.pump();
  }

  /** The mark that a commit of a new delivery should carry: none where it will wait anyway, or where each gets its own. */
  markFor(seq: number): number | undefined {
    if (this.destination.suspects === 'doubt' || !this.backlog.hasRoom || this.backlog.waiting > markAheadCount) return undefined;
    return seq > this.durableMark ? seq : undefined;
  }

  marked(seq: number): void {
    this.durableMark = Math.max(this.durableMark, seq);
  }

  /** A person's decision lets a lane go on. */
  releaseLane(lane: string, seq: number): void {
    this.backlog.proceed(this.backlog.lanes.release(lane, seq));
    this.pump();
  }

  /** What stood still may go on. */
  wake(): void {
    this.backlog.wake();
    this.pump();
  }

  /** Starts what may start. */
  pump(): void {
    if (!this.started || this.stopped) return;
    while (this.running < this.destination.concurrency && !this.destination.standsStill()) {
      const permission = this.destination.breaker?.ask() ?? 'pass';
      if (typeof permission === 'object') {
        this.wakeAt(permission.untilMs);
        return;
      }
      const ticket = this.backlog.next(this.dispatcher.clock.nowMs());
      if (ticket === undefined) {
        if (permission === 'probe') this.destination.breaker?.released();
        this.rest();
        return;
      }
      this.running += 1;
      void this.run(ticket, permission);
    }
    this.refill();
  }

  private refill(): void {
    this.backlog.refill(
      () => this.pump(),
      (error) => this.unread(error),
    );
  }

  /** What waits on disk could not be read: it is said, and tried again, since nothing else would. */
  private unread(error: unknown): void {
    if (this.stopped || this.dispatcher.stopping) return;
    const { name } = this.destination;
    this.dispatcher.log.error(
      { event: 'backlog.unread', destination: name, err: error },
      `What waits for ${name} could not be read.`,
    );
    this.wakeAt(this.dispatcher.clock.nowMs() + unreadPauseMs);
  }

  private rest(): void {
    this.refill();
    if (this.backlog.nextDueMs !== undefined) this.wakeAt(this.backlog.nextDueMs);
  }

  private ended(): void {
    this.running -= 1;
    if (this.running === 0) for (const resolve of this.idle.splice(0)) resolve();
    this.pump();
  }

  private wakeAt(wantedMs: number): void {
    const atMs = Math.min(wantedMs, this.dispatcher.clock.nowMs() + sleepMsMax);
    if (this.wakeTimer && this.wakeTimer.atMs <= atMs && this.wakeTimer.atMs > this.dispatcher.clock.nowMs()) return;
    this.wakeTimer?.cancel();
    const timer = this.dispatcher.clock.after(Math.max(1, atMs - this.dispatcher.clock.nowMs()), () => {
      this.wakeTimer = undefined;
      this.pump();
    });
    this.wakeTimer = { atMs, cancel: () => timer.cancel() };
  }

  private async run(ticket: Ticket, permission: Permission): Promise<void> {
    try {
      const work = typeof ticket === 'number' ? await this.load(ticket) : ticket;
      if (work) await this.runOne(work, permission);
    } catch (error) {
      await this.unsettled(ticket, error);
    } finally {
      this.ended();
    }
  }

  /** The store has failed, or was closed under us: nothing was settled, and recovery will find the delivery again. */
  private async unsettled(ticket: Ticket, error: unknown): Promise<void> {
    this.dispatcher.log.error(
      { event: 'delivery.unsettled', ...this.factsOf(ticket), err: error },
      'A delivery could not be settled.',
    );
    if (error instanceof MortiseError && error.code === 'MORTISE_STORE_CONFLICT') await this.lookAgain(seqOf(ticket), error);
  }

  private factsOf(ticket: Ticket): Readonly<Record<string, unknown>> {
    return typeof ticket === 'number' ? { destination: this.destination.name, seq: ticket } : factsOf(ticket);
  }

  /**
   * Something else changed the delivery meanwhile, a person for instance: goes by what it is now. Where it waits as before, it is tried again;
   * one whose outcome is refused again and again will never be taken, and is given up with that reason.
   */
  private async lookAgain(seq: number, conflict: MortiseError): Promise<void> {
    const found = await this.dispatcher.store.read.delivery({ seq });
    if (found?.delivery.state !== 'waiting') {
      this.conflicts.delete(seq);
      if (found) this.backlog.proceed(this.backlog.lanes.leave(found.delivery.lane));
      return;
    }
    const count = (this.conflicts.get(seq)?.count ?? 0) + 1;
    this.conflicts.set(seq, { count, error: conflict });
    this.backlog.delay(found, this.dispatcher.clock.nowMs() + 1000);
  }

  /** What lay on disk behind others of its lane; a person may have ended it meanwhile. */
  private load(seq: number): Promise<Work | undefined> {
    return this.dispatcher.store.read.delivery({ seq });
  }

  private runOne(work: Work, permission: Permission): Promise<void> | undefined {
    const { state, lane, crashes = 0 } = work.delivery;
    if (state !== 'waiting') {
      this.backlog.proceed(this.backlog.lanes.leave(lane));
      return undefined;
    }
    if (!work.suspect) return this.attemptAndSettle(work, permission, this.refusalOf(work));
    return this.dispatcher.suspects.take(crashes, () => this.runSuspect(work, permission));
  }

  /** Notes durably that it may have begun, before it begins; undefined where that is on disk. */
  mark({ delivery: { seq }, suspect }: Work): Promise<unknown> | undefined {
    const { store } = this.dispatcher;
    if (suspect || this.destination.suspects === 'doubt')
      return store.commit({ changes: [{ seq, from: ['waiting'], state: 'waiting', marked: true }] });
    if (seq <= this.durableMark) return undefined;
    const ahead = Math.max(seq, this.backlog.markAhead(markAheadCount));
    return store.commit({ marks: [{ destination: this.destination.name, seq: ahead }] }).then(() => this.marked(ahead));
  }

  private async runSuspect(work: Work, permission: Permission): Promise<void> {
    const { crashes = 0 } = work.delivery;
    let refusal = this.refusalOf(work);
    if (crashes >= crashesMax) {
      refusal = engineError(
        'MORTISE_DELIVERY_CRASHED',
        `The process died ${crashes} times while message ${work.message.id} ran.`,
      );
    } else if (this.destination.suspects === 'doubt') {
      refusal = engineError(
        'MORTISE_DELIVERY_POSSIBLY_SENT',
        `Delivery ${work.delivery.id} was under way when the process died.`,
      );
    }
    await this.attemptAndSettle(work, permission, refusal);
  }

  private refusalOf({ delivery, message, damage }: Work): MortiseError | undefined {
    if (damage !== undefined) return engineError('MORTISE_DELIVERY_DAMAGED', damage);
    const refused = this.conflicts.get(delivery.seq);
    if (refused && refused.count >= conflictsMax) {
      this.conflicts.delete(delivery.seq);
      const found = `The store refused the outcome ${refused.count} times: ${refused.error.message}`;
      return engineError('MORTISE_DELIVERY_FAULT', found, { cause: refused.error });
    }
    const { expiresAtMs } = message;
    if (expiresAtMs === undefined || expiresAtMs > this.dispatcher.clock.nowMs()) return undefined;
    return engineError(
      'MORTISE_DELIVERY_EXPIRED',
      `Message ${message.id} was worth delivering until ${new Date(expiresAtMs).toISOString()}.`,
    );
  }

  private attemptAndSettle(work: Work, permission: Permission, refusal: MortiseError | undefined): Promise<void> {
    const running = new RunningAttempt(this, work, permission);
    if (refusal) return this.settle(running, { kind: 'failed', error: refusal });
    const { destination, dispatcher } = this;
    const attempt =
      dispatcher.tracer?.attempt(work, () => destination.attempt(work, running)) ?? destination.attempt(work, running);
    return attempt.then((outcome) => this.settle(running, outcome));
  }

  private async settle({ work, permission, startedAtMs, signal }: RunningAttempt, outcome: Outcome): Promise<void> {
    const { destination, backlog } = this;
    // Aborted because the engine stops: it stays waiting, and is found again on start. What may have been sent is settled as such.
    if (outcome.kind === 'failed' && signal.aborted && destination.suspects === 'run') return;
    await this.settler.settle(work, outcome, { destination, backlog, permission, startedAtMs });
    this.conflicts.delete(work.delivery.seq);
  }
}

/** What an attempt gets, and what is known of it when it has ended. A class: as many are in memory as attempts are under way. */
class RunningAttempt implements AttemptContext {
  /** As it is now. */
  work: Work;
  readonly signal: AbortSignal;
  readonly permission: Permission;
  readonly startedAtMs: number;
  readonly #loop: DeliveryLoop;

  constructor(loop: DeliveryLoop, work: Work, permission: Permission) {
    this.work = work;
    this.signal = loop.controller.signal;
    this.permission = permission;
    this.startedAtMs = loop.dispatcher.clock.nowMs();
    this.#loop = loop;
  }

  begin(): Promise<unknown> | undefined {
    return this.#loop.mark(this.work);
  }

  async checkpoint(also: Commit, position: Readonly<Record<string, number>>): Promise<Work> {
    return (this.work = await this.#loop.settler.checkpoint(this.work, also, position));
  }
}
