// Lays the settings of an environment over the files of a project, and refuses whatever is not a setting.

import type { Path } from '@mortise/sdk';
import { didYouMean, unknownName } from './names.ts';
import { isMapping } from './planned.ts';
import { fault } from './problems.ts';
import type { Fault, Place, ProblemList, WrittenFile, Writing } from './problems.ts';
import { settingsFields } from './settings.ts';

/** What of a system may differ between environments. */
const systemSettings = ['connection', 'connections', 'limits', 'maintenance'];
const { name: _name, ...settings } = settingsFields;
const topSettings = ['systems', ...Object.keys(settings)];
/** What people may try to change in an environment, and what is a part of the project itself. */
const logic = /^(name|flows?|steps?|channels?|models?|maps?|formats?|tests?|partners?|connector|inbounds?|outbounds?)$/;

/** Says what of an environment's file cannot be one. */
export function checkEnvironment(file: WrittenFile, systems: ReadonlyMap<string, WrittenFile>, problems: ProblemList): void {
  if (file.value === null) return;
  if (!isMapping(file.value))
    return problems.error('MORTISE_PROJECT_WRONG_VALUE', file.place([]), 'Expected a mapping with systems and settings.');
  problems.faults(file, unknownKeys(file.value, topSettings, []));
  const { systems: written } = file.value;
  if (written === undefined || written === null) return;
  if (!isMapping(written))
    return problems.error('MORTISE_PROJECT_WRONG_VALUE', file.place(['systems']), 'Expected systems by name.');
  for (const [name, one] of Object.entries(written)) problems.faults(file, systemFaults(name, one, systems));
}

/** The file with what the environment says under `prefix` in place of its own, without what is about other files. */
export function overlay(base: WrittenFile, environment: WrittenFile, prefix: Path, others: readonly string[] = []): WrittenFile {
  const said = valueAt(environment.value, prefix);
  if (!isMapping(said) || !isMapping(base.value)) return base;
  const over = Object.fromEntries(Object.entries(said).filter(([key]) => !others.includes(key)));
  const replaced = replacedPaths(base.value, over);
  const pick = (path: Path): { readonly file: WrittenFile; readonly path: Path } =>
    replaced.some((one) => startsWith(path, one)) ? { file: environment, path: [...prefix, ...path] } : { file: base, path };
  const place = (path: Path, at?: 'key' | 'value'): Place => {
    const picked = pick(path);
    return picked.file.place(picked.path, at);
  };
  return {
    file: base.file,
    value: merged(base.value, over),
    place,
    locate: place,
    writing(path): Writing | undefined {
      const picked = pick(path);
      return picked.file.writing(picked.path);
    },
  };
}

/**
 * Options are replaced whole: `auth` of an environment does not mix with the `auth` of the file. What holds options is merged:
 * `connection`, `limits` and the like, and each one of `connections`.
 */
function levelsOf(key: string): number {
  if (key === 'maintenance') return 0;
  return key === 'connections' ? 2 : 1;
}

function merged(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(over).map(([key, value]) => [key, mergedValue(base[key], value, levelsOf(key))] as const);
  return { ...base, ...Object.fromEntries(entries) };
}

function mergedValue(base: unknown, over: unknown, levels: number): unknown {
  if (levels === 0 || !isMapping(base) || !isMapping(over)) return over;
  const entries = Object.entries(over).map(([key, value]) => [key, mergedValue(base[key], value, levels - 1)] as const);
  return { ...base, ...Object.fromEntries(entries) };
}

/** The paths of what is taken from the environment. */
function replacedPaths(base: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): readonly Path[] {
  return Object.entries(over).flatMap(([key, value]) => replacedIn(base[key], value, levelsOf(key), [key]));
}

function replacedIn(base: unknown, over: unknown, levels: number, path: Path): readonly Path[] {
  if (levels === 0 || !isMapping(base) || !isMapping(over)) return [path];
  return Object.entries(over).flatMap(([key, value]) => replacedIn(base[key], value, levels - 1, [...path, key]));
}

function systemFaults(name: string, written: unknown, systems: ReadonlyMap<string, WrittenFile>): readonly Fault[] {
  const path = ['systems', name];
  const system = systems.get(name);
  if (!system) return [{ ...unknownName('system', name, systems.keys(), path), at: 'key' }];
  if (!isMapping(written))
    return [fault('MORTISE_PROJECT_WRONG_VALUE', path, `Expected a mapping with ${systemSettings.join(', ')}.`)];
  return [...unknownKeys(written, systemSettings, path), ...connectionFaults(system, written, path)];
}

/** Connections that the system does not have, and connectors: another connector is another system. */
function connectionFaults({ value }: WrittenFile, written: Readonly<Record<string, unknown>>, path: Path): readonly Fault[] {
  const base = isMapping(value) ? value : {};
  const faults = (['connection', 'connections'] as const).flatMap((key) => {
    if (written[key] === undefined || base[key === 'connection' ? 'connections' : 'connection'] === undefined) return [];
    const message = `The system's own file says "${key === 'connection' ? 'connections' : 'connection'}".`;
    return [fault('MORTISE_PROJECT_CONNECTIONS', [...path, key], message, 'Write it as the system does.', 'key')];
  });
  const known = isMapping(base['connections']) ? Object.keys(base['connections']) : [];
  const several = isMapping(written['connections']) && known.length > 0 ? Object.entries(written['connections']) : [];
  const named = several.flatMap(([name, one]) => {
    const inner = [...path, 'connections', name];
    if (!known.includes(name)) return [{ ...unknownName('connection', name, known, inner), at: 'key' as const }];
    return isMapping(one) && one['connector'] !== undefined ? [notSetting('connector', inner)] : [];
  });
  return [...faults, ...named];
}

function unknownKeys(written: Readonly<Record<string, unknown>>, known: readonly string[], path: Path): readonly Fault[] {
  return Object.keys(written)
    .filter((key) => !known.includes(key))
    .map((key) => {
      if (logic.test(key)) return notSetting(key, path);
      const message = `Unknown option "${key}".`;
      return fault('MORTISE_PROJECT_UNKNOWN_OPTION', [...path, key], message, didYouMean(key, known), 'key');
    });
}

function notSetting(key: string, path: Path): Fault {
  return fault('MORTISE_PROJECT_ENVIRONMENT', [...path, key], `"${key}" is no setting.`, undefined, 'key');
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (isMapping(inner) ? inner[part] : undefined), value);
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, index) => part === path[index]);
}
