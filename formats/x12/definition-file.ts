// The neutral form of definitions: what a file says, read and checked; shipped ones and those of a project are of the same form.

import { x12Error } from './errors.ts';

/** As in the file. See the README for what each text means. */
export interface DefinitionFile {
  readonly version: string;
  readonly elements: Readonly<Record<string, string>>;
  readonly codes: Readonly<Record<string, readonly string[]>>;
  readonly composites: Readonly<Record<string, WrittenSegment>>;
  readonly segments: Readonly<Record<string, WrittenSegment>>;
  readonly sets: Readonly<Record<string, WrittenSet>>;
}

export interface WrittenSegment {
  readonly name: string;
  readonly elements: string;
  readonly notes: string;
}

export interface WrittenSet {
  readonly group: string;
  readonly name: string;
  readonly parts: readonly WrittenPart[];
}

export interface WrittenLoop {
  readonly loop: string;
  readonly name: string | undefined;
  readonly when: Readonly<Record<string, readonly string[]>>;
  readonly parts: readonly WrittenPart[];
}

/** `REF*12` for a segment, or a loop. */
export type WrittenPart = string | WrittenLoop;

/** Loops are not nested deeper in any standard. */
const depthMax = 32;

/** Throws MORTISE_X12_DEFINITION. `path` names the file in messages. */
export function readDefinitions(bytes: Uint8Array, path: string): DefinitionFile {
  return toDefinitions(readJsonFile(bytes, path), path);
}

export function readJsonFile(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw wrong(path, '', 'is no JSON', cause);
  }
}

export function toDefinitions(json: unknown, path: string): DefinitionFile {
  const file = recordIn(json, path, '');
  const version = file['version'];
  if (typeof version !== 'string' || !/^\d{6}$/.test(version))
    throw wrong(path, '/version', 'is no version; expected six digits, as "004010"');
  const part = (name: string): Readonly<Record<string, unknown>> =>
    Object.hasOwn(file, name) ? recordIn(file[name], path, `/${name}`) : {};
  const mapped = <Value>(name: string, read: (value: unknown, place: string) => Value): Readonly<Record<string, Value>> =>
    Object.fromEntries(Object.entries(part(name)).map(([key, value]) => [key, read(value, `/${name}/${key}`)]));
  return {
    version,
    elements: mapped('elements', (value, place) =>
      matching(value, /^\S+ (N\d?|R|ID|AN|DT|TM|B) \d+ \d+$/, path, place, 'a name, a type, and two lengths'),
    ),
    codes: mapped('codes', (value, place) => textsIn(value, path, place)),
    composites: mapped('composites', (value, place) => toSegment(value, path, place)),
    segments: mapped('segments', (value, place) => toSegment(value, path, place)),
    sets: mapped('sets', (value, place) => toSet(value, path, place)),
  };
}

function toSegment(value: unknown, path: string, place: string): WrittenSegment {
  const { name, elements, notes } = recordIn(value, path, place);
  return {
    name: matching(name, /^[A-Za-z]\w*$/, path, `${place}/name`, 'a name of letters and digits'),
    elements: matching(
      elements,
      /^([A-Z]?\d+!?(\*\d*)?( |$))+$/,
      path,
      `${place}/elements`,
      'numbers of elements with blanks between them',
    ),
    notes:
      notes === undefined
        ? ''
        : matching(notes, /^([PRECL](\d\d){2,}( |$))+$/, path, `${place}/notes`, 'syntax notes, as "P0304 C0102"'),
  };
}

function toSet(value: unknown, path: string, place: string): WrittenSet {
  const { group, name, parts } = recordIn(value, path, place);
  return {
    group: matching(group, /^[A-Z0-9]{2}$/, path, `${place}/group`, 'a functional identifier code'),
    name: matching(name, /^[A-Za-z]\w*$/, path, `${place}/name`, 'a name of letters and digits'),
    parts: toParts(parts, path, `${place}/parts`, 0),
  };
}

function toParts(value: unknown, path: string, place: string, depth: number): readonly WrittenPart[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong(path, place, 'is no list of segments and loops');
  if (depth > depthMax) throw wrong(path, place, `is nested deeper than ${depthMax} loops`);
  return value.map((part: unknown, index): WrittenPart => {
    const here = `${place}/${index}`;
    if (typeof part === 'string')
      return matching(part, /^[A-Z][A-Z0-9]{1,2}!?(\*\d*)?$/, path, here, 'a segment, as "REF", "BEG!" or "N3*2"');
    const { loop, name, when, parts } = recordIn(part, path, here);
    const inner = toParts(parts, path, `${here}/parts`, depth + 1);
    if (typeof inner[0] !== 'string')
      throw wrong(path, `${here}/parts/0`, 'is a loop; expected the segment that a loop begins with');
    return {
      loop: matching(loop, /^\w+!?(\*\d*)?$/, path, `${here}/loop`, 'a loop, as "N1*200" or "PO1!*"'),
      name:
        name === undefined ? undefined : matching(name, /^[A-Za-z]\w*$/, path, `${here}/name`, 'a name of letters and digits'),
      when:
        when === undefined
          ? {}
          : Object.fromEntries(
              Object.entries(recordIn(when, path, `${here}/when`)).map(([key, values]) => [
                matching(key, /^\d\d$/, path, `${here}/when`, 'places of elements, as "01"'),
                textsIn(values, path, `${here}/when/${key}`),
              ]),
            ),
      parts: inner,
    };
  });
}

export function recordIn(value: unknown, path: string, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw wrong(path, place, 'is no object');
}

export function textsIn(value: unknown, path: string, place: string): readonly string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw wrong(path, place, 'is no list of texts');
}

function matching(value: unknown, pattern: RegExp, path: string, place: string, expected: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw wrong(path, place, `is ${JSON.stringify(value)?.slice(0, 60)}; expected ${expected}`);
}

export function wrong(path: string, place: string, what: string, cause?: unknown): Error {
  return x12Error('MORTISE_X12_DEFINITION', `${path}${place === '' ? '' : `, ${place},`} ${what}.`, {
    details: { file: path, place },
    cause,
  });
}
