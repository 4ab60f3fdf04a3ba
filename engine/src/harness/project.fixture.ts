// For tests: a project in a folder of its own, from the texts of its files.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Files = Readonly<Record<string, string>>;

/** The folder; `remove` deletes it. */
export function projectFolder(files: Files): { readonly folder: string; write(more: Files): void; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-project-'));
  const write = (more: Files): void => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  write(files);
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
