// How the fields of a record are read into the properties of a value, and written from them.

import type { Charset } from './charset.ts';
import { isHoisted, isUnnamed } from './keys.ts';
import type { Field } from './layout.ts';
import type { Leaf } from './leaf.ts';
import type { ReadState, WriteState } from './record-state.ts';

export type RecordValue = Record<string, unknown>;

/** Reads a field into a property of the value, and writes it from there; false where that failed, and the state knows why. */
export interface Member {
  read(state: ReadState, target: RecordValue): boolean;
  write(state: WriteState, source: Readonly<RecordValue>): boolean;
}

/** How one value is read and written, without its name: undefined and false where that failed. */
interface Content {
  read(state: ReadState): unknown;
  write(state: WriteState, value: unknown): boolean;
}

/** What members are made with. */
export interface Workshop {
  readonly charset: Charset;
  readonly slides: boolean;
  readonly keys: ReadonlyMap<Field, string>;
  readonly leafOf: (field: Field) => Leaf;
  /** The slots of fields that tables depend on. */
  readonly slots: ReadonlyMap<Field, number>;
  /** What stands in a record where nothing is said, with all tables as long as they can be. */
  readonly template: Uint8Array;
  /** The member of fields that redefine each other. */
  readonly alternatives: (fields: readonly Field[], workshop: Workshop) => Member;
}

/** The fields of a group, one behind the other. */
export function groupMember(group: Field, workshop: Workshop): Member {
  const members = membersOf(group, workshop);
  return {
    read(state, target) {
      for (let index = 0; index < members.length; index += 1) if (!(members[index] as Member).read(state, target)) return false;
      return true;
    },
    write(state, source) {
      for (let index = 0; index < members.length; index += 1) if (!(members[index] as Member).write(state, source)) return false;
      return true;
    },
  };
}

function membersOf({ fields, slackAfter, offset, bytes }: Field, workshop: Workshop): Member[] {
  const members: Member[] = [];
  for (const field of fields) {
    if (field.redefines) continue;
    const others = fields.filter(({ redefines }) => redefines === field);
    const slackKey = `${workshop.keys.get(field) ?? ''}#slack`;
    if (field.slackBefore > 0) members.push(filler(slackKey, field.offset - field.slackBefore, field.slackBefore, workshop));
    members.push(others.length > 0 ? workshop.alternatives([field, ...others], workshop) : fieldMember(field, workshop));
  }
  if (slackAfter > 0) members.push(filler('#slack', offset + bytes - slackAfter, slackAfter, workshop));
  return members;
}

/** One field or table by its name; what has no name and no fields is skipped. */
export function fieldMember(field: Field, workshop: Workshop): Member {
  const key = workshop.keys.get(field) ?? '';
  if (isUnnamed(field) && !workshop.slots.has(field))
    return filler(key, field.offset, field.bytes * (field.occurs?.max ?? 1), workshop);
  if (isHoisted(field)) return groupMember(field, workshop);
  const slot = workshop.slots.get(field);
  if (field.storage && !field.occurs) return leafMember(key, workshop.leafOf(field), slot);
  return contentMember(key, field.occurs ? tableContent(field, workshop) : contentOf(field, workshop));
}

function leafMember(key: string, leaf: Leaf, slot: number | undefined): Member {
  const read = leafReader(leaf);
  return {
    read(state, target) {
      if (state.isOver) return true;
      const { at, record } = state;
      record.isIrregular = false;
      const value = read(state);
      if (value === undefined) return state.within(key);
      if (record.isIrregular) state.note(key, at, leaf.bytes);
      target[key] = value;
      if (slot !== undefined) state.counts[slot] = value;
      return true;
    },
    write(state, source) {
      state.enter(key);
      const value = Object.hasOwn(source, key) ? source[key] : undefined;
      if (slot !== undefined) return state.leave(writeCounter(state, leaf, value, slot));
      return state.leave(writeGiven(state, value, () => state.put(leaf, value), leaf));
    },
  };
}

function leafReader(leaf: Leaf): (state: ReadState) => unknown {
  const { bytes } = leaf;
  return (state) => {
    const { at } = state;
    if (at + bytes > state.end)
      return void state.fail(`begins at ${at} and has ${bytes} bytes; the record ends at ${state.end}`, at, bytes);
    const value = leaf.read(state.record, at);
    if (value === undefined) return void state.fail(`is not ${leaf.expected}`, at, bytes);
    state.at = at + bytes;
    return value;
  };
}

/** The same for an element of a table, which notes for itself what is irregular. */
function notingReader(leaf: Leaf): (state: ReadState) => unknown {
  const read = leafReader(leaf);
  return (state) => {
    const { at, record } = state;
    record.isIrregular = false;
    const value = read(state);
    if (record.isIrregular && value !== undefined) state.note('', at, leaf.bytes);
    return value;
  };
}

/** A table tells what is in its counter where nobody did; till then there is a zero. */
function writeCounter(state: WriteState, leaf: Leaf, value: unknown, slot: number): boolean {
  state.counters[slot] = { at: state.at, leaf, path: state.path, value };
  return state.put(leaf, value === undefined ? 0 : value);
}

/** What is missing ends the record, is filled, or is a fault. */
function writeGiven(state: WriteState, value: unknown, write: () => boolean, leaf?: Leaf): boolean {
  if (value !== undefined) return state.hasEnded ? state.fail('is there, and a field before it is not') : write();
  if (state.mayEnd) return (state.hasEnded = true);
  if (!state.fillsMissing || !leaf) return state.fail('is missing');
  state.fill(leaf.initial, 0, leaf.bytes);
  return true;
}

function contentMember(key: string, content: Content): Member {
  return {
    read(state, target) {
      if (state.isOver) return true;
      const noted = state.notes.length;
      const value = content.read(state);
      if (value === undefined) return state.within(key);
      if (state.notes.length > noted) state.notedWithin(key, noted);
      target[key] = value;
      return true;
    },
    write(state, source) {
      state.enter(key);
      const value = Object.hasOwn(source, key) ? source[key] : undefined;
      if (value === undefined && state.fillsMissing && !state.mayEnd) return state.leave(content.write(state, undefined));
      return state.leave(writeGiven(state, value, () => content.write(state, value)));
    },
  };
}

/** One occurrence. */
function contentOf(field: Field, workshop: Workshop): Content {
  if (field.storage) {
    const leaf = workshop.leafOf(field);
    return { read: notingReader(leaf), write: (state, value) => writeGiven(state, value, () => state.put(leaf, value), leaf) };
  }
  const group = groupMember(field, workshop);
  const keys = new Set(ownKeys(field, workshop.keys));
  const empty = emptyOf(field, workshop);
  return {
    read(state) {
      const value: RecordValue = state.mayEnd ? {} : { ...empty };
      return group.read(state, value) ? value : undefined;
    },
    write(state, value = {}) {
      if (!isRecord(value)) return state.fail('is no object; expected one with the fields of the group');
      for (const key of Object.keys(value)) if (!keys.has(key)) return state.fail(`has "${key}", which is no field of the group`);
      return group.write(state, value);
    },
  };
}

/** A value with all properties that it will have: setting what is there is faster than adding. */
export function emptyOf(group: Field, { keys }: Pick<Workshop, 'keys'>): Readonly<RecordValue> {
  const redefined = new Set(group.fields.map(({ redefines }) => redefines));
  const members = group.fields.filter((field) => !field.redefines && !redefined.has(field) && !isUnnamed(field));
  const parts = members.map((field) => (isHoisted(field) ? emptyOf(field, { keys }) : { [keys.get(field) ?? '']: null }));
  // Parsed, so that V8 keeps all properties within the object: most of those of an object that grew stand beside it.
  return JSON.parse(JSON.stringify(Object.assign({}, ...parts)));
}

/** The properties that the value of a group may have. */
export function ownKeys(group: Field, keys: ReadonlyMap<Field, string>): string[] {
  const named = group.fields.filter((field) => !isUnnamed(field));
  return named.flatMap((field) => (isHoisted(field) ? ownKeys(field, keys) : [keys.get(field) ?? '']));
}

function tableContent(field: Field, workshop: Workshop): Content {
  const { min = 0, max = 0, counter } = field.occurs ?? {};
  const one = contentOf(field, workshop);
  const slot = counter ? workshop.slots.get(counter) : undefined;
  const name = counter?.name ?? '';
  const wholeBytes = field.bytes * max;
  const hasRest = slot !== undefined && !workshop.slides;
  // Copied, as values are of what is empty: a literal would be made among old objects once many were kept.
  let blanks: unknown[] = [];
  return {
    read(state) {
      const start = state.at;
      const count = slot === undefined ? max : state.counts[slot];
      if (typeof count !== 'number' || !(count >= min && count <= max) || !Number.isInteger(count))
        return void state.fail(`has ${String(count)} elements by "${name}"; expected ${min} to ${max}`, start, 0);
      if (blanks.length < count) blanks = Array.from({ length: count }, () => null);
      const values: unknown[] = blanks.slice(0, count);
      let index = 0;
      for (; index < count && !state.isOver; index += 1) {
        const noted = state.notes.length;
        const value = one.read(state);
        if (value === undefined) return void state.within(`[${index}]`);
        if (state.notes.length > noted) state.notedWithin(`[${index}]`, noted);
        values[index] = value;
      }
      if (index < count) values.length = index;
      if (hasRest) passRest(state, workshop.template, field.offset + field.bytes * count, start + wholeBytes);
      return values;
    },
    write(state, given) {
      const values = given === undefined ? Array.from({ length: min }, () => undefined) : given;
      if (!Array.isArray(values)) return state.fail('is no array; expected one of the elements of the table');
      if (values.length < min && !state.mayEnd) return state.fail(`has ${values.length} elements; expected at least ${min}`);
      if (values.length > max) return state.fail(`has ${values.length} elements; expected at most ${max}`);
      if (slot !== undefined && !settleCounter(state, slot, values.length, name)) return false;
      const start = state.at;
      for (let index = 0; index < values.length; index += 1) {
        state.enter(index);
        if (!state.leave(one.write(state, values[index]))) return false;
      }
      // Where a record may end early, it ended within the table.
      if (values.length < (slot === undefined ? max : Number(state.counters[slot]?.value ?? 0))) state.hasEnded = true;
      else if (hasRest) fillRest(state, workshop.template, field.offset + (state.at - start), start + wholeBytes);
      return true;
    },
  };
}

function passRest(state: ReadState, template: Uint8Array, from: number, end: number): void {
  state.pass('#unused', template, from, Math.max(0, Math.min(end, state.end) - state.at));
}

function fillRest(state: WriteState, template: Uint8Array, from: number, end: number): void {
  state.enter('#unused');
  state.fill(template, from, end - state.at);
  state.leave(true);
}

function settleCounter(state: WriteState, slot: number, length: number, name: string): boolean {
  const counter = state.counters[slot];
  if (!counter) return true;
  if (counter.value === undefined) {
    const problem = counter.leaf.write(state.bytes, counter.at, length);
    if (problem !== undefined) return state.fail(problem, counter.path);
    counter.value = length;
  }
  const said = Number(counter.value);
  if (said === length || (state.mayEnd && length < said)) return true;
  return state.fail(`has ${length} elements, and "${name}" says ${String(counter.value)}`);
}

/** Bytes that nobody has a name for: skipped, and written as blanks, zeros, or what was there. */
export function filler(key: string, offset: number, length: number, { template }: Pick<Workshop, 'template'>): Member {
  return {
    read(state) {
      if (state.at + length <= state.end) {
        state.pass(key, template, offset, length);
        state.restEnd = state.at;
        return true;
      }
      if (!state.mayEnd) {
        state.fail(`begins at ${state.at} and has ${length} bytes; the record ends at ${state.end}`, state.at, length);
        return state.within(key);
      }
      // What is there of it stands behind the last field.
      state.isDone = true;
      return true;
    },
    write(state) {
      if (state.hasEnded) return true;
      state.enter(key);
      if (state.mayEnd) state.fillLater(template, offset, length);
      else state.fill(template, offset, length);
      return state.leave(true);
    },
  };
}

export function isRecord(value: unknown): value is RecordValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
