// Retry-After and rate limits: every form that the standards and the large APIs use, and whatever else may stand there.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHttpDate } from './http-date.ts';
import { rateLimitMsOf, retryAfterMsOf, waitMsMax } from './wait.ts';

const nowMs = Date.UTC(2026, 0, 1);
const nowSeconds = nowMs / 1000;
const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The three forms of a date. */
function written(ms: number): readonly [string, string, string] {
  const imf = new Date(ms).toUTCString();
  const [weekday = '', day = '', month = '', year = '', time = ''] = imf.replace(',', '').split(' ');
  const full = names.find((name) => name.startsWith(weekday));
  return [
    imf,
    `${full}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`,
  ];
}

describe('an HTTP date', () => {
  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'is read in the form of "%s"',
    (text) => {
      expect(parseHttpDate(text, nowMs)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    },
  );

  it('gives the same time in all three forms', () => {
    const second = fc.integer({ min: Date.UTC(1980, 0, 1) / 1000, max: Date.UTC(2070, 0, 1) / 1000 });
    fc.assert(
      fc.property(second, (at) => {
        for (const text of written(at * 1000)) expect(parseHttpDate(text, nowMs)).toBe(at * 1000);
      }),
    );
  });

  it('of two digits is at most 50 years ahead', () => {
    expect(parseHttpDate('Wednesday, 01-Jan-76 00:00:00 GMT', nowMs)).toBe(Date.UTC(2076, 0, 1));
    expect(parseHttpDate('Wednesday, 01-Jan-77 00:00:00 GMT', nowMs)).toBe(Date.UTC(1977, 0, 1));
  });

  it.each([
    '',
    '1.5',
    '-5',
    '2026-01-01T00:00:00Z',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 +0100',
    'Sun, 31 Feb 2026 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT and more',
  ])('is none: "%s"', (text) => {
    expect(parseHttpDate(text, nowMs)).toBeUndefined();
  });

  it('may name a leap second', () => {
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT', nowMs)).toBe(Date.UTC(2016, 11, 31, 23, 59, 59));
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 1],
    ['7', 7000],
    [' 7 ', 7000],
    ['86400', waitMsMax],
    ['86401', waitMsMax],
    ['9'.repeat(400), waitMsMax],
    [written(nowMs + 90_000)[0], 90_000],
    [written(nowMs + 90_000)[1], 90_000],
    [written(nowMs + 90_000)[2], 90_000],
    [written(nowMs - 90_000)[0], 1],
    ['Fri, 31 Dec 9999 23:59:59 GMT', waitMsMax],
  ])('"%s" is %i ms', (value, ms) => {
    expect(retryAfterMsOf(value, nowMs)).toBe(ms);
  });

  it.each([undefined, '', 'soon', '-1', '1.5', '1e3', '0x10', '7, 8', 'Infinity'])('%s says nothing', (value) => {
    expect(retryAfterMsOf(value, nowMs)).toBeUndefined();
  });
});

describe('a rate limit that is used up', () => {
  it.each<readonly [Record<string, string>, number]>([
    [{ ratelimit: '"default";r=0;t=30' }, 30_000],
    [{ ratelimit: '"burst";r=5;t=1, "daily";r=0;t=3600' }, 3_600_000],
    [{ ratelimit: '"a,b;r=1";r=0;t=2' }, 2000],
    [{ ratelimit: '"a\\"";r=0 ; t=2' }, 2000],
    [{ ratelimit: 'default;r=0;t=2;pk=:cHJ1:' }, 2000],
    [{ ratelimit: '"default";r=0', 'ratelimit-policy': '"other";q=1;w=9, "default";q=100;w=60' }, 60_000],
    [{ ratelimit: 'limit=100, remaining=0, reset=50' }, 50_000],
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'ratelimit-reset': '50' }, 50_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowSeconds + 60) }, 60_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowMs + 60_500) }, 60_500],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60' }, 60_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0.25' }, 250],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.5', 'x-ratelimit-reset': String(nowSeconds + 9) }, 1500],
    [{ 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(nowSeconds + 60) }, 60_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowSeconds - 60) }, 1],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '999999999999999' }, waitMsMax],
    [{ ratelimit: '"default";r=0;t=999999999999999' }, waitMsMax],
  ])('%j asks for %i ms', (headers, ms) => {
    expect(rateLimitMsOf(headers, nowMs)).toBe(ms);
  });

  it.each<Record<string, string>>([
    {},
    { ratelimit: '"default";r=1;t=30' },
    { ratelimit: '"default";r=0' },
    { ratelimit: '"default";r=00x;t=30' },
    { 'ratelimit-policy': '"default";q=1;w=60' },
    { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '60' },
    { 'x-ratelimit-reset': '60' },
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' },
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1e9' },
  ])('is not in %j', (headers) => {
    expect(rateLimitMsOf(headers, nowMs)).toBeUndefined();
  });

  it('whatever stands in the headers, the time is one to wait, or none', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.constantFrom('0', '"a";r=0;t=1', '"a', ';', ',', '"\\', 'remaining=0,reset=1'),
      fc.integer().map(String),
    );
    const keys = ['ratelimit', 'ratelimit-policy', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-reset-after'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), texts), texts, (headers, retryAfter) => {
        for (const ms of [rateLimitMsOf(headers, nowMs) ?? 1, retryAfterMsOf(retryAfter, nowMs) ?? 1]) {
          expect(Number.isInteger(ms) && ms >= 1 && ms <= waitMsMax).toBe(true);
        }
      }),
    );
  });

  it('is read in no time, however long the header is', () => {
    expect(rateLimitMsOf({ ratelimit: '"'.repeat(60_000) }, nowMs)).toBeUndefined();
    expect(rateLimitMsOf({ ratelimit: '"\\'.repeat(30_000) }, nowMs)).toBeUndefined();
    expect(rateLimitMsOf({ ratelimit: ';'.repeat(60_000) }, nowMs)).toBeUndefined();
  });
});
