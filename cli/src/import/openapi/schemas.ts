// Converts a schema of OpenAPI 3.0 or 3.1 to JSON Schema 2020-12; what is wrong with it is mended and told.

import type { Json } from '@mortise/sdk';
import { isMapping, listOf, mappingOf } from '../values.ts';
import type { Mapping } from '../values.ts';
import type { ApiDocument, Pointer } from './document.ts';
import { shown } from './document.ts';
import { cleanKeywords } from './keywords.ts';

/** A schema as it is written into a model. */
export type ModelSchema = { [name: string]: Json };

/** Gives the reference by which a model names what `reference` leads to; undefined where it leads nowhere. */
export type NameOf = (reference: string, at: Pointer) => string | undefined;

/** Schemas that are nested deeper are hostile: no person reads them. */
const depthMax = 100;

const [ofSchema, ofSchemas, ofNamed] = [
  ['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'],
  ['allOf', 'anyOf', 'oneOf', 'prefixItems'],
  ['properties', 'patternProperties', 'dependentSchemas', '$defs'],
];

export class SchemaConverter {
  readonly #document: ApiDocument;
  readonly #nameOf: NameOf;

  constructor(document: ApiDocument, nameOf: NameOf) {
    this.#document = document;
    this.#nameOf = nameOf;
  }

  /** What is no schema takes everything. */
  convert(schema: unknown, at: Pointer, depth = 0): ModelSchema | boolean {
    if (typeof schema === 'boolean') return schema;
    if (depth > depthMax) return this.#anything(at, `Schemas are nested more than ${depthMax} deep: anything is taken there.`);
    if (!isMapping(schema)) return this.#anything(at, `Found ${shown(schema)}; expected a schema. Anything is taken there.`);
    const converted = typeof schema['$ref'] === 'string' ? this.#reference(schema, at, depth) : this.#schema(schema, at, depth);
    return isNullable(schema) ? withNull(converted) : converted;
  }

  #anything(at: Pointer, message: string): ModelSchema {
    this.#document.warn(at, message);
    return {};
  }

  /** In 3.0 nothing counts beside a reference; what is written there all the same is meant, so that it is kept and told. */
  #reference(schema: Mapping, at: Pointer, depth: number): ModelSchema {
    const { $ref: reference, ...rest } = schema;
    const beside = Object.keys(rest).filter((name) => !/^(description|summary|title|deprecated|nullable|x-.*)$/.test(name));
    if (beside.length > 0 && this.#document.version === '3.0')
      this.#document.warn(at, `Beside a reference stands ${beside.join(', ')}, which OpenAPI 3.0 ignores: it counts here.`);
    const name = this.#nameOf(String(reference), at);
    const own = this.#schema(rest, at, depth);
    return name === undefined ? own : { $ref: name, ...own };
  }

  #schema(schema: Mapping, at: Pointer, depth: number): ModelSchema {
    const converted = cleanKeywords(schema, at, this.#document);
    const inner = (value: unknown, ...more: Pointer): Json => this.convert(value, [...at, ...more], depth + 1);
    for (const word of ofSchema) if (schema[word] !== undefined) converted[word] = inner(schema[word], word);
    for (const word of ofSchemas) this.#list(word, schema, at, inner, converted);
    for (const word of ofNamed) {
      const entries = this.#document.entries(schema[word], [...at, word]);
      if (entries.length > 0)
        converted[word] = Object.fromEntries(entries.map(({ name, value }) => [name, inner(value, word, name)]));
    }
    this.#items(schema, at, inner, converted);
    this.#requiredInside(schema, at, converted);
    this.#discriminator(schema, at, converted);
    return converted;
  }

  #list(word: string, schema: Mapping, at: Pointer, inner: Inner, converted: ModelSchema): void {
    const value = schema[word];
    if (value === undefined) return;
    if (Array.isArray(value) && value.length > 0) converted[word] = value.map((one, index) => inner(one, word, index));
    else this.#document.warn([...at, word], `Found ${shown(value)}; expected a list of schemas. It is left out.`);
  }

  /** A list of schemas was a tuple before 2020-12. */
  #items({ items }: Mapping, at: Pointer, inner: Inner, converted: ModelSchema): void {
    if (items === undefined) return;
    if (!Array.isArray(items)) {
      converted['items'] = inner(items, 'items');
      return;
    }
    this.#document.warn(
      [...at, 'items'],
      'A list of schemas under "items" is of an older JSON Schema: it is read as prefixItems.',
    );
    if (items.length > 0) converted['prefixItems'] = items.map((one, index) => inner(one, 'items', index));
  }

  /** `required: true` inside a property is of a JSON Schema long past: the schema around it says so. */
  #requiredInside({ properties, required }: Mapping, at: Pointer, converted: ModelSchema): void {
    const marked = Object.entries(mappingOf(properties)).filter(([, one]) => isMapping(one) && one['required'] === true);
    for (const [name] of marked)
      this.#document.warn(
        [...at, 'properties', name, 'required'],
        '"required: true" belongs to the schema around it: it is read so.',
      );
    const names = [...listOf(required).filter((name) => typeof name === 'string'), ...marked.map(([name]) => name)];
    if (names.length > 0) converted['required'] = [...new Set(names)];
  }

  /** With a mapping each form is tied to its values, so that exactly one of them can fit. */
  #discriminator({ discriminator }: Mapping, at: Pointer, converted: ModelSchema): void {
    if (!isMapping(discriminator)) return;
    const property = discriminator['propertyName'];
    const word = converted['oneOf'] ? 'oneOf' : 'anyOf';
    const forms = converted[word];
    if (typeof property !== 'string' || !Array.isArray(forms)) return;
    const values = this.#discriminated(mappingOf(discriminator['mapping']), at);
    converted[word] = forms.map((form): Json => {
      const own = isMapping(form) && typeof form['$ref'] === 'string' ? values.get(form['$ref']) : undefined;
      return own ? { allOf: [form, { required: [property], properties: { [property]: { enum: own } } }] } : form;
    });
  }

  /** The values that stand for each model. */
  #discriminated(mapping: Mapping, at: Pointer): ReadonlyMap<string, string[]> {
    const values = new Map<string, string[]>();
    for (const [value, target] of Object.entries(mapping)) {
      const place = [...at, 'discriminator', 'mapping', value];
      if (typeof target !== 'string') {
        this.#document.warn(place, `Found ${shown(target)}; expected a reference. It is left out.`);
        continue;
      }
      const reference = /[#/.]/.test(target) ? target : `#/components/schemas/${target}`;
      const name = this.#nameOf(reference, place);
      if (name !== undefined) values.set(name, [...(values.get(name) ?? []), value]);
    }
    return values;
  }
}

type Inner = (value: unknown, ...more: Pointer) => Json;

/** Of 3.0; some write it in 3.1 too, and mean it. */
function isNullable(schema: Mapping): boolean {
  return schema['nullable'] === true;
}

function withNull(schema: ModelSchema | boolean): ModelSchema | boolean {
  if (typeof schema === 'boolean') return schema;
  const { type, enum: choices } = schema;
  const isPlain = typeof type === 'string' && !['allOf', 'anyOf', 'oneOf', 'not', '$ref', 'const'].some((word) => word in schema);
  if (!isPlain) return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] };
  const widened: ModelSchema = { ...schema, type: [type, 'null'] };
  if (Array.isArray(choices) && !choices.includes(null)) widened['enum'] = [...choices, null];
  return widened;
}
