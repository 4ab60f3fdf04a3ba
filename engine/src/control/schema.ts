// The schemas of the API, written as TypeBox writes them: its types, without its 370 modules, which took a fifth of an engine's start.

import type { Type as TypeBox } from 'typebox';

export type { Static } from 'typebox';

type Words =
  | 'Array'
  | 'Boolean'
  | 'Enum'
  | 'Integer'
  | 'Interface'
  | 'Literal'
  | 'Number'
  | 'Object'
  | 'Omit'
  | 'Optional'
  | 'Partial'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown';

type Schema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Schema>>;

/** On a property that may be absent. Not enumerable, and so not part of the schema. */
const optional = '~optional';

const builders = {
  Array: (items: Schema, options?: Schema) => ({ type: 'array', items, ...options }),
  Boolean: (options?: Schema) => ({ type: 'boolean', ...options }),
  Enum: (values: readonly unknown[], options?: Schema) => ({ enum: values, ...options }),
  Integer: (options?: Schema) => ({ type: 'integer', ...options }),
  Interface: (heritage: readonly Schema[], properties: Properties, options?: Schema) =>
    object(Object.assign({}, ...heritage.map(propertiesOf), properties) as Properties, options),
  Literal: (value: unknown, options?: Schema) => ({ type: typeof value, const: value, ...options }),
  Number: (options?: Schema) => ({ type: 'number', ...options }),
  Object: object,
  Omit: (schema: Schema, names: readonly string[], options?: Schema) =>
    object(Object.fromEntries(Object.entries(propertiesOf(schema)).filter(([name]) => !names.includes(name))), options),
  Optional: markOptional,
  Partial: (schema: Schema, options?: Schema) =>
    object(
      Object.fromEntries(Object.entries(propertiesOf(schema)).map(([name, property]) => [name, markOptional(property)])),
      options,
    ),
  Record: (_key: Schema, value: Schema, options?: Schema) => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  String: (options?: Schema) => ({ type: 'string', ...options }),
  Union: (anyOf: readonly Schema[], options?: Schema) => ({ anyOf, ...options }),
  Unknown: (options?: Schema) => ({ ...options }),
} satisfies Readonly<Record<Words, (...given: never[]) => Schema>>;

/** What TypeBox's own would make, of the words that are used here. Keys of a record are any text. */
export const Type = builders as unknown as Pick<typeof TypeBox, Words>;

function object(properties: Properties, options?: Schema): Schema {
  const required = Object.keys(properties).filter((name) => !Object.hasOwn(properties[name] ?? {}, optional));
  return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options };
}

function markOptional(schema: Schema): Schema {
  return Object.defineProperty({ ...schema }, optional, { value: true });
}

function propertiesOf(schema: Schema): Properties {
  return schema['properties'] as Properties;
}
