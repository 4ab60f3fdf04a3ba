// What decode gives, as JSON Schema: with the trees of the messages that are expected.

import type { JsonSchema, ProjectFile } from '@mortise/sdk';
import { definitionOf, directoryOf } from './directories.ts';
import { groupHeader, interchangeHeader, messageHeader, namesIn } from './envelope.ts';
import type { HeaderSpec } from './envelope.ts';
import { treeSchema } from './message-tree.ts';

interface SchemaOptions {
  readonly shape: 'segments' | 'groups';
  readonly messages?: readonly string[];
  readonly directory?: ProjectFile;
  readonly faults: 'record' | 'file' | 'keep';
  readonly acknowledge: boolean | 'requested';
}

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 1 };
const components: JsonSchema = { type: 'array', items: text };
const repeat: JsonSchema = {
  type: 'object',
  properties: { repeat: { type: 'array', items: { anyOf: [text, components] }, minItems: 1 } },
  required: ['repeat'],
  additionalProperties: false,
};
const element: JsonSchema = { anyOf: [text, components, repeat] };
const segments: JsonSchema = {
  type: 'array',
  items: object({ tag: text, nesting: components, elements: { type: 'array', items: element } }, ['tag', 'elements']),
};

const syntax = object(
  {
    separators: { type: 'string', minLength: 6, maxLength: 6 },
    una: { type: 'boolean' },
    breaks: { enum: ['', '\n', '\r\n', '\r'] },
    bom: { const: true },
    lastBreak: { const: false },
    irregular: { const: true },
    raw: text,
  },
  ['separators', 'una', 'breaks'],
);

const fault = object(
  {
    code: text,
    segment: text,
    segmentNumber: count,
    element: count,
    component: count,
    repetition: count,
    what: text,
    offsetBytes: { type: 'integer', minimum: 0 },
    line: count,
  },
  ['code', 'segment', 'what', 'offsetBytes', 'line'],
);

/** Where no messages are named, or one of them has no definition, the trees are any objects. */
export function messageSchema(options: SchemaOptions): JsonSchema {
  const one = (body: JsonSchema): JsonSchema => {
    const inside = options.shape === 'groups' ? { body } : { segments };
    const kept = options.faults === 'keep' ? { faults: { type: 'array', items: fault } as JsonSchema, segments } : {};
    const needed = options.faults === 'keep' ? [] : Object.keys(inside);
    const acknowledged = options.acknowledge === false ? {} : { acknowledges: { type: 'object' } as JsonSchema };
    return object(
      {
        syntax,
        interchange: header(interchangeHeader, { ends: { const: true } }),
        group: header(groupHeader, { ends: { const: true } }),
        message: header(messageHeader, { number: count }, ['number']),
        ...inside,
        ...kept,
        ...acknowledged,
      },
      ['syntax', 'message', ...needed],
    );
  };
  const bodies = options.shape === 'groups' ? bodySchemas(options) : [];
  const [first = { type: 'object' }] = bodies;
  return bodies.length > 1 ? { anyOf: bodies.map(one) } : one(first);
}

function bodySchemas({ messages = [], directory, acknowledge }: SchemaOptions): readonly JsonSchema[] {
  const definitions = messages.map((written) => {
    const [type = '', version = '', release = ''] = written.split(':');
    return definitionOf({ type, version, release }, directory);
  });
  if (definitions.length === 0) return [];
  const answer = acknowledge === false ? [] : [directoryOf('service').message('CONTRL')];
  return [...definitions, ...answer].map((definition): JsonSchema => (definition ? treeSchema(definition) : { type: 'object' }));
}

function header(spec: HeaderSpec, more: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema {
  const named = namesIn(spec).map(([name, names]): [string, JsonSchema] => {
    return [name, names === undefined ? text : object(Object.fromEntries(names.map((inner) => [inner, text])), [])];
  });
  return object({ ...more, ...Object.fromEntries(named), others: { type: 'object', additionalProperties: element } }, required);
}

function object(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 ? { required: [...required] } : {}), additionalProperties: false };
}
