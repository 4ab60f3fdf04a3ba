// What joining the modules of a package leaves as it was: what is found by its path, and where a module says it lies.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundlePackage } from './bundle.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-bundle-'));
  write(
    'package.json',
    '{ "type": "module", "exports": { ".": { "types": "./engine/src/index.d.ts", "default": "./engine/src/index.js" } } }',
  );
  write(
    'engine/src/index.js',
    "export { Shared } from './deep/shared.js';\nexport * from './deep/place.js';\nexport const later = () => import('./deep/later.js');\n",
  );
  write('engine/src/deep/shared.js', 'export class Shared {}\n');
  write('engine/src/deep/place.js', 'export const beside = (name) => new URL(name, import.meta.url).href;\n');
  write('engine/src/deep/later.js', "export { Shared } from './shared.js';\n");
  write('engine/src/store/writer-thread.js', "import './text.js';\n");
  write('engine/src/store/text.js', 'export {};\n');
  write('connectors/ftp/connector.js', "export { Shared as default } from '../../engine/src/deep/shared.js';\n");
  write('connectors/ftp/names.js', 'export {};\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps what is found by its path, and joins the rest', async () => {
  await bundlePackage(folder);
  const kept = ['engine/src/index.js', 'engine/src/store/writer-thread.js', 'connectors/ftp/connector.js'];
  expect(kept.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  const joined = ['engine/src/deep/shared.js', 'engine/src/deep/later.js', 'connectors/ftp/names.js'];
  expect(joined.filter((path) => existsSync(join(folder, path)))).toEqual([]);
  expect(readdirSync(join(folder, 'chunks')).length).toBeGreaterThan(0);
});

it('has each thing once, whichever way it is reached, and tells a module where it lay', async () => {
  await bundlePackage(folder);
  const { Shared, beside, later } = (await load('engine/src/index.js')) as {
    readonly Shared: unknown;
    readonly beside: (name: string) => string;
    readonly later: () => Promise<{ readonly Shared: unknown }>;
  };
  expect((await later()).Shared).toBe(Shared);
  expect((await load('connectors/ftp/connector.js'))['default']).toBe(Shared);
  expect(beside('x.json')).toBe(pathToFileURL(join(folder, 'engine/src/deep/x.json')).href);
});

it('refuses a module that asks where it lies in another way', async () => {
  write('engine/src/deep/place.js', 'export const here = import.meta.dirname;\n');
  await expect(bundlePackage(folder)).rejects.toThrow('engine/src/deep/place.js:1 asks for more of import.meta than its url');
});

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(join(folder, path)).href)) as Readonly<Record<string, unknown>>;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
