// Ends the process when nothing runs in it any more: a function of the project that loops for ever holds the one thread that all flows share.

import { url as inspectorUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { listenToOwnCode } from './step/own-code.ts';

/** Compiled or not: the entry of the thread is a file like this one. */
const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** How often the engine's thread shows that it lives, and the watchdog looks. */
const beatMs = 250;
const idBytesMax = 64;

/** What both threads share: a count that goes up, whether a debugger may have stopped it, whether code is being loaded, and the id of a message. */
export interface Shared {
  readonly beats: Int32Array;
  readonly message: Uint8Array;
}

export interface Watchdog {
  /** Code of ours is loaded from here on, or no more: that holds the thread, too, and a short limit is not meant for it. */
  isLoading(isLoading: boolean): void;
  end(): Promise<void>;
}

export interface WatchdogData {
  readonly memory: SharedArrayBuffer;
  readonly beatMs: number;
  readonly stallMs: number;
}

export const beatAt = 0;
export const debuggedAt = 1;
export const messageBytesAt = 2;
export const loadingAt = 3;
const numbers = 4;

export function sharedOf(memory: SharedArrayBuffer): Shared {
  return { beats: new Int32Array(memory, 0, numbers), message: new Uint8Array(memory, 4 * numbers, idBytesMax) };
}

/**
 * Watches this thread from another one. After `stallMs` without a sign of life that one says so on standard error, names the message
 * that the project's own code had, and kills the process: whoever supervises it starts it again, and it recovers as from any crash.
 */
export function startWatchdog(stallMs: number): Watchdog {
  const memory = new SharedArrayBuffer(4 * numbers + idBytesMax);
  const { beats, message } = sharedOf(memory);
  const encoder = new TextEncoder();
  listenToOwnCode((id) => Atomics.store(beats, messageBytesAt, id === undefined ? 0 : encoder.encodeInto(id, message).written));
  const timer = setInterval(() => {
    Atomics.store(beats, debuggedAt, inspectorUrl() === undefined ? 0 : 1);
    Atomics.add(beats, beatAt, 1);
  }, beatMs);
  timer.unref();
  const data: WatchdogData = { memory, beatMs, stallMs };
  const thread = new Worker(new URL(`./watchdog-thread${ending}`, import.meta.url), { workerData: data });
  thread.unref();
  return {
    isLoading: (isLoading) => void Atomics.store(beats, loadingAt, isLoading ? 1 : 0),
    async end() {
      clearInterval(timer);
      listenToOwnCode(undefined);
      await thread.terminate();
    },
  };
}
