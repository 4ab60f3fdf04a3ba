// Documents that a definition allows, made at random: every part may be there, as often as it may, with content of its type.

import fc from 'fast-check';
import type { ElementSpec, LoopPart, Note, Part, SegmentSpec } from './specification.ts';

/** A value of one bit of randomness after the other, so that documents of any size come of one arbitrary. */
type Draw = (below: number) => number;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,-&/';

export function documentsOf(root: LoopPart): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fc.infiniteStream(fc.nat(1_000_000)).map((stream) => {
    const numbers = stream[Symbol.iterator]();
    const draw: Draw = (below) => Number(numbers.next().value) % below;
    return loopValue(root, draw, 0);
  });
}

function loopValue(loop: LoopPart, draw: Draw, depth: number): Readonly<Record<string, unknown>> {
  const entries = loop.parts.flatMap((part) => {
    const value = partValue(part, draw, depth);
    return value === undefined ? [] : [[part.key, value] as const];
  });
  const given = entries.map(([key]) => key);
  const dropped = new Set(boundsIn(loop).flatMap((keys) => (isBounded(keys, given) ? [] : keys)));
  return Object.fromEntries(entries.filter(([key]) => !dropped.has(key)));
}

/** From each LS to its LE: neither stands without the other, nor what is between them without both, nor both without that. */
function boundsIn({ parts }: LoopPart): readonly (readonly string[])[] {
  return parts.flatMap(({ id }, begin) => {
    const end = parts.findIndex((part, at) => at > begin && part.id === 'LE');
    return id === 'LS' ? [parts.slice(begin, end + 1).map(({ key }) => key)] : [];
  });
}

function isBounded(keys: readonly string[], given: readonly string[]): boolean {
  const isGiven = (key: string | undefined): boolean => key !== undefined && given.includes(key);
  return isGiven(keys[0]) && isGiven(keys.at(-1)) && keys.slice(1, -1).some(isGiven);
}

function partValue(part: Part, draw: Draw, depth: number): unknown {
  if (part.unused || (part.minimum === 0 && draw(10) > (part.kind === 'loop' ? 2 - depth : 2))) return undefined;
  const most = Math.min(part.maximum, Math.max(part.minimum, 3));
  const times = Math.max(1, part.minimum) + draw(most - Math.max(1, part.minimum) + 1);
  const one = (index: number): unknown =>
    part.kind === 'loop'
      ? part.hierarchy
        ? levelValue(part, index, draw, depth + 1)
        : loopValue(part, draw, depth + 1)
      : segmentValue(part.segment, draw);
  const values = Array.from({ length: times }, (_, index) => one(index));
  return part.maximum === 1 ? values[0] : values;
}

/** Levels beside each other: how they hold each other is tested apart. */
function levelValue(loop: LoopPart, index: number, draw: Draw, depth: number): unknown {
  const value = loopValue(loop, draw, depth) as Record<string, Record<string, unknown>>;
  const [first] = loop.parts;
  const key = first?.key ?? '';
  const { elements } = (first as { segment: SegmentSpec }).segment;
  const { [elements[1]?.key ?? '']: _parent, ...rest } = value[key] as Record<string, unknown>;
  return { ...value, [key]: { ...rest, [elements[0]?.key ?? '']: String(index + 1) } };
}

export function segmentValue({ id, elements, notes }: SegmentSpec, draw: Draw): Readonly<Record<string, unknown>> {
  const given = elements.map((spec) => !spec.unused && (spec.required || draw(3) === 0));
  settle(notes, given);
  if (!given.some(Boolean)) given[elements.findIndex(({ unused }) => !unused)] = true;
  settle(notes, given);
  // Where notes contradict what was drawn, only what is required stands, and what that needs.
  if (!notes.every((note) => isSettled(note, given))) {
    for (const [index, spec] of elements.entries()) given[index] = spec.required;
    settle(notes, given);
  }
  const entries = elements.flatMap((spec, index) => (given[index] ? [[spec.key, elementValue(spec, draw)] as const] : []));
  const value = Object.fromEntries(entries);
  if (id === 'LS' || id === 'LE') return { ...value, [elements[0]?.key ?? '']: 'L1' };
  const bytes = elements.findIndex(({ type }) => type === 'B');
  if (bytes < 0) return value;
  const data = Buffer.from(Array.from({ length: 1 + draw(20) }, () => draw(256)));
  return {
    ...value,
    [elements[bytes - 1]?.key ?? '']: String(data.length),
    [elements[bytes]?.key ?? '']: data.toString('base64'),
  };
}

/** Adds and takes away elements until all syntax notes hold; what one note adds another may need more for. */
function settle(notes: readonly Note[], given: boolean[]): void {
  for (let round = 0; round < 8; round++) for (const note of notes) settleNote(note, given);
}

function settleNote({ kind, elements }: Note, given: boolean[]): void {
  const has = (at: number): boolean => given[at - 1] === true;
  const [first = 0, ...others] = elements;
  if (kind === 'P' && elements.some(has)) for (const at of elements) given[at - 1] = true;
  if (kind === 'R' && !elements.some(has)) given[first - 1] = true;
  if (kind === 'E') for (const at of elements.filter(has).slice(1)) given[at - 1] = false;
  if (kind === 'C' && has(first)) for (const at of others) given[at - 1] = true;
  if (kind === 'L' && has(first) && !others.some(has)) given[(others[0] ?? 1) - 1] = true;
}

function isSettled(note: Note, given: readonly boolean[]): boolean {
  const settled = [...given];
  settleNote(note, settled);
  return settled.every((one, index) => one === given[index]);
}

function elementValue(spec: ElementSpec, draw: Draw): unknown {
  if (spec.components) {
    const { components, notes } = spec;
    const value = segmentValue({ id: '', elements: components, notes }, draw);
    return spec.repeat > 1 ? [value] : value;
  }
  const text = contentOf(spec, draw);
  return spec.repeat > 1 ? [text] : text;
}

function contentOf({ type, minimum, maximum, codes }: ElementSpec, draw: Draw): string {
  if (codes) return [...codes][draw(codes.size)] ?? '';
  const length = minimum + draw(Math.min(maximum - minimum, 12) + 1);
  if (type === 'DT') return length === 6 ? '260131' : '20260131';
  if (type === 'TM') return ['0930', '093015', '09301500'][draw(length >= 8 ? 3 : length >= 6 ? 2 : 1)] ?? '0930';
  if (type === 'N') return (draw(5) === 0 ? '-' : '') + digits(length, draw);
  if (type === 'R') return length > 2 && draw(2) === 0 ? `${digits(length - 2, draw)}.${digits(2, draw)}` : digits(length, draw);
  const inner = Array.from({ length }, () => letters[draw(letters.length)]).join('');
  // Blanks at the ends of texts are padding to some readers, and X12 says that they should not be sent.
  return inner.replace(/^ | $/g, 'X').padEnd(minimum, 'X');
}

function digits(length: number, draw: Draw): string {
  return Array.from({ length }, () => String(draw(10))).join('');
}
