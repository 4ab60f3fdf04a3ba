// The environments of a project: the one that was chosen lies over its files, the others are checked.

import { checkEnvironment, overlay } from './environment.ts';
import type { ProjectFolder } from './folder.ts';
import { didYouMean } from './names.ts';
import { ProblemList, startOf } from './problems.ts';
import type { WrittenFile } from './problems.ts';
import { readSettings } from './settings.ts';
import { readSystems } from './systems.ts';
import type { SystemContext } from './systems.ts';
import { readYamlFile, readYamlFolder } from './yaml-folder.ts';
import type { NamedFile } from './yaml-folder.ts';

/** What an environment may lie over. */
export interface BaseFiles {
  readonly settings: WrittenFile | undefined;
  readonly systems: readonly NamedFile[];
}

export function readBase(folder: ProjectFolder, problems: ProblemList): BaseFiles {
  return { settings: readSettingsFile(folder, problems), systems: readYamlFolder(folder, 'systems', problems) };
}

export function withEnvironment({ settings, systems }: BaseFiles, environment: NamedFile | undefined): BaseFiles {
  if (!environment?.file) return { settings, systems };
  const { file: over } = environment;
  return {
    settings: settings && overlay(settings, over, [], ['systems']),
    systems: systems.map((system) => ({ ...system, file: system.file && overlay(system.file, over, ['systems', system.name]) })),
  };
}

/** The environment of that name; a problem where there is none. */
export function chooseEnvironment(
  name: string | undefined,
  environments: readonly NamedFile[],
  problems: ProblemList,
): NamedFile | undefined {
  const chosen = environments.find((environment) => environment.name === name);
  if (name !== undefined && !chosen) {
    const remedy = didYouMean(
      name,
      environments.map((environment) => environment.name),
    );
    problems.error('MORTISE_PROJECT_MISSING', startOf(`environments/${name}.yaml`), `There is no environment "${name}".`, remedy);
  }
  return chosen;
}

/** Checks the form of all environments, and what those say that were not chosen: of each only what is wrong in its own file. */
export function checkOtherEnvironments(
  base: BaseFiles,
  environments: readonly NamedFile[],
  chosen: NamedFile | undefined,
  context: SystemContext,
  problems: ProblemList,
): void {
  const systems = new Map(base.systems.flatMap(({ name, file }) => (file ? [[name, file] as const] : [])));
  for (const environment of environments) {
    if (environment.file) checkEnvironment(environment.file, systems, problems);
    if (environment.path === chosen?.path) continue;
    const own = new ProblemList();
    const files = withEnvironment(base, environment);
    readSettings(files.settings, 'other', own);
    readSystems(files.systems, context, own);
    problems.found.push(...own.sorted().filter(({ file }) => file === environment.path));
  }
}

function readSettingsFile(folder: ProjectFolder, problems: ProblemList): WrittenFile | undefined {
  if (folder.files.includes('mortise.yaml')) return readYamlFile(folder, 'mortise.yaml', problems);
  problems.error(
    'MORTISE_PROJECT_MISSING',
    startOf('mortise.yaml'),
    'There is no mortise.yaml in the folder.',
    'Write one, with at least "name: …".',
  );
  return undefined;
}
