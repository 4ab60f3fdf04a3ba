// A value that fits a JSON Schema, small and recognisable: for tests that are written from models.

import type { Json, JsonSchema } from '@mortise/sdk';

/** Schemas that a `$ref` may name, by the reference as it is written. */
export type Resolve = (
  reference: string,
  from: JsonSchema,
) => { readonly schema: unknown; readonly root: JsonSchema } | undefined;

const depthMax = 12;
/** Deeper down only what is required is made: schemas may be cyclic. */
const optionalDepthMax = 4;

interface Place {
  readonly root: JsonSchema;
  readonly depth: number;
  readonly resolve: Resolve;
  readonly name: string;
}

/** A sample of `schema`; not every schema can be met by such simple means, so check it where that matters. */
export function sampleOf(schema: JsonSchema, resolve: Resolve = localOnly): Json {
  return sample(schema, { root: schema, depth: 0, resolve, name: 'sample' });
}

const localOnly: Resolve = (reference, root) => {
  const found = pointed(root, reference);
  return found === undefined ? undefined : { schema: found, root };
};

/** What `#/a/b` leads to within `root`. */
export function pointed(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  return reference
    .slice(1)
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => (isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined), root);
}

function sample(schema: unknown, place: Place): Json {
  if (!isObject(schema) || place.depth > depthMax) return null;
  const given = givenValue(schema);
  if (given !== undefined) return given;
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const found = place.resolve(reference, place.root);
    return found ? sample(found.schema, { ...place, root: found.root, depth: place.depth + 1 }) : null;
  }
  return combined(schema, place) ?? byType(schema, place);
}

/** What the schema itself says by way of values. */
function givenValue(schema: Readonly<Record<string, unknown>>): Json | undefined {
  const { const: constant, enum: choices, examples, default: byDefault } = schema;
  const [example] = Array.isArray(examples) ? (examples as unknown[]) : [];
  const [choice] = Array.isArray(choices) ? (choices as unknown[]) : [];
  return [constant, example, choice, byDefault].find((value) => value !== undefined) as Json | undefined;
}

function combined(schema: Readonly<Record<string, unknown>>, place: Place): Json | undefined {
  const inner = { ...place, depth: place.depth + 1 };
  for (const word of ['oneOf', 'anyOf']) {
    const forms = schema[word];
    if (Array.isArray(forms) && forms.length > 0) {
      const form = forms.find((one) => isObject(one) && one['type'] !== 'null') as unknown;
      return merged([sample({ ...schema, [word]: undefined }, inner), sample(form, inner)]);
    }
  }
  const all = schema['allOf'];
  if (!Array.isArray(all) || all.length === 0) return undefined;
  return merged([sample({ ...schema, allOf: undefined }, inner), ...all.map((one) => sample(one, inner))]);
}

/** Objects put together; the last value that is no object counts where there is one. */
function merged(values: readonly Json[]): Json {
  const last = values.findLast((value) => value !== null) ?? null;
  return isObject(last) ? (Object.assign({}, ...values.filter(isObject)) as Json) : last;
}

function byType(schema: Readonly<Record<string, unknown>>, place: Place): Json {
  const types = [schema['type']].flat().filter((type) => type !== 'null');
  const type = types[0] ?? (schema['properties'] ? 'object' : schema['items'] ? 'array' : undefined);
  if (type === 'object') return objectOf(schema, place);
  if (type === 'array') return arrayOf(schema, place);
  if (type === 'integer' || type === 'number') return numberOf(schema);
  if (type === 'boolean') return true;
  return type === 'string' ? textOf(schema, place.name) : null;
}

function objectOf({ properties, required }: Readonly<Record<string, unknown>>, place: Place): Json {
  const wanted = new Set(Array.isArray(required) ? required : []);
  const entries = Object.entries(isObject(properties) ? properties : {}).filter(
    ([name]) => wanted.has(name) || place.depth < optionalDepthMax,
  );
  const made = entries.map(([name, one]) => [name, sample(one, { ...place, depth: place.depth + 1, name })] as const);
  return Object.fromEntries(made.filter(([name, value]) => wanted.has(name) || value !== null));
}

function arrayOf({ items, prefixItems, minItems }: Readonly<Record<string, unknown>>, place: Place): Json {
  const inner = { ...place, depth: place.depth + 1 };
  if (Array.isArray(prefixItems)) return prefixItems.map((one) => sample(one, inner));
  const count = Math.min(typeof minItems === 'number' ? Math.max(1, minItems) : 1, 10);
  if (place.depth >= optionalDepthMax && minItems === undefined) return [];
  return Array.from({ length: count }, () => sample(items, inner));
}

function numberOf({ minimum, exclusiveMinimum, maximum, multipleOf }: Readonly<Record<string, unknown>>): number {
  if (typeof multipleOf === 'number' && typeof minimum !== 'number') return multipleOf;
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + 1;
  if (typeof minimum === 'number') return Math.max(minimum, 1) <= Number(maximum ?? Infinity) ? Math.max(minimum, 1) : minimum;
  return typeof maximum === 'number' ? Math.min(1, maximum) : 1;
}

const byFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T12:00:00Z',
  date: '2026-01-01',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'ada@example.com',
  hostname: 'host.example',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  'uri-reference': '/example',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function textOf({ format, minLength, maxLength, pattern }: Readonly<Record<string, unknown>>, name: string): string {
  const text = typeof format === 'string' ? byFormat[format] : undefined;
  if (text !== undefined) return text;
  if (typeof pattern === 'string') return matching(pattern) ?? name;
  const least = Math.min(typeof minLength === 'number' ? minLength : 0, 1000);
  const most = typeof maxLength === 'number' ? maxLength : Infinity;
  return name.padEnd(least, 'x').slice(0, most);
}

/** Common shapes of texts, one of which many patterns take; a pattern may be hostile, so long ones are not tried. */
const shapes = [
  '1',
  '12',
  '123',
  '1234',
  '12345',
  '123456',
  '1.00',
  'a',
  'ab',
  'abc',
  'A',
  'AB',
  'ABC',
  'EUR',
  'a1',
  'A1',
  '2026-01-01',
];

function matching(pattern: string): string | undefined {
  if (pattern.length > 200) return undefined;
  try {
    const expression = new RegExp(pattern, 'u');
    return shapes.find((shape) => expression.test(shape));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
