// What was applied to the files of a project: who, when, why, and the text; in git too, where the project is a repository.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { controlError } from './errors.ts';
import { hashOf } from './file-access.ts';

export const RevisionView = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  author: Type.String(),
  reason: Type.String(),
  hash: Type.String(),
  commit: Type.Optional(Type.String({ description: 'Of git, where the project is a repository.' })),
});
export type RevisionView = Static<typeof RevisionView>;

interface Kept extends RevisionView {
  readonly text: string;
}

export interface Change {
  readonly path: string;
  readonly text: string;
  /** Absent where the file is new. */
  readonly former?: string;
  readonly author: string;
  readonly reason: string;
  readonly at: string;
}

const run = promisify(execFile);

/** The first change of a file keeps the text before it too, so that one can go back to it. */
export async function keepRevision(folder: string, change: Change): Promise<RevisionView> {
  const known = await read(folder, change.path);
  const { former } = change;
  const isKnown = former === undefined || (known.length > 0 && known.at(-1)?.hash === hashOf(former));
  const before = isKnown ? [] : [formerOf(change.at, former, known.length)];
  const commit = await commitOf(folder, change);
  const { author, reason, at, text } = change;
  const id = String(known.length + before.length + 1);
  const kept: Kept = { id, at, author, reason, hash: hashOf(text), text, ...(commit === undefined ? {} : { commit }) };
  const place = placeOf(folder, change.path);
  await mkdir(join(folder, '.mortise', 'revisions'), { recursive: true });
  await appendFile(place, [...before, kept].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return withoutText(kept);
}

export async function revisionsOf(folder: string, path: string): Promise<RevisionView[]> {
  return (await read(folder, path)).map(withoutText).reverse();
}

/** Throws MORTISE_CONTROL_UNKNOWN where there is none of this id. */
export async function textOfRevision(folder: string, path: string, id: string): Promise<string> {
  const found = (await read(folder, path)).find((one) => one.id === id);
  if (found) return found.text;
  throw controlError('MORTISE_CONTROL_UNKNOWN', `${path} has no revision ${id}.`);
}

function formerOf(at: string, former: string, count: number): Kept {
  return { id: String(count + 1), at, author: '', reason: 'as it was on disk', hash: hashOf(former), text: former };
}

/** Only where the folder itself is a repository: one around it is somebody else's. A commit that fails is none. */
async function commitOf(folder: string, { path, author, reason, former }: Change): Promise<string | undefined> {
  if (!existsSync(join(folder, '.git'))) return undefined;
  const git = (...options: readonly string[]) => run('git', ['-C', folder, ...options], { timeout: 10_000 });
  const address = `${author.toLowerCase().replace(/[^a-z0-9]+/g, '.')}@mortise.invalid`;
  const who = { name: author.replace(/[<>\r\n]/g, ' '), address };
  try {
    const as = ['-c', `user.name=${who.name}`, '-c', `user.email=${who.address}`];
    if (former === undefined) await git('add', '--', path);
    await git(...as, 'commit', '--quiet', '--no-verify', '--message', reason, '--', path);
    return (await git('rev-parse', '--short', 'HEAD')).stdout.trim();
  } catch {
    return undefined;
  }
}

async function read(folder: string, path: string): Promise<readonly Kept[]> {
  try {
    const lines = (await readFile(placeOf(folder, path), 'utf8')).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Kept);
  } catch {
    return [];
  }
}

function placeOf(folder: string, path: string): string {
  return join(folder, '.mortise', 'revisions', `${encodeURIComponent(path)}.jsonl`);
}

function withoutText({ text: _text, ...revision }: Kept): RevisionView {
  return revision;
}
