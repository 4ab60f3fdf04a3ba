// The layout of a record: where each field stands and what it holds, checked so that every record has one meaning.

import { dateType, decimalType, hasFixedWidth, integerType } from '@mortise/sdk';
import type { FormatOptionsOf, TextType } from '@mortise/sdk';
import { fixedWidthError } from './errors.ts';
import type format from './format.ts';
import type { FieldOptions } from './format.ts';
import { impliedDecimals } from './implied-decimals.ts';

export type FixedWidthOptions = FormatOptionsOf<typeof format>;

export interface Field {
  readonly name: string;
  /** In characters from 0; `to` is the place behind the last one. */
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly type: FieldOptions['type'];
  /** Undefined for text. */
  readonly typed: TextType | undefined;
  readonly align: 'left' | 'right';
  readonly pad: string;
  readonly required: boolean;
}

export interface Layout {
  /** By place. */
  readonly fields: readonly Field[];
  /** Places that no field has, as fields have theirs. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** How many characters a record has. */
  readonly length: number;
}

/** Throws MORTISE_FIXED_WIDTH_LAYOUT. */
export function layoutOf({ fields, recordLength, newline, encoding, irregular }: FixedWidthOptions): Layout {
  if (fields.length === 0) throw fault('There are no fields; expected at least one.');
  if (newline === 'none' && !hasFixedWidth(encoding))
    throw fault(`Records of ${encoding} have no fixed number of bytes; expected line ends, or another encoding.`);
  if (newline !== 'none' && encoding.startsWith('ebcdic-'))
    throw fault(`Lines of ${encoding} are not read here; expected "newline: none", or the format copybook.`);
  let next = 0;
  const placed = fields.map((one) => {
    const from = one.at === undefined ? next : one.at - 1;
    next = from + one.width;
    return fieldOf(one, from);
  });
  const ordered = placed.toSorted((one, other) => one.from - other.from);
  refuseOverlap(ordered);
  const names = new Set<string>();
  for (const { name } of placed)
    if (names.size === names.add(name).size) throw fault(`Two fields are named "${name}"; expected different names.`);
  const marked = placed.find(({ name }) => irregular === 'keep' && name.startsWith('#'));
  if (marked)
    throw fault(`The field "${marked.name}" begins with "#", as what "irregular: keep" notes does; expected another name.`);
  const end = ordered.at(-1)?.to ?? 0;
  if (recordLength !== undefined && recordLength < end)
    throw fault(`The fields reach to place ${end}; the record has ${recordLength} characters.`);
  const length = recordLength ?? end;
  return { fields: ordered, gaps: gapsOf(ordered, length), length };
}

function refuseOverlap(ordered: readonly Field[]): void {
  for (const [index, { name, from }] of ordered.entries()) {
    const before = ordered[index - 1];
    if (before && before.to > from)
      throw fault(`The field "${name}" begins at ${from + 1}; expected it behind "${before.name}", which ends at ${before.to}.`);
  }
}

function gapsOf(ordered: readonly Field[], length: number): Layout['gaps'] {
  const all = [0, ...ordered.map(({ to }) => to)].map((from, index) => ({ from, to: ordered[index]?.from ?? length }));
  return all.filter(({ from, to }) => to > from);
}

function fieldOf(options: FieldOptions, from: number): Field {
  const { name, width, type, required } = options;
  const isNumber = type === 'integer' || type === 'decimal';
  const { align = isNumber ? 'right' : 'left', pad = isNumber ? '0' : ' ' } = options;
  if (isNumber && /[1-9+.-]/.test(pad))
    throw fault(`The field "${name}" cannot be padded with "${pad}", which could be a part of the number.`);
  if (isNumber && pad === '0' && align === 'left')
    throw fault(`The field "${name}" cannot be padded with zeros on the right: that makes another number of it.`);
  if (options.scale !== undefined && type !== 'decimal')
    throw fault(`The field "${name}" has a scale and is of type ${type}; expected decimal.`);
  return { name, from, to: from + width, width, type, required, align, pad, typed: typedOf(options) };
}

function typedOf({ name, type, scale, pattern, width }: FieldOptions): TextType | undefined {
  if (type === 'text') return undefined;
  if (type === 'integer') return integerType;
  if (type === 'decimal') return scale === undefined ? decimalType('.') : impliedDecimals(scale);
  const typed = dateType(pattern);
  if (!typed) throw fault(`The pattern "${pattern}" of the field "${name}" is none; expected YYYY, MM and DD, each once.`);
  if (pattern.length > width)
    throw fault(`The pattern "${pattern}" of the field "${name}" needs ${pattern.length} characters; the field has ${width}.`);
  return typed;
}

function fault(message: string): Error {
  return fixedWidthError('MORTISE_FIXED_WIDTH_LAYOUT', message);
}
