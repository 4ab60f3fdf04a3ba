// Dates of a spreadsheet: days since an epoch, told from numbers by their format only.

const dayMs = 86_400_000;
/** Day 0 of 1900, as far as the days behind 1900-02-28 go: the format believes that 1900 was a leap year. */
const epoch1900 = Date.UTC(1899, 11, 30);
const epoch1904 = Date.UTC(1904, 0, 1);
const leapDay = 60;

/** Formats that have no code of their own in the file (ECMA-376, 18.8.30), those of East Asia among them. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined)
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id === 45 || id === 47 || (id >= 50 && id <= 58);
  const [first = ''] = code.split(';');
  // Elapsed time, [h], is a number of days and no date; colours and locales stand in brackets too.
  if (/\[(h+|m+|s+)\]/i.test(first)) return false;
  return /[dmyhs]/i.test(first.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|general/gi, ''));
}

/** 2026-11-26, 2026-11-26T14:05:08, or 14:05:08 below one day; undefined where the number is no date. */
export function dateText(serial: number, is1904: boolean): string | undefined {
  if (!(serial >= 0) || (!is1904 && Math.floor(serial) === leapDay)) return undefined;
  const shift = !is1904 && serial < leapDay ? 1 : 0;
  const epoch = is1904 ? epoch1904 : epoch1900;
  const date = new Date(epoch + Math.round((serial + (serial >= 1 ? shift : 0)) * dayMs));
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return undefined;
  const [day = '', time = ''] = date.toISOString().replace('Z', '').replace('.000', '').split('T');
  if (serial < 1 && !is1904) return time;
  return time === '00:00:00' ? day : `${day}T${time}`;
}

/** The number of a date or time of ISO 8601 without a zone, in the epoch of 1900; undefined where it is none. */
export function dateSerial(text: string): number | undefined {
  const time = /^\d\d:\d\d:\d\d(\.\d{1,3})?$/.test(text);
  if (!time && !/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,3})?)?$/.test(text)) return undefined;
  const parsed = Date.parse(`${time ? '1899-12-30T' : ''}${text}${text.includes(':') ? 'Z' : 'T00:00:00Z'}`);
  const serial = (parsed - epoch1900) / dayMs;
  const written = serial < leapDay + 1 && !time ? serial - 1 : serial;
  // What would be read as another date, one before 1900 for example, is none.
  return dateText(written, false) ===
    text
      .replace(/(\.\d)$/, '$100')
      .replace(/(\.\d\d)$/, '$10')
      .replace('.000', '')
      .replace('T00:00:00', '')
    ? written
    : undefined;
}
