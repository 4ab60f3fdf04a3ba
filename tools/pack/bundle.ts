// Joins the modules of a package that is laid out into few: each file that Node loads costs a start about a third of a millisecond.
// `node bundle.ts FOLDER`: the package's.

import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { relative } from 'node:path/posix';
import { rolldown } from 'rolldown';
import type { Plugin } from 'rolldown';
import { parseModule } from '../tidy/syntax.ts';

/**
 * What is found by its path, and stays a file of its own: the command, what the catalog loads of connectors and formats, and what runs as a
 * thread or as a process.
 */
const foundByPath = [
  'cli/src/main.js',
  'connectors/*/{connector,inbound,outbound,client}.js',
  'formats/*/{format,decode,encode}.js',
  '**/{*-,}{thread,child}.js',
];

/** Replaces the compiled modules in `folder`: what is found by its path stays where it is, and the rest goes into `chunks/`. */
export async function bundlePackage(folder: string): Promise<void> {
  const modules = filesLike(folder, '**/*.js');
  const found = new Set([...exportedModules(folder), ...foundByPath.flatMap((pattern) => filesLike(folder, pattern))]);
  const entries = modules.filter(
    (path) => found.has(path) || placesOf(path, readFileSync(join(folder, path), 'utf8')).length > 0,
  );
  const bundle = await rolldown({
    cwd: folder,
    input: Object.fromEntries(entries.map((path) => [path.slice(0, -'.js'.length), join(folder, path)])),
    external: (specifier) => !specifier.startsWith('.') && !isAbsolute(specifier),
    platform: 'node',
    treeshake: false,
    plugins: [keepsPlaces(folder)],
  });
  const { output } = await bundle.generate({ entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' });
  await bundle.close();
  for (const path of modules) rmSync(join(folder, path));
  for (const file of output) {
    if (file.type !== 'chunk') throw new Error(`${file.fileName} is no module.`);
    mkdirSync(dirname(join(folder, file.fileName)), { recursive: true });
    writeFileSync(join(folder, file.fileName), file.code);
  }
}

function filesLike(folder: string, pattern: string): readonly string[] {
  const files = globSync(pattern, { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
  return files.filter((path) => path.endsWith('.js') && !path.startsWith('console/')).sort();
}

function exportedModules(folder: string): readonly string[] {
  const { exports = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports?: Readonly<Record<string, string | { readonly default: string }>>;
  };
  return Object.values(exports).map((target) => (typeof target === 'string' ? target : target.default).replace(/^\.\//, ''));
}

/** A module that asks where it lies is told where it lay, wherever its code went: what it looks for lies beside that place. */
function keepsPlaces(folder: string): Plugin {
  const told = /mortisePlace\("([^"]+)"\)/g;
  return {
    name: 'keeps-places',
    transform(text, id) {
      const path = relative(folder.replaceAll('\\', '/'), id.replaceAll('\\', '/'));
      const places = id.startsWith('\0') ? [] : placesOf(path, text).toReversed();
      if (places.length === 0) return null;
      return places.reduce((code, { start, end }) => `${code.slice(0, start)}mortisePlace("${path}")${code.slice(end)}`, text);
    },
    renderChunk(text, { fileName }) {
      if (!text.includes('mortisePlace(')) return null;
      return text.replaceAll(told, (_, path: string) => `new URL("${relative(dirname(fileName), path)}", import.meta.url).href`);
    },
  };
}

/** Where a module asks for its own URL. Throws where it asks in another way. */
function placesOf(path: string, text: string): readonly { readonly start: number; readonly end: number }[] {
  if (!text.includes('import.meta')) return [];
  const places: { readonly start: number; readonly end: number }[] = [];
  const { visit, lineAt } = parseModule(path, text);
  visit((node, parent) => {
    if (node.type !== 'MetaProperty') return;
    const isUrl = parent?.type === 'MemberExpression' && parent.property.type === 'Identifier' && parent.property.name === 'url';
    if (!isUrl)
      throw new Error(`${path}:${lineAt(node.start)} asks for more of import.meta than its url, which is all that is kept.`);
    places.push({ start: parent.start, end: parent.end });
  });
  return places;
}

if (import.meta.main) await bundlePackage(process.argv[2] ?? '.');
