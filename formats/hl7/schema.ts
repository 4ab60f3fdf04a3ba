// The JSON Schema of what decode gives: messages, their segments by name, and what stands by position.

import type { JsonSchema } from '@mortise/sdk';
import { dataTypeNames, segmentDefinition, segmentNames, typeDefinition } from './definitions.ts';
import type { PartDefinition, TypeDefinition } from './definitions.ts';

const text: JsonSchema = { type: ['string', 'null'] };
const anySegment: JsonSchema = { $ref: '#/$defs/anySegment' };
/** What every segment may have besides its fields. */
const besides: Readonly<Record<string, JsonSchema>> = {
  positions: { $ref: '#/$defs/positions' },
  emptyFields: { type: 'integer', minimum: 1 },
  irregular: { type: 'string' },
};

/** Its type is told by another field: a text, or an object of the components that the type has. */
const varied: JsonSchema = { type: ['string', 'null', 'object', 'array'] };

const delimiters: JsonSchema = { type: 'string', minLength: 2, maxLength: 6 };

export function messageSchema({ names }: { readonly names: boolean }): JsonSchema {
  return {
    type: 'object',
    properties: {
      segments: {
        type: 'array',
        minItems: 1,
        items: names ? { anyOf: [...segmentNames.map(segmentReference), anySegment] } : anySegment,
      },
      syntax: { $ref: '#/$defs/syntax' },
      envelope: object({ file: { $ref: '#/$defs/part' }, batch: { $ref: '#/$defs/part' } }),
    },
    required: ['segments', 'syntax'],
    additionalProperties: false,
    $defs: { ...structure(names), ...(names ? definitions() : {}) },
  };
}

function structure(names: boolean): Record<string, JsonSchema> {
  const segmentOf = (name: string): JsonSchema => (names ? segmentReference(name) : anySegment);
  return {
    syntax: object(
      {
        delimiters,
        terminator: { enum: ['cr', 'lf', 'crlf'] },
        unterminated: { const: true },
        irregular: { const: true },
        raw: { type: 'string' },
      },
      ['delimiters', 'terminator'],
    ),
    part: object({
      number: { type: 'integer', minimum: 1 },
      delimiters,
      header: { anyOf: [segmentOf('FHS'), segmentOf('BHS')] },
      trailer: { anyOf: [segmentOf('FTS'), segmentOf('BTS'), { type: 'null' }] },
    }),
    anySegment: object({ segment: { type: 'string', pattern: '^[A-Z][A-Z0-9]{2}$' }, ...besides }, ['segment']),
    positions: { type: 'object', additionalProperties: { $ref: '#/$defs/loose' } },
    loose: { anyOf: [{ $ref: '#/$defs/looseField' }, { type: 'array', items: { $ref: '#/$defs/looseField' } }] },
    looseField: { anyOf: [text, { type: 'object', additionalProperties: { $ref: '#/$defs/looseComponent' } }] },
    looseComponent: { anyOf: [text, { type: 'object', additionalProperties: text }] },
  };
}

function definitions(): Record<string, JsonSchema> {
  const types = dataTypeNames.flatMap((name) => {
    const type = typeDefinition(name);
    return type
      ? [[name, compositeSchema(type, componentSchema)] as const, [`${name}.parts`, compositeSchema(type, () => text)] as const]
      : [];
  });
  return Object.fromEntries([...types, ...segmentNames.map((name) => [`segment.${name}`, segmentSchema(name)] as const)]);
}

function segmentSchema(name: string): JsonSchema {
  const parts = segmentDefinition(name)?.parts ?? [];
  const fields = parts.flatMap((part, index) =>
    part && !isDelimiter(name, index) ? [[part.name, fieldSchema(part)] as const] : [],
  );
  return object({ segment: { const: name }, ...Object.fromEntries(fields), ...besides }, ['segment']);
}

/** Where a segment names the delimiters, they stand in the syntax. */
function isDelimiter(segment: string, index: number): boolean {
  return index < 2 && ['MSH', 'FHS', 'BHS'].includes(segment);
}

function fieldSchema({ type, repeats, varies }: PartDefinition): JsonSchema {
  const one: JsonSchema = varies ? varied : type ? nullable(type.name) : text;
  return repeats ? { type: 'array', items: one } : one;
}

function compositeSchema({ parts }: TypeDefinition, partSchema: (part: PartDefinition) => JsonSchema): JsonSchema {
  const properties = parts.flatMap((part) => (part ? [[part.name, partSchema(part)] as const] : []));
  return object({
    ...Object.fromEntries(properties),
    positions: { type: 'object', additionalProperties: { $ref: '#/$defs/looseComponent' } },
  });
}

function componentSchema({ type }: PartDefinition): JsonSchema {
  return type ? nullable(`${type.name}.parts`) : text;
}

function nullable(name: string): JsonSchema {
  return { anyOf: [{ $ref: `#/$defs/${name}` }, { type: 'null' }] };
}

function segmentReference(name: string): JsonSchema {
  return { $ref: `#/$defs/segment.${name}` };
}

function object(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}
