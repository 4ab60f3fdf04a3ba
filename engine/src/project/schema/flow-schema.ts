// The schema of flows/*.yaml: steps by their forms, and where a flow receives and sends, by the project's systems.

import { fieldToJsonSchema, fieldsToJsonSchema } from '@mortise/sdk';
import type { ConnectorDeclaration, Field, Fields, Json, JsonSchema } from '@mortise/sdk';
import type { SystemDefinition } from '../../flow/definitions.ts';
import { flowForm } from '../../flow/form.ts';
import { stepDefinitions } from '../../flow/steps.ts';
import { inboundFields, outboundFields } from '../endpoints.ts';
import { allOf, ifHolds, namesOr, when } from './shared.ts';
import type { SchemaContext } from './shared.ts';

const expression: JsonSchema = { $ref: '#/$defs/expression', description: 'The body that goes there.' };

export function flowSchema(context: SchemaContext): JsonSchema {
  const { properties, ...rest } = fieldsToJsonSchema(flowForm);
  const withOwn = [...stepDefinitions.values()].filter(({ form }) => form.kind === 'targets' && form.fields !== undefined);
  return {
    ...rest,
    properties: { ...(properties as JsonSchema), from: { ...place(context, 'inbound', {}), description: flowForm.from.doc } },
    $defs: {
      steps: { type: 'array', items: { $ref: '#/$defs/step' } },
      step: stepSchema(),
      target: place(context, 'outbound', { with: expression }),
      targets: { anyOf: [{ $ref: '#/$defs/target' }, { type: 'array', items: { $ref: '#/$defs/target' } }] },
      ...Object.fromEntries(
        withOwn.map(({ name, form }) => [`${name}-target`, place(context, 'outbound', { with: expression, ...ownOf(form) })]),
      ),
    },
  };
}

function ownOf({ fields = {} }: Field): JsonSchema {
  return fieldsToJsonSchema(fields)['properties'] as JsonSchema;
}

function stepSchema(): JsonSchema {
  const steps = [...stepDefinitions.values()].map(({ name, form, doc }) => {
    const isOwn = form.kind === 'targets' && form.fields !== undefined;
    const schema = isOwn ? { $ref: `#/$defs/${name}-target` } : fieldToJsonSchema(form);
    return [name, { ...schema, description: doc }] as const;
  });
  return {
    type: 'object',
    properties: Object.fromEntries(steps),
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  };
}

/** `{ channel }` or `{ system, inbound }` with what may stand beside it. */
function place(context: SchemaContext, side: 'inbound' | 'outbound', own: Readonly<Record<string, Json>>): JsonSchema {
  const { definitions } = context;
  const channels = namesOr(definitions.channels.keys(), '^[a-z0-9][a-z0-9-]*$');
  const channel: JsonSchema = { properties: { channel: channels, ...own }, additionalProperties: false };
  const systems = [...definitions.systems.values()];
  const system: JsonSchema = {
    required: ['system', side],
    ...allOf(systems.map((one) => when({ system: one.name }, systemPlace(one, side, own, context)))),
  };
  return {
    type: 'object',
    properties: {
      channel: channels,
      system: namesOr(definitions.systems.keys(), '^[a-z0-9][a-z0-9-]*$'),
      [side]: { type: 'string' },
    },
    ...ifHolds({ required: ['channel'] }, channel, system),
  };
}

function systemPlace(
  system: SystemDefinition,
  side: 'inbound' | 'outbound',
  own: Readonly<Record<string, Json>>,
  context: SchemaContext,
): JsonSchema {
  const defined = [...system[`${side}s`].keys()];
  const inline = [...system.connections.values()].flatMap(({ connector }) => inlineEnds(context.connectors, connector, side));
  const undefinedThere = inline.filter(({ name }) => !defined.includes(name));
  return {
    properties: { [side]: namesOr(new Set([...defined, ...undefinedThere.map(({ name }) => name)]), '(?!)') },
    ...allOf([
      ...defined.map((name) => when({ [side]: name }, bare(side, own))),
      ...onceEach(undefinedThere).map(({ name, forms }) =>
        when({ [side]: name }, { anyOf: forms.map((options) => withOptions(side, own, options)) }),
      ),
    ]),
  };
}

/** Two connections of a system may have connectors with ends of the same name. */
function onceEach(ends: readonly { readonly name: string; readonly options: Fields }[]) {
  const names = [...new Set(ends.map(({ name }) => name))];
  return names.map((name) => ({ name, forms: ends.filter((end) => end.name === name).map(({ options }) => options) }));
}

function inlineEnds(connectors: readonly ConnectorDeclaration[], connector: string, side: 'inbound' | 'outbound') {
  const declaration = connectors.find(({ name }) => name === connector);
  if (side === 'inbound')
    return Object.entries(declaration?.inbounds ?? {}).map(([name, end]) => ({ name, options: inboundFields(end) }));
  return Object.entries(declaration?.outbounds ?? {}).map(([name, end]) => ({ name, options: outboundFields(end) }));
}

function bare(side: string, own: Readonly<Record<string, Json>>): JsonSchema {
  return { properties: { system: true, [side]: true, ...own }, additionalProperties: false };
}

function withOptions(side: string, own: Readonly<Record<string, Json>>, options: Fields): JsonSchema {
  const { properties, required = [] } = fieldsToJsonSchema(options);
  return {
    properties: { system: true, [side]: true, ...(properties as JsonSchema), ...own },
    required: required as Json,
    additionalProperties: false,
  };
}
