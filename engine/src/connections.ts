// Opens connectors from the catalog, with secrets in place of their references.

import { resolve as resolvePath } from 'node:path';
import type { Clock, Field, Fields, HttpListener, Logger } from '@mortise/sdk';
import type { Catalog } from './catalog/catalog.ts';
import type { Connections } from './engine.ts';
import { withFacts } from './log.ts';
import type { ConnectionDefinition } from './flow/definitions.ts';

export interface ConnectionOptions {
  readonly catalog: () => Catalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly http: HttpListener;
  readonly messageBytesMax: number;
  /** The project's folder: relative paths start there. */
  readonly folder: string;
  /** Puts secrets in place of their references. */
  readonly secrets: Connections['resolve'];
}

export function openConnections({ catalog, clock, log, http, messageBytesMax, folder, secrets }: ConnectionOptions): Connections {
  const resolve: Connections['resolve'] = (fields, values) => secrets(fields, absolute(folder, fields, values));
  const connectionOf = async ({ connector, values }: ConnectionDefinition) =>
    resolve((await catalog().connector(connector)).connection, values);
  return {
    resolve,
    async inbound(definition, { accept, cursor, signal }) {
      const { connection, system, name, uses, options, declaration } = definition;
      const open = await catalog().inbound(connection.connector, uses);
      return open({
        connection: await connectionOf(connection),
        options: resolve(declaration.options, options),
        system,
        name,
        accept,
        cursor,
        signal,
        log: withFacts(log, { event: 'connector.told', system, inbound: `${system}.${name}` }),
        clock,
        http,
        messageBytesMax,
      });
    },
    async outbound({ connection, system, name, uses }, signal) {
      const open = await catalog().outbound(connection.connector, uses);
      const facts = { event: 'connector.told', system, outbound: `${system}.${name}` };
      return open({ connection: await connectionOf(connection), system, name, signal, log: withFacts(log, facts), clock });
    },
  };
}

/** The values with relative paths made absolute. */
function absolute(folder: string, fields: Fields, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, absoluteValue(folder, fields[name], value)]));
}

function absoluteValue(folder: string, spec: Field | undefined, value: unknown): unknown {
  if (spec?.kind === 'path' && typeof value === 'string') return resolvePath(folder, value);
  if (spec?.kind === 'group' && typeof value === 'object' && value !== null)
    return absolute(folder, spec.fields ?? {}, { ...value });
  if (spec?.kind === 'list' && Array.isArray(value)) return value.map((one: unknown) => absoluteValue(folder, spec.of, one));
  return value;
}
