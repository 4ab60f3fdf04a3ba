// Lays out one package as it is published: compiled code, its declarations, and what goes along as it is.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { relative } from 'node:path/posix';
import { packageName } from '../tidy/resolve.ts';
import { parseModule } from '../tidy/syntax.ts';
import type { Syntax } from '../tidy/syntax.ts';
import type { Manifest, PackageContents } from './contents.ts';

/** What serves tests or the repository itself. */
const leftOut =
  /\.(test|fixture)\.ts$|\/conformance[\w-]*\.ts$|\/(fixtures|conformance|node_modules)\/|\/(package\.json|services\.yaml)$/;

export interface Places {
  readonly root: string;
  /** Where the compiler wrote, in the tree of the repository. */
  readonly compiled: string;
  /** Where the package is laid out; empty. */
  readonly staging: string;
}

export function stagePackage(contents: PackageContents, places: Places): void {
  for (const [source, target] of Object.entries(contents.folders)) {
    for (const path of filesIn(join(places.root, source)).filter((name) => !leftOut.test(`/${name}`))) {
      stageFile(contents, places, `${source}/${path}`, `${target}/${path}`);
    }
  }
  write(join(places.staging, 'package.json'), `${JSON.stringify(publishedManifest(contents.manifest), null, 2)}\n`);
  for (const name of ['LICENSE', 'README.md']) {
    if (existsSync(join(places.root, name))) copyFileSync(join(places.root, name), join(places.staging, name));
  }
}

function stageFile(contents: PackageContents, { root, compiled, staging }: Places, source: string, target: string): void {
  const code = (from: string, to: string): void => write(join(staging, to), published(contents, to, readFileSync(from, 'utf8')));
  if (target.endsWith('.mjs')) return code(join(root, source), target);
  if (!target.endsWith('.ts')) return copy(join(root, source), join(staging, target));
  for (const extension of ['.js', '.d.ts'])
    code(join(compiled, source.replace(/\.ts$/, extension)), target.replace(/\.ts$/, extension));
}

/**
 * The text with its imports as they are in the package. Throws where it imports what the package does not bring along, or
 * names a source otherwise than by an import.
 */
function published(contents: PackageContents, path: string, text: string): string {
  const syntax = parseModule(path, text);
  refuseSources(path, syntax);
  const imports = syntax.imports.toSorted((a, b) => b.start - a.start);
  return imports.reduce((result, { specifier, start, end }) => {
    return `${result.slice(0, start)}'${publishedSpecifier(contents, path, specifier)}'${result.slice(end)}`;
  }, text);
}

/** A thread's module is named by a URL, which the compiler leaves as it is: the code has to choose between source and compiled. */
function refuseSources(path: string, syntax: Syntax): void {
  const imported = new Set(syntax.imports.map(({ start }) => start));
  syntax.visit((node, parent) => {
    const isSource = node.type === 'Literal' && typeof node.value === 'string' && /^\.\.?\/.+\.ts$/.test(node.value);
    if (!isSource || imported.has(node.start) || parent?.type === 'ConditionalExpression') return;
    throw new Error(
      `${path}:${syntax.lineAt(node.start)} names ${node.raw}, which is not there: choose by the ending of import.meta.url.`,
    );
  });
}

function publishedSpecifier({ manifest, merged }: PackageContents, path: string, specifier: string): string {
  const name = packageName(specifier);
  if (specifier.startsWith('.')) return specifier.replace(/\.ts$/, '.js');
  if (name === undefined) return specifier;
  if (Object.hasOwn(merged, specifier)) return `./${relative(dirname(path), merged[specifier] ?? '')}`.replace('./..', '..');
  const known = { ...manifest.dependencies, ...manifest.peerDependencies };
  if (!Object.hasOwn(known, name)) throw new Error(`${path} imports ${name}, which ${manifest.name} does not depend on.`);
  return specifier;
}

function publishedManifest(manifest: Manifest): unknown {
  const exported = Object.entries(manifest.exports ?? {}).map(([name, path]) => {
    return [name, { types: path.replace(/\.ts$/, '.d.ts'), default: path.replace(/\.ts$/, '.js') }];
  });
  return {
    ...manifest,
    engines: { node: '>=24' },
    exports: { ...Object.fromEntries(exported), './package.json': './package.json' },
  };
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries
    .map((entry) => relative(folder.replaceAll('\\', '/'), join(entry.parentPath, entry.name).replaceAll('\\', '/')))
    .sort();
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
