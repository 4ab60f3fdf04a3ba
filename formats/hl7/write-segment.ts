// Writes one segment: its fields by name and by position, with what cannot stand in a text escaped.

import { excerpt, formatError, scalarText } from '@mortise/sdk';
import { segmentDefinition } from './definitions.ts';
import type { PartDefinition, SegmentDefinition, TypeDefinition } from './definitions.ts';
import type { Delimiters } from './delimiters.ts';
import { escapeText } from './escapes.ts';
import type { CharacterBytes } from './escapes.ts';
import { variedType } from './read-segment.ts';

type Values = Readonly<Record<string, unknown>>;

/** Properties of a segment that are no fields. */
const besides = new Set(['segment', 'positions', 'emptyFields', 'irregular']);
/** Those whose first two fields are the delimiters. */
const headerNames = new Set(['MSH', 'FHS', 'BHS']);
/** A position beyond it is taken for a mistake: each position up to it takes a delimiter. */
const positionMax = 10_000;

export class SegmentWriter {
  readonly #delimiters: Delimiters;
  readonly #characters: CharacterBytes;
  /** The segment and the field under way, for messages. */
  #segment = '';
  #position = 0;
  #property = '';

  constructor(delimiters: Delimiters, characters: CharacterBytes) {
    this.#delimiters = delimiters;
    this.#characters = characters;
  }

  /** Without its end. Throws MORTISE_FORMAT_UNWRITABLE. */
  write(segment: unknown): string {
    const { name, values } = namedSegment(segment);
    const isHeader = headerNames.has(name);
    const texts = this.#fields(name, values);
    if (isHeader && (texts[0] || texts[1]))
      throw unwritable(name, `gives its delimiters as fields; expected them in the syntax, as "${this.#delimiters.text}"`);
    const written = filled(isHeader ? texts.slice(2) : texts, this.#emptyFields(name, values));
    const { field, text } = this.#delimiters;
    return [isHeader ? name + text : name, ...written].join(field);
  }

  #emptyFields(name: string, { emptyFields: count = 0 }: Values): number {
    if (Number.isSafeInteger(count) && Number(count) >= 0 && Number(count) <= positionMax) return Number(count);
    throw unwritable(name, `has ${excerpt(count)} as "emptyFields"; expected a number of fields up to ${positionMax}`);
  }

  get #place(): string {
    return `${this.#segment}-${this.#position}${this.#property === '' ? '' : ` (${this.#property})`}`;
  }

  #fields(name: string, values: Values): string[] {
    this.#segment = name;
    const texts: string[] = [];
    const definition = segmentDefinition(name);
    for (const [property, value] of Object.entries(values)) {
      if (besides.has(property)) continue;
      const index = definition?.indexes.get(property);
      const part = index === undefined ? undefined : definition?.parts[index];
      if (index === undefined || !part) throw unwritable(name, `has "${property}", which is no field of it${hint(definition)}`);
      this.#position = index + 1;
      this.#property = property;
      texts[index] = this.#field(part, value, name === 'OBX' ? values['valueType'] : undefined);
    }
    this.#positioned(values['positions'], 'f', texts, (value) => this.#loose(value));
    return texts;
  }

  /** Adds what stands by position: `f3`, `c2`, `s1`. */
  #positioned(positions: unknown, letter: string, texts: string[], write: (value: unknown) => string): void {
    if (positions === undefined) return;
    const place = letter === 'f' ? this.#segment : this.#place;
    if (!isRecord(positions))
      throw unwritable(place, `has ${excerpt(positions)} as "positions"; expected an object such as {"${letter}3": …}`);
    for (const [property, value] of Object.entries(positions)) {
      const index = positionIn(property, letter, place) - 1;
      if (texts[index]) throw unwritable(place, `has position ${index + 1} twice: by name, and as "${property}"`);
      if (letter === 'f') {
        this.#position = index + 1;
        this.#property = '';
      }
      texts[index] = write(value);
    }
  }

  #field(part: PartDefinition, value: unknown, valueType: unknown): string {
    if (Array.isArray(value) && !part.repeats && !part.varies)
      throw unwritable(this.#place, 'is an array, and does not repeat; expected one value, or the array among the positions');
    const type = part.varies ? variedType(valueType) : part.type;
    if (part.varies && !type) return this.#loose(value);
    return this.#repeated(value, (one) => (type && isRecord(one) ? this.#composite(type, one, 'c') : this.#leaf(one)));
  }

  #repeated(value: unknown, write: (one: unknown) => string): string {
    if (!Array.isArray(value)) return write(value);
    if (value.length > 1 && this.#delimiters.repetition === '')
      throw unwritable(this.#place, `is repeated; the delimiters "${this.#delimiters.text}" have none for that`);
    return Array.from(value, write).join(this.#delimiters.repetition);
  }

  #composite(type: TypeDefinition, value: Values, letter: 'c' | 's'): string {
    const texts: string[] = [];
    for (const [property, inner] of Object.entries(value)) {
      if (property === 'positions') continue;
      const index = type.indexes.get(property);
      const part = index === undefined ? undefined : type.parts[index];
      if (index === undefined || !part)
        throw unwritable(
          this.#place,
          `has "${property}", which is no component of ${type.name}; expected ${listed(type.indexes)}`,
        );
      texts[index] = part.type && isRecord(inner) ? this.#composite(part.type, inner, 's') : this.#leaf(inner);
    }
    this.#positioned(value['positions'], letter, texts, (inner) =>
      letter === 'c' ? this.#looseComponent(inner) : this.#leaf(inner),
    );
    return this.#joined(texts, letter);
  }

  #loose(value: unknown): string {
    return this.#repeated(value, (one) => {
      if (!isRecord(one)) return this.#leaf(one);
      const texts: string[] = [];
      this.#positioned(one, 'c', texts, (component) => this.#looseComponent(component));
      return this.#joined(texts, 'c');
    });
  }

  #looseComponent(value: unknown): string {
    if (!isRecord(value)) return this.#leaf(value);
    const texts: string[] = [];
    this.#positioned(value, 's', texts, (inner) => this.#leaf(inner));
    return this.#joined(texts, 's');
  }

  #joined(texts: readonly string[], letter: 'c' | 's'): string {
    const parts = filled(texts, 0);
    const delimiter = letter === 'c' ? this.#delimiters.component : this.#delimiters.subcomponent;
    if (parts.length > 1 && delimiter === '')
      throw unwritable(this.#place, `has subcomponents; the delimiters "${this.#delimiters.text}" have none for that`);
    return parts.join(delimiter);
  }

  #leaf(value: unknown): string {
    if (value === undefined || value === '') return '';
    if (value === null) return '""';
    const text = scalarText(value);
    if (text === undefined) throw unwritable(this.#place, `has ${excerpt(value)}; expected a text, a number, a boolean or null`);
    const wire = escapeText(text, this.#delimiters, this.#characters);
    if (wire !== undefined) return wire;
    throw unwritable(
      this.#place,
      `has ${excerpt(text)}; the delimiters "${this.#delimiters.text}" have no escape character for it`,
    );
  }
}

/** A segment of a message and its name. */
export function namedSegment(segment: unknown): { readonly name: string; readonly values: Values } {
  const name = isRecord(segment) ? segment['segment'] : undefined;
  if (isRecord(segment) && typeof name === 'string' && /^[A-Z][A-Z0-9]{2}$/.test(name)) return { name, values: segment };
  throw unwritable('A segment', `has ${excerpt(name)} as its "segment"; expected a name such as "PID"`);
}

export function unwritable(place: string, what: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', `${place} ${what}.`);
}

export function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Up to the last text that is not empty, and so many empty ones behind it. */
function filled(texts: readonly string[], emptyAtEnd: number): string[] {
  const all: string[] = [];
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index] ?? '';
    if (text === '') continue;
    while (all.length < index) all.push('');
    all.push(text);
  }
  for (let empty = 0; empty < emptyAtEnd; empty += 1) all.push('');
  return all;
}

function positionIn(property: string, letter: string, place: string): number {
  const position = property.startsWith(letter) && /^[1-9]\d{0,4}$/.test(property.slice(1)) ? Number(property.slice(1)) : NaN;
  if (position <= positionMax) return position;
  throw unwritable(place, `has "${property}" among its positions; expected "${letter}1" to "${letter}${positionMax}"`);
}

function hint(definition: SegmentDefinition | undefined): string {
  return definition ? `; expected ${listed(definition.indexes)}, or a position` : '; expected all its fields among the positions';
}

function listed(indexes: ReadonlyMap<string, number>): string {
  const names = [...indexes.keys()];
  return names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '');
}
