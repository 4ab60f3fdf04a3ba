// The text of one field: what it holds, and how a value is written there.

import { excerpt, scalarText } from '@mortise/sdk';
import type { Field } from './layout.ts';

/** Undefined where the text is not of the type, or is empty and may not be. */
export function readField(field: Field, text: string): unknown {
  const value = field.typed ? readTyped(field, text) : strip(text, field);
  return field.required && (value === null || value === '') ? undefined : value;
}

/** Null where nothing is there, for a date also where only zeros are; undefined where it is not of the type. */
function readTyped(field: Field, text: string): unknown {
  const content = strip(text, field).trim();
  if (content === '' || (field.type === 'date' && /^0+$/.test(content))) return null;
  return field.typed?.read(content);
}

/** Without the padding, on the side where it stands. Zeros before a number are left to its type, which knows signs. */
function strip(text: string, { pad, align, typed }: Field): string {
  if (typed && pad === '0') return text;
  let [from, to] = [0, text.length];
  if (align === 'left') while (to > from && text[to - 1] === pad) to -= 1;
  else while (from < to && text[from] === pad) from += 1;
  return text.slice(from, to);
}

/** The text, as wide as the field, or what is wrong with the value. */
export function writeField(field: Field, value: unknown): string | { readonly problem: string } {
  const { name, width, typed, required, pad } = field;
  const isEmpty = value === null || value === undefined || value === '';
  if (isEmpty && required) return { problem: `has no "${name}", which is required` };
  if (isEmpty) return (typed ? ' ' : pad).repeat(width);
  const text = typed ? typed.write(value) : scalarText(value);
  if (text === undefined)
    return { problem: `has ${excerpt(value)} in "${name}"; expected ${typed?.expected ?? 'a text, number or boolean'}` };
  const length = lengthOf(text);
  if (length > width) return { problem: `has ${excerpt(value)} in "${name}", ${length} characters long; the field has ${width}` };
  return padded(text, width - length, field);
}

/** Zeros before a number stand behind its sign. */
function padded(text: string, count: number, { align, pad, typed }: Field): string {
  if (align === 'left') return text + pad.repeat(count);
  if (typed && pad === '0' && text.startsWith('-')) return `-${pad.repeat(count)}${text.slice(1)}`;
  return pad.repeat(count) + text;
}

/** In characters, as the widths count. */
export function lengthOf(text: string): number {
  return /[\ud800-\udbff]/.test(text) ? Array.from(text).length : text.length;
}

/** The characters of a record from one place up to another. */
export function part(record: string | string[], from: number, to: number): string {
  return typeof record === 'string' ? record.slice(from, to) : record.slice(from, to).join('');
}
