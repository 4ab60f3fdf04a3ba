// What each published package holds.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, unknown>>;
}

export interface PackageContents {
  /** As published, but for what it exports, which still names sources. */
  readonly manifest: Manifest;
  /** Where its sources lie in the repository, and where they go within the package; folders. */
  readonly folders: Readonly<Record<string, string>>;
  /** Specifiers of packages that went into this one, and the modules that they are now. */
  readonly merged: Readonly<Record<string, string>>;
}

/**
 * `mortise` keeps the tree of the repository, so that the catalog finds connectors and formats where it finds them there;
 * the engine goes into it. The SDK and the mapping are packages of their own: connectors from elsewhere import the one,
 * and the other knows nothing of Mortise.
 */
export function packageContents(root: string): readonly PackageContents[] {
  return [library(root, 'sdk'), library(root, 'mapping'), mortise(root)];
}

function library(root: string, folder: string): PackageContents {
  return { manifest: readManifest(root, folder), folders: { [`${folder}/src`]: 'src' }, merged: {} };
}

function mortise(root: string): PackageContents {
  const found = globSync(['connectors/*/package.json', 'formats/*/package.json'], { cwd: root });
  const plugins = found.map((path) => dirname(path).replaceAll('\\', '/')).sort();
  const cli = readManifest(root, 'cli');
  const engine = readManifest(root, 'engine');
  const within = [cli, engine, ...plugins.map((folder) => readManifest(root, folder))];
  return {
    manifest: {
      ...cli,
      exports: relocate(engine.exports ?? {}, 'engine'),
      bin: relocate(cli.bin ?? {}, 'cli'),
      dependencies: mergeDependencies(within),
    },
    folders: {
      'cli/src': 'cli/src',
      'engine/src': 'engine/src',
      ...Object.fromEntries(plugins.map((folder) => [folder, folder])),
      ...(existsSync(join(root, 'console/dist')) ? { 'console/dist': 'console/dist' } : {}),
    },
    merged: mergedModules(engine, 'engine'),
  };
}

function mergedModules({ name, exports = {} }: Manifest, folder: string): Record<string, string> {
  const modules = Object.entries(exports).map(([key, path]) => {
    return [`${name}${key.slice(1)}`, `${folder}/${path.slice(2).replace(/\.ts$/, '.js')}`] as const;
  });
  return Object.fromEntries(modules);
}

function readManifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

function relocate(paths: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path.replace(/^\./, `./${folder}`)]));
}

/** What all of them depend on, except one another. Throws where two want different versions of the same. */
export function mergeDependencies(manifests: readonly Manifest[]): Record<string, string> {
  const own = new Set(manifests.map(({ name }) => name));
  const merged = new Map<string, string>();
  for (const { name, dependencies = {} } of manifests) {
    for (const [library, version] of Object.entries(dependencies)) {
      const other = merged.get(library) ?? version;
      if (other !== version)
        throw new Error(`${name} wants ${library} ${version}, another wants ${other}: they are packed together.`);
      if (!own.has(library)) merged.set(library, version);
    }
  }
  return Object.fromEntries([...merged].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
