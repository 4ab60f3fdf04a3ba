// Reads segments out of a marked text: fields by name where they are as defined, and by position where they are not.

import type { PartDefinition, TypeDefinition } from './definitions.ts';
import { segmentDefinition, typeDefinition } from './definitions.ts';
import { kind } from './delimiters.ts';
import type { Delimiters } from './delimiters.ts';
import { escapeText, unescapeText } from './escapes.ts';
import type { CharacterBytes } from './escapes.ts';
import type { Marks } from './marks.ts';

/** What a segment is read to: its name, its fields, and how it was written where that would be lost otherwise. */
export type Segment = Record<string, unknown>;

/** A field, a component or a subcomponent that is empty has no value at all. */
const nothing = undefined;

/** What does not fit its definition. It is read again, without one. */
const unfit = Symbol('unfit');

export class SegmentReader {
  readonly #named: boolean;
  #delimiters: Delimiters;
  #characters: CharacterBytes;
  #text = '';
  #marks = new Uint32Array();
  /** The mark that is met next. */
  #at = 0;
  /** Whether the segment under way would be written in another way. */
  #irregular = false;

  constructor(delimiters: Delimiters, characters: CharacterBytes, named: boolean) {
    this.#delimiters = delimiters;
    this.#characters = characters;
    this.#named = named;
  }

  /** Whether the segment that was read last would be written in another way than it stands there. */
  get isIrregular(): boolean {
    return this.#irregular;
  }

  /** The mark behind what was read, its kind and its place. */
  get at(): number {
    return this.#at;
  }

  get kind(): number {
    return this.#kind();
  }

  get place(): number {
    return this.#place();
  }

  /** Goes on to the next segment, over blank lines: where it begins, with the reader at the first mark in it. */
  next(): number {
    let from = this.#place();
    while (this.#place() === from && from < this.#text.length) {
      if (this.#kind() !== kind.end) break;
      this.#at += 1;
      from += 1;
    }
    return from;
  }

  begin(text: string, marks: Marks): void {
    this.#text = text;
    this.#marks = marks.marks;
    this.#at = 0;
  }

  /** Reads the fields of the segment `name`: the mark `at` stands before the field `position`. Stops at the end of the segment. */
  read(name: string, at: number, position: number): Segment {
    this.#at = at;
    this.#irregular = false;
    const definition = this.#named ? segmentDefinition(name) : undefined;
    const segment: Segment = { segment: name };
    let positions: Segment | undefined;
    let filled = position - 1;
    let index = position - 1;
    for (; this.#kind() === kind.field; index += 1) {
      const from = this.#place() + 1;
      this.#at += 1;
      const next = this.#marks[this.#at] as number;
      if (from === next >>> 3 && isFieldEnd(next & 7)) continue;
      filled = index + 1;
      const part = definition?.parts[index];
      const value = part ? this.#field(part, from, name, segment) : unfit;
      if (part && value !== unfit) {
        if (value !== nothing) segment[part.name] = value;
        continue;
      }
      positions ??= {};
      positions[`f${index + 1}`] = this.#loose(from);
    }
    if (positions) segment['positions'] = positions;
    if (index > filled) segment['emptyFields'] = index - filled;
    return segment;
  }

  #kind(): number {
    return (this.#marks[this.#at] as number) & 7;
  }

  #place(): number {
    return (this.#marks[this.#at] as number) >>> 3;
  }

  /** A field by its definition, or `unfit`, with the reader where it was. */
  #field(part: PartDefinition, from: number, name: string, segment: Segment): unknown {
    const at = this.#at;
    const type = part.varies && name === 'OBX' ? variedType(segment['valueType']) : part.type;
    const isLoose = part.varies && !type;
    const first = isLoose ? this.#looseRepetition(from) : this.#repetition(type, from);
    if (first === unfit) return this.#back(at);
    if (!part.repeats) return this.#kind() === kind.repetition ? this.#back(at) : first;
    const values = [first === nothing ? emptyOf(type) : first];
    while (this.#kind() === kind.repetition) {
      const start = this.#place() + 1;
      this.#at += 1;
      const value = isLoose ? this.#looseRepetition(start) : this.#repetition(type, start);
      if (value === unfit) return this.#back(at);
      values.push(value === nothing ? emptyOf(type) : value);
    }
    return values;
  }

  #back(at: number): typeof unfit {
    this.#at = at;
    return unfit;
  }

  #repetition(type: TypeDefinition | undefined, from: number): unknown {
    if (!type) {
      const value = this.#leaf(from);
      return this.#kind() === kind.component || this.#kind() === kind.subcomponent ? unfit : value;
    }
    return this.#composite(type, from, kind.component);
  }

  /**
   * The components of a data type, or its subcomponents. Empty ones at the end leave no trace.
   * A part that does not fit stands by its position; null is the whole where nothing else stands there.
   */
  #composite(type: TypeDefinition, from: number, separator: number): unknown {
    const value: Segment = {};
    let positions: Segment | undefined;
    let start = from;
    let isLastEmpty = false;
    for (let index = 0; ; index += 1) {
      const part = type.parts[index];
      const read = separator === kind.component ? this.#component(part, start) : this.#subcomponent(start);
      const isFit = part !== nothing && (separator === kind.subcomponent || this.#fits);
      const isOnly = index === 0 && this.#kind() !== separator;
      if (isOnly && read === null) return null;
      isLastEmpty = read === nothing;
      if (!isLastEmpty && isFit) value[part.name] = read;
      else if (!isLastEmpty) (positions ??= {})[`${separator === kind.component ? 'c' : 's'}${index + 1}`] = read;
      if (this.#kind() !== separator) {
        if (isLastEmpty && index > 0) this.#irregular = true;
        break;
      }
      start = this.#place() + 1;
      this.#at += 1;
    }
    if (positions) value['positions'] = positions;
    return value;
  }

  /** Whether the component that was read last is as its definition says. */
  #fits = true;

  #component(part: PartDefinition | undefined, from: number): unknown {
    this.#fits = true;
    if (part?.type) {
      if (from === this.#place() && isComponentEnd(this.#kind())) return nothing;
      return this.#composite(part.type, from, kind.subcomponent);
    }
    const value = this.#leaf(from);
    if (this.#kind() !== kind.subcomponent) return value;
    this.#fits = false;
    return this.#looseParts(value, kind.subcomponent, 's');
  }

  #subcomponent(from: number): unknown {
    return this.#leaf(from);
  }

  /** A field without a definition: as much structure as it has. */
  #loose(from: number): unknown {
    const first = this.#looseRepetition(from);
    if (this.#kind() !== kind.repetition) return first;
    const values = [first === nothing ? '' : first];
    while (this.#kind() === kind.repetition) {
      const start = this.#place() + 1;
      this.#at += 1;
      const value = this.#looseRepetition(start);
      values.push(value === nothing ? '' : value);
    }
    return values;
  }

  #looseRepetition(from: number): unknown {
    const first = this.#component(undefined, from);
    const isPlain = this.#fits;
    if (this.#kind() !== kind.component) return isPlain ? first : { c1: first };
    return this.#looseParts(first, kind.component, 'c');
  }

  /** What follows a first part that has been read, all by position. */
  #looseParts(first: unknown, separator: number, letter: 'c' | 's'): Segment {
    const value: Segment = {};
    if (first !== nothing) value[`${letter}1`] = first;
    let last: unknown = first;
    for (let position = 2; this.#kind() === separator; position += 1) {
      const start = this.#place() + 1;
      this.#at += 1;
      last = letter === 'c' ? this.#component(undefined, start) : this.#leaf(start);
      if (last !== nothing) value[`${letter}${position}`] = last;
    }
    if (last === nothing) this.#irregular = true;
    return value;
  }

  /** A text, null for `""`, or nothing; the reader stands at the delimiter behind it afterwards. */
  #leaf(from: number): string | null | undefined {
    let isPlain = true;
    let mark = this.#marks[this.#at] as number;
    while ((mark & 7) === kind.escape || (mark & 7) === kind.raw) {
      isPlain = false;
      this.#at += 1;
      mark = this.#marks[this.#at] as number;
    }
    const to = mark >>> 3;
    if (from === to) return nothing;
    const wire = this.#text.slice(from, to);
    if (wire === '""') return null;
    return isPlain ? wire : this.#unescape(wire);
  }

  #unescape(wire: string): string | undefined {
    const text = unescapeText(wire, this.#delimiters, this.#characters);
    if (escapeText(text, this.#delimiters, this.#characters) !== wire) this.#irregular = true;
    return text === '' ? nothing : text;
  }
}

function isFieldEnd(met: number): boolean {
  return met === kind.field || met === kind.end;
}

function isComponentEnd(met: number): boolean {
  return isFieldEnd(met) || met === kind.component || met === kind.repetition;
}

/** An empty repetition keeps its place. */
function emptyOf(type: TypeDefinition | undefined): unknown {
  return type ? {} : '';
}

export function variedType(valueType: unknown): TypeDefinition | undefined {
  const name = valueType === 'CE' || valueType === 'CNE' || valueType === 'CF' ? 'CWE' : valueType;
  return typeof name === 'string' ? typeDefinition(name) : undefined;
}
