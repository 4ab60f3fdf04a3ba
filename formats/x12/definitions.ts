// Finds the definition of a transaction set: shipped, or out of the project; tightened for a partner; compiled when first used.

import { readFileSync } from 'node:fs';
import type { ProjectFile } from '@mortise/sdk';
import { compileSet } from './compile-definitions.ts';
import type { Naming } from './compile-definitions.ts';
import { readDefinitions } from './definition-file.ts';
import type { DefinitionFile } from './definition-file.ts';
import { readOverlay } from './overlay.ts';
import type { Overlay } from './overlay.ts';
import type { SetSpec } from './specification.ts';

export const shippedVersions = ['004010', '005010'] as const;

/** The options that say which definitions count. */
export interface DefinitionOptions {
  readonly definitions?: ProjectFile;
  readonly partner?: ProjectFile;
  readonly keys: Naming;
}

const shipped = new Map<string, DefinitionFile>();
const cached = new WeakMap<object, Map<string, Definitions>>();
const noFile = {};

/** Of the options' files: they are read once for each of them. */
export function definitionsOf({ definitions, partner, keys }: DefinitionOptions): Definitions {
  const files = cached.get(definitions?.bytes ?? noFile) ?? new Map<string, Definitions>();
  cached.set(definitions?.bytes ?? noFile, files);
  const name = `${keys} ${partner?.path ?? ''}`;
  const known = files.get(name);
  if (known && known.partnerBytes === partner?.bytes) return known;
  const extra = definitions && readDefinitions(definitions.bytes, definitions.path);
  const overlay = partner && readOverlay(partner.bytes, partner.path);
  const made = new Definitions(extra, overlay, partner?.bytes, keys);
  files.set(name, made);
  return made;
}

export class Definitions {
  readonly #extra: DefinitionFile | undefined;
  readonly #overlay: Overlay | undefined;
  readonly #naming: Naming;
  readonly #sets = new Map<string, SetSpec | undefined>();
  readonly partnerBytes: Uint8Array | undefined;

  constructor(
    extra: DefinitionFile | undefined,
    overlay: Overlay | undefined,
    partnerBytes: Uint8Array | undefined,
    naming: Naming,
  ) {
    this.#extra = extra;
    this.#overlay = overlay;
    this.partnerBytes = partnerBytes;
    this.#naming = naming;
  }

  /** Undefined where nobody defined it. Throws MORTISE_X12_DEFINITION. */
  set(version: string, id: string): SetSpec | undefined {
    const name = `${version} ${id}`;
    if (this.#sets.has(name)) return this.#sets.get(name);
    const file = this.file(version);
    const made = file && compileSet(file, id, this.#naming, this.#overlay);
    if (this.#sets.size < 1000) this.#sets.set(name, made);
    return made;
  }

  /** All that is known of a version. */
  file(version: string): DefinitionFile | undefined {
    const base = shippedFile(version);
    const extra = this.#extra?.version === version ? this.#extra : undefined;
    if (!base || !extra) return extra ?? base;
    return {
      version,
      elements: { ...base.elements, ...extra.elements },
      codes: { ...base.codes, ...extra.codes },
      composites: { ...base.composites, ...extra.composites },
      segments: { ...base.segments, ...extra.segments },
      sets: { ...base.sets, ...extra.sets },
    };
  }

  /** The versions that anything is known of. */
  get versions(): readonly string[] {
    return [...new Set([...shippedVersions, ...(this.#extra ? [this.#extra.version] : [])])];
  }
}

function shippedFile(version: string): DefinitionFile | undefined {
  const known = shipped.get(version);
  if (known) return known;
  if (!(shippedVersions as readonly string[]).includes(version)) return undefined;
  const path = `definitions/${version}.json`;
  const read = readDefinitions(readFileSync(new URL(path, import.meta.url)), path);
  shipped.set(version, read);
  return read;
}
