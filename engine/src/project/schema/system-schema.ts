// The schema of systems/*.yaml: the options of a connection, an inbound or an outbound depend on the connector.

import { fieldsToJsonSchema } from '@mortise/sdk';
import type { ConnectorDeclaration, JsonSchema } from '@mortise/sdk';
import { inboundFields, outboundFields } from '../endpoints.ts';
import { systemFields } from '../systems.ts';
import { allOf, ifHolds, optionsWith, when } from './shared.ts';
import type { SchemaContext } from './shared.ts';

const sides = ['inbounds', 'outbounds'] as const;

export function systemSchema({ connectors }: SchemaContext): JsonSchema {
  const { properties } = fieldsToJsonSchema(systemFields);
  const names = connectors.map(({ name }) => name);
  const connection: JsonSchema = {
    type: 'object',
    properties: { connector: { enum: names } },
    required: ['connector'],
    ...allOf(connectors.map(namedConnection)),
  };
  return {
    type: 'object',
    properties: {
      ...(properties as JsonSchema),
      connector: { enum: names, description: systemFields.connector.doc },
      connections: {
        type: 'object',
        additionalProperties: connection,
        minProperties: 1,
        description: systemFields.connections.doc,
      },
    },
    additionalProperties: false,
    oneOf: [{ required: ['connector'] }, { required: ['connections'], not: { required: ['connection'] } }],
    allOf: [...connectors.map(oneConnection), ifHolds({ required: ['connections'] }, ends(connectors))],
    $defs: Object.fromEntries(
      connectors.map((connector) => [`connection-${connector.name}`, fieldsToJsonSchema(connector.connection)]),
    ),
  };
}

function namedConnection({ name, connection }: ConnectorDeclaration): JsonSchema {
  return when({ connector: name }, optionsWith({ connector: { const: name } }, connection));
}

/** A system with one connection: everything goes by its connector. */
function oneConnection(connector: ConnectorDeclaration): JsonSchema {
  const { properties } = ends([connector]);
  const isNeeded = Object.values(connector.connection).some((spec) => !spec.optional && spec.default === undefined);
  const schema: JsonSchema = {
    properties: { connection: { $ref: `#/$defs/connection-${connector.name}` }, ...(properties as JsonSchema) },
    ...(isNeeded ? { required: ['connection'] } : {}),
  };
  return when({ connector: connector.name }, schema);
}

/** Inbounds and outbounds of these connectors: which one is meant by `on` no schema can say, so any of that name will do. */
function ends(connectors: readonly ConnectorDeclaration[]): JsonSchema {
  const properties = sides.map((side) => {
    const declared = connectors.flatMap((connector) => endsOf(connector, side));
    const uses = [...new Set(declared.map(({ name }) => name))];
    const choices = uses.map((name) => {
      const forms = declared.filter((end) => end.name === name).map(({ schema }) => schema);
      return when({ uses: name }, forms.length === 1 ? (forms[0] as JsonSchema) : { anyOf: forms });
    });
    const end = { type: 'object', properties: { uses: { enum: uses } }, required: ['uses'], ...allOf(choices) };
    return [side, { additionalProperties: uses.length > 0 && end }] as const;
  });
  return { properties: Object.fromEntries(properties) };
}

function endsOf(
  { inbounds, outbounds }: ConnectorDeclaration,
  side: (typeof sides)[number],
): readonly { name: string; schema: JsonSchema }[] {
  if (side === 'inbounds') {
    return Object.entries(inbounds).map(([name, inbound]) => ({
      name,
      schema: optionsWith({ uses: { const: name } }, inboundFields(inbound)),
    }));
  }
  return Object.entries(outbounds).map(([name, outbound]) => ({
    name,
    schema: optionsWith({ uses: { const: name } }, outboundFields(outbound)),
  }));
}
