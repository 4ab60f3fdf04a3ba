// Functions of time, and those that format and parse by pictures.

import { expressionError } from '../errors.ts';
import type { Context } from '../runtime/context.ts';
import { toText } from '../runtime/values.ts';
import { writeDate } from './pictures/dates.ts';
import type { Offset } from './pictures/dates.ts';
import { integerPicture, integerReader, writeInteger } from './pictures/integers.ts';
import { readDate } from './pictures/read-dates.ts';
import { formatNumber } from './pictures/write-numbers.ts';

type Row = readonly [string, number, (...values: never[]) => unknown];

/** A date, or a time with a date, in ISO 8601 as ECMAScript reads it. */
const isoTime = /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;
const isoPicture = '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]';

function millis(cx: Context): number {
  return cx.nowMs;
}

function now(cx: Context, picture?: string, zone?: string): string | undefined {
  return fromMillis(cx, cx.nowMs, picture, zone);
}

function fromMillis(_cx: Context, time: number | undefined, picture?: string, zone?: string): string | undefined {
  if (time === undefined) return undefined;
  if (picture === undefined && zone === undefined && time === Math.trunc(time) && time >= 0 && time < 253_402_300_800_000)
    return new Date(time).toISOString();
  return writeDate(time, picture ?? isoPicture, offsetOf(zone));
}

function offsetOf(zone: string | undefined): Offset {
  if (zone === undefined) return { hours: 0, minutes: 0 };
  const offset = Number.parseInt(zone, 10);
  return { hours: Math.floor(offset / 100), minutes: offset % 100 };
}

function toMillis(cx: Context, text: string | undefined, picture?: string): number | undefined {
  if (text === undefined) return undefined;
  if (picture !== undefined) return readDate(text, picture, cx.nowMs);
  if (!isoTime.test(text)) throw expressionError('D3110', { value: text });
  return Date.parse(text);
}

function formatInteger(_cx: Context, value: number | undefined, picture: string): string | undefined {
  return value === undefined ? undefined : writeInteger(Math.floor(value), integerPicture(picture));
}

function parseInteger(_cx: Context, text: string | undefined, picture: string): number | undefined {
  return text === undefined ? undefined : integerReader(integerPicture(picture), undefined).read(text);
}

function clone(cx: Context, value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(toText(cx, value));
}

export const times: Readonly<Record<string, Row>> = {
  now: ['<s?s?:s>', 2, now],
  millis: ['<:n>', 0, millis],
  fromMillis: ['<n-s?s?:s>', 3, fromMillis],
  toMillis: ['<s-s?:n>', 2, toMillis],
  formatInteger: ['<n-s:s>', 2, formatInteger],
  parseInteger: ['<s-s:n>', 2, parseInteger],
  formatNumber: ['<n-so?:s>', 3, formatNumber],
  clone: ['<(oa)-:o>', 1, clone],
};
