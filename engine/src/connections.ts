// Opens connectors from the catalog, with secrets in place of their references.

import type { Clock, HttpListener, Logger } from '@mortise/sdk';
import type { Catalog } from './catalog/catalog.ts';
import type { Connections } from './engine.ts';
import type { ConnectionDefinition } from './flow/definitions.ts';

export interface ConnectionOptions {
  readonly catalog: () => Catalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly http: HttpListener;
  readonly messageBytesMax: number;
  readonly resolve: Connections['resolve'];
}

export function openConnections({ catalog, clock, log, http, messageBytesMax, resolve }: ConnectionOptions): Connections {
  const connectionOf = async ({ connector, values }: ConnectionDefinition) => resolve((await catalog().connector(connector)).connection, values);
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
        log,
        clock,
        http,
        messageBytesMax,
      });
    },
    async outbound({ connection, system, name, uses }, signal) {
      const open = await catalog().outbound(connection.connector, uses);
      return open({ connection: await connectionOf(connection), system, name, signal, log, clock });
    },
  };
}
