// Reading and writing the files of a project's folder: never outside of it, and a write is whole or not at all.

import { createHash } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { controlError } from './errors.ts';

/** What the console may write: what people write, and no code. */
const writable =
  /^(mortise\.yaml|(systems|channels|flows|formats|partners|tests|environments|alerts)\/[\w.-]+\.yaml|models\/[\w.@-]+\.schema\.json|maps\/[\w.-]+\.jsonata|tables\/[\w.-]+\.csv)$/;
const shown = /\.(yaml|json|jsonata|csv|ts|md)$/;
const depthMax = 6;

export function isWritable(path: string): boolean {
  return writable.test(path);
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Sorted. Without what begins with a dot, and without what was installed. */
export async function listFiles(folder: string, below = '', depth = 0): Promise<string[]> {
  if (depth > depthMax) return [];
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const seen = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
  const found = await Promise.all(
    seen.map(async (entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(folder, path, depth + 1);
      return entry.isFile() && shown.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat().sort();
}

/** Throws MORTISE_CONTROL_UNKNOWN where there is no such text inside the folder, by its name or by a link. */
export async function readProjectFile(folder: string, path: string): Promise<string> {
  try {
    await refuseOutside(folder, path);
    return await readFile(join(folder, path), 'utf8');
  } catch (error) {
    throw controlError('MORTISE_CONTROL_UNKNOWN', `The project has no file ${path}.`, { cause: error });
  }
}

/** Beside it first, then renamed: a reader sees the old text or the new one. */
export async function writeProjectFile(folder: string, path: string, text: string): Promise<void> {
  await refuseOutside(folder, path);
  const beside = await writeBeside(folder, path, text);
  await rename(beside, join(folder, path)).catch(async (error: unknown) => {
    await rm(beside, { force: true });
    throw error;
  });
}

/** With its folder. Throws MORTISE_CONTROL_CHANGED where such a file came meanwhile. */
export async function createProjectFile(folder: string, path: string, text: string): Promise<void> {
  await mkdir(join(folder, dirname(path))).catch(ignoreTaken);
  await refuseOutside(folder, path, dirname(path));
  const beside = await writeBeside(folder, path, text);
  try {
    await link(beside, join(folder, path));
  } catch (error) {
    throw controlError('MORTISE_CONTROL_CHANGED', `${path} is there already.`, { cause: error });
  } finally {
    await rm(beside, { force: true });
  }
}

export async function removeProjectFile(folder: string, path: string): Promise<void> {
  await refuseOutside(folder, path);
  await rm(join(folder, path));
}

function ignoreTaken(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}

async function writeBeside(folder: string, path: string, text: string): Promise<string> {
  const beside = join(folder, dirname(path), `.${path.split('/').at(-1)}.new`);
  const file = await open(beside, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return beside;
}

/** `there`: what of the path is there already. */
async function refuseOutside(folder: string, path: string, there = path): Promise<void> {
  const root = await realpath(folder);
  const real = await realpath(join(root, there));
  const isHidden = path.split('/').some((part) => part.startsWith('.') || part === 'node_modules');
  if (isHidden || !shown.test(path) || !`${real}${sep}`.startsWith(root + sep))
    throw controlError('MORTISE_CONTROL_UNKNOWN', `The project has no file ${path}.`);
}
