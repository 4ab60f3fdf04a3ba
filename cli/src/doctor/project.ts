// Looks at a project: what its check finds, and whether its secrets are there.

import { countProblems, loadProject, missingSecrets, openCatalog, openSecrets, secretOfFolder } from '@mortise/engine';
import type { Problem, Project } from '@mortise/engine';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

export async function loadForDoctor(folder: string, environment: string | undefined): Promise<Project> {
  return loadProject(folder, { catalog: openCatalog(), ...(environment === undefined ? {} : { environment }) });
}

export function lookAtProject({ problems, settings, compiled }: Project, folder: string): Finding {
  const others = problems.filter((problem) => !hasOwnLook(problem));
  const { errors, warnings } = countProblems(others);
  const remedy = `Look at them: mortise check ${folder}`;
  const detail = `${settings.name}: ${compiled.size} ${compiled.size === 1 ? 'flow' : 'flows'}`;
  if (errors > 0) return fail('project', `${detail}, ${errors} ${errors === 1 ? 'error' : 'errors'}`, remedy);
  return warnings > 0
    ? warn('project', `${detail}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`, remedy)
    : ok('project', detail);
}

function hasOwnLook({ code, file }: Problem): boolean {
  return code === 'MORTISE_PROJECT_SECRET_UNSET' || code === 'MORTISE_PROJECT_UNVERIFIED' || file.startsWith('environments/');
}

/** Webhooks that take whatever anybody sends. */
export function lookAtWebhooks({ problems }: Project): readonly Finding[] {
  return problems
    .filter(({ code }) => code === 'MORTISE_PROJECT_UNVERIFIED')
    .map(({ file, line, message, remedy }) => warn('webhook', `${file}:${line}: ${message}`, remedy));
}

/** Environments that say what cannot be, as a system that there is not. */
export function lookAtEnvironments({ problems }: Project): readonly Finding[] {
  return problems
    .filter(({ file }) => file.startsWith('environments/'))
    .map(({ severity, file, line, message, remedy }) =>
      (severity === 'error' ? fail : warn)('environment', `${file}:${line}: ${message}`, remedy),
    );
}

/** One line for each that is missing. */
export function lookAtSecrets({ secrets }: Project, dataFolder: string): readonly Finding[] {
  const missing = missingSecrets(secrets, openSecrets(dataFolder, process.env, secretOfFolder(dataFolder)));
  if (missing.length > 0) return missing.map(({ message, remedy }) => fail('secret', message, remedy));
  return [ok('secrets', secrets.length === 0 ? 'none are needed' : `all ${secrets.length} are there`)];
}
