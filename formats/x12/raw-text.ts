// The text of a record as it stood, taken for what it is only while nothing in the value has changed.

import { characterEncodings } from '@mortise/sdk';
import type { CompleteValue } from './complete-value.ts';
import { SegmentCutter } from './cut-segments.ts';
import { groupOf, interchangeOf } from './envelope.ts';
import type { Interchange } from './envelope.ts';
import type { WrittenSegment } from './flat-segments.ts';
import type { X12Options } from './options.ts';
import { cutBytes, readIsa } from './syntax.ts';
import type { Syntax } from './syntax.ts';
import { writeBody } from './write-body.ts';

export interface RawText {
  readonly text: string;
  readonly hasIsa: boolean;
  readonly hasGs: boolean;
  readonly hasGe: boolean;
  readonly hasIea: boolean;
}

const trailers = ['SE', 'GE', 'IEA'];

/** Undefined where the value is not what the text says any more. */
export function readRaw(text: string, value: CompleteValue, options: X12Options): RawText | undefined {
  const bytes = characterEncodings[options.encoding].encode(text);
  if (!bytes) return undefined;
  const beginning = /^\ufeff?\s*(?=ISA)/.exec(text)?.[0];
  const from = beginning === undefined ? undefined : (characterEncodings[options.encoding].encode(beginning)?.length ?? 0);
  const end = from === undefined ? 0 : headerEnd(bytes, from, value, options);
  if (end === undefined) return undefined;
  const segments = cut(bytes.subarray(end), value.syntax, options);
  const gs = segments.find(([name]) => name === 'GS');
  if (gs && JSON.stringify(groupOf(gs)) !== JSON.stringify(value.group)) return undefined;
  const found = segments.filter(([name]) => name !== 'GS' && !trailers.includes(name ?? ''));
  if (!isSame(found, expected(value, options), value.syntax)) return undefined;
  const names = segments.map(([name]) => name);
  return {
    text,
    hasIsa: from !== undefined,
    hasGs: gs !== undefined,
    hasGe: names.includes('GE'),
    hasIea: names.includes('IEA'),
  };
}

function isSame(found: readonly (readonly string[])[], wanted: readonly WrittenSegment[], syntax: Syntax): boolean {
  return (
    found.length === wanted.length &&
    found.every((elements, index) => {
      const other = wanted[index] as WrittenSegment;
      const texts = other.map((one) => (typeof one === 'string' ? one : Buffer.from(one).toString('latin1')));
      return plain(elements, syntax).join('\0') === plain(texts, syntax).join('\0');
    })
  );
}

function expected(value: CompleteValue, options: X12Options): WrittenSegment[] {
  const body = [...writeBody(value, options, false)];
  if (!value.transaction) return body;
  const { controlNumber, implementation } = value.transaction;
  return [['ST', value.set, controlNumber, ...(implementation === undefined ? [] : [implementation])], ...body];
}

/** Where the ISA ends, if it says what the value says. */
function headerEnd(
  bytes: Uint8Array,
  from: number,
  { interchange }: CompleteValue,
  { encoding }: X12Options,
): number | undefined {
  const header = readIsa(bytes, from, bytes.length, encoding, true);
  if (!header || header === 'more') return undefined;
  return inOrder(interchangeOf(header.elements, header.syntax)) === inOrder(interchange) ? header.endBytes : undefined;
}

function inOrder({ controlNumber, standard: _standard, ...rest }: Interchange): string {
  return JSON.stringify([
    controlNumber.padStart(9, '0'),
    ...Object.entries(rest).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}

function cut(bytes: Uint8Array, syntax: Syntax, { encoding }: X12Options): string[][] {
  const cutter = new SegmentCutter();
  cutter.syntax = cutBytes(syntax, encoding);
  cutter.push(bytes);
  const { decode } = characterEncodings[encoding];
  const found: string[][] = [];
  while (cutter.next(true)) {
    const binary = cutter.binaryFrom;
    const part = cutter.bytes.subarray(cutter.from, binary ?? cutter.to);
    const elements = (decode(part) ?? '').replace(/[\r\n]/g, '').split(syntax.element);
    if (binary !== undefined) elements[elements.length - 1] = cutter.bytes.subarray(binary, cutter.to).toString('latin1');
    found.push(elements);
  }
  return found;
}

/** Elements without what is empty at the end of the segment, of a repetition, or of a composite. */
function plain(elements: readonly string[], { component, repetition }: Syntax): string[] {
  const trimmed = (text: string): string => (text.endsWith(component) ? trimmed(text.slice(0, -component.length)) : text);
  const texts = elements.map((text) =>
    (repetition === undefined ? [text] : text.split(repetition)).map(trimmed).join(repetition ?? ''),
  );
  while (texts.length > 1 && texts.at(-1) === '') texts.pop();
  return texts;
}
