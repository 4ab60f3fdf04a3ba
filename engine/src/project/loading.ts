// Loads the connectors and formats that a project mentions, and nothing else.

import type { ConnectorDeclaration } from '@mortise/sdk';
import type { Catalog } from '../catalog/catalog.ts';
import { scanProject } from '../catalog/scan.ts';
import { isMapping } from './planned.ts';
import { startOf } from './problems.ts';
import type { ProblemList } from './problems.ts';
import { referencesIn } from './references.ts';
import type { NamedFile } from './yaml-folder.ts';

export interface LoadedConnectors {
  readonly connectors: ReadonlyMap<string, ConnectorDeclaration>;
  /** Named, there, and not loaded: not to be executed, or broken. */
  readonly unloaded: ReadonlySet<string>;
}

/** The catalog with what the project has of its own, where that may be executed; and a problem for each name that is taken. */
export function projectCatalog(catalog: Catalog, folder: string, execute: boolean, problems: ProblemList): Catalog {
  const own = scanProject(folder);
  const names = [
    ...[...own.connectors.keys()].map((name) => ({ path: `connectors/${name}`, isTaken: catalog.connectors.includes(name) })),
    ...[...own.formats.keys()].map((name) => ({ path: `formats/${name}`, isTaken: catalog.formats.includes(name) })),
  ];
  for (const { path, isTaken } of names) {
    if (isTaken)
      problems.error('MORTISE_PROJECT_NAME_TAKEN', startOf(path), `${path} has the name of one that comes with Mortise.`);
    else if (!execute) problems.warn('MORTISE_PROJECT_NOT_EXECUTED', startOf(path), `${path} was not looked into: it is code.`);
  }
  return execute && names.length > 0 ? catalog.extended(folder) : catalog;
}

/** Loads the connectors that systems name. */
export async function loadConnectors(
  catalog: Catalog,
  folder: string,
  systems: readonly NamedFile[],
  problems: ProblemList,
): Promise<LoadedConnectors> {
  const named = new Set(systems.flatMap(({ file }) => connectorsIn(file?.value)));
  const connectors = new Map<string, ConnectorDeclaration>();
  const unloaded = new Set(scanProject(folder).connectors.keys());
  for (const name of catalog.connectors.filter((one) => named.has(one))) {
    try {
      connectors.set(name, await catalog.connector(name));
      unloaded.delete(name);
    } catch (error) {
      unloaded.add(name);
      problems.error(
        'MORTISE_PROJECT_CODE',
        startOf(`connectors/${name}`),
        error instanceof Error ? error.message : String(error),
      );
    }
  }
  return { connectors, unloaded };
}

function connectorsIn(value: unknown): readonly unknown[] {
  if (!isMapping(value)) return [];
  const several = isMapping(value['connections']) ? Object.values(value['connections']) : [];
  return [value['connector'], ...several.map((one) => (isMapping(one) ? one['connector'] : undefined))];
}

/** The formats of the catalog that may be meant by something in these files, or that a connector uses unasked. */
export function formatsMentioned(
  catalog: Catalog,
  written: readonly unknown[],
  connectors: Iterable<ConnectorDeclaration>,
): readonly string[] {
  const words = new Set(written.flatMap((value) => referencesIn(value).map(({ name }) => name)));
  for (const { inbounds, outbounds } of connectors) {
    for (const { format } of [...Object.values(inbounds), ...Object.values(outbounds)])
      if (format !== undefined) words.add(format);
  }
  return catalog.formats.filter((name) => words.has(name));
}
