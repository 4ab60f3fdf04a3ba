// The schema of environments/*.yaml: settings of mortise.yaml and of the systems that there are, none of them needed.

import { fieldsToJsonSchema } from '@mortise/sdk';
import type { ConnectorDeclaration, Fields, JsonSchema } from '@mortise/sdk';
import type { SystemDefinition } from '../../flow/definitions.ts';
import { settingsFields } from '../settings.ts';
import { systemFields } from '../systems.ts';
import type { SchemaContext } from './shared.ts';

export function environmentSchema({ definitions, connectors }: SchemaContext): JsonSchema {
  const { name: _name, ...settings } = settingsFields;
  const systems = [...definitions.systems.values()].map((system) => [system.name, systemSettings(system, connectors)] as const);
  const { properties } = fieldsToJsonSchema(settings);
  return {
    type: ['object', 'null'],
    properties: {
      ...(properties as JsonSchema),
      systems: { type: 'object', properties: Object.fromEntries(systems), additionalProperties: false },
    },
    additionalProperties: false,
  };
}

function systemSettings({ connections }: SystemDefinition, connectors: readonly ConnectorDeclaration[]): JsonSchema {
  const schemas = [...connections.values()].map(({ name, connector }) => {
    const declaration = connectors.find((one) => one.name === connector);
    return [name, declaration ? partial(declaration.connection) : {}] as const;
  });
  const [first] = schemas;
  const own: JsonSchema =
    connections.has('default') && first
      ? { connection: first[1] }
      : { connections: { type: 'object', properties: Object.fromEntries(schemas), additionalProperties: false } };
  const { properties } = fieldsToJsonSchema({ limits: systemFields.limits, maintenance: systemFields.maintenance });
  return { type: 'object', properties: { ...own, ...(properties as JsonSchema) }, additionalProperties: false };
}

/** Options of which none is needed: the rest stands in the system's own file. */
function partial(fields: Fields): JsonSchema {
  const { required: _required, ...schema } = fieldsToJsonSchema(fields);
  return schema;
}
