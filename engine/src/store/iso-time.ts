// Times as text (RFC 3339, in UTC, with milliseconds): those of messages that come close together share all but the last digits.

let [lastSecond, lastText] = [Number.NaN, ''];

/** The text of a time. Throws a RangeError for what is none. */
export function isoTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) [lastSecond, lastText] = [second, new Date(second * 1000).toISOString().slice(0, -4)];
  return `${lastText}${String(Math.trunc(ms - second * 1000)).padStart(3, '0')}Z`;
}
