// Check: packages declare what they import, use what they declare, and what they bring along may be passed on.

import { packageName, readManifests } from './resolve.ts';
import type { Manifest } from './resolve.ts';
import { isCode, isTest } from './tree.ts';
import type { Finding, Tree, TreeFile } from './tree.ts';

/** Licences of production dependencies that may be passed on under Apache-2.0, by SPDX identifier. */
const licences = new Set(
  'MIT MIT-0 Apache-2.0 ISC BSD-2-Clause BSD-3-Clause 0BSD BlueOak-1.0.0 Unlicense CC0-1.0 Python-2.0'.split(' '),
);

/** What this package imports is built into its files: nothing of it is installed with Mortise. */
const built = 'console';

/** Parts of Vite, which builds and tests: nothing of them is passed on, though npm does not count them to development. */
const ofVite = /^node_modules\/lightningcss/;

export function checkPackages(tree: Tree): Finding[] {
  const manifests = readManifests(tree);
  return [...undeclaredImports(tree, manifests), ...idleDependencies(tree, manifests), ...refusedLicences(tree)];
}

/** Tests and tools may also use what the root and their package declare for development, and any package of the tree. */
function undeclaredImports(tree: Tree, manifests: readonly Manifest[]): Finding[] {
  const root = manifests.find(({ folder }) => folder === '');
  const forAll = [...Object.keys(root?.devDependencies ?? {}), ...manifests.map(({ name }) => name)];
  return tree.filter(isCode).flatMap((file) => {
    const manifest = manifestOf(file, manifests);
    const own = { ...manifest?.dependencies, ...manifest?.peerDependencies };
    const forDevelopment =
      isTest(file) || manifest === root || manifest?.folder === built
        ? [...forAll, ...Object.keys(manifest?.devDependencies ?? {})]
        : [];
    const known = new Set([manifest?.name, ...Object.keys(own), ...forDevelopment]);
    const foreign = importedPackages(file).filter(({ name }) => !known.has(name));
    const mend = `Add it to the dependencies of ${manifestPath(manifest)}.`;
    return foreign.map(({ name, line }) => ({
      path: file.path,
      line,
      what: `imports "${name}", which its package does not declare`,
      mend,
    }));
  });
}

function idleDependencies(tree: Tree, manifests: readonly Manifest[]): Finding[] {
  return manifests.flatMap((manifest) => {
    const files = tree.filter((file) => isCode(file) && manifestOf(file, manifests) === manifest);
    const used = new Set(files.flatMap((file) => importedPackages(file).map(({ name }) => name)));
    const idle = Object.keys(manifest.dependencies ?? {}).filter((name) => !used.has(name));
    const mend = 'Remove the dependency.';
    return idle.map((name) => ({
      path: manifestPath(manifest),
      line: 1,
      what: `declares "${name}", which nothing imports`,
      mend,
    }));
  });
}

function importedPackages({ syntax }: TreeFile): readonly { readonly name: string; readonly line: number }[] {
  return syntax.imports.flatMap(({ specifier, line }) => {
    const name = packageName(specifier);
    return name === undefined ? [] : [{ name, line }];
  });
}

/** The manifest of the innermost package that holds the file. */
function manifestOf({ path }: TreeFile, manifests: readonly Manifest[]): Manifest | undefined {
  const holding = manifests.filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`));
  return holding.toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

function manifestPath(manifest: Manifest | undefined): string {
  return manifest && manifest.folder !== '' ? `${manifest.folder}/package.json` : 'package.json';
}

interface LockedPackage {
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
}

/** Of what is installed for production: not what serves development, and not what a user may add beside it. */
function refusedLicences(tree: Tree): Finding[] {
  const lock = tree.find(({ path }) => path === 'package-lock.json');
  const { packages = {} } = JSON.parse(lock?.text ?? '{}') as { packages?: Readonly<Record<string, LockedPackage>> };
  const shipped = Object.entries(packages).filter(
    ([path, { link, dev, devOptional, peer }]) =>
      path.startsWith('node_modules/') && !ofVite.test(path) && !link && !dev && !devOptional && !peer,
  );
  const refused = shipped.filter(([, { license }]) => !isAllowed(license ?? ''));
  return refused.map(([path, { license }]) => ({
    path: 'package-lock.json',
    line: lineOf(lock?.text ?? '', `"${path}"`),
    what: `${path} has the licence "${license ?? 'none'}"`,
    mend: 'Use another library; what may be passed on stands in tools/tidy/packages.ts.',
  }));
}

/** SPDX expressions: of `A OR B` one must be allowed, of `A AND B` both. */
function isAllowed(licence: string): boolean {
  const choices = licence.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((id) => licences.has(id)));
}

function lineOf(text: string, part: string): number {
  return text.slice(0, Math.max(0, text.indexOf(part))).split('\n').length;
}
