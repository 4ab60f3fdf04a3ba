// Finds the folders of connectors and formats: what is there is known, and no list is kept.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Above this file: three levels up in the repository, fewer where the published package has them beside the engine. */
const levelsUp = ['..', '../..', '../../..'];

/** Where the code of one connector or format lies. */
export interface CatalogFolder {
  readonly folder: string;
  /** `.ts`, or `.js` where the code was compiled. */
  readonly ending: string;
}

export interface CatalogFolders {
  readonly connectors: ReadonlyMap<string, CatalogFolder>;
  readonly formats: ReadonlyMap<string, CatalogFolder>;
}

/** What comes with Mortise: in the repository, or in the published package. */
export function scanMortise(here: string = import.meta.url): CatalogFolders {
  const candidates = levelsUp.map((level) => fileURLToPath(new URL(`${level}/`, here)));
  const folder = candidates.find((candidate) => ['connectors', 'formats'].every((name) => existsSync(join(candidate, name))));
  return scan(folder ?? '.', [here.slice(here.lastIndexOf('.'))]);
}

/** What a project has of its own. */
export function scanProject(project: string): CatalogFolders {
  return scan(project, ['.ts', '.js']);
}

function scan(folder: string, endings: readonly string[]): CatalogFolders {
  return {
    connectors: foldersWith(join(folder, 'connectors'), 'connector', endings),
    formats: foldersWith(join(folder, 'formats'), 'format', endings),
  };
}

/** The folders within `parent` that hold a declaration, by name. */
function foldersWith(parent: string, declaration: string, endings: readonly string[]): ReadonlyMap<string, CatalogFolder> {
  const names = existsSync(parent) ? readdirSync(parent).sort() : [];
  const found = names.flatMap((name): [string, CatalogFolder][] => {
    const folder = join(parent, name);
    const ending = endings.find((one) => existsSync(join(folder, declaration + one)));
    return ending === undefined ? [] : [[name, { folder, ending }]];
  });
  return new Map(found);
}
