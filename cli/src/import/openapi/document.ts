// The document under import: follows its references, and notes what is wrong with it, each with its place.

import { isMapping, propertyOf } from '../values.ts';
import type { Mapping } from '../values.ts';

/** Where in the document something stands: the parts of a JSON pointer. */
export type Pointer = readonly (string | number)[];

export interface Warning {
  /** A JSON pointer into the document, as `#/paths/~1pets/get`. */
  readonly place: string;
  readonly message: string;
}

export interface Located {
  readonly value: Mapping;
  readonly at: Pointer;
}

/** References to references are followed so far. */
const hopsMax = 32;
/** So much of what came from outside is told. */
const shownCharacters = 120;

export class ApiDocument {
  readonly root: Mapping;
  readonly version: '3.0' | '3.1';
  readonly #warnings = new Map<string, Warning>();

  constructor(root: Mapping, version: '3.0' | '3.1') {
    this.root = root;
    this.version = version;
  }

  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()];
  }

  /** What is said twice of one place is said once. */
  warn(at: Pointer, message: string): void {
    const warning = { place: pointerText(at), message };
    this.#warnings.set(`${warning.place} ${message}`, warning);
  }

  /** What a reference within the document leads to; a warning and nothing where it leads nowhere. */
  target(reference: string, at: Pointer): { readonly value: unknown; readonly at: Pointer } | undefined {
    const parts = partsOf(reference);
    const value = parts?.reduce<unknown>(propertyOf, this.root);
    if (parts && value !== undefined) return { value, at: parts };
    const why = parts ? 'leads nowhere' : 'leads out of the document, which is not followed';
    this.warn(at, `The reference "${shown(reference)}" ${why}: anything is taken there.`);
    return undefined;
  }

  /** A mapping, behind however many references; nothing, with a warning, where there is none. */
  mapping(value: unknown, at: Pointer): Located | undefined {
    let found: Located | undefined = isMapping(value) ? { value, at } : undefined;
    for (let hops = 0; found && typeof found.value['$ref'] === 'string'; hops++) {
      const target = hops < hopsMax ? this.target(found.value['$ref'], at) : undefined;
      if (hops === hopsMax) this.warn(at, 'The reference leads in a circle: it is left out.');
      found = target && isMapping(target.value) ? { value: target.value, at: target.at } : undefined;
    }
    if (!found && !isMapping(value) && value !== undefined)
      this.warn(at, `Found ${shown(value)}; expected a mapping. It is left out.`);
    return found;
  }

  /** The entries of a mapping, each with its place; what is none has none. */
  entries(value: unknown, at: Pointer): readonly { readonly name: string; readonly value: unknown; readonly at: Pointer }[] {
    const found = value === undefined || value === null ? undefined : this.mapping(value, at);
    const names = Object.entries(found?.value ?? {}).filter(([name]) => !name.startsWith('x-'));
    return names.map(([name, one]) => ({ name, value: one, at: [...(found?.at ?? at), name] }));
  }
}

/** `#/a~1b/c` to its parts; undefined where it is not within the document. */
export function partsOf(reference: string): readonly string[] | undefined {
  if (reference === '#') return [];
  if (!reference.startsWith('#/')) return undefined;
  return reference.slice(2).split('/').map(decodedPart);
}

function decodedPart(part: string): string {
  const plain = part.includes('%') ? safelyDecoded(part) : part;
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

function safelyDecoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function pointerText(at: Pointer): string {
  return ['#', ...at.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}

export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
