// The parts that several schemas refer to: expressions, models, formats; and how choices by a constant are written.

import { fieldsToJsonSchema } from '@mortise/sdk';
import type { ConnectorDeclaration, Fields, FormatDeclaration, Json, JsonSchema } from '@mortise/sdk';
import type { Definitions } from '../../flow/definitions.ts';

/** What the schemas are made from. */
export interface SchemaContext {
  readonly connectors: readonly ConnectorDeclaration[];
  readonly formats: readonly FormatDeclaration[];
  readonly definitions: Definitions;
  /** Of the catalog, and named by the project. */
  readonly formatNames: readonly string[];
}

const inFile = { file: { type: 'string' } };

/** The definitions `expression`, `model` and `format` that schemas of fields refer to. */
export function sharedDefinitions({ definitions, formats, formatNames }: SchemaContext): JsonSchema {
  return {
    expression: {
      anyOf: [
        { type: 'string' },
        { type: 'object', properties: inFile, required: Object.keys(inFile), additionalProperties: false },
      ],
    },
    model: namesOr(definitions.models.keys(), '^[a-z0-9][a-z0-9-]*@[1-9][0-9]*$'),
    format: { anyOf: [{ enum: [...formatNames] }, ...formats.map(formatWithOptions)] },
  };
}

/** The schema of formats/*.yaml: the options of the format that is named stand beside its name. */
export function formatFileSchema({ formats }: SchemaContext): JsonSchema {
  return {
    type: 'object',
    properties: { format: { enum: formats.map(({ name }) => name) } },
    required: ['format'],
    ...allOf(formats.map(({ name, options }) => when({ format: name }, optionsWith({ format: { const: name } }, options)))),
  };
}

/** Any of these names; where there are none yet, any that could be one. */
export function namesOr(names: Iterable<string>, pattern: string): JsonSchema {
  const all = [...names];
  return all.length > 0 ? { enum: all } : { type: 'string', pattern };
}

/** If these properties have these values, the schema holds. */
export function when(constants: Readonly<Record<string, string>>, schema: JsonSchema): JsonSchema {
  const properties = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, { const: value }]));
  return ifHolds({ properties, required: Object.keys(constants) }, schema);
}

export function ifHolds(condition: JsonSchema, schema: JsonSchema, otherwise?: JsonSchema): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- it is a keyword of JSON Schema, and nobody awaits a schema
  return { if: condition, then: schema, ...(otherwise ? { else: otherwise } : {}) };
}

/** `allOf`, which may not be empty. */
export function allOf(schemas: readonly JsonSchema[]): JsonSchema {
  return schemas.length > 0 ? { allOf: schemas } : {};
}

/** The schema of options beside properties of Mortise's own, all of which are needed; nothing else is allowed. */
export function optionsWith(own: Readonly<Record<string, Json>>, options: Fields): JsonSchema {
  const { properties, required, ...rest } = fieldsToJsonSchema(options);
  const needed = new Set([...Object.keys(own), ...((required as readonly string[] | undefined) ?? [])]);
  return { ...rest, properties: { ...(properties as JsonSchema), ...own }, required: [...needed] };
}

function formatWithOptions({ name, options }: FormatDeclaration): JsonSchema {
  return { type: 'object', properties: { [name]: fieldsToJsonSchema(options) }, required: [name], additionalProperties: false };
}
