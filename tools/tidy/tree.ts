// The files that the checks look at: those of a folder, or some that a test makes up.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseModule } from './syntax.ts';
import type { Syntax } from './syntax.ts';

export interface TreeFile {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Parsed on first use; only of code. */
  readonly syntax: Syntax;
}

export type Tree = readonly TreeFile[];

/** Something that a check does not want: where it is, what it is, and how to mend it. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly what: string;
  readonly mend: string;
}

export type Check = (tree: Tree) => Finding[];

/** What no check looks at: made by tools, or not under version control. */
const skippedFolders = new Set(['node_modules', 'dist', '.git', '.mortise', 'coverage']);
/** In a working tree beside another one, `.git` is a file. */
const skippedFiles = /\.(tgz|tsbuildinfo|png|jpg|ico|woff2)$|^\.git$/;

export function readTree(root: string): Tree {
  return listFiles(root, '')
    .sort()
    .map((path) => makeFile(path, readFileSync(join(root, path), 'utf8')));
}

/** A tree of the given texts by path. */
export function makeTree(texts: Readonly<Record<string, string>>): Tree {
  return Object.entries(texts).map(([path, text]) => makeFile(path, text));
}

export function isCode(file: TreeFile): boolean {
  return /\.(ts|tsx|mts|mjs)$/.test(file.path) && !file.path.endsWith('.d.ts');
}

/** Tests, the kits that tests are made of, and what they read. */
export function isTest({ path }: TreeFile): boolean {
  return /\.(test|fixture)\.ts$|^tests\/|\/(fixtures|testing|conformance)\/|\/conformance[\w-]*\.ts$/.test(path);
}

/** The folders directly within `parent` that hold a file. */
export function foldersIn(tree: Tree, parent: string): readonly string[] {
  const inside = tree.filter(({ path }) => path.startsWith(`${parent}/`)).map(({ path }) => path.split('/'));
  return [...new Set(inside.filter((parts) => parts.length > 2).map((parts) => parts.slice(0, 2).join('/')))];
}

/** One line for each finding, and how to mend it below. */
export function printFindings(findings: readonly Finding[]): string {
  return findings.map(({ path, line, what, mend }) => `${path}:${line}: ${what}\n    ${mend}`).join('\n');
}

function makeFile(path: string, text: string): TreeFile {
  let syntax: Syntax | undefined;
  return {
    path,
    text,
    get syntax() {
      syntax ??= parseModule(path, text);
      return syntax;
    },
  };
}

function listFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    // In a second work tree of git, .git is a file.
    if (skippedFolders.has(entry.name)) return [];
    if (entry.isDirectory()) return listFiles(root, path);
    return entry.isFile() && !skippedFiles.test(entry.name) ? [path] : [];
  });
}
