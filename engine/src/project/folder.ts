// The files of a project: listed, read once, and never from outside its folder.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { isProjectFolder } from './layout.ts';
import { startOf } from './problems.ts';
import type { ProblemList } from './problems.ts';

/** A file that people wrote is shorter. What is longer belongs to no project. */
const fileBytesMax = 16 * 1024 ** 2;
const depthMax = 8;

/** Texts by path that stand in for what is on disk: what somebody is writing and has not saved. */
export type Drafts = ReadonlyMap<string, string>;

export class ProjectFolder {
  /** Absolute, with symbolic links resolved. */
  readonly path: string;
  /** Relative, with `/`, sorted: those at the top and those in folders that a project has. */
  readonly files: readonly string[];
  readonly topFolders: readonly string[];
  private readonly contents = new Map<string, Uint8Array>();
  private readonly outside = new Map<string, boolean>();
  private readonly isWhole: boolean;
  private readonly problems: ProblemList;

  /** `isWhole`: the drafts are all there is. Throws the error of the file system where the folder cannot be read. */
  constructor(folder: string, problems: ProblemList, drafts: Drafts = new Map(), isWhole = false) {
    this.isWhole = isWhole;
    this.path = realpathSync.native(folder);
    this.problems = problems;
    const top = this.entries('');
    this.topFolders = top.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    const inside = this.topFolders.filter(isProjectFolder).flatMap((name) => this.list(name, depthMax));
    const onDisk = [...top.filter((entry) => !entry.isDirectory()).map((entry) => entry.name), ...inside];
    this.files = [...new Set([...(isWhole ? [] : onDisk), ...drafts.keys()])].sort();
    for (const [file, text] of drafts) this.contents.set(file, Buffer.from(text));
  }

  /** Files of a folder whose rest of the path fits. */
  filesIn(folder: string, rest: RegExp): readonly string[] {
    return this.files.filter((file) => file.startsWith(`${folder}/`) && rest.test(file.slice(folder.length + 1)));
  }

  /** Whether a path that somebody wrote leads out of the folder, by its text or by a symbolic link. */
  isOutside(file: string): boolean {
    const known = this.outside.get(file) ?? this.leadsOut(file);
    this.outside.set(file, known);
    return known;
  }

  private leadsOut(file: string): boolean {
    if (isAbsolute(file) || normalize(file).split(sep)[0] === '..' || file.includes('\0')) return true;
    const real = realPathOf(join(this.path, file));
    return real !== undefined && real !== this.path && !real.startsWith(this.path + sep);
  }

  /** The bytes, the same every time; undefined where there is no such file inside the folder. */
  bytes(file: string): Uint8Array | undefined {
    const known = this.contents.get(file);
    if (known) return known;
    if (this.isWhole || this.isOutside(file)) return undefined;
    const read = readOrUndefined(join(this.path, file));
    if (read) this.contents.set(file, read);
    return read;
  }

  /** The text of a file; undefined where it is missing, too long or not UTF-8. */
  text(file: string): string | undefined {
    const bytes = this.bytes(file);
    return bytes && decoded(bytes);
  }

  /** The text of a file that is known to be there, or a problem. */
  readText(file: string): string | undefined {
    if (this.isOutside(file)) {
      this.problems.error('MORTISE_PROJECT_OUTSIDE', startOf(file), `${file} is a link that leads out of the project.`);
      return undefined;
    }
    const text = this.text(file);
    if (text === undefined) this.problems.error('MORTISE_PROJECT_UNREADABLE', startOf(file), `${file} cannot be read as text.`);
    return text;
  }

  /** All that was read so far, by path. */
  read(): ReadonlyMap<string, Uint8Array> {
    return this.contents;
  }

  /** A hash over all that was read, and over all code. */
  revision(...more: readonly string[]): string {
    for (const file of this.files) if (/\.(ts|js)$/.test(file)) this.bytes(file);
    const hash = createHash('sha256');
    for (const text of more) hash.update(text).update('\0');
    for (const [file, bytes] of [...this.contents].sort(([a], [b]) => (a < b ? -1 : 1)))
      hash.update(`${file}\0${bytes.length}\0`).update(bytes);
    return hash.digest('hex').slice(0, 12);
  }

  private list(folder: string, depth: number): readonly string[] {
    if (depth === 0) return [];
    return this.entries(folder).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? this.list(path, depth - 1) : [path];
    });
  }

  /** Without what begins with a dot. Links to folders count as files: they are not followed. */
  private entries(folder: string): readonly Dirent[] {
    const entries = readdirSync(join(this.path, folder), { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
  }
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function readOrUndefined(path: string): Uint8Array | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= fileBytesMax ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
