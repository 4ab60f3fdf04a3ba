// Options that are planned and not built: they are refused in plain words, so that no file promises what does not happen.

import type { Path } from '@mortise/sdk';
import type { ProblemList, WrittenFile } from './problems.ts';

/** What `path` of the file says, without the options that are planned; each of those is told. */
export function withoutPlanned(
  file: WrittenFile,
  path: Path,
  planned: Readonly<Record<string, string>>,
  problems: ProblemList,
): unknown {
  const written = path.reduce<unknown>((value, part) => (isMapping(value) ? value[part] : undefined), file.value);
  if (!isMapping(written)) return written;
  const early = Object.keys(written).filter((name) => Object.hasOwn(planned, name));
  for (const name of early) {
    problems.error(
      'MORTISE_PROJECT_NOT_YET',
      file.place([...path, name], 'key'),
      `${planned[name]}: this version cannot do that yet.`,
    );
  }
  return Object.fromEntries(Object.entries(written).filter(([name]) => !early.includes(name)));
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
