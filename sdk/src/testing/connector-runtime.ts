// What a connector borrows from the engine, for tests: the real clock, a clock turned by hand, and a log that records.

import type { Clock, Logger } from '../runtime.ts';

/** The clock of the machine. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** A clock that stands still until it is turned. */
export interface ManualClock extends Clock {
  /** Turns the clock on and fires, in order, what falls due; each timer sees its own time. */
  advance(ms: number): void;
  /** How many timers are pending: none should be after `close()`. */
  readonly pending: number;
}

export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  const timers = new Set<{ readonly atMs: number; readonly fire: () => void }>();
  const nextDue = (untilMs: number) =>
    [...timers].filter((timer) => timer.atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => nowMs,
    after(delayMs, fire) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), fire };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        timers.delete(due);
        nowMs = due.atMs;
        due.fire();
      }
      nowMs = untilMs;
    },
    get pending() {
      return timers.size;
    },
  };
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly facts: Readonly<Record<string, unknown>>;
  readonly sentence: string;
}

/** A log that keeps its lines for the test to read. */
export interface RecordingLogger extends Logger {
  readonly lines: readonly LogLine[];
}

export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const write = (level: LogLine['level']) => (facts: LogLine['facts'], sentence: string) =>
    void lines.push({ level, facts, sentence });
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
