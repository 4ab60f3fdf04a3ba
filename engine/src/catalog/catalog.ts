// The connectors and formats that can be used: declarations are loaded by name, implementations when they are needed.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nearest } from '@mortise/sdk';
import type { ConnectorDeclaration, Decoder, Encoder, FormatDeclaration, OpenInbound, OpenOutbound } from '@mortise/sdk';
import { checkConnector, checkFormat, isFunction, isRecord } from './declaration.ts';
import { catalogError } from './errors.ts';
import { lendSdk } from './own-sdk.ts';
import { scanMortise, scanProject } from './scan.ts';
import type { CatalogFolder, CatalogFolders } from './scan.ts';

type Values = Readonly<Record<string, unknown>>;

/** The export `ping` of a connector; the connection has been read by the declaration's fields. */
export type PingSystem = (connection: Values, signal: AbortSignal) => Promise<string>;

/** Every promise rejects with MORTISE_CATALOG_UNKNOWN or MORTISE_CATALOG_BROKEN where there is no such thing. */
export interface Catalog {
  readonly connectors: readonly string[];
  readonly formats: readonly string[];
  connector(name: string): Promise<ConnectorDeclaration>;
  format(name: string): Promise<FormatDeclaration>;
  inbound(connector: string, uses: string): Promise<OpenInbound<Values, Values>>;
  outbound(connector: string, uses: string): Promise<OpenOutbound<Values, Values>>;
  /** Undefined where the connector cannot be asked. */
  ping(connector: string): Promise<PingSystem | undefined>;
  decoder(format: string): Promise<Decoder<unknown>>;
  encoder(format: string): Promise<Encoder<unknown>>;
  /** This catalog, and what a project has in its own folders `connectors` and `formats`, which is code. Taken names stay. */
  extended(project: string): Catalog;
}

/** The connectors and formats that come with Mortise. */
export function openCatalog(): Catalog {
  return catalogOf(scanMortise());
}

function catalogOf(folders: CatalogFolders): Catalog {
  const connector = shelfOf('connector', folders.connectors);
  const format = shelfOf('format', folders.formats);
  const end = async (side: 'inbound' | 'outbound', name: string, uses: string): Promise<never> => {
    const ends = await connector.exported(name, side, `${side}s`);
    const open = Object.hasOwn(ends, uses) ? ends[uses] : undefined;
    if (isFunction(open)) return open as never;
    throw catalogError('MORTISE_CATALOG_BROKEN', `The connector ${name} implements no ${side} "${uses}".`);
  };
  return {
    connectors: [...folders.connectors.keys()].sort(),
    formats: [...folders.formats.keys()].sort(),
    connector: async (name) => checkConnector(name, (await connector.load(name, 'connector'))['default']),
    format: async (name) => checkFormat(name, (await format.load(name, 'format'))['default']),
    inbound: (name, uses) => end('inbound', name, uses),
    outbound: (name, uses) => end('outbound', name, uses),
    ping: async (name) => (connector.has(name, 'client') ? pingOf(await connector.load(name, 'client')) : undefined),
    decoder: async (name) => (await format.exported(name, 'decode', 'decoder')) as unknown as Decoder<unknown>,
    encoder: async (name) => (await format.exported(name, 'encode', 'encoder')) as unknown as Encoder<unknown>,
    extended: (project) => {
      const own = scanProject(project);
      lendSdk();
      return catalogOf({
        connectors: new Map([...own.connectors, ...folders.connectors]),
        formats: new Map([...own.formats, ...folders.formats]),
      });
    },
  };
}

/** The files of all connectors, or of all formats. */
function shelfOf(kind: 'connector' | 'format', folders: ReadonlyMap<string, CatalogFolder>) {
  const pathOf = (name: string, file: string): string => {
    const found = folders.get(name);
    if (found) return join(found.folder, file + found.ending);
    const near = nearest(name, folders.keys());
    const remedy = near ? `Did you mean "${near}"?` : `Known are: ${[...folders.keys()].join(', ')}.`;
    throw catalogError('MORTISE_CATALOG_UNKNOWN', `There is no ${kind} "${name}".`, { remedy });
  };
  const load = async (name: string, file: string): Promise<Values> => importFile(pathOf(name, file));
  return {
    has: (name: string, file: string): boolean => existsSync(pathOf(name, file)),
    load,
    async exported(name: string, file: string, exportName: string): Promise<Values> {
      const value = (await load(name, file))[exportName];
      if (isRecord(value)) return value;
      throw catalogError('MORTISE_CATALOG_BROKEN', `The file "${file}" of the ${kind} ${name} exports no "${exportName}".`);
    },
  };
}

async function importFile(path: string): Promise<Values> {
  try {
    return (await import(pathToFileURL(path).href)) as Values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw catalogError('MORTISE_CATALOG_BROKEN', `${path} cannot be loaded: ${reason}`, { cause: error });
  }
}

function pingOf(client: Values): PingSystem | undefined {
  return isFunction(client['ping']) ? (client['ping'] as PingSystem) : undefined;
}
