// What flows refer to, as far as it can be seen in what was written.

import type { Path } from '@mortise/sdk';
import type { ProjectFolder } from './folder.ts';
import { isMapping } from './planned.ts';
import type { ProblemList } from './problems.ts';
import type { YamlFile } from './yaml/yaml-file.ts';

export type Reference =
  | { readonly kind: 'channel'; readonly path: Path; readonly name: string; readonly receives: boolean }
  | {
      readonly kind: 'end';
      readonly path: Path;
      readonly side: 'inbound' | 'outbound';
      readonly system: string;
      readonly name: string;
    }
  | { readonly kind: 'path'; readonly path: Path; readonly name: string }
  | { readonly kind: 'word'; readonly path: Path; readonly name: string };

/** A flow is looked through by whatever asks how it hangs together. */
const known = new WeakMap<object, readonly Reference[]>();

/** Every target, every `{ file }` and every other text in `written`. */
export function referencesIn(written: unknown, path: Path = []): readonly Reference[] {
  if (path.length > 0 || typeof written !== 'object' || written === null) return found(written, path);
  const references = known.get(written) ?? found(written, path);
  known.set(written, references);
  return references;
}

function found(written: unknown, path: Path): readonly Reference[] {
  if (typeof written === 'string') return [{ kind: 'word', path, name: written }];
  if (Array.isArray(written)) return written.flatMap((one: unknown, index) => found(one, [...path, index]));
  if (!isMapping(written)) return [];
  const inner = Object.entries(written).flatMap(([name, value]) => [
    { kind: 'word', path, name } as const,
    ...found(value, [...path, name]),
  ]);
  return [...ownReferences(written, path), ...inner];
}

function ownReferences(written: Readonly<Record<string, unknown>>, path: Path): readonly Reference[] {
  const { channel, system, inbound, outbound, file } = written;
  const found: Reference[] = [];
  if (typeof channel === 'string')
    found.push({ kind: 'channel', path, name: channel, receives: path.length === 1 && path[0] === 'from' });
  if (typeof system === 'string' && typeof inbound === 'string')
    found.push({ kind: 'end', path, side: 'inbound', system, name: inbound });
  if (typeof system === 'string' && typeof outbound === 'string')
    found.push({ kind: 'end', path, side: 'outbound', system, name: outbound });
  if (typeof file === 'string') found.push({ kind: 'path', path: [...path, 'file'], name: file });
  return found;
}

/** Says of paths in flows that lead out of the project; that there is no such file follows from that. */
export function reportOutside(flows: readonly YamlFile[], folder: ProjectFolder, problems: ProblemList): void {
  for (const flow of flows) {
    for (const { path, name } of referencesIn(flow.value).filter(({ kind }) => kind === 'path')) {
      const writing = folder.isOutside(name) && flow.writing(path);
      if (writing) problems.explain('MORTISE_PROJECT_OUTSIDE', writing, `"${name}" leads out of the project.`);
    }
  }
}
