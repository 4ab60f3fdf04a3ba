// Dates as HTTP writes them (RFC 9110, section 5.6.7): the one form of today and the two of long ago. Pure.

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const time = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const month = `(?<month>${months.join('|')})`;
const weekday = String.raw`(?:mon|tue|wed|thu|fri|sat|sun)`;
const forms = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  String.raw`${weekday}, (?<day>\d\d) ${month} (?<year>\d{4}) ${time} GMT`,
  // Sunday, 06-Nov-94 08:49:37 GMT
  String.raw`${weekday}[a-z]*, (?<day>\d\d)-${month}-(?<year>\d\d) ${time} GMT`,
  // Sun Nov  6 08:49:37 1994
  String.raw`${weekday} ${month} (?<day>[ \d]\d) ${time} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`, 'i'));

/** Milliseconds since 1970; undefined for what is no date. `nowMs` tells the century of a year of two digits. */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  const groups = forms.map((form) => form.exec(text)?.groups).find(Boolean);
  if (!groups) return undefined;
  const numberOf = (name: string) => Number(groups[name]);
  const [day, hour, minute, second] = [numberOf('day'), numberOf('hour'), numberOf('minute'), numberOf('second')] as const;
  const monthIndex = months.indexOf((groups['month'] ?? '').toLowerCase());
  // A leap second is the last one that a clock of ours can name.
  const inYear = (year: number) => {
    const date = new Date(0);
    date.setUTCFullYear(year, monthIndex, day);
    if (date.getUTCMonth() !== monthIndex || date.getUTCDate() !== day) return undefined;
    return date.setUTCHours(hour, minute, Math.min(second, 59), 0);
  };
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const year = numberOf('year');
  return groups['year']?.length === 2 ? inYear(fullYear(year, nowMs)) : inYear(year);
}

/** A year of two digits that would be more than 50 years ahead is the last one that ended so. */
function fullYear(lastTwo: number, nowMs: number): number {
  const now = new Date(nowMs).getUTCFullYear();
  const year = now - (now % 100) + lastTwo;
  return year > now + 50 ? year - 100 : year;
}
