// The servers and programs that tests need: read from the services.yaml of connectors, formats and tests/, looked for, installed.

import { execFileSync } from 'node:child_process';
import { accessSync, constants, globSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';

/** One server. The tests start it themselves, on 127.0.0.1 and a free port; it only has to be there. */
export interface Service {
  readonly name: string;
  /** The program that the tests start. */
  readonly command: string;
  /** The Debian packages that bring it. */
  readonly debian: readonly string[];
}

/** The services of all connectors, formats and of the tests of the whole, each once. Throws where a file is not of the form that CONTRIBUTING.md gives. */
export function readServices(root: string): readonly Service[] {
  const files = globSync(
    ['connectors/*/services.yaml', 'formats/*/services.yaml', 'tests/services.yaml', 'tests/*/services.yaml'],
    { cwd: root },
  ).sort();
  const services = files.flatMap((file) => servicesOf(file, parse(readFileSync(join(root, file), 'utf8'))));
  return [...new Map(services.map((service) => [service.name, service])).values()];
}

/** Where Debian keeps servers that are not to be on everybody's path, one folder a version, as /usr/lib/postgresql/15/bin. */
const privateFolders = ['/usr/sbin', '/sbin', '/usr/lib/*/bin', '/usr/lib/*/*/bin'];

/** Where the program of a service is, on the path or beside it; undefined where it is not installed. */
export function findCommand(
  { command }: Service,
  path = process.env['PATH'] ?? '',
  folders: readonly string[] = privateFolders,
): string | undefined {
  const onPath = path.split(delimiter).map((folder) => join(folder, command));
  const beside = () => folders.flatMap((folder) => globSync(join(folder, command)).toSorted().toReversed());
  return onPath.find(isExecutable) ?? beside().find(isExecutable);
}

/** Installs from Debian's archive; needs the rights to do so. */
export function installServices(services: readonly Service[]): void {
  const packages = [...new Set(services.flatMap(({ debian }) => debian))];
  execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], { stdio: 'inherit' });
}

function servicesOf(file: string, content: unknown): readonly Service[] {
  if (!isRecord(content) || !isRecord(content['services']))
    throw new Error(`${file}: expected "services:" with a mapping of names.`);
  return Object.entries(content['services']).map(([name, written]) => {
    const { command, debian } = isRecord(written) ? written : {};
    if (typeof command !== 'string' || !isTexts(debian))
      throw new Error(`${file}: "${name}" needs "command" and a list "debian".`);
    return { name, command, debian };
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
