// Which definitions hold for a message: those of the project, then D.96A, D.01B and the service messages.

import { readFileSync } from 'node:fs';
import type { ProjectFile } from '@mortise/sdk';
import { Directory, findIn } from './definitions.ts';
import type { DirectoryData, MessageDefinition } from './definitions.ts';
import { projectDirectory } from './project-directory.ts';

const files: Readonly<Record<string, string>> = { 'D.96A': 'd96a', 'D.01B': 'd01b', service: 'service' };
const known = new Map<string, DirectoryData>();
const directories = new Map<string, Directory>();

/** Messages of every release, for schemas. */
export const builtInNames = ['D.96A', 'D.01B'] as const;

export interface MessageName {
  readonly type: string;
  readonly version: string;
  readonly release: string;
}

/** `D.96A`, of a message. */
export const directoryName = ({ version, release }: MessageName): string => `${version}.${release}`;

/** Undefined where there is none. CONTRL has versions of its own, and is the same in all directories. */
export function definitionOf(name: MessageName, project: ProjectFile | undefined): MessageDefinition | undefined {
  const own = project && projectDirectory(project, serviceData());
  if (own && (own.name === directoryName(name) || own.name === '*')) {
    const found = own.message(name.type);
    if (found) return found;
  }
  if (name.type === 'CONTRL') return directoryOf('service').message('CONTRL');
  const key = directoryName(name);
  return Object.hasOwn(files, key) ? directoryOf(key).message(name.type) : undefined;
}

export function directoryOf(name: string): Directory {
  const made = directories.get(name) ?? new Directory(name, findIn(dataOf(name), serviceData()));
  directories.set(name, made);
  return made;
}

/** What stands in the file of a directory that comes along. */
export function dataOf(name: string): DirectoryData {
  const found = known.get(name) ?? read(files[name] ?? 'service');
  known.set(name, found);
  return found;
}

function serviceData(): DirectoryData {
  return dataOf('service');
}

function read(file: string): DirectoryData {
  return JSON.parse(readFileSync(new URL(`definitions/${file}.json`, import.meta.url), 'utf8')) as DirectoryData;
}
