// The thread that looks whether the engine's thread still lives, and ends the process where it does not.

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { beatAt, debuggedAt, loadingAt, messageBytesAt, sharedOf } from './watchdog.ts';
import type { WatchdogData } from './watchdog.ts';

const { memory, beatMs, stallMs } = workerData as WatchdogData;
const { beats, message } = sharedOf(memory);
/** So long it takes on a machine that is busy with much else. */
const loadingMs = 10_000;
let last = -1;
/** Counted in looks, not in time: a machine that was asleep, or a process that was stopped, has not stalled. */
let looks = 0;

setInterval(() => {
  const beat = Atomics.load(beats, beatAt);
  looks = beat === last && Atomics.load(beats, debuggedAt) === 0 ? looks + 1 : 0;
  last = beat;
  const limitMs = Atomics.load(beats, loadingAt) === 0 ? stallMs : Math.max(stallMs, loadingMs);
  if (looks * beatMs >= limitMs) endProcess(limitMs);
}, beatMs);

function endProcess(limitMs: number): void {
  const id = Buffer.from(message.slice(0, Atomics.load(beats, messageBytesAt))).toString();
  const during = id === '' ? 'none of the project’s own functions was running' : `a function of the project had message ${id}`;
  const msg = `Nothing ran for ${limitMs} ms, and ${during}: the process ends, to be started again.`;
  const facts = {
    level: 'error',
    time: new Date().toISOString(),
    event: 'engine.stalled',
    ...(id === '' ? {} : { message: id }),
    msg,
  };
  try {
    writeSync(2, `${JSON.stringify(facts)}\n`);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}
