// A connection that has said LISTEN, and what came on it since.

import type { Clock } from '@mortise/sdk';
import { openSession } from './client.ts';
import type { Connection } from './client.ts';
import { quoted } from './statements.ts';

/** More than these are dropped, and counted: a flood must not fill the memory, and NOTIFY promises nothing. */
const waitingMax = 10_000;

export interface Listener {
  /** Why nothing more will come; undefined while it listens. */
  readonly lost: Error | undefined;
  /** How many were dropped since the last look at this. */
  dropped(): number;
  /** Up to so many of those that wait, which go on waiting until `done`. */
  peek(countMax: number): readonly string[];
  done(count: number): void;
  /** Resolves when something waits, the connection is lost, or time is up. */
  wait(delayMs: number, time: { readonly clock: Clock; readonly signal: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

export async function openListener(connection: Connection, channel: string, signal: AbortSignal): Promise<Listener> {
  const session = await openSession(connection, signal);
  const waiting: string[] = [];
  let [dropped, wake] = [0, () => undefined as void];
  session.onNotification((payload) => {
    if (waiting.length < waitingMax) waiting.push(payload);
    else dropped++;
    wake();
  });
  void session.ended.then(() => wake());
  try {
    await session.query(`LISTEN ${quoted(channel)}`);
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    get lost() {
      return session.lost;
    },
    dropped() {
      const count = dropped;
      dropped = 0;
      return count;
    },
    peek: (countMax) => waiting.slice(0, countMax),
    done: (count) => void waiting.splice(0, count),
    async wait(delayMs, time) {
      if (waiting.length > 0 || session.lost || time.signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = time.clock.after(delayMs, resolve);
      const stop = () => resolve();
      time.signal.addEventListener('abort', stop);
      await promise;
      time.signal.removeEventListener('abort', stop);
      timer.cancel();
    },
    close: () => session.close(),
  };
}
