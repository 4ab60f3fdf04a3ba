// The names of what a project defines: those of its files, and those written in them.

import { nearest } from '@mortise/sdk';
import type { Path } from '@mortise/sdk';
import { fault, startOf } from './problems.ts';
import type { Fault, ProblemList } from './problems.ts';

const namePattern = /^[a-z0-9][a-z0-9-]*$/;

/** `systems/crm.yaml` to `crm`; a problem where nobody could write that name. */
export function nameOfFile(file: string, problems: ProblemList): string {
  const base = file.slice(file.lastIndexOf('/') + 1);
  const name = base.slice(0, base.indexOf('.'));
  if (!namePattern.test(name)) problems.error('MORTISE_PROJECT_NAME', startOf(file), `"${name}" is no name.`);
  return name;
}

/** Says of names written in a file that they cannot be names. */
export function badNames(names: readonly string[], path: Path): Fault[] {
  const bad = names.filter((name) => !namePattern.test(name));
  return bad.map((name) => fault('MORTISE_PROJECT_NAME', [...path, name], `"${name}" is no name.`, undefined, 'key'));
}

/** "There is no model …", with the nearest that there is. */
export function unknownName(kind: string, name: string, known: Iterable<string>, path: Path): Fault {
  return fault('MORTISE_PROJECT_UNKNOWN_NAME', path, `There is no ${kind} "${name}".`, didYouMean(name, known));
}

export function didYouMean(name: string, known: Iterable<string>): string {
  const all = [...known];
  const near = nearest(name, all);
  if (near) return `Did you mean "${near}"?`;
  return all.length > 0 ? `Known are: ${all.join(', ')}.` : 'None is defined in this project.';
}
