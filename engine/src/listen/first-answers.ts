// When an engine that starts has time for what can wait.

import { setTimeout as sleep } from 'node:timers/promises';
import type { InboundListener } from './http-listener.ts';

/** An inbound whose server does not answer, and who sends all the time, keep the rest closed for so long each. */
const [lookMs, waitedMsMax] = [10, 500];

/** Resolves when those who waited for the engine to start are answered. Rejects where it could not start. */
export async function firstAnswers(started: Promise<void>, listener: Pick<InboundListener, 'isAnswering'>): Promise<void> {
  await Promise.race([started, sleep(waitedMsMax, undefined, { ref: false })]);
  for (let waitedMs = 0; waitedMs < waitedMsMax; waitedMs += lookMs) {
    await sleep(lookMs);
    if (!listener.isAnswering) return;
  }
}
