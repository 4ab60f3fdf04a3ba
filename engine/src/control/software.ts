// What software an engine consists of: the packages that it and its parts depend on, as they are installed.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SoftwarePackage {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

interface Manifest extends SoftwarePackage {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** By name; those that this file's own package needs, and what these need. */
export function softwareList(): readonly SoftwarePackage[] {
  const found = new Map<string, SoftwarePackage>();
  const visit = (folder: string, { dependencies = {} }: Manifest): void => {
    for (const name of Object.keys(dependencies)) {
      const place = placeOf(name, folder);
      const manifest = place === undefined ? undefined : manifestIn(place);
      if (place === undefined || !manifest || found.has(`${name}@${manifest.version}`)) continue;
      const { version, license } = manifest;
      found.set(`${name}@${version}`, { name, version, ...(license === undefined ? {} : { license }) });
      visit(place, manifest);
    }
  };
  const own = ownFolder(dirname(fileURLToPath(import.meta.url)));
  const manifest = own === undefined ? undefined : manifestIn(own);
  if (own !== undefined && manifest) visit(own, manifest);
  return [...found.values()].sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

function ownFolder(folder: string): string | undefined {
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(folder) === folder ? undefined : ownFolder(dirname(folder));
}

/** As Node looks for it: in the nearest node_modules. */
function placeOf(name: string, folder: string): string | undefined {
  const place = join(folder, 'node_modules', name);
  if (existsSync(join(place, 'package.json'))) return place;
  return dirname(folder) === folder ? undefined : placeOf(name, dirname(folder));
}

function manifestIn(folder: string): Manifest | undefined {
  const value: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return typeof value === 'object' && value !== null && 'version' in value ? (value as Manifest) : undefined;
}
