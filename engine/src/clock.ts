// The real clock.

import type { Clock } from '@mortise/sdk';

/** setTimeout holds 31 bits: longer waits are cut into pieces. */
const timeoutMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, fire) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      timer = setTimeout(() => (leftMs > timeoutMsMax ? wait(leftMs - timeoutMsMax) : fire()), Math.min(leftMs, timeoutMsMax));
      timer.unref();
    };
    wait(Math.max(0, delayMs));
    return { cancel: () => clearTimeout(timer) };
  },
};
