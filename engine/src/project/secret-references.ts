// Finds where a project refers to secrets: in the options of connectors, and in what flows write in place of them.

import type { ConnectorDeclaration, Path } from '@mortise/sdk';
import { isMapping } from './planned.ts';
import type { ProblemList, WrittenFile } from './problems.ts';
import { referencesIn } from './references.ts';
import { isUnsetVariable } from './secrets.ts';
import type { SecretReference } from './secrets.ts';
import { settingsFields } from './settings.ts';
import { systemParts } from './system-parts.ts';
import { walkFields } from './walk.ts';
import type { NamedFile } from './yaml-folder.ts';

const pattern = /^(env|secret):[A-Za-z0-9_.-]+$/;

export function secretsIn(
  systems: readonly NamedFile[],
  flows: readonly WrittenFile[],
  connectors: ReadonlyMap<string, ConnectorDeclaration>,
): readonly SecretReference[] {
  return [...systems.flatMap(({ file }) => (file ? secretsOfSystem(file, connectors) : [])), ...flows.flatMap(secretsOfFlow)];
}

/** Warns of variables that are not set here: the project may be checked elsewhere than it runs. */
export function reportSecrets(
  references: readonly SecretReference[],
  variables: Readonly<Record<string, string | undefined>>,
  problems: ProblemList,
): void {
  for (const { reference, place } of references.filter((one) => isUnsetVariable(one.reference, variables))) {
    const name = reference.slice(reference.indexOf(':') + 1);
    problems.warn(
      'MORTISE_PROJECT_SECRET_UNSET',
      place,
      `The environment variable ${name} is not set here.`,
      `Set ${name} where Mortise is started.`,
    );
  }
}

function secretsOfSystem(file: WrittenFile, connectors: ReadonlyMap<string, ConnectorDeclaration>): readonly SecretReference[] {
  const found: SecretReference[] = [];
  for (const { path, fields, written } of systemParts(file.value, connectors)) {
    const look = (value: unknown, at: Path): void => {
      if (typeof value === 'string' && pattern.test(value)) found.push({ reference: value, place: file.place(at) });
    };
    walkFields(fields, written, (spec, value, at) => spec.kind === 'secret' && look(value, at), path);
  }
  return found;
}

/** Of the receivers of alerts, and of the collector of telemetry, in mortise.yaml. */
export function settingsSecrets(settings: WrittenFile | undefined): readonly SecretReference[] {
  if (!settings) return [];
  const { alerts, telemetry } = settingsFields;
  const found: SecretReference[] = [];
  walkFields({ alerts, telemetry }, settings.value, (spec, value, path) => {
    if (spec.kind === 'secret' && typeof value === 'string' && pattern.test(value))
      found.push({ reference: value, place: settings.place(path) });
  });
  return found;
}

/** In a flow it is not known here which options take secrets; but what looks like a reference stands behind a system. */
function secretsOfFlow(file: WrittenFile): readonly SecretReference[] {
  const ends = referencesIn(file.value).filter(({ kind }) => kind === 'end');
  return ends.flatMap(({ path }) => {
    const words = referencesIn(valueAt(file.value, path), path).filter(({ kind, name }) => kind === 'word' && pattern.test(name));
    return words.map((word) => ({ reference: word.name, place: file.place(word.path) }));
  });
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) => (Array.isArray(inner) ? (inner[Number(part)] as unknown) : isMapping(inner) ? inner[part] : undefined),
    value,
  );
}
