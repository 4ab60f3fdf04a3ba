// Whether this thread has had time to spare lately, by Node's account of its event loop.

import { performance } from 'node:perf_hooks';

const spanMs = 100;
/** Of a span: what is left belongs to the system, which hands connections over. */
const busyShare = 0.9;

/** Looks anew when asked, once a span; what it says is of the span before. */
export function busyThread(): () => boolean {
  let [lookedAtMs, isBusy] = [performance.now(), false];
  let former = performance.eventLoopUtilization();
  return () => {
    const nowMs = performance.now();
    if (nowMs - lookedAtMs < spanMs) return isBusy;
    const now = performance.eventLoopUtilization();
    isBusy = performance.eventLoopUtilization(now, former).utilization > busyShare;
    [lookedAtMs, former] = [nowMs, now];
    return isBusy;
  };
}
