// The version of the command: that of the package it came with.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** In the repository the command is a package; in what is published it is two folders within one. */
const manifests = ['../package.json', '../../package.json'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

export function readVersion(): string {
  const manifest = manifests.find((path) => existsSync(path)) ?? '';
  const { version = '0.0.0' } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: string };
  return version;
}
