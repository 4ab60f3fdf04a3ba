// Loads a user's project: everything that its folder says, checked, and every problem of every file at once.

import { basename } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import type { Definitions, FlowSource, Problem, Settings, TestSource } from '../flow/definitions.ts';
import { readAlerts } from './alerts.ts';
import type { AlertRule } from './alerts.ts';
import { readChannels } from './channels.ts';
import { compileFlows } from './compile.ts';
import { definitionsOf } from './definitions.ts';
import { checkOtherEnvironments, chooseEnvironment, readBase, withEnvironment } from './environments.ts';
import { projectError } from './errors.ts';
import { ProjectFolder } from './folder.ts';
import type { Drafts } from './folder.ts';
import { FormatShelf, loadFormats } from './formats.ts';
import { readFlows } from './flows.ts';
import { reportPartners, reportUnknownFiles } from './layout.ts';
import { formatsMentioned, loadConnectors, projectCatalog } from './loading.ts';
import { checkUnusedMaps } from './maps.ts';
import { readModels } from './models.ts';
import { ProblemList } from './problems.ts';
import { reportOutside } from './references.ts';
import { reportSecrets, secretsIn, settingsSecrets } from './secret-references.ts';
import type { SecretReference } from './secrets.ts';
import { readSettings } from './settings.ts';
import { readSystems } from './systems.ts';
import type { SystemContext } from './systems.ts';
import { readTables } from './tables.ts';
import { readTests } from './tests.ts';
import { reportUnused } from './usage.ts';
import { reportUnverified } from './unverified.ts';
import { lookForFlowTraps, lookForTraps } from './value-traps.ts';
import { readYamlFolder } from './yaml-folder.ts';

export interface LoadOptions {
  readonly catalog: Catalog;
  /** The name of a file in `environments/`, whose settings go over those of the other files. */
  readonly environment?: string;
  /** Whether the project's own code (flows in TypeScript, connectors, formats) is loaded. Default true; false to look at a stranger's. */
  readonly execute?: boolean;
  /** The environment variables that secrets may refer to; the process's own where absent. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** In place of what is on disk. */
  readonly drafts?: Drafts;
  /** The drafts are the whole project: nothing of it is read from disk, but code. */
  readonly isWhole?: boolean;
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
  /** What raises alerts: the rules of `alerts/`, and those that are there without being written. */
  readonly alerts: readonly AlertRule[];
  readonly tests: readonly TestSource[];
  /** What may be written as a format: those of the catalog, and those of `formats/`. */
  readonly formatNames: readonly string[];
  /** Sorted by file and line. */
  readonly problems: readonly Problem[];
  /** Where the project refers to secrets: see `missingSecrets`. */
  readonly secrets: readonly SecretReference[];
  /** Changes with every file that is read, and with every file of code. */
  readonly revision: string;
  /** All of it that was read, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Rejects with MORTISE_PROJECT_MISSING where there is no such folder; everything else is a problem in the list. */
export async function loadProject(path: string, options: LoadOptions): Promise<Project> {
  const { catalog: given, environment, execute = true, variables = process.env } = options;
  const problems = new ProblemList();
  const folder = openFolder(path, problems, options);
  reportUnknownFiles(folder.files, folder.topFolders, problems);
  reportPartners(folder.files, problems);
  const catalog = projectCatalog(given, folder.path, execute, problems);

  const environments = readYamlFolder(folder, 'environments', problems);
  const base = readBase(folder, problems);
  const chosen = chooseEnvironment(environment, environments, problems);
  const { settings: settingsFile, systems: systemFiles } = withEnvironment(base, chosen);
  const formatFiles = readYamlFolder(folder, 'formats', problems);
  const { flows, yaml, unread } = await readFlows(folder, execute, problems);

  const settings = readSettings(settingsFile, basename(folder.path), problems);
  const loaded = await loadConnectors(catalog, folder.path, systemFiles, problems);
  const written = [
    ...[...systemFiles, ...formatFiles].map(({ file }) => file?.value),
    ...flows.map(({ source }) => source.value),
  ];
  const mentioned = formatsMentioned(catalog, written, loaded.connectors.values());
  const formats = new FormatShelf(
    await loadFormats(catalog, mentioned),
    catalog.formats,
    formatFiles,
    folder,
    problems,
    lookForTraps,
  );
  const models = readModels(folder, problems);
  const context: SystemContext = { models, formats, ...loaded, connectorNames: catalog.connectors };

  const { systems, broken } = readSystems(systemFiles, context, problems);
  checkOtherEnvironments(base, environments, chosen, context, problems);
  const channels = readChannels(folder, models, problems);
  const tables = readTables(folder, problems);
  const definitions = definitionsOf({ folder, systems, channels, tables, context });

  for (const flow of yaml) lookForFlowTraps(flow, problems);
  reportOutside(yaml, folder, problems);
  checkUnusedMaps(folder, flows, problems);
  const compiled = compileFlows(flows, definitions, broken, problems);
  const tests = readTests(folder, { folder, flows, unread, definitions, broken, connectors: loaded.connectors }, problems);
  const known = { settings, systems, flows: new Set(flows.map(({ name }) => name)) };
  const alerts = readAlerts(folder, known, problems);
  const secrets = [...secretsIn(systemFiles, yaml, loaded.connectors), ...settingsSecrets(settingsFile)];
  reportSecrets(secrets, variables, problems);
  if (!problems.hasErrors()) reportUnused({ flows, unread, definitions, systemFiles }, problems);
  reportUnverified(systemFiles, definitions, compiled, problems);
  return {
    folder: folder.path,
    ...(environment === undefined ? {} : { environment }),
    catalog,
    settings,
    definitions,
    flows,
    compiled,
    alerts,
    tests,
    formatNames: formats.names(),
    problems: problems.sorted(),
    secrets,
    revision: folder.revision(environment ?? ''),
    files: folder.read(),
  };
}

function openFolder(path: string, problems: ProblemList, { drafts, isWhole }: LoadOptions): ProjectFolder {
  try {
    return new ProjectFolder(path, problems, drafts, isWhole);
  } catch (error) {
    throw projectError('MORTISE_PROJECT_MISSING', `${path} is no folder that can be read.`, { cause: error });
  }
}
