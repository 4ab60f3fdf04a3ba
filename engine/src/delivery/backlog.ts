// The waiting deliveries of one destination: a window of them in memory, the rest on disk.

import type { StoreReader } from '../store/store.ts';
import { Fifo } from './fifo.ts';
import { DueHeap } from './heap.ts';
import { Lanes } from './lanes.ts';
import type { Ticket } from './lanes.ts';
import type { Work } from './work.ts';

/** How much of one destination is held in memory; the rest waits on disk. Enough to keep it busy while more is read. */
export interface WindowLimits {
  readonly deliveries: number;
  readonly bytes: number;
}

export const defaultWindow: WindowLimits = { deliveries: 1000, bytes: 8 * 1024 * 1024 };

export interface BacklogOptions {
  readonly name: string;
  readonly read: StoreReader;
  /** How many deliveries wait on disk. */
  readonly onDisk: number;
  /** Those on disk have smaller numbers than this. */
  readonly offeredSeq: number;
  readonly limits?: WindowLimits;
}

/** What stands still is tried again after so long, even if nobody says that it goes on: that may have been said a moment too early. */
const restMs = 30_000;

interface Delayed {
  readonly work: Work;
  readonly dueAtMs: number;
}

/** Order and window only: who may run next. It runs nothing itself. */
export class Backlog {
  readonly name: string;
  readonly lanes = new Lanes();
  private readonly read: StoreReader;
  private readonly limits: WindowLimits;
  private readonly ready = new Fifo<Ticket>();
  private readonly delayed = new DueHeap<Delayed>();
  /** What met a system that stands still, in the order in which it is tried again. */
  private resting: Delayed[] = [];
  /** Deliveries that were ended from outside while they lay here. */
  private readonly gone = new Set<number>();
  /** Deliveries beyond the window that come into memory by `insert`: what is read from disk later does not bring them again. */
  private readonly outOfTurn = new Set<number>();
  private bytes = 0;
  private spilled: number;
  /** The last that was taken into memory. */
  private lastSeq = 0;
  /** The last that was offered: what is read beyond it was committed, and will be offered in a moment. */
  private offeredSeq: number;
  private refilling: Promise<void> | undefined;
  /** What the clock said when it was last asked who is next. */
  private lookedAtMs = 0;

  constructor({ name, read, onDisk, offeredSeq, limits = defaultWindow }: BacklogOptions) {
    this.name = name;
    this.read = read;
    this.spilled = onDisk;
    this.offeredSeq = offeredSeq;
    this.limits = limits;
  }

  /** How many wait, in memory or on disk. */
  get waiting(): number {
    return this.inMemory + this.lanes.behind + this.spilled;
  }

  get hasRoom(): boolean {
    return this.spilled === 0 && !this.isFull;
  }

  /** The number up to which deliveries will begin to run soon: for the dispatch mark. */
  markAhead(count: number): number {
    const ticket = this.ready.peek(count);
    return ticket === undefined ? 0 : seqOf(ticket);
  }

  /** Takes in what was just committed, or only counts it where the window is full. In the order of commits. */
  offer(work: Work): void {
    const { seq } = work.delivery;
    this.offeredSeq = seq;
    if (seq <= this.lastSeq) return;
    if (this.hasRoom) this.take(work);
    else this.spilled += 1;
  }

  /** One is about to be made waiting that will come by `insert`. To be told before that is committed, since it may be read from then on. */
  announce(seq: number): void {
    if (seq > this.lastSeq) this.outOfTurn.add(seq);
  }

  /** Takes in a delivery out of its turn: a person's retry, one that was held. It was announced. */
  insert(work: Work): void {
    this.gone.delete(work.delivery.seq);
    this.bytes += sizeOf(work);
    const runnable = this.lanes.retry(work);
    if (runnable) this.admit(runnable);
  }

  /** Puts back one whose attempt failed; its lane stays its own. */
  delay(work: Work, dueAtMs: number): void {
    this.bytes += sizeOf(work);
    this.delayed.add({ work, dueAtMs });
  }

  /** Puts back one that met a system that stands still: until `wake`, or for a while, should that come too early. */
  rest(work: Work, nowMs: number): void {
    this.bytes += sizeOf(work);
    this.resting.push({ work, dueAtMs: nowMs + restMs });
  }

  /** Something that stood still goes on. */
  wake(): void {
    for (const { work } of this.resting) this.ready.push(work);
    this.resting = [];
  }

  /** Lets what follows in a lane go on. */
  proceed(next: Ticket | undefined): void {
    if (next !== undefined) this.ready.push(next);
  }

  /** The next one to run, whose time has come. */
  next(nowMs: number): Ticket | undefined {
    this.followClock(nowMs);
    for (let due = this.delayed.takeDue(nowMs); due; due = this.delayed.takeDue(nowMs)) {
      this.ready.push(due.work);
    }
    if ((this.resting[0]?.dueAtMs ?? Infinity) <= nowMs) this.wake();
    for (;;) {
      const ticket = this.ready.shift();
      if (ticket === undefined) return undefined;
      if (typeof ticket !== 'number') this.bytes -= sizeOf(ticket);
      if (!this.gone.delete(seqOf(ticket))) return ticket;
      if (typeof ticket !== 'number') this.proceed(this.lanes.leave(ticket.delivery.lane));
    }
  }

  /** The clock was set back: what waits for so many seconds is not to wait for days. */
  private followClock(nowMs: number): void {
    const backMs = this.lookedAtMs - nowMs;
    this.lookedAtMs = nowMs;
    if (backMs <= 0) return;
    this.delayed.shift(-backMs);
    this.resting = this.resting.map(({ work, dueAtMs }) => ({ work, dueAtMs: dueAtMs - backMs }));
  }

  /** Puts back one that was taken but may not run now. */
  putBack(work: Work): void {
    this.delay(work, 0);
  }

  /** When the next delayed one is due. */
  get nextDueMs(): number | undefined {
    const [first, second] = [this.delayed.first?.dueAtMs, this.resting[0]?.dueAtMs];
    return first === undefined || second === undefined ? (first ?? second) : Math.min(first, second);
  }

  /** Forgets one that a person ended. */
  remove(seq: number): void {
    if (seq <= this.lastSeq || this.outOfTurn.has(seq)) this.gone.add(seq);
    else this.spilled = Math.max(0, this.spilled - 1);
  }

  /** Reads more from disk when half of the window is free; calls `onMore` when there is more to run, `onFailed` where it could not be read. */
  refill(onMore: () => void, onFailed: (error: unknown) => void): void {
    if (this.refilling || this.spilled === 0 || this.inMemory > this.limits.deliveries / 2) return;
    this.refilling = this.readMore().finally(() => (this.refilling = undefined));
    void this.refilling.then(onMore, onFailed);
  }

  private async readMore(): Promise<void> {
    const room = this.limits.deliveries - this.ready.size;
    const rows = await this.read.waiting(this.name, this.lastSeq, room, this.limits.bytes);
    const spilled = rows.filter(({ delivery }) => !this.outOfTurn.has(delivery.seq));
    const counted = spilled.filter(({ delivery }) => delivery.seq <= this.offeredSeq).length;
    this.spilled = rows.length === 0 ? 0 : Math.max(0, this.spilled - counted);
    for (const row of spilled) this.take(row);
    this.lastSeq = Math.max(this.lastSeq, rows.at(-1)?.delivery.seq ?? 0);
    for (const seq of this.outOfTurn) if (seq <= this.lastSeq) this.outOfTurn.delete(seq);
  }

  private take(work: Work): void {
    this.lastSeq = Math.max(this.lastSeq, work.delivery.seq);
    this.bytes += sizeOf(work);
    const runnable = this.lanes.enter(work);
    if (runnable) this.admit(runnable);
    else this.bytes -= sizeOf(work);
  }

  private admit(work: Work): void {
    const { dueAtMs } = work.delivery;
    if (dueAtMs === undefined) this.ready.push(work);
    else this.delayed.add({ work, dueAtMs });
  }

  /** Those that run one after the other behind others are not counted. */
  private get inMemory(): number {
    return this.ready.size + this.delayed.size + this.resting.length;
  }

  private get isFull(): boolean {
    return this.inMemory >= this.limits.deliveries || this.bytes >= this.limits.bytes;
  }
}

export function seqOf(ticket: Ticket): number {
  return typeof ticket === 'number' ? ticket : ticket.delivery.seq;
}

function sizeOf({ message: { body } }: Work): number {
  return body.kind === 'json' ? body.text.length : body.kind === 'bytes' ? body.bytes.length : 0;
}
