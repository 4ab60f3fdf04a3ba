// What a record has otherwise than it would be written: noted beside its values, and written again as long as it says the same.

import { lengthOf, part, readField, writeField } from './field-text.ts';
import type { Field, Layout } from './layout.ts';

/** The property that holds it: texts by the name of their field, by `#` and the place of a gap, and `#length` of a short record. */
export const irregularKey = '#irregular';
const lengthKey = '#length';

export type Noted = Readonly<Record<string, unknown>>;

/** Undefined where nothing is irregular. `length`, where it counts, is how many characters the record had before it was padded. */
export function irregularOf(
  { fields, gaps, length: whole }: Layout,
  record: string | string[],
  value: Readonly<Record<string, unknown>>,
  length: number,
): Noted | undefined {
  const texts: (readonly [string, string])[] = [];
  for (const field of fields) {
    // A text that was stripped on its padded side is padded to the same again.
    if (!field.typed) continue;
    const text = part(record, field.from, field.to);
    if (writeField(field, value[field.name]) !== text) texts.push([field.name, text]);
  }
  for (const { from, to } of gaps) {
    const text = part(record, from, to);
    if (!isBlank(text)) texts.push([gapKey(from), text]);
  }
  if (length < whole) texts.push([lengthKey, String(length)]);
  return texts.length > 0 ? Object.fromEntries(texts) : undefined;
}

/** The noted text of a field, where reading it gives the value that is to be written. */
export function notedField(noted: Noted, field: Field, value: unknown): string | undefined {
  const text = notedText(noted, field.name, field.width);
  return text !== undefined && readField(field, text) === (value ?? (field.typed ? null : '')) ? text : undefined;
}

export function notedGap(noted: Noted, from: number, to: number): string | undefined {
  return notedText(noted, gapKey(from), to - from);
}

/** The line as short as it was, as long as that loses only spaces. */
export function shortened(noted: Noted, line: string): string {
  const length = Object.hasOwn(noted, lengthKey) ? Number(noted[lengthKey]) : Number.NaN;
  const characters = Array.from(line);
  const isShort = Number.isInteger(length) && length > 0 && isBlank(characters.slice(length).join(''));
  return isShort ? characters.slice(0, length).join('') : line;
}

function notedText(noted: Noted, key: string, width: number): string | undefined {
  const text = Object.hasOwn(noted, key) ? noted[key] : undefined;
  return typeof text === 'string' && lengthOf(text) === width ? text : undefined;
}

function gapKey(from: number): string {
  return `#${from + 1}`;
}

function isBlank(text: string): boolean {
  return /^ *$/.test(text);
}
