// Lets senders wait a little while the engine's own thread is what everything waits for: what would only lie on disk and be read again is taken in later.

import type { Clock } from '@mortise/sdk';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import { defaultWindow } from '../delivery/backlog.ts';
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

export class Pressure {
  private readonly options: PressureOptions;

  constructor(options: PressureOptions) {
    this.options = options;
  }

  /** Resolves when there is time for more; undefined where there is some now. */
  relief(flows: readonly CompiledFlow[]): Promise<void> | undefined {
    if (!this.isOn(flows)) return undefined;
    return new Promise((resolve) => {
      const look = (leftMs: number): void => {
        if (leftMs <= 0 || !this.isOn(flows)) resolve();
        else this.options.clock.after(lookMs, () => look(leftMs - lookMs));
      };
      look(waitMsMax);
    });
  }

  /** What waits for a flow that stands still waits for something else than time. */
  private isOn(flows: readonly CompiledFlow[]): boolean {
    const { dispatcher, standstills, isBusy } = this.options;
    const isBehind = ({ name }: CompiledFlow): boolean =>
      dispatcher.waiting(`flow:${name}`) > waitingMax && !standstills.ofFlow(name);
    return flows.some(isBehind) && isBusy();
  }
}
