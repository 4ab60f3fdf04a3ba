// Date pictures: XPath and XQuery Functions and Operators 3.1, section 9.8 (format-dateTime), and how a time is written by one.

import { expressionError } from '../../errors.ts';
import { cached, pictureCharactersMax } from './cache.ts';
import { fragmentOf } from './calendar.ts';
import { integerPicture, writeInteger } from './integers.ts';
import type { IntegerPicture } from './integers.ts';

export const monthNames = 'January February March April May June July August September October November December'.split(' ');
export const dayNames = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/** One component of a date, as `[M01]`. */
export interface Marker {
  readonly component: string;
  /** A name is written, in this case. */
  readonly names?: 'upper' | 'lower' | 'title';
  readonly integer?: IntegerPicture;
  readonly widthMax?: number;
  /** Of a year: so many of its last digits. */
  readonly yearDigits?: number;
  /** Zulu time is written as `Z`. */
  readonly isMilitary: boolean;
  /** Read: exactly so many digits, since more of them follow at once. */
  readonly parsedDigits?: number;
}

export type DatePart = string | Marker;

/** How a component is written where the picture does not say. */
const defaults: Readonly<Record<string, string>> = {
  Y: '1', M: '1', D: '1', d: '1', F: 'n', W: '1', w: '1', X: '1', x: '1', H: '1', h: '1',
  P: 'n', m: '01', s: '01', f: '1', Z: '01:01', z: '01:01', C: 'n', E: 'n',
}; // biome-ignore format: a table

const numbered = 'YMDdFWwXxHhmsf';

/** Reads a picture. Throws D3132, D3135. */
export const datePicture = cached((picture: string): readonly DatePart[] => {
  const parts: DatePart[] = [];
  let literal = '';
  for (let at = 0; at < picture.length; at += 1) {
    if (picture[at] !== '[' || picture[at + 1] === '[') {
      literal += picture[at];
      if (picture[at] === '[' || (picture[at] === ']' && picture[at + 1] === ']')) at += 1;
      continue;
    }
    const end = picture.indexOf(']', at);
    if (end < 0) throw expressionError('D3135', { value: picture });
    if (literal !== '') parts.push(literal);
    literal = '';
    addMarker(parts, markerOf(picture.slice(at + 1, end).replaceAll(/\s+/g, '')));
    at = end;
  }
  if (literal !== '') parts.push(literal);
  return parts;
});

/** Digits that follow digits at once are told apart by their number. */
function addMarker(parts: DatePart[], marker: Marker): void {
  const before = parts.at(-1);
  if (marker.integer && numbered.includes(marker.component) && typeof before === 'object' && before.integer)
    parts[parts.length - 1] = { ...before, parsedDigits: before.integer.mandatoryDigits };
  parts.push(marker);
}

function markerOf(text: string): Marker {
  const component = text[0] ?? '';
  const comma = text.lastIndexOf(',');
  const width = comma < 0 ? {} : widthOf(text.slice(comma + 1));
  const modifiers = comma < 0 ? text.slice(1) : text.slice(1, comma);
  const second = modifiers.length > 1 && 'atco'.includes(modifiers.at(-1) as string) ? modifiers.at(-1) : undefined;
  const written = second === undefined ? modifiers : modifiers.slice(0, -1);
  const first = written === '' ? (Object.hasOwn(defaults, component) ? defaults[component] : undefined) : written;
  if (first === undefined) throw expressionError('D3132', { value: component });
  const base = { component, isMilitary: second === 't', ...(width.max === undefined ? {} : { widthMax: width.max }) };
  if (first[0] === 'n') return { ...base, names: 'lower' };
  if (first[0] === 'N') return { ...base, names: first[1] === 'n' ? 'title' : 'upper' };
  if (component === 'Z' || component === 'z') return { ...base, integer: integerPicture(first) };
  if (!numbered.includes(component)) return base;
  return { ...base, ...numberOf(component, second === undefined ? first : `${first};${second}`, width) };
}

interface Width {
  readonly min?: number;
  readonly max?: number;
}

function widthOf(text: string): Width {
  const [min, max] = text.split('-', 2).map((part) => (part === '*' ? undefined : Number.parseInt(part, 10)));
  if (Math.max(min ?? 0, max ?? 0) > pictureCharactersMax) throw expressionError('D3142', { value: text });
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function numberOf(component: string, picture: string, { min = 0, max }: Width): Pick<Marker, 'integer' | 'yearDigits'> {
  const integer = integerPicture(picture);
  const atLeast = { ...integer, mandatoryDigits: Math.max(integer.mandatoryDigits, min) };
  if (component !== 'Y') return { integer: atLeast };
  if (max !== undefined) return { integer: { ...atLeast, mandatoryDigits: max }, yearDigits: max };
  const digits = atLeast.mandatoryDigits + atLeast.optionalDigits;
  return { integer: atLeast, ...(digits >= 2 ? { yearDigits: digits } : {}) };
}

/** An offset from UTC, written as `+0530`. */
export interface Offset {
  readonly hours: number;
  readonly minutes: number;
}

/** A time (milliseconds since 1970) by a picture, at an offset from UTC. */
export function writeDate(millis: number, picture: string, offset: Offset): string {
  const date = new Date(millis + (offset.hours * 60 + offset.minutes) * 60_000);
  return datePicture(picture)
    .map((part) => (typeof part === 'string' ? part : writeMarker(date, part, offset)))
    .join('');
}

function writeMarker(date: Date, marker: Marker, offset: Offset): string {
  const { component, names, integer } = marker;
  if (component === 'Z' || component === 'z') return writeOffset(offset, marker);
  if (component === 'P') return cased(date.getUTCHours() >= 12 ? 'pm' : 'am', names === 'upper' ? 'upper' : 'title');
  if (component === 'C' || component === 'E') return 'ISO';
  const found = fragmentOf(date, component);
  if (names) return nameOf(found, marker);
  const value = marker.yearDigits === undefined ? found : found % 10 ** marker.yearDigits;
  return integer ? writeInteger(value, integer) : String(value);
}

function nameOf(value: number, { component, names, widthMax }: Marker): string {
  const list = component === 'M' || component === 'x' ? monthNames : component === 'F' ? dayNames : undefined;
  if (!list) throw expressionError('D3133', { value: component });
  return cased(list[value - 1] as string, names).slice(0, widthMax);
}

function cased(text: string, names: Marker['names']): string {
  return names === 'upper' ? text.toUpperCase() : names === 'lower' ? text.toLowerCase() : text;
}

function writeOffset({ hours, minutes }: Offset, { component, integer, isMilitary }: Marker): string {
  const offset = hours * 100 + minutes;
  if (offset === 0 && isMilitary) return 'Z';
  const text = offsetDigits(hours, minutes, offset, integer as IntegerPicture);
  return `${component === 'z' ? 'GMT' : ''}${offset >= 0 ? '+' : ''}${text}`;
}

function offsetDigits(hours: number, minutes: number, offset: number, picture: IntegerPicture): string {
  const digits = picture.mandatoryDigits;
  if (picture.every > 0 || digits === 3 || digits === 4) return writeInteger(offset, picture);
  if (digits !== 1 && digits !== 2) throw expressionError('D3134', { value: digits });
  return writeInteger(hours, picture) + (minutes === 0 ? '' : `:${writeInteger(minutes, integerPicture('00'))}`);
}
