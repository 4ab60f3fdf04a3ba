// Types of fields in files that hold only text: integers, decimals, booleans, dates; to values and back, every digit kept.

/** What a text stands for, as in a column of CSV or a field of fixed width. Blanks and padding are the format's business. */
export interface TextType {
  /** What such a text looks like, for messages. */
  readonly expected: string;
  /** The value; undefined where the text is not of the type. */
  read(text: string): unknown;
  /** The text; undefined where the value is not of the type. */
  write(value: unknown): string | undefined;
}

const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Integers: numbers as long as a double holds them exactly, beyond that texts of digits. */
export const integerType: TextType = {
  expected: 'an integer such as 4711 or -12',
  read: (text) => {
    if (!/^[+-]?\d+$/.test(text)) return undefined;
    const value = Number(text);
    return Number.isSafeInteger(value) ? value + 0 : canonical(text);
  },
  write: (value) => {
    if (typeof value === 'string') return /^-?\d+$/.test(value) ? value : undefined;
    return typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : undefined;
  },
};

/** Decimals: texts with a point and every digit, whatever mark the file uses. */
export function decimalType(mark: '.' | ','): TextType {
  const pattern = mark === '.' ? /^[+-]?\d+(?:\.\d+)?$/ : /^[+-]?\d+(?:,\d+)?$/;
  return {
    expected: `a decimal number such as 12${mark}50`,
    read: (text) => (pattern.test(text) ? canonical(text.replace(mark, '.')) : undefined),
    write: (value) => decimalText(value)?.replace('.', mark),
  };
}

/** A number, bigint or text as decimal text with a point; undefined where it is none, or a number too large or small to be written out. */
export function decimalText(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  return typeof text === 'string' && /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined;
}

/** Booleans: written as true and false; 1 and 0 are read as well. */
export const booleanType: TextType = {
  expected: 'true, false, 1 or 0',
  read: (text) => {
    if (/^(?:true|1)$/i.test(text)) return true;
    return /^(?:false|0)$/i.test(text) ? false : undefined;
  },
  write: (value) => (typeof value === 'boolean' ? String(value) : undefined),
};

/**
 * Dates, as `2026-11-30`, whatever pattern of YYYY, MM and DD the file uses. Undefined where the pattern does not have each
 * of them once.
 */
export function dateType(pattern: string): TextType | undefined {
  const parts = pattern.split(/(YYYY|MM|DD)/);
  if (['YYYY', 'MM', 'DD'].some((name) => parts.filter((part) => part === name).length !== 1)) return undefined;
  const digits: Readonly<Record<string, string>> = { YYYY: '\\d{4}', MM: '\\d{2}', DD: '\\d{2}' };
  const expression = new RegExp(`^${parts.map((part) => digits[part] ?? part.replace(/[^\w\s]/g, '\\$&')).join('')}$`);
  const [yearAt, monthAt, dayAt] = [pattern.indexOf('YYYY'), pattern.indexOf('MM'), pattern.indexOf('DD')];
  return {
    expected: `a date as ${pattern}`,
    read: (text) => {
      if (!expression.test(text)) return undefined;
      const [year, month] = [text.slice(yearAt, yearAt + 4), text.slice(monthAt, monthAt + 2)];
      const day = text.slice(dayAt, dayAt + 2);
      return isDate(year, month, day) ? `${year}-${month}-${day}` : undefined;
    },
    write: (value) => {
      if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined;
      const [year, month, day] = [value.slice(0, 4), value.slice(5, 7), value.slice(8)];
      if (!isDate(year, month, day)) return undefined;
      return pattern.replace('YYYY', year).replace('MM', month).replace('DD', day);
    },
  };
}

/** What a field without a type takes: texts, and finite numbers, bigints and booleans as their text; undefined for all others. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const writable = typeof value === 'boolean' || typeof value === 'bigint' || Number.isFinite(value);
  return writable ? String(value) : undefined;
}

/** Without plus sign and leading zeros. */
function canonical(number: string): string {
  return number.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1');
}

/** Whether the Gregorian calendar has this day. */
function isDate(year: string, month: string, day: string): boolean {
  const days = month === '02' && isLeapYear(Number(year)) ? 29 : (daysOfMonths[Number(month) - 1] ?? 0);
  return Number(day) >= 1 && Number(day) <= days;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
