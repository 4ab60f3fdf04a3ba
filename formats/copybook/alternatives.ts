// Fields that redefine each other: which of them a record has, and how all that are given are written to the same place.

import { isDeepStrictEqual } from 'node:util';
import { layoutFault } from './layout.ts';
import type { Field } from './layout.ts';
import type { Leaf } from './leaf.ts';
import { RecordBytes } from './leaf.ts';
import { isHoisted, isUnnamed } from './keys.ts';
import { fieldMember, filler, ownKeys } from './members.ts';
import type { Member, RecordValue, Workshop } from './members.ts';
import { ReadState, WriteState } from './record-state.ts';

/** Tells whether a record has this one of the alternatives. */
export interface Choice {
  readonly field: Field;
  /** Undefined for the one that is taken where no other is. */
  readonly test?: {
    readonly name: string;
    readonly leaf: Leaf;
    readonly at: number;
    /** As the field reads. */
    readonly values: readonly unknown[];
  };
}

/** One of the alternatives. */
export interface Way {
  readonly field: Field;
  readonly key: string;
  /** The properties that it has in the value: its own, or those of its fields. */
  readonly keys: readonly string[];
  readonly member: Member;
  readonly bytes: number;
}

export function wayOf(field: Field, workshop: Workshop): Way {
  const [key, bytes] = [workshop.keys.get(field) ?? '', field.bytes * (field.occurs?.max ?? 1)];
  const keys = isHoisted(field) ? ownKeys(field, workshop.keys) : [key];
  return { field, key, keys, member: fieldMember(field, workshop), bytes };
}

/**
 * Without choices every alternative that can be read is in the value, and whoever writes gives at least one: all that are given
 * have to say the same. With choices it is the one that the record says.
 */
export function alternativesMember(
  all: readonly Way[],
  choices: readonly Choice[],
  template: Uint8Array,
  isWhole = false,
): Member {
  const bytes = Math.max(...all.map((way) => way.bytes));
  const [ways, key] = [all.filter(({ field }) => !isUnnamed(field)), all[0]?.key ?? ''];
  if (ways.length === 0) return filler(key, all[0]?.field.offset ?? 0, bytes, { template });
  const set: AlternativeSet = { key, ways, bytes, offset: ways[0]?.field.offset ?? 0, choices, template, isWhole };
  return {
    read: (state, target) => (choices.length > 0 ? readChosen(state, target, set) : readAll(state, target, set)),
    write: (state, source) => writeAll(state, source, set),
  };
}

interface AlternativeSet {
  /** Of the field that the others redefine. */
  readonly key: string;
  readonly ways: readonly Way[];
  readonly bytes: number;
  readonly offset: number;
  readonly choices: readonly Choice[];
  readonly template: Uint8Array;
  /** Whether these are records: they end where they end, whatever the longest of them has. */
  readonly isWhole: boolean;
}

function chosenBy(record: RecordBytes, choices: readonly Choice[]): Field | undefined {
  const fitting = choices.find(({ test }) => test && test.at + test.leaf.bytes <= record.bytes.length && fits(record, test));
  return (fitting ?? choices.find(({ test }) => !test))?.field;
}

function fits(record: RecordBytes, { leaf, at, values }: NonNullable<Choice['test']>): boolean {
  const value = leaf.read(record, at);
  return value !== undefined && values.includes(value);
}

function readChosen(state: ReadState, target: RecordValue, set: AlternativeSet): boolean {
  const chosen = chosenBy(state.record, set.choices);
  const way = set.ways.find(({ field }) => field === chosen);
  const test = set.choices.find((choice) => choice.test)?.test;
  if (!way) {
    const [at, length] = test ? [test.at, test.leaf.bytes] : [state.at, 0];
    const found = test && at + length <= state.end ? test.leaf.read(state.record, at) : undefined;
    state.fail(`holds ${JSON.stringify(found ?? null)}, which stands for none of the alternatives`, at, length);
    return state.within(test?.name ?? '');
  }
  const start = state.at;
  state.taken.push(way.field);
  return way.member.read(state, target) && passRest(state, start, set);
}

/** What cannot be read is left out; at least one has to be there. */
function readAll(state: ReadState, target: RecordValue, set: AlternativeSet): boolean {
  const start = state.at;
  if (state.isOver) return true;
  const noted = state.notes.length;
  let notedByFirst = noted;
  let end: number | undefined;
  for (const { member } of set.ways) {
    state.at = start;
    const part: RecordValue = {};
    const isRead = member.read(state, part) && !(set.isWhole && state.at < state.end);
    // The first that is there is the one that is written: what the others say of the same bytes is not needed.
    if (isRead && end === undefined) notedByFirst = state.notes.length;
    state.notes.length = isRead || end !== undefined ? notedByFirst : noted;
    if (!isRead) continue;
    end ??= state.at;
    Object.assign(target, part);
  }
  if (end === undefined) return state.fault ? false : state.fail('is longer than any of the records', start, 0);
  state.forget();
  state.at = end;
  return passRest(state, start, set);
}

/** Behind an alternative that is shorter than the longest. */
function passRest(state: ReadState, start: number, { key, bytes, offset, template, isWhole }: AlternativeSet): boolean {
  if (isWhole) return true;
  const end = start + bytes;
  if (state.end < end) {
    if (!state.mayEnd && state.at < state.end)
      return state.fail(`ends at ${state.end}, in the middle of what redefines "${key}"`, state.at, end - state.at);
    state.isDone = state.mayEnd;
    state.isCut = !state.mayEnd;
    return true;
  }
  const there = Math.min(end, state.end) - state.at;
  if (there > 0) state.pass(`${key}#rest`, template, offset + state.at - start, there);
  if (there > 0) state.restEnd = state.at;
  return true;
}

function writeAll(state: WriteState, source: Readonly<RecordValue>, set: AlternativeSet): boolean {
  if (state.hasEnded) return true;
  const given = set.ways.filter(({ keys }) => keys.some((key) => Object.hasOwn(source, key) && source[key] !== undefined));
  const [first, ...others] = given;
  const start = state.at;
  if (!first) {
    if (state.fillsMissing) state.fill(set.template, set.offset, set.bytes);
    else if (state.mayEnd) state.hasEnded = true;
    else return state.fail(`has none of ${set.ways.flatMap(({ keys }) => keys.map((key) => `"${key}"`)).join(', ')}`);
    return true;
  }
  if (set.choices.length > 0 && others.length > 0)
    return state.fail(`has "${first.key}" and "${others[0]?.key}"; expected one of them`);
  if (!first.member.write(state, source)) return false;
  if (set.choices.length > 0) noteChoice(state, first, set);
  for (const other of others) noteOther(state, source, other, start);
  const rest = set.isWhole || state.hasEnded ? 0 : start + set.bytes - state.at;
  if (rest > 0) {
    state.enter(`${set.key}#rest`);
    const from = set.offset + state.at - start;
    if (state.mayEnd) state.fillLater(set.template, from, rest);
    else state.fill(set.template, from, rest);
    state.leave(true);
  }
  return true;
}

/** What tells which alternative a record has is a field like others: it has to tell the one that is written. */
function noteChoice(state: WriteState, { field, key }: Way, { choices }: AlternativeSet): void {
  const what = `is written, and "${choices.find(({ test }) => test)?.test?.name}" does not stand for it`;
  const isSame = (bytes: Uint8Array): boolean => chosenBy(RecordBytes.of(bytes, state.charset), choices) === field;
  state.alternatives.push({ path: key, what, isSame });
}

/** Another alternative has to say what the record says at last: as it was given, or as it is when it is written by itself. */
function noteOther(state: WriteState, source: Readonly<RecordValue>, { key, keys, member }: Way, start: number): void {
  const { charset, mayEnd, fillsMissing } = state;
  const read = (bytes: Uint8Array): unknown => {
    const again = new ReadState(charset, mayEnd);
    again.begin(bytes, start);
    const part: RecordValue = {};
    return member.read(again, part) ? part : undefined;
  };
  const given = Object.fromEntries(keys.flatMap((one) => (Object.hasOwn(source, one) ? [[one, source[one]]] : [])));
  const isSame = (bytes: Uint8Array): boolean => {
    const said = read(bytes);
    if (isDeepStrictEqual(said, given)) return true;
    const alone = new WriteState({ charset, bytes: new Uint8Array(state.bytes.length), mayEnd, fillsMissing });
    alone.bytes.set(bytes);
    alone.at = start;
    return (
      member.write(alone, source) && isDeepStrictEqual(said, read(alone.bytes.subarray(0, Math.max(alone.at, bytes.length))))
    );
  };
  state.alternatives.push({ path: key, what: 'contradicts another field of the same place; give only one of them', isSame });
}

/** Throws MORTISE_COPYBOOK_LAYOUT where the place of the field depends on what stands before it. */
export function fixedOffset(field: Field, slides: boolean): number {
  for (let one: Field | undefined = field; one; one = one.parent) {
    if (one.occurs) throw layoutFault(field, 'stands in a table; expected one that every record has once');
    const before = one.parent?.fields.slice(0, one.parent.fields.indexOf(one)) ?? [];
    if (slides && before.some(hasVariableTable)) throw layoutFault(field, 'stands behind a table of variable length');
  }
  return field.offset;
}

export function hasVariableTable({ occurs, fields }: Field): boolean {
  return occurs?.counter !== undefined || fields.some(hasVariableTable);
}
