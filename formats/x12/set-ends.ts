// What ST and SE say: which transaction set it is, its number, and how many segments it has.

import type { Finding } from './findings.ts';
import type { X12Options } from './options.ts';
import type { OpenRecord } from './record.ts';
import type { SetPlaces } from './set-places.ts';
import type { Transaction } from './value.ts';

export interface SetEnds {
  readonly code: string;
  readonly transaction: Transaction;
  /** The index of SE, or of what would be behind the last segment. */
  readonly last: number;
  readonly findings: readonly Finding[];
}

export function checkEnds(
  record: OpenRecord,
  segments: readonly (readonly string[])[],
  places: SetPlaces,
  { sets }: X12Options,
): SetEnds {
  const [, code = '', number = '', implementation] = segments[0] ?? [];
  const begin = segments[0] ?? [];
  const findings: Finding[] = [];
  if (!/^[0-9A-Z]{3}$/.test(code))
    findings.push(
      places.finding('set-code', 0, begin, `ST01 is "${code.slice(0, 20)}"; expected three characters.`, {
        element: 1,
        value: code,
      }),
    );
  else if (sets && !sets.includes(code))
    findings.push(
      places.finding('set-unsupported', 0, begin, `ST01 is "${code}"; expected one of ${sets.join(', ')}.`, {
        element: 1,
        value: code,
      }),
    );
  if (!/^[\x21-\x7e]{4,9}$/.test(number))
    findings.push(
      places.finding('set-number-invalid', 0, begin, `ST02 is "${number.slice(0, 20)}"; expected 4 to 9 characters.`, {
        element: 2,
        value: number,
      }),
    );
  else if (record.group && !record.group.numbers.add(number))
    findings.push(
      places.finding('set-number-repeated', 0, begin, `ST02 is "${number}", as in another transaction set of the group.`, {
        element: 2,
        value: number,
      }),
    );
  const last = segments.length - 1;
  const end = segments[last] ?? [];
  const isEnded = last > 0 && end[0] === 'SE';
  if (isEnded) findings.push(...checkTrailer(end, last, number, places));
  if (begin.length > (implementation === undefined ? 3 : 4) || end.length !== 3 || end[1] !== String(segments.length))
    record.irregular = true;
  const transaction = { controlNumber: number, ...(implementation === undefined ? {} : { implementation }) };
  return { code, transaction, last: isEnded ? last : segments.length, findings };
}

function checkTrailer(end: readonly string[], last: number, number: string, places: SetPlaces): Finding[] {
  const [, count = '', again = ''] = end;
  const found: Finding[] = [];
  if (!/^\d{1,10}$/.test(count) || Number(count) !== last + 1)
    found.push(
      places.finding('segment-count', last, end, `SE01 is "${count}"; the transaction set has ${last + 1} segments.`, {
        element: 1,
        value: count,
      }),
    );
  if (again !== number)
    found.push(
      places.finding('set-number-differs', last, end, `SE02 is "${again}"; ST02 was "${number}".`, { element: 2, value: again }),
    );
  return found;
}
