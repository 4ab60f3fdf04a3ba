// Draining: nothing more is taken in, what is there runs to its end, and then it is said.

import type { Clock, Logger } from '@mortise/sdk';
import type { Dispatcher } from './delivery/dispatcher.ts';

/** How often it is looked whether all has ended: that it is told so much later does no harm. */
const lookMs = 100;

export interface DrainView {
  /** `drained`: nothing runs and nothing waits; what is held, dead or in doubt stays on disk. */
  readonly state: 'off' | 'draining' | 'drained';
  readonly sinceMs?: number;
  /** Whether the process ends when all is drained. */
  readonly stops: boolean;
  /** What is left, by destination. */
  readonly left: readonly { readonly name: string; readonly waiting: number; readonly running: number }[];
}

export class Drain {
  private readonly dispatcher: Dispatcher;
  private readonly clock: Clock;
  private readonly log: Logger;
  private sinceMs: number | undefined;
  private stops = false;
  private told = false;
  private timer: { cancel(): void } | undefined;
  /** Called when all is drained and the process is to end. */
  onStop: () => void = () => undefined;
  /** Called when intake was closed or opened. */
  onChange: () => void = () => undefined;

  constructor(dispatcher: Dispatcher, clock: Clock, log: Logger) {
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.log = log;
  }

  get isOn(): boolean {
    return this.sinceMs !== undefined;
  }

  /** Idempotent; a second call may still say that the process is to end. */
  begin({ stops }: { readonly stops: boolean }): void {
    this.stops ||= stops;
    if (this.isOn) return;
    this.sinceMs = this.clock.nowMs();
    this.told = false;
    this.log.info({ event: 'drain.begun', stops }, 'Nothing more is taken in; what is there runs to its end.');
    this.onChange();
    this.look();
  }

  /** Takes messages again. Gives false where nothing was drained. */
  cancel(): boolean {
    if (!this.isOn) return false;
    this.close();
    this.log.info({ event: 'drain.cancelled' }, 'Messages are taken in again.');
    this.onChange();
    return true;
  }

  close(): void {
    this.timer?.cancel();
    this.sinceMs = undefined;
    this.stops = false;
  }

  view(): DrainView {
    const left = this.left();
    if (this.sinceMs === undefined) return { state: 'off', stops: false, left };
    return { state: left.length > 0 || this.isWriting ? 'draining' : 'drained', sinceMs: this.sinceMs, stops: this.stops, left };
  }

  private left(): DrainView['left'] {
    return this.dispatcher
      .destinations()
      .map(({ destination: { name } }) => ({
        name,
        waiting: this.dispatcher.waiting(name),
        running: this.dispatcher.running(name),
      }))
      .filter(({ waiting, running }) => waiting + running > 0);
  }

  /** What was being accepted when the drain began is not among the deliveries before it is written. */
  private get isWriting(): boolean {
    return this.dispatcher.store.queuedBytes > 0;
  }

  private look(): void {
    if (!this.isOn) return;
    const isDrained = this.view().state === 'drained';
    if (isDrained && !this.told) this.log.info({ event: 'drain.done' }, 'All that was taken in has run to its end.');
    this.told = isDrained;
    if (isDrained && this.stops) this.onStop();
    else this.timer = this.clock.after(lookMs, () => this.look());
  }
}
