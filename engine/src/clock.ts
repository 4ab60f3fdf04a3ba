// The real clock.

import type { Clock } from '@mortise/sdk';

/** setTimeout holds 31 bits: longer waits are cut into pieces. */
const timeoutMsMax = 2 ** 31 - 1;

class Waiting {
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number, fire: () => void) {
    this.#wait(Math.max(0, delayMs), fire);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  #wait(leftMs: number, fire: () => void): void {
    const isLong = leftMs > timeoutMsMax;
    this.#timer = isLong ? setTimeout(() => this.#wait(leftMs - timeoutMsMax, fire), timeoutMsMax) : setTimeout(fire, leftMs);
    this.#timer.unref();
  }
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, fire) => new Waiting(delayMs, fire),
};
