// Reading a time by a date picture.

import { expressionError } from '../../errors.ts';
import { cached } from './cache.ts';
import { fragmentOf } from './calendar.ts';
import { datePicture, dayNames, monthNames } from './dates.ts';
import type { DatePart, Marker } from './dates.ts';
import { integerReader } from './integers.ts';

interface Reader {
  readonly component: string;
  readonly pattern: string;
  read?(text: string): number | undefined;
}

/** A picture as a regular expression, and what reads each of its groups. */
const dateReader = cached((picture: string): { readonly regex: RegExp; readonly readers: readonly Reader[] } => {
  const readers = datePicture(picture).map(readerOf);
  return { regex: new RegExp(`^${readers.map(({ pattern }) => `(${pattern})`).join('')}$`, 'i'), readers };
});

function readerOf(part: DatePart): Reader {
  if (typeof part === 'string') return { component: '', pattern: RegExp.escape(part) };
  const { component } = part;
  if (component === 'Z' || component === 'z') return { component, ...offsetReader(part) };
  if (component === 'f')
    return { component, pattern: '[0-9]+', read: (text) => Number.parseFloat(`0.${text.slice(0, 3)}`) * 1000 };
  if (part.integer) return { component, ...integerReader(part.integer, part.parsedDigits) };
  const values = namesOf(part);
  return { component, pattern: '[a-zA-Z]+', read: (text) => values.get(text) };
}

function namesOf({ component, widthMax }: Marker): ReadonlyMap<string, number> {
  if (component === 'P') return new Map(Object.entries({ am: 0, AM: 0, pm: 1, PM: 1 }));
  const list = component === 'M' || component === 'x' ? monthNames : component === 'F' ? dayNames : undefined;
  if (!list) throw expressionError('D3133', { value: component });
  return new Map(list.map((name, at) => [widthMax ? name.slice(0, widthMax) : name, at + 1]));
}

/** Minutes from UTC. */
function offsetReader({ component, integer }: Marker): Pick<Reader, 'pattern'> & { read(text: string): number } {
  const separator = integer && integer.every > 0 ? integer.groupings[0]?.character : undefined;
  const prefix = component === 'z' ? 'GMT' : '';
  return {
    pattern: `${prefix}[-+][0-9]+${separator === undefined ? '' : `${RegExp.escape(separator)}[0-9]+`}`,
    read(text) {
      const digits = text.slice(prefix.length);
      const [hours, minutes] = separator === undefined ? [digits.slice(0, 3), digits.slice(3)] : digits.split(separator);
      return Number.parseInt(hours ?? '', 10) * 60 + (minutes ? Number.parseInt(minutes, 10) : 0);
    },
  };
}

type Components = Map<string, number | undefined>;

/** Milliseconds since 1970; undefined where the text does not fit the picture. What the picture leaves out is that of `nowMs`. */
export function readDate(text: string, picture: string, nowMs: number): number | undefined {
  const { regex, readers } = dateReader(picture);
  const found = regex.exec(text);
  if (!found) return undefined;
  const components: Components = new Map();
  for (const [at, { component, read }] of readers.entries()) if (read) components.set(component, read(found[at + 1] as string));
  return components.size === 0 ? undefined : toTime(components, nowMs);
}

function toTime(components: Components, nowMs: number): number {
  const { date, time } = kindOf(components);
  complete(components, date + time, new Date(nowMs));
  // Weeks: which date is meant cannot be told from them alone.
  if (date.startsWith('X')) throw expressionError('D3136');
  const at = (component: string): number => components.get(component) ?? 0;
  const isHalfDay = time.startsWith('P');
  const hours = isHalfDay ? (at('h') === 12 ? 0 : at('h')) + (at('P') === 1 ? 12 : 0) : at('H');
  const isDayOfYear = date === 'Yd';
  const month = isDayOfYear ? 0 : Math.max(at('M') - 1, 0);
  const millis = Date.UTC(at('Y'), month, isDayOfYear ? at('d') : at('D'), hours, at('m'), at('s'), at('f'));
  return millis - (at('Z') || at('z')) * 60_000;
}

/** Which components together tell the date, and which the time of day; the order is from the largest down. */
function kindOf(components: Components): { readonly date: string; readonly time: string } {
  const isOnly = (allowed: string, of: string): boolean => {
    let isGiven = false;
    for (const component of of) {
      if (!components.get(component)) continue;
      if (!allowed.includes(component)) return false;
      isGiven = true;
    }
    return isGiven;
  };
  const dates = 'YXMxWwdD';
  const time = !isOnly('Hmsf', 'PHhmsf') && isOnly('Phmsf', 'PHhmsf') ? 'Phmsf' : 'Hmsf';
  if (isOnly('YMD', dates)) return { date: 'YMD', time };
  if (isOnly('Yd', dates)) return { date: 'Yd', time };
  if (isOnly('XxwF', dates)) return { date: 'XxwF', time };
  return { date: isOnly('XWF', dates) ? 'XWF' : 'YMD', time };
}

/** Fills in what is larger than what was given from now, and what is smaller with the first. Throws D3136 for a gap between. */
function complete(components: Components, order: string, now: Date): void {
  let [begun, ended] = [false, false];
  for (const component of order) {
    if (components.get(component) !== undefined) {
      if (ended) throw expressionError('D3136');
      begun = true;
    } else if (begun) {
      components.set(component, 'MDd'.includes(component) ? 1 : 0);
      ended = true;
    } else components.set(component, fragmentOf(now, component));
  }
}
