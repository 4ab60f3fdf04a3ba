// Where an import leads: to a file of the tree, to a package, or to Node itself.

import { dirname, join } from 'node:path/posix';
import type { Tree } from './tree.ts';

export type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'node' };

export type Resolve = (from: string, specifier: string) => Target;

/** What the checks read of a package.json. */
export interface Manifest {
  /** The folder it stands in; empty for the root. */
  readonly folder: string;
  readonly name?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Every package.json of the tree's own packages; not those of users' projects and benchmarks that stand by themselves. */
export function readManifests(tree: Tree): readonly Manifest[] {
  const files = tree.filter(({ path }) => /^((connectors|formats)\/[^/]+\/|[^/]+\/)?package\.json$/.test(path));
  return files.map(({ path, text }) => ({
    ...(JSON.parse(text) as object),
    folder: path === 'package.json' ? '' : path.slice(0, -'/package.json'.length),
  }));
}

/** Resolves as Node does, with the tree's own packages by their `exports`. */
export function resolver(tree: Tree): Resolve {
  const own = new Map(readManifests(tree).map((manifest) => [manifest.name, manifest]));
  return (from, specifier) => {
    if (specifier.startsWith('.')) return { kind: 'file', path: join(dirname(from), specifier) };
    const name = packageName(specifier);
    if (name === undefined) return { kind: 'node' };
    const manifest = own.get(name);
    const exported = manifest?.exports?.[`.${specifier.slice(name.length)}`];
    return manifest && typeof exported === 'string'
      ? { kind: 'file', path: join(manifest.folder, exported) }
      : { kind: 'package', name };
  };
}

/** `@mortise/sdk/testing` to `@mortise/sdk`; undefined where the specifier is a path or a part of Node. */
export function packageName(specifier: string): string | undefined {
  if (/^(\.|node:)/.test(specifier)) return undefined;
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
