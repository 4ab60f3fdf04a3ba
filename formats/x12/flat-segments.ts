// Segments as they stand, without a definition: elements as texts, composites as lists, and back again.

import { formatError } from '@mortise/sdk';
import type { Syntax } from './syntax.ts';
import type { ElementValue, FlatSegment } from './value.ts';

/** The elements of a segment as they are written, its name first; binary data as bytes. */
export type WrittenSegment = readonly (string | Uint8Array)[];

export function flatSegment(elements: readonly string[], { component, repetition }: Syntax, isBinary: boolean): FlatSegment {
  const last = elements.length - 1;
  const values = elements.map((text, index): ElementValue => {
    if (index === 0 || (isBinary && index === last)) return text;
    if (repetition !== undefined && text.includes(repetition))
      return { repeats: text.split(repetition).map((one) => componentsOf(one, component)) };
    return componentsOf(text, component);
  });
  while (values.length > 1 && values.at(-1) === '') values.pop();
  return values as unknown as FlatSegment;
}

function componentsOf(text: string, component: string): string | readonly string[] {
  return text.includes(component) ? text.split(component) : text;
}

/** The texts of a segment's elements, name first. `where` names it in errors. */
export function flatElements(segment: unknown, syntax: Syntax, where: string, strict = true): string[] {
  if (!Array.isArray(segment) || segment.length === 0)
    throw unwritable(`${where} is no list; expected a segment: its name and its elements.`);
  return segment.map((value: unknown, index) => {
    const place = `${where}/${index}`;
    if (index === 0) return strict ? segmentName(value, place) : String(value);
    if (value === null || value === undefined) return '';
    if (isRepeats(value)) {
      if (syntax.repetition === undefined)
        throw unwritable(`${place} repeats, which needs a repetition separator; expected one in "syntax".`);
      return value.repeats.map((one, at) => joined(one, syntax, `${place}/repeats/${at}`, strict)).join(syntax.repetition);
    }
    return joined(value, syntax, place, strict);
  });
}

function joined(value: unknown, syntax: Syntax, where: string, strict: boolean): string {
  if (!Array.isArray(value)) return strict || typeof value !== 'string' ? elementText(value, syntax, where) : value;
  const texts = value.map((one: unknown, index) => elementText(one, syntax, `${where}/${index}`));
  while (texts.at(-1) === '') texts.pop();
  return texts.join(syntax.component);
}

/** A text, or a number with all its digits, that has no delimiter in it. */
export function elementText(value: unknown, syntax: Syntax, where: string): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'number' || typeof value === 'bigint' ? plainNumber(value) : value;
  if (typeof text !== 'string') throw unwritable(`${where} is a value of type ${typeof value}; expected a text.`);
  const { element, component, repetition, terminator } = syntax;
  const found = [element, component, repetition, terminator].find((mark) => mark !== undefined && text.includes(mark));
  if (found !== undefined)
    throw unwritable(
      `${where} is ${JSON.stringify(text.slice(0, 40))}, which has the delimiter "${found}"; X12 has no way to escape it, expected another delimiter in "syntax".`,
    );
  if (/[\r\n]/.test(text)) throw unwritable(`${where} has a line break, which X12 does not keep; expected text in one line.`);
  return text;
}

function plainNumber(value: number | bigint): string {
  const text = String(value);
  return typeof value === 'number' && /[eIN]/.test(text) ? Number.NaN.toString() : text;
}

export function segmentName(value: unknown, where: string): string {
  if (typeof value === 'string' && /^[A-Z][A-Z0-9]{1,2}$/.test(value)) return value;
  throw unwritable(`${where} is ${JSON.stringify(value)?.slice(0, 40)}; expected the name of a segment.`);
}

function isRepeats(value: unknown): value is { readonly repeats: readonly unknown[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'repeats') &&
    Array.isArray((value as { repeats?: unknown }).repeats)
  );
}

export function unwritable(message: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
