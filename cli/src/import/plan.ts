// What an import would do to each file of a project: nothing that somebody wrote is written over, and nothing is removed.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { marked, untouchedSince } from './marks.ts';

/** `kept`: somebody wrote or edited it. `gone`: a former import wrote it, and this one does not. */
export type Fate = 'new' | 'changed' | 'same' | 'kept' | 'gone';

export interface PlannedFile {
  readonly path: string;
  readonly fate: Fate;
  /** As it is; empty where it is not there. */
  readonly before: string;
  /** As the import has it; empty where it has it no more. */
  readonly after: string;
}

/** Looks at every file, and writes nothing. */
export function planFiles(folder: string, system: string, files: ReadonlyMap<string, string>): readonly PlannedFile[] {
  const planned = [...files].map(([path, text]) => plannedFile(folder, path, marked(path, text, system)));
  return [...planned, ...goneFiles(folder, system, files)];
}

function plannedFile(folder: string, path: string, after: string): PlannedFile {
  if (!existsSync(join(folder, path))) return { path, fate: 'new', before: '', after };
  const before = readFileSync(join(folder, path), 'utf8');
  if (before.replaceAll('\r\n', '\n') === after) return { path, fate: 'same', before, after };
  return { path, fate: untouchedSince(before) === undefined ? 'kept' : 'changed', before, after };
}

function goneFiles(folder: string, system: string, files: ReadonlyMap<string, string>): readonly PlannedFile[] {
  const old = ['models', 'tests'].flatMap((part) => formerFiles(folder, part, system)).filter((path) => !files.has(path));
  return old.flatMap((path): PlannedFile[] => {
    const before = readFileSync(join(folder, path), 'utf8');
    return untouchedSince(before) === system ? [{ path, fate: 'gone', before, after: '' }] : [];
  });
}

/** Files whose names are such as an import gives. */
function formerFiles(folder: string, part: string, system: string): readonly string[] {
  const parent = join(folder, part);
  const names = existsSync(parent) ? readdirSync(parent) : [];
  return names.filter((name) => name.startsWith(`${system}-`) || name === `${system}.yaml`).map((name) => `${part}/${name}`);
}

/** Writes what is new or changed. Each file is there whole, or as it was. */
export async function writePlanned(folder: string, planned: readonly PlannedFile[]): Promise<void> {
  for (const { path, fate, after } of planned) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    if (fate === 'new') await writeFile(target, after, { flag: 'wx' });
    if (fate !== 'changed') continue;
    await writeFile(`${target}.new~`, after);
    await rename(`${target}.new~`, target);
  }
}
