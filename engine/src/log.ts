// The log: structured lines on standard error, by pino; as JSON, or as text where a person looks at a terminal.

import type { Logger } from '@mortise/sdk';
import { pino, stdSerializers } from 'pino';
import type { LogLevel } from './flow/definitions.ts';
import { logText } from './log-text.ts';

export type { LogLevel } from './flow/definitions.ts';

/** A log whose level can be changed while it is written. */
export interface EngineLog extends Logger {
  level: LogLevel;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** JSON for programs, or text for people. */
  readonly format?: 'structured' | 'readable';
  /** Takes secrets out of a line. */
  readonly redact?: (line: string) => string;
  /** Takes lines, each with its line feed; standard error where absent: that keeps standard output free for what commands print. */
  readonly write?: (line: string) => void;
}

export function openLog({
  level,
  format = 'structured',
  redact = (line) => line,
  write = writeToStandardError(),
}: LogOptions): EngineLog {
  const stream = {
    write: (line: string): void => write(format === 'readable' ? logText(redact(line)) : redact(line)),
  };
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
    },
    stream,
  );
  // pino's own levels are more; only those of ours are ever set.
  return log as unknown as EngineLog;
}

/** The log with facts that stand on each of its lines, unless the line has them itself. */
export function withFacts(log: Logger, facts: Readonly<Record<string, unknown>>): Logger {
  return {
    debug: (more, sentence) => log.debug({ ...facts, ...more }, sentence),
    info: (more, sentence) => log.info({ ...facts, ...more }, sentence),
    warn: (more, sentence) => log.warn({ ...facts, ...more }, sentence),
    error: (more, sentence) => log.error({ ...facts, ...more }, sentence),
  };
}

/** At once, so that the last lines before the end of a process are there. */
function writeToStandardError(): (line: string) => void {
  const destination = pino.destination({ fd: 2, sync: true });
  return (line) => void destination.write(line);
}
