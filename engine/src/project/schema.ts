// JSON Schemas (2020-12) for the files of a project, generated for that project: editors complete and check by them.

import { fieldsToJsonSchema } from '@mortise/sdk';
import type { JsonSchema } from '@mortise/sdk';
import { alertFields } from './alert-fields.ts';
import { channelFields } from './channels.ts';
import type { Project } from './load.ts';
import { environmentSchema } from './schema/environment-schema.ts';
import { flowSchema } from './schema/flow-schema.ts';
import { formatFileSchema, sharedDefinitions } from './schema/shared.ts';
import type { SchemaContext } from './schema/shared.ts';
import { systemSchema } from './schema/system-schema.ts';
import { testSchema } from './schema/test-schema.ts';
import { settingsFields } from './settings.ts';

/** Which schema is for which files. */
export type SchemaName = 'mortise' | 'system' | 'flow' | 'channel' | 'alert' | 'format' | 'test' | 'environment';

/** Each schema is complete in itself. */
export async function projectSchemas(project: Project): Promise<Readonly<Record<SchemaName, JsonSchema>>> {
  const context = await contextOf(project);
  const shared = sharedDefinitions(context);
  const complete = (title: string, { $defs, ...body }: JsonSchema): JsonSchema => ({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...body,
    $defs: { ...shared, ...($defs as JsonSchema | undefined) },
  });
  return {
    mortise: complete('mortise.yaml', fieldsToJsonSchema(settingsFields)),
    system: complete('systems/*.yaml', systemSchema(context)),
    flow: complete('flows/*.yaml', flowSchema(context)),
    channel: complete('channels/*.yaml', { ...fieldsToJsonSchema(channelFields), type: ['object', 'null'] }),
    alert: complete('alerts/*.yaml', fieldsToJsonSchema(alertFields)),
    format: complete('formats/*.yaml', formatFileSchema(context)),
    test: complete('tests/*.yaml', testSchema()),
    environment: complete('environments/*.yaml', environmentSchema(context)),
  };
}

async function contextOf({ catalog, definitions, formatNames }: Project): Promise<SchemaContext> {
  return {
    connectors: await Promise.all(catalog.connectors.map((name) => catalog.connector(name))),
    formats: await Promise.all(catalog.formats.map((name) => catalog.format(name))),
    definitions,
    formatNames,
  };
}
