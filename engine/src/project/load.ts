// Loads a user's project: everything that its folder says, checked, and every problem of every file at once.

import { basename } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import type { Definitions, FlowSource, Problem, Settings, SystemDefinition, TestSource } from '../flow/definitions.ts';
import { readChannel } from './channels.ts';
import { compileFlows } from './compile.ts';
import type { BrokenEnds } from './compile.ts';
import { definitionsOf } from './definitions.ts';
import { projectError } from './errors.ts';
import { ProjectFolder } from './folder.ts';
import { FormatShelf, loadFormats } from './formats.ts';
import { readFlows } from './flows.ts';
import { reportUnknownFiles } from './layout.ts';
import { formatsMentioned, loadConnectors, projectCatalog } from './loading.ts';
import { readModels } from './models.ts';
import { ProblemList, startOf } from './problems.ts';
import { readSettings } from './settings.ts';
import { readSystem } from './systems.ts';
import type { SystemContext } from './systems.ts';
import { readYamlFile, readYamlFolder } from './yaml-folder.ts';
import type { NamedFile } from './yaml-folder.ts';

export interface LoadOptions {
  readonly catalog: Catalog;
  /** The name of a file in `environments/`, whose settings go over those of the other files. */
  readonly environment?: string;
  /** Whether the project's own code (flows in TypeScript, connectors, formats) is loaded. Default true; false to look at a stranger's. */
  readonly execute?: boolean;
}

export interface Project {
  /** Absolute. */
  readonly folder: string;
  readonly environment?: string;
  /** What comes with Mortise, and what the project has of its own. */
  readonly catalog: Catalog;
  readonly settings: Settings;
  readonly definitions: Definitions;
  readonly flows: readonly FlowSource[];
  /** The flows without errors. */
  readonly compiled: ReadonlyMap<string, CompiledFlow>;
  readonly tests: readonly TestSource[];
  /** Sorted by file and line. */
  readonly problems: readonly Problem[];
  /** Changes with every file that is read, and with every file of code. */
  readonly revision: string;
}

/** Rejects with MORTISE_PROJECT_MISSING where there is no such folder; everything else is a problem in the list. */
export async function loadProject(path: string, { catalog: given, environment, execute = true }: LoadOptions): Promise<Project> {
  const problems = new ProblemList();
  const folder = openFolder(path, problems);
  reportUnknownFiles(folder.files, folder.topFolders, problems);
  const catalog = projectCatalog(given, folder.path, execute, problems);
  const settings = readSettings(settingsFile(folder, problems), basename(folder.path), problems);
  const systemFiles = readYamlFolder(folder, 'systems', problems);
  const formatFiles = readYamlFolder(folder, 'formats', problems);
  const { flows, yaml: _yaml, unread: _unread } = await readFlows(folder, execute, problems);
  const models = readModels(folder, problems);
  const loaded = await loadConnectors(catalog, folder.path, systemFiles.flatMap(({ file }) => file ?? []), problems);
  const written = [...systemFiles, ...formatFiles].map(({ file }) => file?.value);
  const mentioned = formatsMentioned(catalog, [...written, ...flows.map(({ source }) => source.value)], loaded.connectors.values());
  const formats = new FormatShelf(await loadFormats(catalog, mentioned), catalog.formats);
  for (const { name, file } of formatFiles) formats.define(name, file, problems);
  const context: SystemContext = { models, formats, ...loaded, connectorNames: catalog.connectors };
  const { systems, broken } = readSystems(systemFiles, context, problems);
  const channelFiles = readYamlFolder(folder, 'channels', problems);
  const channels = new Map(channelFiles.map(({ name, file }) => [name, readChannel(name, file, models, problems)]));
  const definitions = definitionsOf({ folder, systems, channels, context });
  const compiled = compileFlows(flows, definitions, broken, problems);
  return {
    folder: folder.path,
    ...(environment === undefined ? {} : { environment }),
    catalog,
    settings,
    definitions,
    flows,
    compiled,
    tests: [],
    problems: problems.sorted(),
    revision: folder.revision(environment ?? ''),
  };
}

function openFolder(path: string, problems: ProblemList): ProjectFolder {
  try {
    return new ProjectFolder(path, problems);
  } catch (error) {
    throw projectError('MORTISE_PROJECT_MISSING', `${path} is no folder that can be read.`, { cause: error });
  }
}

function settingsFile(folder: ProjectFolder, problems: ProblemList) {
  if (folder.files.includes('mortise.yaml')) return readYamlFile(folder, 'mortise.yaml', problems);
  problems.error('MORTISE_PROJECT_MISSING', startOf('mortise.yaml'), 'There is no mortise.yaml in the folder.', 'Write one, with at least "name: …".');
  return undefined;
}

interface ReadSystems {
  readonly systems: ReadonlyMap<string, SystemDefinition>;
  readonly broken: BrokenEnds;
}

/** A system whose file cannot be read is there all the same, without anything: flows that name it are not to blame. */
function readSystems(files: readonly NamedFile[], context: SystemContext, problems: ProblemList): ReadSystems {
  const readings = files.map(({ name, path, file }) => {
    if (file) return readSystem(name, file, context, problems);
    const nothing = { connections: new Map(), inbounds: new Map(), outbounds: new Map(), limits: {} };
    return { system: { name, file: path, ...nothing }, broken: new Set(['*']) };
  });
  return {
    systems: new Map(readings.map(({ system }) => [system.name, system])),
    broken: new Map(readings.map(({ system, broken }) => [system.name, broken])),
  };
}
