// Check: imports point one way, as `layers.ts` says.

import { layers, testImports } from './layers.ts';
import type { Layer } from './layers.ts';
import { resolver } from './resolve.ts';
import type { Target } from './resolve.ts';
import { isCode, isTest } from './tree.ts';
import type { Finding, Tree, TreeFile } from './tree.ts';

interface Place {
  readonly layer: Layer;
  /** The folder within a layer whose folders stand apart. */
  readonly folder: string | undefined;
}

export function checkImportDirections(tree: Tree): Finding[] {
  const resolve = resolver(tree);
  return tree.filter(isCode).flatMap((file) => {
    const from = placeOf(file.path);
    if (!from) return [];
    return file.syntax.imports.flatMap(({ specifier, line }) => {
      const target = resolve(file.path, specifier);
      const fault = importFault(file, from, specifier, target);
      return fault ? [{ path: file.path, line, ...fault }] : [];
    });
  });
}

function placeOf(path: string): Place | undefined {
  for (const layer of layers) {
    const match = layer.holds.exec(path);
    if (match) return { layer, folder: match[1] };
  }
  return undefined;
}

type Fault = Pick<Finding, 'what' | 'mend'>;

function importFault(file: TreeFile, from: Place, specifier: string, target: Target): Fault | undefined {
  if (target.kind === 'package') return vendorFault(file, from, target.name);
  if (target.kind === 'node') return undefined;
  if (specifier.startsWith('.') && packageOf(file.path) !== packageOf(target.path)) {
    return { what: `"${specifier}" leaves the package`, mend: 'Import the other package by its name.' };
  }
  const to = placeOf(target.path);
  if (to && mayImport(file, from, to)) return undefined;
  const allowed = from.layer.imports.join(', ') || 'nothing of ours';
  return {
    what: `${label(from)} imports ${to ? label(to) : specifier} (${target.path})`,
    mend: `"${from.layer.name}" may import: ${allowed}. Move what is shared down a layer, or pass it in.`,
  };
}

function mayImport(file: TreeFile, from: Place, to: Place): boolean {
  if (from.layer === to.layer) return from.folder === to.folder || (isTest(file) && file.path.startsWith('engine/'));
  if (from.layer.imports.includes(to.layer.name)) return true;
  return isTest(file) && (testImports[file.path.split('/')[0] ?? '']?.includes(to.layer.name) ?? false);
}

/** A vendor's library stands behind `client.ts`, so that a connector can be read, checked and listed without it. */
function vendorFault(file: TreeFile, from: Place, name: string): Fault | undefined {
  if (isTest(file)) return undefined;
  const what = `imports the library "${name}"`;
  if (from.layer.name === 'connector' && !file.path.endsWith('/client.ts')) {
    return { what, mend: 'Only client.ts imports libraries: call them through it.' };
  }
  if (file.path.endsWith('/format.ts') && from.layer.name === 'format') {
    return { what, mend: 'A declaration imports the SDK only: use the library in decode.ts or encode.ts.' };
  }
  return undefined;
}

function packageOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, ['connectors', 'formats', 'examples'].includes(parts[0] ?? '') ? 2 : 1).join('/');
}

function label({ layer, folder }: Place): string {
  return folder === undefined ? layer.name : `${layer.name} "${folder}"`;
}
