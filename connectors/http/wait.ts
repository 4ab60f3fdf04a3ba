// How long a system asks to be left alone: Retry-After, and the headers of rate limits. Pure.

import { parseHttpDate } from './http-date.ts';

/** Whoever names more is asked again after a day. */
export const waitMsMax = 24 * 60 * 60 * 1000;

/** A list of limits is short; what is longer is not read further, since a quote that never ends is looked for again and again. */
const listLengthMax = 2048;

export type AnswerHeaders = Readonly<Record<string, string>>;

/** `Retry-After` (RFC 9110, section 10.2.3) in milliseconds from now: seconds, or a date. Undefined where it says neither. */
export function retryAfterMsOf(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : (parseHttpDate(text, nowMs) ?? Number.NaN) - nowMs;
  return Number.isNaN(ms) ? undefined : clamped(ms);
}

/**
 * The time until a limit that is used up is reset, in milliseconds from now. Undefined where the headers name no limit that is
 * used up. Of several limits the last one to be reset counts.
 */
export function rateLimitMsOf(headers: AnswerHeaders, nowMs: number): number | undefined {
  const waits = [...draftWaits(headers), ...olderWaits(headers, nowMs)];
  return waits.length > 0 ? clamped(Math.max(...waits)) : undefined;
}

/** `RateLimit: "name";r=0;t=30` and `RateLimit-Policy: "name";q=100;w=60` (draft-ietf-httpapi-ratelimit-headers-10). */
function draftWaits(headers: AnswerHeaders): readonly number[] {
  const policies = new Map(limitsOf(headers['ratelimit-policy']).map(({ name, numbers }) => [name, numbers]));
  return limitsOf(headers['ratelimit']).flatMap(({ name, numbers }) => {
    if (numbers.get('r') !== 0) return [];
    const seconds = numbers.get('t') ?? policies.get(name)?.get('w');
    return seconds === undefined ? [] : [seconds * 1000];
  });
}

interface Limit {
  readonly name: string;
  readonly numbers: ReadonlyMap<string, number>;
}

/** A list of items with parameters (RFC 9651); of the parameters only whole numbers matter here. */
function limitsOf(value = ''): readonly Limit[] {
  return splitOutsideQuotes(value.slice(0, listLengthMax), ',').map((item) => {
    const [name = '', ...parameters] = splitOutsideQuotes(item, ';').map((part) => part.trim());
    return { name, numbers: new Map(parameters.flatMap(numberOf)) };
  });
}

function numberOf(parameter: string): readonly (readonly [string, number])[] {
  const [, name, digits] = /^([a-z*][a-z0-9_.*-]*)=(\d{1,15})$/.exec(parameter) ?? [];
  return name === undefined ? [] : [[name, Number(digits)]];
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): readonly string[] {
  return text.match(new RegExp(String.raw`(?:"(?:[^"\\]|\\.)*"|[^"${separator}]|")+`, 'g')) ?? [];
}

/** The headers of older drafts and of before: a limit, what remains, and when it is reset, each under a name of its own. */
function olderWaits(headers: AnswerHeaders, nowMs: number): readonly number[] {
  const lists = ['ratelimit-', 'x-ratelimit-', 'x-rate-limit-'].map((prefix) => ({
    remaining: headers[`${prefix}remaining`],
    resetAfter: headers[`${prefix}reset-after`],
    reset: headers[`${prefix}reset`],
  }));
  return [...lists, draft7(headers['ratelimit'])].flatMap(({ remaining, resetAfter, reset }) => {
    if (remaining?.trim() !== '0') return [];
    const ms = resetMsOf(resetAfter, 0) ?? resetMsOf(reset, nowMs);
    return ms === undefined ? [] : [ms];
  });
}

/** `RateLimit: limit=100, remaining=0, reset=30`, as draft 7 had it. */
function draft7(value = ''): { remaining: string | undefined; resetAfter: string | undefined; reset: undefined } {
  const numberUnder = (name: string) => new RegExp(`(?:^|[,;]) *${name}=(\\d+)`).exec(value)?.[1];
  return { remaining: numberUnder('remaining'), resetAfter: numberUnder('reset'), reset: undefined };
}

/**
 * Some write the seconds that are left, some the second or the millisecond since 1970 at which the limit is reset: by their
 * size one tells which. 10^9 seconds are 31 years, too long for a wait; as a date they are 2001.
 */
function resetMsOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || !/^\s*\d{1,15}(\.\d{1,9})?\s*$/.test(text)) return undefined;
  const value = Number(text);
  if (nowMs === 0 || value < 1e9) return value * 1000;
  return (value < 1e11 ? value * 1000 : value) - nowMs;
}

function clamped(ms: number): number {
  return Math.ceil(Math.min(Math.max(ms, 1), waitMsMax));
}
