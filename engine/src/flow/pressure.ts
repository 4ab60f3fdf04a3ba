// Lets senders wait a little while the engine's own thread is what everything waits for: what would only lie on disk and be read again is taken in later.

import type { Clock } from '@mortise/sdk';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import { defaultWindow } from '../delivery/backlog.ts';
import { Fifo } from '../delivery/fifo.ts';
import type { CompiledFlow } from './compiled.ts';
import type { Standstills } from './standstills.ts';

export interface PressureOptions {
  readonly dispatcher: Pick<Dispatcher, 'waiting'>;
  readonly standstills: Pick<Standstills, 'ofFlow'>;
  readonly clock: Clock;
  /** Whether the thread that runs flows has had no time to spare lately. */
  readonly isBusy: () => boolean;
}

/** More than this would be in memory for longer than it takes: it becomes old there, and is written further from what it came from. */
const waitingMax = defaultWindow.deliveries / 8;
const lookMs = 10;
/** So long a sender waits at most: whoever sends more than can be worked off fills the backlog, only slower. */
const waitMsMax = 200;

interface Waiter {
  readonly flows: readonly CompiledFlow[];
  leftMs: number;
  letIn(): void;
}

export class Pressure {
  private readonly options: PressureOptions;
  /** In the order in which they came; one timer looks for all of them. */
  private readonly waiting = new Fifo<Waiter>();

  constructor(options: PressureOptions) {
    this.options = options;
  }

  /** Resolves when there is time for more; undefined where there is some now. */
  relief(flows: readonly CompiledFlow[]): Promise<void> | undefined {
    if (!this.isBehind(flows) || !this.options.isBusy()) return undefined;
    return new Promise((letIn) => {
      this.waiting.push({ flows, leftMs: waitMsMax, letIn });
      if (this.waiting.size === 1) this.lookLater();
    });
  }

  private lookLater(): void {
    this.options.clock.after(lookMs, () => {
      this.look();
      if (this.waiting.size > 0) this.lookLater();
    });
  }

  /** All are let in together, once there is time: what is written in one group takes fewer pages. */
  private look(): void {
    const isBusy = this.options.isBusy();
    for (let left = this.waiting.size; left > 0; left -= 1) {
      const waiter = this.waiting.shift() as Waiter;
      waiter.leftMs -= lookMs;
      if (isBusy && waiter.leftMs > 0 && this.isBehind(waiter.flows)) this.waiting.push(waiter);
      else waiter.letIn();
    }
  }

  /** What waits for a flow that stands still waits for something else than time. */
  private isBehind(flows: readonly CompiledFlow[]): boolean {
    const { dispatcher, standstills } = this.options;
    return flows.some(({ name, destination }) => dispatcher.waiting(destination) > waitingMax && !standstills.ofFlow(name));
  }
}
