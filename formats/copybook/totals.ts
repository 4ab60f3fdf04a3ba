// Totals that a trailer says of the records before it: counted and summed up beside, and compared.

import { decimalText } from '@mortise/sdk';
import { isHoisted } from './keys.ts';
import { isRecord } from './members.ts';
import type { RecordValue } from './members.ts';
import { findField, everyField } from './layout.ts';
import type { Field } from './layout.ts';
import { fault } from './record-plan.ts';
import type { RecordPlan } from './record-plan.ts';

interface Total {
  readonly name: string;
  readonly trailer: Field;
  readonly path: readonly string[];
  readonly of: Field | undefined;
  readonly sumPath: readonly string[] | undefined;
  /** In units of the last of `decimals` digits. */
  sum: bigint;
  /** Whether the trailer has come since the last record that it counts; of all records: whether it has come at all. */
  isOwed: boolean;
  hasCome: boolean;
}

/** What sums are kept in: more decimals than any picture has. */
const decimals = 40;

export class Totals {
  readonly #totals: Total[];
  #unread = 0;

  constructor(plan: RecordPlan) {
    this.#totals = plan.options.totals.map(({ record, field, of, sum }): Total => {
      const trailer = kindBy(plan, record);
      const counted = of === undefined ? undefined : kindBy(plan, of);
      return {
        name: field,
        trailer,
        path: pathOf(plan, trailer, field),
        of: counted,
        sumPath: sum === undefined ? undefined : pathOf(plan, counted ?? trailer, sum),
        sum: 0n,
        isOwed: false,
        hasCome: false,
      };
    });
  }

  get isEmpty(): boolean {
    return this.#totals.length === 0;
  }

  /** What is wrong with the totals of this record, where it is a trailer; every record is added up. */
  check(taken: readonly Field[], value: RecordValue): string | undefined {
    const problems: string[] = [];
    for (const total of this.#totals) {
      if (!taken.includes(total.trailer)) {
        if (!total.of || taken.includes(total.of)) {
          total.sum += amountOf(total, value);
          total.isOwed = true;
        }
        continue;
      }
      const said = scaled(valueAt(value, total.path));
      if (said !== total.sum) problems.push(`says ${text(said)} in "${total.name}"; ${this.#found(total)}`);
      total.sum = 0n;
      total.isOwed = false;
      total.hasCome = true;
    }
    const isTrailer = this.#totals.some(({ trailer }) => taken.includes(trailer));
    if (isTrailer) this.#unread = 0;
    return problems.length > 0 ? problems.join('; ') : undefined;
  }

  /** Counts a record that could not be read: it is there all the same, and its amounts are not known. */
  addUnread(taken: readonly Field[]): void {
    this.#unread += 1;
    for (const total of this.#totals)
      if (!total.sumPath && (!total.of || taken.includes(total.of)) && !taken.includes(total.trailer))
        total.sum += scaled('1') ?? 0n;
  }

  /** What is wrong at the end of the file: a trailer that never came, as where the file was cut off between two records. */
  missing(): string | undefined {
    const owed = this.#totals.find(({ isOwed, of, hasCome }) => isOwed && (of !== undefined || !hasCome));
    return owed && `There is no "${owed.trailer.name}" behind the last record, which would say "${owed.name}".`;
  }

  /** Writes the totals that a trailer has not. */
  fill(taken: readonly Field[], value: RecordValue): void {
    for (const { trailer, path, sum } of this.#totals)
      if (taken.includes(trailer) && valueAt(value, path) === undefined) setAt(value, path, text(sum));
  }

  #found({ sum, sumPath }: Total): string {
    const unread = this.#unread === 0 ? '' : `, and ${this.#unread} that could not be read`;
    return `the records before it ${sumPath ? 'add up to' : 'are'} ${text(sum)}${unread}`;
  }
}

function kindBy({ named, records }: RecordPlan, name: string): Field {
  const found = named.get(name.toUpperCase());
  if (!found) throw fault(`"totals" names "${name}", which "choose" does not; there are ${records.length} records.`);
  return found;
}

/** The keys from the value to a field of the record that the alternative is, or stands in. */
function pathOf({ keys, isWrapped }: RecordPlan, kind: Field, name: string): string[] {
  let record = kind;
  while (record.parent) record = record.parent;
  const [own = '', ...within] = name.split(/ (?:of|in) /i);
  const field = findField([...everyField(record)], { name: own, within });
  if (!field?.storage) throw fault(`"totals" names "${name}", which is no field of "${record.name}".`);
  const path: string[] = [];
  for (let one: Field | undefined = field; one && one !== record; one = one.parent) {
    if (one.occurs) throw fault(`"totals" names "${name}", which stands in a table.`);
    if (!isHoisted(one)) path.unshift(keys.get(one) ?? '');
  }
  return isWrapped ? [keys.get(record) ?? '', ...path] : path;
}

function amountOf({ sumPath }: Total, value: RecordValue): bigint {
  return (sumPath ? scaled(valueAt(value, sumPath)) : scaled('1')) ?? 0n;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) at = isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}

function setAt(value: RecordValue, path: readonly string[], written: string): void {
  const parent = path.length > 1 ? valueAt(value, path.slice(0, -1)) : value;
  const key = path.at(-1);
  if (isRecord(parent) && key !== undefined) parent[key] = written;
}

function scaled(value: unknown): bigint | undefined {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimalText(value) ?? '') ?? [];
  return whole === '' ? undefined : BigInt(sign + whole + fraction.padEnd(decimals, '0').slice(0, decimals));
}

function text(sum: bigint | undefined): string {
  if (sum === undefined) return 'nothing';
  const digits = (sum < 0n ? -sum : sum).toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}
