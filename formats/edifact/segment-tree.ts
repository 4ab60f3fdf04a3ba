// A segment by the names of its elements: `{ "E3035": "BY", "C082": { "E3039": "541", "E3055": "9" } }`, and back.

import { formatError } from '@mortise/sdk';
import type { JsonSchema } from '@mortise/sdk';
import type { SubElementDefinition, ElementDefinition, SegmentDefinition } from './definitions.ts';
import { isElement } from './envelope.ts';
import { isRepeated, repetitionsOf, textsOf, trimmed } from './segment.ts';
import type { Element, Segment } from './segment.ts';
import { textOf } from './texts.ts';

export type Tree = Readonly<Record<string, unknown>>;

interface Slot {
  readonly key: string;
  /** Whether it is a list: the id stands there several times, or may be repeated. */
  readonly list: boolean;
  /** Which one in the list. */
  readonly index: number;
  readonly repeats: boolean;
  readonly components: readonly Slot[] | undefined;
}

const layouts = new WeakMap<SegmentDefinition, readonly Slot[]>();

function layoutOf(definition: SegmentDefinition): readonly Slot[] {
  const known = layouts.get(definition);
  if (known) return known;
  const made = slotsOf(definition.elements);
  layouts.set(definition, made);
  return made;
}

function slotsOf(places: readonly (ElementDefinition | SubElementDefinition)[]): readonly Slot[] {
  return places.map((place, at) => {
    const same = places.flatMap(({ id }, index) => (id === place.id ? [index] : []));
    const components = 'components' in place && place.components ? slotsOf(place.components) : undefined;
    const repeats = 'repeatMax' in place && place.repeatMax > 1;
    return { key: keyOf(place.id), list: same.length > 1 || repeats, index: same.indexOf(at), repeats, components };
  });
}

/** Composites have a letter of their own; that of an element stands before its number, so that it is a name everywhere. */
const keyOf = (id: string): string => (/^[0-9]/.test(id) ? `E${id}` : id);

/** What the definition does not know is left out: it has to be checked before. */
export function segmentTree(segment: Segment, definition: SegmentDefinition | undefined): Tree {
  if (!definition) return { elements: segment.elements };
  const layout = layoutOf(definition);
  const tree: Record<string, unknown> = {};
  const { elements } = segment;
  for (let at = 0; at < elements.length && at < layout.length; at += 1) {
    const slot = layout[at] as Slot;
    const element = elements[at] as Element;
    if (element === '') continue;
    if (typeof element === 'string' && !slot.list && !slot.components) tree[slot.key] = element;
    else if (slot.repeats) tree[slot.key] = repetitionsOf(element).map((one) => repetitionTree(one, slot));
    else put(tree, slot, repetitionTree(isRepeated(element) ? (element.repeat[0] ?? '') : element, slot));
  }
  return tree;
}

function repetitionTree(repetition: string | readonly string[], { components }: Slot): unknown {
  if (!components) return typeof repetition === 'string' ? repetition : (repetition[0] ?? '');
  if (typeof repetition === 'string') return repetition === '' ? {} : componentsTree([repetition], components);
  return componentsTree(repetition, components);
}

function componentsTree(texts: readonly string[], slots: readonly Slot[]): Tree {
  const tree: Record<string, unknown> = {};
  for (let at = 0; at < texts.length && at < slots.length; at += 1) {
    const text = texts[at] as string;
    if (text === '') continue;
    const slot = slots[at] as Slot;
    if (slot.list) put(tree, slot, text);
    else tree[slot.key] = text;
  }
  return tree;
}

/** What is left out before it in a list is there as nothing: `""` or `{}`. */
function put(tree: Record<string, unknown>, { key, list, index, components }: Slot, value: unknown): void {
  if (!list) {
    tree[key] = value;
    return;
  }
  const values = (tree[key] ??= []) as unknown[];
  while (values.length < index) values.push(components ? {} : '');
  values.push(value);
}

/** The segment that the tree stands for. `path` says where it is, for messages. Throws where something in it has no place. */
export function segmentOf(tag: string, tree: unknown, definition: SegmentDefinition | undefined, path: string): Segment {
  const object = objectAt(tree, path);
  if (!definition) {
    const elements = Object.hasOwn(object, 'elements') ? object['elements'] : undefined;
    if (!Array.isArray(elements) || !elements.every(isElement))
      throw unwritable(`${path} has no definition, and no list "elements"`);
    return trimmed({ tag, elements });
  }
  const layout = layoutOf(definition);
  refuseUnknown(object, layout, path);
  return trimmed({ tag, elements: layout.map((slot) => elementOf(object, slot, path)) });
}

function elementOf(object: Tree, slot: Slot, path: string): Element {
  const value = Object.hasOwn(object, slot.key) ? object[slot.key] : undefined;
  const place = `${path}.${slot.key}`;
  if (value === undefined || value === null) return '';
  if (!slot.list) return repetitionOf(value, slot, place);
  if (!Array.isArray(value)) throw unwritable(`${place} is no list`);
  if (!slot.repeats) return value.length > slot.index ? repetitionOf(value[slot.index], slot, place) : '';
  return { repeat: value.map((one) => repetitionOf(one, slot, place)) };
}

function repetitionOf(value: unknown, { components }: Slot, path: string): string | readonly string[] {
  if (!components) return textOf(value, path);
  if (value === undefined || value === null) return '';
  const object = objectAt(value, path);
  refuseUnknown(object, components, path);
  return components.map((slot) => textsOf(textAtSlot(object, slot, path))[0] ?? '');
}

function textAtSlot(object: Tree, { key, list, index }: Slot, path: string): string {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (!list || value === undefined || value === null) return textOf(value, `${path}.${key}`);
  if (!Array.isArray(value)) throw unwritable(`${path}.${key} is no list`);
  return textOf(value[index], `${path}.${key}[${index}]`);
}

/** Lists may not be longer than the segment has places, and nothing may have a name that it has not. */
function refuseUnknown(object: Tree, layout: readonly Slot[], path: string): void {
  for (const [key, value] of Object.entries(object)) {
    const slots = layout.filter((slot) => slot.key === key);
    if (slots.length === 0) throw unwritable(`${path} has "${key}"; expected ${layout.map((slot) => slot.key).join(', ')}`);
    if (Array.isArray(value) && value.length > slots.length && !slots.some(({ repeats }) => repeats))
      throw unwritable(`${path}.${key} has ${value.length} values; expected at most ${slots.length}`);
  }
}

export function objectAt(value: unknown, path: string): Tree {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Tree;
  throw unwritable(
    `${path} is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`}; expected an object`,
  );
}

export function unwritable(message: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', `${message}.`);
}

const text: JsonSchema = { type: 'string' };

/** What `segmentTree` gives, as JSON Schema. */
export function segmentSchema(definition: SegmentDefinition | undefined): JsonSchema {
  if (!definition) return { type: 'object', properties: { elements: { type: 'array' } }, required: ['elements'] };
  const needed = new Set(definition.elements.filter(({ mandatory }) => mandatory).map(({ id }) => keyOf(id)));
  return slotsSchema(layoutOf(definition), definition.elements, needed);
}

function slotsSchema(
  slots: readonly Slot[],
  places: readonly (ElementDefinition | SubElementDefinition)[],
  needed: ReadonlySet<string>,
): JsonSchema {
  const properties = slots.map((slot, index): [string, JsonSchema] => {
    const place = places[index];
    const one =
      slot.components && place && 'components' in place ? componentsSchema(slot.components, place.components ?? []) : text;
    // What is left out in a list stands there empty, so that nothing inside is certain.
    const inList =
      slot.list && slot.components ? { type: 'object', properties: one['properties'] ?? {}, additionalProperties: false } : one;
    return [slot.key, slot.list ? { type: 'array', items: inList as JsonSchema } : one];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(needed.size > 0 ? { required: [...needed] } : {}),
    additionalProperties: false,
  };
}

function componentsSchema(slots: readonly Slot[], places: readonly SubElementDefinition[]): JsonSchema {
  return slotsSchema(slots, places, new Set(places.filter(({ mandatory }) => mandatory).map(({ id }) => keyOf(id))));
}
