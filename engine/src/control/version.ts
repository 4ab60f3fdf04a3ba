// The version of Mortise: that of the package that holds this file.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** In the repository the engine is a package; in what is published it is two folders within one. */
const manifests = ['../../package.json', '../../../package.json'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

export const version = readVersion();

function readVersion(): string {
  const manifest = manifests.find((path) => existsSync(path));
  if (manifest === undefined) return '0.0.0';
  const { version: found } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: string };
  return found ?? '0.0.0';
}
