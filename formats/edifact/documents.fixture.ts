// Documents at random by a definition: what is mandatory always, the rest now and then, as trees.

import fc from 'fast-check';
import type {
  ElementDefinition,
  GroupPlace,
  MessagePlace,
  SegmentDefinition,
  SubElementDefinition,
  ValueFormat,
} from './definitions.ts';
import { directoryOf } from './directories.ts';

type Random = (below: number) => number;

/** Values of one message in one interchange each. */
export function documents(type: string, directory: 'D.96A' | 'D.01B'): fc.Arbitrary<readonly unknown[]> {
  const [version, release] = directory.split('.');
  const message = { number: 1, reference: 'R7', type, version, release, agency: 'UN' };
  return fc.infiniteStream(fc.nat(0xffff)).map((stream) => {
    const random: Random = (below) => (stream.next().value ?? 0) % below;
    const interchange = {
      syntax: { identifier: 'UNOC', version: '3' },
      sender: { id: 'A' },
      recipient: { id: 'B' },
      prepared: { date: '261126', time: '1421' },
      reference: '1',
      ends: true,
    };
    const root = directoryOf(directory).message(type)?.root as GroupPlace;
    return [
      {
        syntax: { separators: ":+.? '", una: true, breaks: '' },
        interchange,
        message,
        body: groupTree(root, directory, random, 0),
      },
    ];
  });
}

function groupTree({ places }: GroupPlace, directory: string, random: Random, depth: number): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [index, place] of places.entries()) {
    // Of two neighbours of the same tag only one: which of them is meant could not be told.
    const first = places.findIndex((other) => other.tag === place.tag) === index;
    const wanted = place.mandatory || (first && depth < 4 && random(depth + 4) === 0 && isPlain(places, index));
    if (!wanted) continue;
    const make = (): unknown => placeTree(place, directory, random, depth);
    tree[place.key] = place.max === 1 ? make() : Array.from({ length: 1 + random(Math.min(place.max, 2)) }, make);
  }
  return tree;
}

/** Whether no group behind it begins with the same tag: what is there belongs to the first that it fits. */
function isPlain(places: readonly MessagePlace[], index: number): boolean {
  return !places.slice(0, index).some((other) => other.tag === places[index]?.tag);
}

function placeTree(place: MessagePlace, directory: string, random: Random, depth: number): unknown {
  if (place.kind === 'group') return groupTree(place, directory, random, depth + 1);
  return segmentTree(directoryOf(directory).segment(place.tag) as SegmentDefinition, random);
}

function segmentTree({ elements }: SegmentDefinition, random: Random): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  let any = false;
  for (const element of elements) {
    const last = element === elements.at(-1) && !any;
    if (!element.mandatory && !last && random(3) > 0) continue;
    any = true;
    const list = elements.filter(({ id }) => id === element.id).length > 1;
    const key = keyOf(element.id);
    if (list && key in tree) continue;
    const value = elementTree(element, random);
    tree[key] = list ? [value] : value;
  }
  return tree;
}

function elementTree({ components, format }: ElementDefinition, random: Random): unknown {
  return components ? compositeTree(components, random) : text(format, random);
}

function compositeTree(components: readonly SubElementDefinition[], random: Random): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const { id, mandatory, format } of components) {
    const key = keyOf(id);
    const isFirst = id === components[0]?.id;
    if (key in tree || (!mandatory && !isFirst && random(3) > 0)) continue;
    const value = text(format, random);
    tree[key] = components.filter((other) => other.id === id).length > 1 ? [value] : value;
  }
  return tree;
}

const keyOf = (id: string): string => (/^[0-9]/.test(id) ? `E${id}` : id);

/** A code of the list, digits, or a text with service characters in it. */
function text(format: ValueFormat | undefined, random: Random): string {
  if (format?.codes) return [...format.codes][random(format.codes.size)] ?? '';
  const length = Math.max(format?.lengthMin ?? 0, 1 + random(Math.min(format?.lengthMax ?? 9, 9)));
  if (format?.type === 'n') return `${1 + random(9)}`.padEnd(length, '0');
  return Array.from({ length }, () =>
    (format?.type === 'a' ? 'AB?' : "A1?+':.ü").charAt(random(format?.type === 'a' ? 3 : 8)),
  ).join('');
}
