// Definitions of messages, segments and elements: how they are written in data, and what they become.

import { excerpt } from '@mortise/sdk';
import { edifactError } from './errors.ts';

/**
 * A directory as data. Each entry is a line of items: an id; `!` where it is mandatory; `*5` where it may stand five times in a
 * row, of which `!` means the first; `^9` where an element may be repeated by the repetition of syntax version 4; of messages,
 * `SG1*10(RFF! DTM*5)` is a segment group with its segments. Formats of elements are as in the standard: `an..35`, `n8`, `a1`.
 */
export interface DirectoryData {
  /** Version and release, as `D.96A`; `*` where it is for all. */
  readonly directory: string;
  readonly messages: Readonly<Record<string, string>>;
  readonly segments: Readonly<Record<string, string>>;
  readonly composites: Readonly<Record<string, string>>;
  readonly elements: Readonly<Record<string, string>>;
  /** The codes of an element, with blanks between. */
  readonly codes: Readonly<Record<string, string>>;
}

export interface SegmentPlace {
  readonly kind: 'segment';
  readonly tag: string;
  /** Under which it stands in a value: its tag, with "_2" where that stands there already. */
  readonly key: string;
  readonly mandatory: boolean;
  readonly max: number;
  readonly definition: SegmentDefinition | undefined;
}

export interface GroupPlace {
  readonly kind: 'group';
  /** The tag of the segment that it begins with. */
  readonly tag: string;
  readonly key: string;
  readonly mandatory: boolean;
  readonly max: number;
  readonly places: readonly MessagePlace[];
  /** Where in `places` a tag stands. */
  readonly indexes: ReadonlyMap<string, readonly number[]>;
  /** Of the segment that it begins with. */
  readonly definition: SegmentDefinition | undefined;
}

export type MessagePlace = SegmentPlace | GroupPlace;

export interface ValueFormat {
  readonly type: 'a' | 'n' | 'an';
  readonly lengthMin: number;
  readonly lengthMax: number;
  readonly codes: ReadonlySet<string> | undefined;
}

export interface SubElementDefinition {
  readonly id: string;
  readonly mandatory: boolean;
  readonly format: ValueFormat;
}

/** One place in a segment. */
export interface ElementDefinition {
  readonly id: string;
  readonly mandatory: boolean;
  /** How often it may be repeated in this place. */
  readonly repeatMax: number;
  /** Undefined of a stand-alone element. */
  readonly components: readonly SubElementDefinition[] | undefined;
  readonly format: ValueFormat | undefined;
}

export interface SegmentDefinition {
  readonly tag: string;
  readonly elements: readonly ElementDefinition[];
}

export interface MessageDefinition {
  readonly type: string;
  /** UNH and UNT are no part of it. */
  readonly root: GroupPlace;
  readonly directory: Directory;
}

interface Entry {
  readonly id: string;
  readonly mandatory: boolean;
  readonly times: number;
  readonly repeatMax: number;
  readonly inside: readonly Entry[] | undefined;
}

const entryPattern = /([A-Z0-9]+)(!?)(?:\*(\d+))?(?:\^(\d+))?(\()?|(\))/y;
const unlimited: ValueFormat = { type: 'an', lengthMin: 0, lengthMax: Infinity, codes: undefined };

export type Find = (kind: Exclude<keyof DirectoryData, 'directory'>, id: string) => string | undefined;

/** Looks into the first of these that has it. */
export function findIn(...all: readonly DirectoryData[]): Find {
  return (kind, id) => {
    const found = all.find((one) => Object.hasOwn(one[kind], id));
    return found?.[kind][id];
  };
}

/** Definitions on demand: made once, when they are first asked for. */
export class Directory {
  readonly name: string;
  readonly #find: Find;
  readonly #messages = new Map<string, MessageDefinition | undefined>();
  readonly #segments = new Map<string, SegmentDefinition | undefined>();
  readonly #formats = new Map<string, ValueFormat>();

  constructor(name: string, find: Find) {
    this.name = name;
    this.#find = find;
  }

  message(type: string): MessageDefinition | undefined {
    return remembered(this.#messages, type, () => {
      const written = this.#find('messages', type);
      if (written === undefined) return undefined;
      const places = this.#places(readEntries(written)).filter(({ tag }) => tag !== 'UNH' && tag !== 'UNT');
      const root = {
        kind: 'group',
        tag: 'UNH',
        key: '',
        mandatory: true,
        max: 1,
        places,
        indexes: indexesOf(places),
        definition: undefined,
      } as const;
      return { type, directory: this, root };
    });
  }

  segment(tag: string): SegmentDefinition | undefined {
    return remembered(this.#segments, tag, () => {
      const written = this.#find('segments', tag);
      if (written === undefined) return undefined;
      return { tag, elements: spread(readEntries(written)).map((entry) => this.#element(entry)) };
    });
  }

  #places(entries: readonly Entry[]): readonly MessagePlace[] {
    const seen = new Map<string, number>();
    return entries.map(({ id, mandatory, times: max, inside }): MessagePlace => {
      const count = (seen.get(id) ?? 0) + 1;
      seen.set(id, count);
      const key = count === 1 ? id : `${id}_${count}`;
      if (!inside) return { kind: 'segment', tag: id, key, mandatory, max, definition: this.segment(id) };
      const places = this.#places(inside);
      const [first] = places;
      return {
        kind: 'group',
        tag: first?.tag ?? '',
        key,
        mandatory,
        max,
        places,
        indexes: indexesOf(places),
        definition: first?.definition,
      };
    });
  }

  #element({ id, mandatory, repeatMax }: Entry): ElementDefinition {
    const composite = this.#find('composites', id);
    const components =
      composite === undefined ? undefined : spread(readEntries(composite)).map((entry) => this.#component(entry));
    return { id, mandatory, repeatMax, components, format: components ? undefined : this.#format(id) };
  }

  #component({ id, mandatory }: Entry): SubElementDefinition {
    return { id, mandatory, format: this.#format(id) };
  }

  #format(id: string): ValueFormat {
    return remembered(this.#formats, id, () => {
      const [, type, dots, length] = /^(an|a|n)(\.\.)?(\d+)$/.exec(this.#find('elements', id) ?? '') ?? [];
      if (type === undefined || length === undefined) return unlimited;
      const codes = this.#find('codes', id);
      return {
        type: type as ValueFormat['type'],
        lengthMin: dots === undefined ? Number(length) : 0,
        lengthMax: Number(length),
        codes: codes === undefined ? undefined : new Set(codes.split(' ')),
      };
    });
  }
}

function indexesOf(places: readonly MessagePlace[]): ReadonlyMap<string, readonly number[]> {
  return Map.groupBy(places.keys(), (index) => (places[index] as MessagePlace).tag);
}

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found as Value;
  const made = make();
  known.set(key, made);
  return made;
}

/** Reads a line of items. Throws MORTISE_EDIFACT_DIRECTORY where it cannot be read. */
export function readEntries(written: string): readonly Entry[] {
  const stack: Entry[][] = [[]];
  const pattern = new RegExp(entryPattern);
  for (let at = 0; at < written.length; at = pattern.lastIndex) {
    pattern.lastIndex = at + (written[at] === ' ' ? 1 : 0);
    const [, id, mark, times, repeats, opens] = pattern.exec(written) ?? [];
    if (pattern.lastIndex === 0 || stack.length > 20) throw unreadable(written, at);
    if (id === undefined) {
      stack.pop();
      if (stack.length === 0) throw unreadable(written, at);
      continue;
    }
    const inside: Entry[] | undefined = opens === undefined ? undefined : [];
    stack.at(-1)?.push({ id, mandatory: mark === '!', times: Number(times ?? 1), repeatMax: Number(repeats ?? 1), inside });
    if (inside) stack.push(inside);
  }
  if (stack.length !== 1) throw unreadable(written, written.length);
  return stack[0] ?? [];
}

function unreadable(written: string, at: number): Error {
  const message = `A definition cannot be read at ${excerpt(written.slice(at, at + 20))}, character ${at + 1} of ${excerpt(written)}.`;
  return edifactError('MORTISE_EDIFACT_DIRECTORY', `${message} Expected items as BGM!, DTM*5, SG1*9(RFF! DTM).`);
}

/** Each place by itself: only the first of several is mandatory. */
function spread(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry) =>
    Array.from({ length: Math.min(entry.times, 100) }, (_, index) => ({
      ...entry,
      times: 1,
      mandatory: entry.mandatory && index === 0,
    })),
  );
}
