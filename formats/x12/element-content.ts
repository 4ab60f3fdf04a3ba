// Whether the text of an element is of its type, as X12.6 says: numbers, dates, times, lengths.

import type { FindingName } from './findings.ts';
import type { ElementSpec } from './specification.ts';

const integer = /^-?\d+$/;
const decimal = /^-?(\d+\.?\d*|\.\d+)(E-?\d+)?$/;
/** What is wrong with a text that is not empty; undefined where nothing is. */
export function contentFault(spec: ElementSpec, text: string): FindingName | undefined {
  const { type } = spec;
  if (type === 'AN' || type === 'ID') return textFault(spec, text);
  if (type === 'N')
    return hasDigitsOnly(text) || integer.test(text)
      ? lengthFault(spec, text.length - (text.startsWith('-') ? 1 : 0))
      : 'element-characters';
  if (type === 'R') return hasDigitsOnly(text) || decimal.test(text) ? lengthFault(spec, digitsIn(text)) : 'element-characters';
  if (type === 'DT') return lengthFault(spec, text.length) ?? (isDate(text) ? undefined : 'element-date');
  if (type === 'TM') return lengthFault(spec, text.length) ?? (isTime(text) ? undefined : 'element-time');
  return undefined;
}

function textFault(spec: ElementSpec, text: string): FindingName | undefined {
  const fault = lengthFault(spec, text.length);
  if (fault) return fault === 'element-long' && Array.from(text).length <= spec.maximum ? undefined : fault;
  if (hasControl(text)) return 'element-characters';
  if (spec.codes && !spec.codes.has(text)) return spec.tightened ? 'element-partner-code' : 'element-code';
  return undefined;
}

/** Basic and extended characters are all that print; of controls, none is data. */
function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code > 0x7e && code < 0xa0)) return true;
  }
  return false;
}

function lengthFault({ minimum, maximum }: ElementSpec, length: number): FindingName | undefined {
  if (length < minimum) return 'element-short';
  return length > maximum ? 'element-long' : undefined;
}

/** Most numbers are such, and an expression takes longer to say so. */
function hasDigitsOnly(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** A sign, a point and the mark of an exponent do not count. */
function digitsIn(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) count += 1;
  }
  return count;
}

/** YYMMDD or CCYYMMDD, of a day that there is. */
function isDate(text: string): boolean {
  if (!/^(\d{6}|\d{8})$/.test(text)) return false;
  const day = Number(text.slice(-2));
  const month = Number(text.slice(-4, -2));
  const year = text.length === 8 ? Number(text.slice(0, 4)) : 2000 + Number(text.slice(0, 2));
  if (month < 1 || month > 12 || day < 1) return false;
  if (month !== 2) return day <= (month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
  return day <= (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28);
}

/** HHMM, with seconds, and decimal seconds. */
function isTime(text: string): boolean {
  return /^([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?$/.test(text);
}

const expectations: Readonly<Record<ElementSpec['type'], string>> = {
  N: 'digits',
  R: 'a decimal number',
  ID: 'a code',
  AN: 'a text',
  DT: 'a date',
  TM: 'a time',
  B: 'bytes',
};

export function expectedContent({ type, minimum, maximum }: ElementSpec): string {
  return `${expectations[type]} of ${minimum === maximum ? minimum : `${minimum} to ${maximum}`} characters`;
}
