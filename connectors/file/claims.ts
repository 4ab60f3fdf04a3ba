// Claims: a file is moved into a folder of its own before it is read, so that it is read once, and found after a crash.

import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Refusal } from '@mortise/sdk';
import { codeOf, moveIfFree, namesIn, syncFolder } from './client.ts';
import { namesNear } from './names.ts';

/** A file that is ours: `folder` holds it and nothing else. */
export interface Claim {
  readonly name: string;
  readonly folder: string;
}

export function pathOf({ folder, name }: Claim): string {
  return join(folder, name);
}

/** Claims a file of `from`; undefined where another engine was faster. Renaming is atomic: one of them gets it. */
export async function claim(from: string, name: string, claimsFolder: string): Promise<Claim | undefined> {
  const claimed = { name, folder: join(claimsFolder, randomUUID()) };
  await mkdir(claimed.folder, { recursive: true });
  try {
    await rename(join(from, name), pathOf(claimed));
    return claimed;
  } catch (error) {
    await rmdir(claimed.folder);
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What was claimed when an engine died, in any order. Folders that it left empty are removed. */
export async function leftClaims(claimsFolder: string): Promise<Claim[]> {
  await mkdir(claimsFolder, { recursive: true });
  const claims: Claim[] = [];
  for (const folder of (await namesIn(claimsFolder, 'folders')).map((name) => join(claimsFolder, name))) {
    const names = await namesIn(folder, 'files');
    claims.push(...names.map((name) => ({ name, folder })));
    if (names.length === 0) await rmdir(folder);
  }
  return claims;
}

/** Deletes the file, and with it the claim. */
export async function deleteClaimed(claimed: Claim): Promise<void> {
  await unlink(pathOf(claimed));
  await rmdir(claimed.folder);
}

/** Moves the file to a free name in `to`, durably, and with that ends the claim. Gives the name. */
export async function moveClaimed(claimed: Claim, to: string, nowMs: number): Promise<string> {
  await mkdir(to, { recursive: true });
  for (const name of namesNear(claimed.name, nowMs)) {
    if (!(await moveIfFree(pathOf(claimed), join(to, name)))) continue;
    await syncFolder(to);
    await rmdir(claimed.folder);
    return name;
  }
  throw new Error(`${to} has no name that is free for ${claimed.name}.`);
}

/** What is written beside a refused file. */
export interface Reason {
  /** How many messages were made of the file in spite of it. */
  readonly accepted: number;
  readonly refused: readonly Partial<Refusal>[];
}

/** Moves the file as `moveClaimed`, with a file `<name>.reason.json` beside it. */
export async function moveRefused(claimed: Claim, to: string, nowMs: number, reason: Reason): Promise<string> {
  const name = await moveClaimed(claimed, to, nowMs);
  await writeFile(join(to, `${name}.reason.json`), `${JSON.stringify(reason, undefined, 2)}\n`);
  return name;
}

/** How a file of the folder looks; undefined where it is gone. */
export async function lookAt(path: string): Promise<{ readonly sizeBytes: number; readonly modifiedMs: number } | undefined> {
  try {
    const { size, mtimeMs } = await lstat(path);
    return { sizeBytes: size, modifiedMs: mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
