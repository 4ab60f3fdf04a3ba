// The segments of a transaction set as texts and elements, out of the bytes that the cutter holds.

/* oxlint-disable unicorn/no-new-array -- lists of a known length are made as long at once: that is much of what cutting costs. */

import { isAscii } from 'node:buffer';
import { characterEncodings, undecodable } from '@mortise/sdk';
import type { Position } from '@mortise/sdk';
import type { SegmentCutter } from './cut-segments.ts';
import { bytesBetween } from './record.ts';
import type { OpenRecord } from './record.ts';
import type { X12Options } from './options.ts';
import type { Syntax } from './syntax.ts';

export interface SetSegments {
  /** Each segment's elements, its name first. */
  readonly segments: readonly (readonly string[])[];
  /** Whether writing the elements again gives the same bytes. */
  readonly regular: boolean;
  /** Whether there is no component and no repetition separator in any of them. */
  readonly plain: boolean;
}

/** Throws MORTISE_FORMAT_ENCODING. */
export function readSegments(
  record: OpenRecord,
  cutter: SegmentCutter,
  { encoding }: X12Options,
  position: Position,
): SetSegments {
  const { spans, state } = record;
  const { element, component, repetition, terminator, newline } = state.syntax;
  const from = spans[0] as number;
  const bytes = bytesBetween(cutter, from, spans.at(-1) as number);
  const ascii = isAscii(bytes);
  const { decode } = characterEncodings[encoding];
  const whole = ascii ? bytes.toString('latin1') : decode(bytes);
  if (whole === undefined) return readBinary(record, bytes, encoding, position);
  const broken = record.irregular || hasStrayBreaks(whole, spans.length / 2 - 1, newline);
  const segments: string[][] = [];
  let binary = false;
  for (let span = 0; span < spans.length; span += 2) {
    const start = (spans[span] as number) - from;
    const end = (spans[span + 1] as number) - from;
    if (ascii && !broken && whole.charCodeAt(start) !== 0x42) {
      segments.push(elementsBetween(whole, start, end, element));
      continue;
    }
    const text = ascii ? whole.slice(start, end) : (decode(bytes.subarray(start, end)) ?? '');
    const isData = text.charCodeAt(0) === 0x42 && isBinary(text, element);
    binary ||= isData;
    if (isData) segments.push(binaryElements(bytes.subarray(start, end), element, encoding));
    else segments.push((broken ? text.replace(/[\r\n]/g, '') : text).split(element));
  }
  const plain = !binary && !whole.includes(component) && (repetition === undefined || !whole.includes(repetition));
  const empties = plain ? [element + terminator] : emptyEnds(state.syntax);
  const regular = !binary && !empties.some((one) => whole.includes(one)) && !(broken && hasBreaks(whole, newline, terminator));
  return { segments, plain, regular: regular || (binary && !record.irregular && areWritable(segments, state.syntax)) };
}

/** The same as to split the text between the two places, with less work: the list is made as long as it will be. */
function elementsBetween(whole: string, from: number, to: number, element: string): string[] {
  let count = 0;
  for (let next = whole.indexOf(element, from); next >= 0 && next < to; next = whole.indexOf(element, next + 1)) {
    if (count === ends.length) ends = moreEnds(ends);
    ends[count++] = next;
  }
  const elements = new Array<string>(count + 1);
  let at = from;
  for (let index = 0; index < count; index++) {
    const end = ends[index] as number;
    elements[index] = index === 0 ? nameAt(whole, at, end) : whole.slice(at, end);
    at = end + 1;
  }
  elements[count] = whole.slice(at, to);
  return elements;
}

/** Where the elements of the segment end that is cut. */
let ends = new Int32Array(64);

function moreEnds(filled: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * filled.length);
  larger.set(filled);
  return larger;
}

/** The same name is the same text, which is looked up and compared faster than another one. Only names of segments are kept. */
function nameAt(whole: string, from: number, to: number): string {
  const length = to - from;
  if (length !== 2 && length !== 3) return whole.slice(from, to);
  const third = length === 3 ? whole.charCodeAt(from + 2) : 0x80;
  const code = (whole.charCodeAt(from) << 16) | (whole.charCodeAt(from + 1) << 8) | third;
  const known = names.get(code);
  if (known !== undefined) return known;
  const name = whole.slice(from, to);
  if (names.size < namesMax) names.set(code, name);
  return name;
}

const namesMax = 4096;
const names = new Map<number, string>();

/** What stands where an element that is empty ends a segment, a composite or a repetition. */
function emptyEnds({ element, component, repetition, terminator }: Syntax): string[] {
  const ends = [element + terminator, component + element, component + terminator];
  return repetition === undefined ? ends : [...ends, repetition + element, repetition + terminator, component + repetition];
}

/** Where the bytes are no text, only binary data may be the reason. */
function readBinary(record: OpenRecord, bytes: Buffer, encoding: X12Options['encoding'], position: Position): SetSegments {
  const { spans, state } = record;
  const from = spans[0] as number;
  const segments: string[][] = [];
  for (let span = 0; span < spans.length; span += 2) {
    const offset = spans[span] as number;
    const part = bytes.subarray(offset - from, (spans[span + 1] as number) - from);
    if (isBinary(part.toString('latin1', 0, 4), state.syntax.element)) {
      segments.push(binaryElements(part, state.syntax.element, encoding));
      continue;
    }
    const text = characterEncodings[encoding].decode(part);
    if (text === undefined)
      throw undecodable(part, encoding, `The segment in line ${position.line}`, { ...position, offsetBytes: offset });
    segments.push(text.replace(/[\r\n]/g, '').split(state.syntax.element));
  }
  return { segments, plain: false, regular: !record.irregular && areWritable(segments, state.syntax) };
}

/** Whether there are line breaks besides those behind the terminators. */
function hasStrayBreaks(whole: string, gaps: number, newline: string): boolean {
  return (
    isCountOther(whole, '\n', newline.includes('\n') ? gaps * (newline.split('\n').length - 1) : 0) ||
    isCountOther(whole, '\r', newline.includes('\r') ? gaps * (newline.split('\r').length - 1) : 0)
  );
}

function isCountOther(whole: string, mark: string, expected: number): boolean {
  let count = 0;
  for (let at = whole.indexOf(mark); at >= 0 && count <= expected; at = whole.indexOf(mark, at + 1)) count += 1;
  return count !== expected;
}

function hasBreaks(whole: string, newline: string, terminator: string): boolean {
  return /[\r\n]/.test(whole.split(terminator + newline).join(''));
}

/** No element that is empty ends a segment, a composite or a repetition. */
function areWritable(segments: readonly (readonly string[])[], syntax: { component: string; repetition?: string }): boolean {
  const marks = [syntax.component, ...(syntax.repetition === undefined ? [] : [syntax.repetition])];
  return segments.every(
    (elements) => elements.at(-1) !== '' && !elements.some((text) => marks.some((mark) => text.endsWith(mark))),
  );
}

export function isBinary(text: string, element: string): boolean {
  return text.startsWith(`BIN${element}`) || text.startsWith(`BDS${element}`);
}

/** The data as base64: it is no text. */
function binaryElements(bytes: Buffer, element: string, encoding: X12Options['encoding']): string[] {
  const mark = Buffer.from(characterEncodings[encoding].encode(element) ?? []);
  const before = bytes.toString('latin1', 0, 3) === 'BDS' ? 3 : 2;
  const elements: string[] = [];
  let at = 0;
  while (elements.length < before) {
    const found = bytes.indexOf(mark, at);
    const end = found < 0 ? bytes.length : found;
    elements.push(bytes.toString('latin1', at, end));
    if (found < 0) return elements;
    at = end + mark.length;
  }
  elements.push(bytes.subarray(at).toString('base64'));
  return elements;
}
