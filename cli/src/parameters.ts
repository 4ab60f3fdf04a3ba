// Reads what is written behind options.

import { parseDuration } from '@mortise/sdk';
import { cliError } from './errors.ts';

/** RFC 3339, or as long ago as a duration says; RFC 3339 in UTC. */
export function parseTime(text: string): string {
  const agoMs = parseDuration(text);
  const timeMs = agoMs === undefined ? Date.parse(text) : Date.now() - agoMs;
  if (!Number.isNaN(timeMs)) return new Date(timeMs).toISOString();
  throw cliError('MORTISE_CLI_USAGE', `"${text}" is no time.`, {
    remedy: 'Write RFC 3339, as 2026-11-23T13:00:00Z, or how long ago, as 15m, 2h, 7d.',
  });
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw cliError('MORTISE_CLI_USAGE', `"${text}" is no count; expected a whole number from 1 up.`);
}

/** `30s` to milliseconds. */
export function parseWait(text: string): number {
  const waitMs = parseDuration(text);
  if (waitMs !== undefined) return waitMs;
  throw cliError('MORTISE_CLI_USAGE', `"${text}" is no duration.`, { remedy: 'Write it as 250ms, 5s, 15m.' });
}

/** Collects `NAME=VALUE` that is given several times. */
export function collectPair(text: string, former: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals > 0) return { ...former, [text.slice(0, equals)]: text.slice(equals + 1) };
  throw cliError('MORTISE_CLI_USAGE', `"${text}" is not NAME=VALUE.`);
}
