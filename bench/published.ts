// Mortise as its users run it: packed, installed, and started as deploy/mortise.service starts it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm } from '../tools/pack/npm.ts';
import { packAll } from '../tools/pack/pack.ts';
import { contenderPort, controlPort, host } from './addresses.ts';

export interface Command {
  /** The arguments of node. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const repository = join(import.meta.dirname, '..');
const unit = new URL('../deploy/mortise.service', import.meta.url);
let installed: { readonly file: string; readonly compiled: string } | undefined;

/** The command that runs `project`. The first call packs and installs, into a folder that lasts as long as this process. */
export function publishedCommand(project: string, dataFolder: string, nodeArguments: readonly string[]): Command {
  installed ??= install();
  const addresses = ['--listen', `${host}:${contenderPort}`, '--control', `${host}:${controlPort}`];
  return {
    args: [...nodeArguments, installed.file, 'run', project, '--data', dataFolder, '--log-level', 'warn', ...addresses],
    environment: { ...unitEnvironment(), NODE_COMPILE_CACHE: installed.compiled },
  };
}

function install(): NonNullable<typeof installed> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-published-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return { file: installPacked(folder), compiled: join(folder, 'compiled') };
}

/** Packs the repository and installs it into `folder`, as a user would; returns the file of the command. */
export function installPacked(folder: string): string {
  const tarballs = packAll(repository, join(folder, 'packs'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...tarballs);
  return join(folder, 'node_modules/mortise/cli/src/mortise.mjs');
}

/** What the unit's lines `Environment=NAME=VALUE` set. */
export function unitEnvironment(): Readonly<Record<string, string>> {
  const lines = readFileSync(unit, 'utf8').matchAll(/^Environment="?([A-Z_]+)=([^"\n]*)"?$/gm);
  return Object.fromEntries(Array.from(lines, ([, name = '', value = '']) => [name, value]));
}
