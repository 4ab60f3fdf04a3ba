// A message as a tree by its definition: segments by their tags, segment groups by their numbers; and back.

import type { JsonSchema } from '@mortise/sdk';
import type { Directory, GroupPlace, MessageDefinition, MessagePlace } from './definitions.ts';
import type { StructureListener } from './check-structure.ts';
import type { Segment } from './segment.ts';
import { objectAt, segmentOf, segmentSchema, segmentTree, unwritable } from './segment-tree.ts';
import type { Tree } from './segment-tree.ts';

/** Grows while the segments of a message find their places. */
export class TreeBuilder implements StructureListener {
  readonly root: Record<string, unknown> = {};
  #under: Record<string, unknown>[] = [this.root];

  enter(group: GroupPlace): void {
    const inside: Record<string, unknown> = {};
    this.#put(group, inside);
    this.#under.push(inside);
  }

  leave(): void {
    this.#under.pop();
  }

  segment(place: MessagePlace, segment: Segment): void {
    const tree = segmentTree(segment, place.definition);
    this.#put(place.kind === 'group' ? (place.places[0] ?? place) : place, tree);
  }

  #put({ key, max }: MessagePlace, value: unknown): void {
    const under = this.#under[this.#under.length - 1];
    if (!under) return;
    if (max === 1) {
      under[key] = value;
      return;
    }
    const list = under[key];
    if (Array.isArray(list)) list.push(value);
    else under[key] = [value];
  }
}

/** The segments of a tree, in the order of the definition. Throws where something in it has no place. */
export function segmentsOf(definition: MessageDefinition, tree: unknown): Segment[] {
  const segments: Segment[] = [];
  addGroup(definition.root, objectAt(tree, 'body'), definition.directory, 'body', segments);
  return segments;
}

function addGroup(group: GroupPlace, tree: Tree, directory: Directory, path: string, segments: Segment[]): void {
  const known = new Set(group.places.map(({ key }) => key));
  const unknown = Object.keys(tree).find((key) => !known.has(key));
  if (unknown !== undefined) throw unwritable(`${path} has "${unknown}"; expected ${[...known].join(', ')}`);
  for (const place of group.places) {
    const value = Object.hasOwn(tree, place.key) ? tree[place.key] : undefined;
    if (value === undefined || value === null) continue;
    if (place.max > 1 && !Array.isArray(value)) throw unwritable(`${path}.${place.key} is no list`);
    for (const [index, one] of (Array.isArray(value) ? value : [value]).entries())
      addPlace(place, one, directory, place.max > 1 ? `${path}.${place.key}[${index}]` : `${path}.${place.key}`, segments);
  }
}

function addPlace(place: MessagePlace, value: unknown, directory: Directory, path: string, segments: Segment[]): void {
  if (place.kind === 'group') addGroup(place, objectAt(value, path), directory, path, segments);
  else segments.push(segmentOf(place.tag, value, directory.segment(place.tag), path));
}

/** What `TreeBuilder` makes of messages that fit the definition, as JSON Schema. */
export function treeSchema({ root, directory }: MessageDefinition): JsonSchema {
  return groupSchema(root, directory);
}

function groupSchema({ places }: GroupPlace, directory: Directory): JsonSchema {
  const properties = places.map((place): [string, JsonSchema] => {
    const one = place.kind === 'group' ? groupSchema(place, directory) : segmentSchema(directory.segment(place.tag));
    return [place.key, place.max === 1 ? one : { type: 'array', items: one, minItems: 1, maxItems: place.max }];
  });
  const required = places.filter(({ mandatory }) => mandatory).map(({ key }) => key);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}
