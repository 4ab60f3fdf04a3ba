// The folders that "mortise new connector" and "mortise new format" write, from the templates beside this file.

import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readVersion } from '../version.ts';

/** What a folder's own tests run with. */
const versions = { 'fast-check': '^4.10.2', vitest: '^5.1.1' };

/** The files by their path in the folder. In a template's name `fixtures-` stands for the folder, and `.txt` is taken off. */
export function templateFiles(kind: 'connector' | 'format', name: string): Readonly<Record<string, string>> {
  const folder = fileURLToPath(new URL(`${kind}/`, import.meta.url));
  const files = globSync('*.txt', { cwd: folder }).toSorted();
  return Object.fromEntries(
    files.map((file) => {
      const path = basename(file, '.txt').replace(/^fixtures-/, 'fixtures/');
      return [path, filled(readFileSync(join(folder, file), 'utf8'), name)];
    }),
  );
}

function filled(text: string, name: string): string {
  const words: Readonly<Record<string, string>> = {
    name,
    const: name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()).replace(/^\d/, '_$&'),
    CODE: name.replaceAll('-', '_').toUpperCase(),
    version: readVersion(),
    ...versions,
  };
  return text.replace(/__(name|const|CODE|version|fast-check|vitest)__/g, (_, word: string) => words[word] ?? '');
}
