// The envelope by names: what UNB, UNG and UNH say becomes an object, and the object becomes the segment again.

import { textsOf, isRepeated, repetitionsOf, textAt, trimmed } from './segment.ts';
import type { Element, Repeats, Segment } from './segment.ts';

/** Names by place: of a stand-alone element; of a composite and its components; of components that stand beside the rest. */
type Place = string | readonly [string, readonly string[]] | { readonly beside: readonly string[] };

export interface HeaderSpec {
  readonly tag: string;
  readonly places: readonly Place[];
}

/** Texts, objects of texts, and `others` for what has no name. */
export type Named = Readonly<Record<string, unknown>>;

const party = (name: string): Place => [name, ['id', 'qualifier', 'internalId', 'internalSubId']];
const subset = (name: string): Place => [name, ['id', 'version', 'release', 'agency']];

/** UNB, as of version 4; earlier versions have a part of it. */
export const interchangeHeader: HeaderSpec = {
  tag: 'UNB',
  places: [
    ['syntax', ['identifier', 'version', 'directory', 'encoding', 'release']],
    party('sender'),
    party('recipient'),
    ['prepared', ['date', 'time']],
    'reference',
    ['password', ['text', 'qualifier']],
    'application',
    'priority',
    'acknowledgement',
    'agreement',
    'test',
  ],
};

export const groupHeader: HeaderSpec = {
  tag: 'UNG',
  places: [
    'type',
    ['sender', ['id', 'qualifier']],
    ['recipient', ['id', 'qualifier']],
    ['prepared', ['date', 'time']],
    'reference',
    'agency',
    { beside: ['version', 'release', 'association'] },
    'password',
  ],
};

export const messageHeader: HeaderSpec = {
  tag: 'UNH',
  places: [
    'reference',
    { beside: ['type', 'version', 'release', 'agency', 'association', 'codeList', 'subFunction'] },
    'commonAccess',
    ['transfer', ['sequence', 'firstAndLast']],
    subset('subset'),
    subset('guideline'),
    subset('scenario'),
  ],
};

/** What the segment says, by names; what has none is in `others`, by its place: "12", "3.5". */
export function readHeader({ places }: HeaderSpec, segment: Segment): Named {
  const named: Record<string, unknown> = {};
  const others: Record<string, Element> = {};
  for (const [index, element] of segment.elements.entries()) {
    const place = places[index];
    if (place === undefined || isRepeated(element)) {
      if (element !== '') others[`${index + 1}`] = element;
    } else readPlace(place, index + 1, element, named, others);
  }
  return Object.keys(others).length > 0 ? { ...named, others } : named;
}

function readPlace(
  place: Place,
  number: number,
  element: Element,
  named: Record<string, unknown>,
  others: Record<string, Element>,
) {
  const { group, names } = namesAt(place);
  const into: Record<string, unknown> = group === undefined ? named : {};
  for (const [index, text] of textsOf(repetitionsOf(element)[0]).entries()) {
    const name = names[index];
    if (text === '') continue;
    if (name === undefined) others[`${number}.${index + 1}`] = text;
    else into[name] = text;
  }
  if (group !== undefined && Object.keys(into).length > 0) named[group] = into;
}

function namesAt(place: Place): { readonly group?: string; readonly names: readonly string[] } {
  if (typeof place === 'string') return { names: [place] };
  return 'beside' in place ? { names: place.beside } : { group: place[0], names: place[1] };
}

/** Whether the names say all that the segment says, so that it is written the same again. */
export function isPlainHeader({ places }: HeaderSpec, { elements }: Segment): boolean {
  if (elements.length > places.length || elements[elements.length - 1] === '') return false;
  return elements.every((element, index) => {
    if (typeof element === 'string') return true;
    if (isRepeated(element)) return false;
    return element[element.length - 1] !== '' && element.length <= namesAt(places[index] as Place).names.length;
  });
}

const noOthers = {};

/** The segment that the object stands for. `text` makes a text of what stands at a name, or throws. */
export function writeHeader({ tag, places }: HeaderSpec, named: Named, text: (value: unknown, name: string) => string): Segment {
  const others = Object(named['others'] ?? noOthers) as Readonly<Record<string, Element>>;
  const last = Math.max(places.length, ...Object.keys(others).map((name) => Math.min(99, Number.parseInt(name, 10) || 0)));
  const elements = Array.from({ length: last }, (_, index): Element => {
    const whole = Object.hasOwn(others, `${index + 1}`) ? others[`${index + 1}`] : undefined;
    if (isElement(whole)) return whole;
    const place = places[index];
    return place === undefined ? '' : writePlace(place, index + 1, named, others, text);
  });
  return trimmed({ tag, elements });
}

function writePlace(
  place: Place,
  number: number,
  named: Named,
  others: Readonly<Record<string, Element>>,
  text: (value: unknown, name: string) => string,
): Element {
  const { group, names } = namesAt(place);
  const from = group === undefined ? named : (Object(own(named, group) ?? {}) as Named);
  const components = names.map((name) => text(own(from, name), group === undefined ? name : `${group}.${name}`));
  if (Object.keys(others).length > 0)
    for (let index = names.length; index < 20; index += 1)
      components.push(text(own(others, `${number}.${index + 1}`), `others.${number}.${index + 1}`));
  return components;
}

function own(object: Named, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The names that an object may have: with those inside, where it is an object again. */
export function namesIn({ places }: HeaderSpec): readonly (readonly [string, readonly string[] | undefined])[] {
  return places.flatMap((place): readonly (readonly [string, readonly string[] | undefined])[] => {
    const { group, names } = namesAt(place);
    return group === undefined ? names.map((name) => [name, undefined] as const) : [[group, names] as const];
  });
}

/** `ORDERS:D:96A:UN:EAN008` of a UNH. */
export function messageIdentifier(header: Segment): string {
  return [1, 2, 3, 4, 5]
    .map((component) => textAt(header, 2, component))
    .join(':')
    .replace(/:+$/, '');
}

/** Whether what stands in a value may be an element. */
export function isElement(value: unknown): value is Element {
  if (typeof value === 'string' || isComponents(value)) return true;
  const repeat: unknown =
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'repeat') ? (value as Repeats).repeat : undefined;
  return (
    Array.isArray(repeat) && repeat.length > 0 && repeat.every((one: unknown) => typeof one === 'string' || isComponents(one))
  );
}

function isComponents(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
