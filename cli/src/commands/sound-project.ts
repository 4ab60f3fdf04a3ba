// For commands that look into a project: loads it without running any of its code, and refuses one with errors.

import { nearest } from '@mortise/sdk';
import type { Project } from '@mortise/engine';
import { cliError } from '../errors.ts';
import { openTerminal } from '../terminal.ts';

/** Rejects with MORTISE_CLI_PROJECT where the project has errors, after they are printed. */
export async function loadSound(folder: string, environment?: string): Promise<Project> {
  const { loadProject, openCatalog, renderProblems } = await import('@mortise/engine');
  const project = await loadProject(folder, {
    catalog: openCatalog(),
    execute: false,
    ...(environment === undefined ? {} : { environment }),
  });
  const errors = project.problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return project;
  const terminal = openTerminal();
  terminal.printError(renderProblems(errors, { folder, colors: terminal.coloured }).trimEnd());
  throw cliError('MORTISE_CLI_PROJECT', 'The project has errors, and was not looked into.');
}

/** The error for a name that the project does not have. */
export function sayUnknown(kind: string, name: string, known: readonly string[]): Error {
  const near = nearest(name, known);
  const remedy = near ? `Did you mean "${near}"?` : `Known are: ${known.join(', ') || 'none'}.`;
  return cliError('MORTISE_CLI_USAGE', `There is no ${kind} "${name}".`, { remedy });
}
