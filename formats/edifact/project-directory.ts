// Definitions of a project: a JSON file, or the files of a UN/CEFACT directory as they are published.

import type { ProjectFile } from '@mortise/sdk';
import { Directory, findIn } from './definitions.ts';
import type { DirectoryData, Find } from './definitions.ts';
import { edifactError } from './errors.ts';
import { readCodes, readComposites, readElements, readSegments, readSegmentTable } from './unece-files.ts';

const known = new WeakMap<Uint8Array, Directory>();

/** Throws MORTISE_EDIFACT_DIRECTORY where it cannot be used. `service` has what all directories share. */
export function projectDirectory(file: ProjectFile, service: DirectoryData): Directory {
  const found = known.get(file.bytes) ?? read(file, service);
  known.set(file.bytes, found);
  return found;
}

function read(file: ProjectFile, service: DirectoryData): Directory {
  const [, name, release] = /(?:^|\/)(edsd)\.([0-9]{2}[a-z])$/i.exec(file.path) ?? [];
  if (name === undefined || release === undefined) {
    const data = dataIn(file);
    return new Directory(data.directory, findIn(data, service));
  }
  const data = publishedData(file, release, name === name.toLowerCase());
  return new Directory(data.directory, findMessages(file, release, findIn(data, service)));
}

const sections = ['messages', 'segments', 'composites', 'elements', 'codes'] as const;

function dataIn(file: ProjectFile): DirectoryData {
  const parsed = parse(file);
  const { directory = '*' } = parsed;
  if (typeof directory !== 'string') throw unusable(file, '"directory" is no text; expected a name as D.97A');
  const read = sections.map((name) => [name, textsIn(file, name, parsed[name] ?? {})] as const);
  return { directory, ...(Object.fromEntries(read) as Omit<DirectoryData, 'directory'>) };
}

function parse(file: ProjectFile): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(file.bytes).toString());
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw unusable(file, 'it is neither a JSON object nor named as a segment directory, EDSD.97A');
}

function textsIn(file: ProjectFile, name: string, section: unknown): Readonly<Record<string, string>> {
  const entries = typeof section === 'object' && section !== null ? Object.entries(section) : undefined;
  if (entries?.every(([, text]) => typeof text === 'string')) return section as Readonly<Record<string, string>>;
  throw unusable(file, `"${name}" is not an object of texts`);
}

function publishedData(file: ProjectFile, release: string, isLower: boolean): DirectoryData {
  const textOf = (name: string): string => {
    const path = `${isLower ? name.toLowerCase() : name}.${release}`;
    const found = file.beside(path) ?? file.beside(`../${isLower ? name.toLowerCase() : name}/${path}`);
    if (!found) throw unusable(file, `there is no ${path} beside it`);
    return Buffer.from(found.bytes).toString('latin1');
  };
  const segments = readSegments(Buffer.from(file.bytes).toString('latin1'));
  const data = {
    directory: `D.${release.toUpperCase()}`,
    messages: {},
    segments,
    composites: readComposites(textOf('EDCD')),
    elements: readElements(textOf('EDED')),
    codes: readCodes(textOf('UNCL')),
  };
  const empty = Object.entries(data).find(([name, value]) => name !== 'messages' && Object.keys(value).length === 0);
  if (empty) throw unusable(file, `no ${empty[0]} were found in it, or in the files beside it`);
  return data;
}

/** Messages have a file each, which is read when the first such message comes. */
function findMessages(file: ProjectFile, release: string, find: Find): Find {
  return (kind, id) => {
    if (kind !== 'messages' || !/^[A-Z]{6}$/.test(id)) return find(kind, id);
    const names = [`${id}_D.${release}`, `${id.toLowerCase()}_d.${release}`];
    const found = names.flatMap((name) => file.beside(name) ?? file.beside(`../EDMD/${name}`) ?? [])[0];
    if (!found) return find(kind, id);
    const table = readSegmentTable(Buffer.from(found.bytes).toString('latin1'));
    if (table === undefined) throw unusable(found, 'it has no segment table that could be read');
    return table;
  };
}

function unusable({ path }: ProjectFile, why: string): Error {
  return edifactError('MORTISE_EDIFACT_DIRECTORY', `${path} cannot be used as a directory: ${why}.`);
}
