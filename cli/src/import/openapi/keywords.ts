// The keywords of a schema that hold no schemas: renamed where OpenAPI calls them otherwise, mended where they are wrong.

import type { Json } from '@mortise/sdk';
import { isMapping } from '../values.ts';
import type { Mapping } from '../values.ts';
import type { ApiDocument, Pointer } from './document.ts';
import { shown } from './document.ts';

type Keywords = { [name: string]: Json };

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
/** What people write for a type, and what they mean; nothing where any value is meant. */
const otherTypes: Readonly<Record<string, string | undefined>> = {
  int: 'integer',
  long: 'integer',
  int32: 'integer',
  int64: 'integer',
  float: 'number',
  double: 'number',
  decimal: 'number',
  bool: 'boolean',
  str: 'string',
  text: 'string',
  date: 'string',
  datetime: 'string',
  'date-time': 'string',
  uuid: 'string',
  file: 'string',
  binary: 'string',
  map: 'object',
  dict: 'object',
  hash: 'object',
  list: 'array',
  any: undefined,
  '': undefined,
}; // prettier-ignore

const counts = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'minContains', 'maxContains'];
const texts = ['title', 'description', 'format', 'contentEncoding', 'contentMediaType'];
const flags = ['uniqueItems', 'readOnly', 'writeOnly', 'deprecated'];
/** Said elsewhere, or of no use to a model: what they hold does not decide what fits. */
const silent = [
  'nullable',
  'discriminator',
  'xml',
  'externalDocs',
  '$comment',
  'example',
  'examples',
  'default',
  'const',
  'enum',
  'type',
];
const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'pattern', 'dependentRequired'];
/** Converted where schemas are. */
const structural =
  /^(not|if|then|else|contains|propertyNames|additionalProperties|unevaluated\w+|allOf|anyOf|oneOf|prefixItems|properties|patternProperties|dependentSchemas|\$defs|items|required|\$ref)$/;

export function cleanKeywords(schema: Mapping, at: Pointer, document: ApiDocument): Keywords {
  const cleaner = new Cleaner(schema, at, document);
  return cleaner.clean();
}

class Cleaner {
  readonly #schema: Mapping;
  readonly #at: Pointer;
  readonly #document: ApiDocument;
  readonly #cleaned: Keywords = {};

  constructor(schema: Mapping, at: Pointer, document: ApiDocument) {
    this.#schema = schema;
    this.#at = at;
    this.#document = document;
  }

  clean(): Keywords {
    this.#type();
    for (const word of texts) this.#take(word, (value) => typeof value === 'string', 'a text');
    for (const word of flags) this.#take(word, (value) => typeof value === 'boolean', 'true or false');
    for (const word of counts) this.#number(word, (value) => Number.isInteger(value) && value >= 0, 'a whole number from 0 up');
    this.#bounds();
    this.#pattern();
    this.#values();
    this.#take('dependentRequired', isMapping, 'a mapping');
    this.#others();
    return this.#cleaned;
  }

  #warn(word: string, message: string): void {
    this.#document.warn([...this.#at, word], message);
  }

  #take(word: string, fits: (value: unknown) => boolean, expected: string): void {
    const value = this.#schema[word];
    if (value === undefined) return;
    if (fits(value)) this.#cleaned[word] = value as Json;
    else this.#warn(word, `Found ${shown(value)}; expected ${expected}. It is left out.`);
  }

  /** Numbers are often written as texts. */
  #number(word: string, fits: (value: number) => boolean, expected: string): void {
    const value = this.#schema[word];
    if (value === undefined) return;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !fits(number))
      this.#warn(word, `Found ${shown(value)}; expected ${expected}. It is left out.`);
    else {
      this.#cleaned[word] = number;
      if (number !== value) this.#warn(word, `Found the text "${shown(value)}"; it is read as a number.`);
    }
  }

  #type(): void {
    const { type } = this.#schema;
    if (type === undefined) return;
    const found = (Array.isArray(type) ? (type as unknown[]) : [type]).map((one) => this.#typeName(one));
    const known = [...new Set(found.filter((one) => one !== undefined))];
    // Where one of them means any value, all of them do.
    if (known.length === 0 || found.includes(undefined)) return;
    this.#cleaned['type'] = known.length === 1 ? (known[0] as string) : known;
  }

  #typeName(type: unknown): string | undefined {
    if (typeof type === 'string' && types.includes(type)) return type;
    const meant =
      typeof type === 'string' ? (otherTypes[type.toLowerCase()] ?? lowerType(type)) : type === null ? 'null' : undefined;
    this.#warn('type', `${shown(type)} is no type: ${meant === undefined ? 'anything is taken' : `it is read as ${meant}`}.`);
    return meant;
  }

  /** In 3.0 `exclusiveMinimum: true` stands beside `minimum`. */
  #bounds(): void {
    for (const [bound, exclusive] of [
      ['minimum', 'exclusiveMinimum'],
      ['maximum', 'exclusiveMaximum'],
    ] as const) {
      const isExclusive = this.#schema[exclusive] === true;
      this.#number(bound, Number.isFinite, 'a number');
      if (typeof this.#schema[exclusive] !== 'boolean') this.#number(exclusive, Number.isFinite, 'a number');
      const value = this.#cleaned[bound];
      if (!isExclusive) continue;
      if (value === undefined) this.#warn(exclusive, `It is true, and there is no ${bound}: it is left out.`);
      else {
        this.#cleaned[exclusive] = value;
        delete this.#cleaned[bound];
      }
    }
    this.#number('multipleOf', (value) => value > 0, 'a number above 0');
  }

  #pattern(): void {
    const { pattern } = this.#schema;
    if (pattern === undefined) return;
    try {
      if (typeof pattern !== 'string') throw new Error('it is no text');
      void new RegExp(pattern, 'u');
      this.#cleaned['pattern'] = pattern;
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
      this.#warn('pattern', `${shown(pattern)} is no regular expression of JavaScript (${shown(reason)}): it is left out.`);
    }
  }

  #values(): void {
    const { enum: choices, const: constant, default: byDefault, example, examples } = this.#schema;
    if (Array.isArray(choices) && choices.length > 0) this.#cleaned['enum'] = choices as Json;
    else if (choices !== undefined) this.#warn('enum', `Found ${shown(choices)}; expected a list of values. It is left out.`);
    if (constant !== undefined) this.#cleaned['const'] = constant as Json;
    if (byDefault !== undefined) this.#cleaned['default'] = byDefault as Json;
    const given = Array.isArray(examples) ? (examples as Json[]) : isMapping(examples) ? Object.values(examples) : [];
    const all = [...(example === undefined ? [] : [example]), ...given];
    if (all.length > 0) this.#cleaned['examples'] = all as Json[];
  }

  /** Nothing is dropped without a word, but for extensions, which say by their name that they are none of ours. */
  #others(): void {
    const known = [...counts, ...texts, ...flags, ...silent, ...bounds];
    const others = Object.keys(this.#schema).filter(
      (name) => !known.includes(name) && !structural.test(name) && !name.startsWith('x-'),
    );
    for (const name of others) this.#warn(name, `"${shown(name)}" is no keyword of a schema here: it is left out.`);
  }
}

function lowerType(type: string): string | undefined {
  return types.includes(type.toLowerCase()) ? type.toLowerCase() : undefined;
}
