// The layout of records: where each field of a copybook stands, how long it is, and by which name it goes.

import type { ProjectFile } from '@mortise/sdk';
import type { Condition, Reference } from './clauses.ts';
import type { Columns } from './copybook-lines.ts';
import { expandedWords } from './copy-statements.ts';
import type { Dialect } from './dialect.ts';
import { parseEntries } from './entries.ts';
import type { Entry } from './entries.ts';
import { copybookError } from './errors.ts';
import type { PictureStyle } from './picture.ts';
import { storageOf } from './storage.ts';
import type { Inherited, Storage } from './storage.ts';

export interface Field {
  /** As the copybook writes it; undefined for FILLER. */
  readonly name: string | undefined;
  /** Where the copybook has it, as `customer.cpy:12`. */
  readonly place: string;
  readonly level: number;
  readonly parent: Field | undefined;
  readonly fields: readonly Field[];
  /** Of a field that holds a value itself; undefined for groups. */
  readonly storage: Storage | undefined;
  readonly occurs: { readonly min: number; readonly max: number; readonly counter: Field | undefined } | undefined;
  readonly redefines: Field | undefined;
  readonly conditions: readonly Condition[];
  /** In bytes from the beginning of the record, all tables before it as long as they can be; slack bytes stand before that. */
  readonly offset: number;
  readonly slackBefore: number;
  /** Of one occurrence, with all tables within as long as they can be. */
  readonly bytes: number;
  /** Within `bytes` at the end of each occurrence: what SYNC of the next one needs. */
  readonly slackAfter: number;
}

export interface LayoutStyle extends PictureStyle {
  readonly columns: Columns;
  readonly dialect: Dialect;
}

type Draft = { -readonly [K in keyof Omit<Field, 'fields' | 'parent'>]: Field[K] } & {
  parent: Draft | undefined;
  fields: Draft[];
  entry: Entry;
};

const recordBytesMax = 64 * 1024 ** 2;
const depthMax = 49;

/** The records (level 01, or whatever stands outermost). Throws MORTISE_COPYBOOK_SYNTAX or _LAYOUT. */
export function layoutOf(file: ProjectFile, style: LayoutStyle): readonly Field[] {
  const entries = parseEntries(expandedWords(file, style.columns), style);
  const roots = treeOf(entries);
  if (roots.length === 0) throw copybookError('MORTISE_COPYBOOK_SYNTAX', `${file.path} describes no field; expected a record.`);
  const records = areRecords(roots) ? roots : [recordOf(roots)];
  for (const record of records) {
    complete(record, {}, style.dialect);
    place(record, 0);
    resolveCounters(record);
  }
  return records;
}

function areRecords(roots: readonly Draft[]): boolean {
  return roots.every(({ level }) => level === 1);
}

/** Fields without a record around them are one record; its name is nowhere written and never shows. */
function recordOf(roots: Draft[]): Draft {
  const [first] = roots;
  if (roots.length === 1 && first && first.fields.length > 0) return first;
  const entry = { level: 1, name: 'RECORD', place: first?.place ?? '', conditions: [] };
  const record = draftOf(entry, undefined);
  record.fields.push(...roots);
  for (const root of roots) root.parent = record;
  return record;
}

function draftOf(entry: Entry, parent: Draft | undefined): Draft {
  const { name, place: at, level, conditions } = entry;
  const nowhere = {
    storage: undefined,
    occurs: undefined,
    redefines: undefined,
    offset: 0,
    slackBefore: 0,
    bytes: 0,
    slackAfter: 0,
  };
  return { entry, name, place: at, level, parent, fields: [], conditions, ...nowhere };
}

/** A field belongs to the nearest one before it that has a lower level. */
function treeOf(entries: readonly Entry[]): Draft[] {
  const roots: Draft[] = [];
  const open: Draft[] = [];
  for (const entry of entries) {
    while ((open.at(-1)?.level ?? 0) >= entry.level) open.pop();
    const parent = open.at(-1);
    const draft = draftOf(entry, parent);
    (parent?.fields ?? roots).push(draft);
    open.push(draft);
    if (open.length > depthMax) throw layoutFault(draft, 'is nested too deep');
  }
  return roots;
}

/** Storage, redefinitions and tables, downwards. */
function complete(draft: Draft, inherited: Inherited, dialect: Dialect): void {
  const { entry, fields } = draft;
  const handed = { ...inherited, ...pick(entry.usage, 'usage'), ...pick(entry.sign, 'sign') };
  draft.occurs = entry.occurs && { min: entry.occurs.min, max: entry.occurs.max, counter: undefined };
  if (fields.length === 0 && (entry.picture || handed.usage)) {
    draft.storage = storageOf(entry, inherited, dialect);
    if (!draft.storage) throw layoutFault(draft, 'has a usage and a picture that do not go together');
  } else if (entry.picture) throw layoutFault(draft, 'has a picture and fields of its own; expected one of them');
  for (const [index, field] of fields.entries()) {
    if (field.entry.redefines !== undefined) field.redefines = redefinedBy(field, fields.slice(0, index));
    complete(field, handed, dialect);
  }
}

function pick<Value>(value: Value | undefined, name: string): Readonly<Record<string, Value>> {
  return value === undefined ? {} : { [name]: value };
}

/** Of a chain of redefinitions always the first one, where all of them begin. */
function redefinedBy(field: Draft, before: readonly Draft[]): Field {
  const found = before.findLast(({ name }) => isSameName(name, field.entry.redefines));
  if (!found) throw layoutFault(field, `redefines "${field.entry.redefines}", which does not stand before it in the same group`);
  return found.redefines ?? found;
}

/** Gives offsets and sizes; what is given back is where the next field begins. */
function place(draft: Draft, at: number): number {
  const { storage, entry, occurs } = draft;
  const alignment = storage && entry.sync ? storage.alignment : 1;
  draft.slackBefore = (alignment - (at % alignment)) % alignment;
  draft.offset = at + draft.slackBefore;
  draft.bytes = storage ? storage.bytes : placeFields(draft);
  const whole = occurs ? alignmentWithin(draft) : 1;
  draft.slackAfter = storage ? 0 : (whole - (draft.bytes % whole)) % whole;
  draft.bytes += draft.slackAfter;
  const end = draft.offset + draft.bytes * (occurs?.max ?? 1);
  if (end > recordBytesMax) throw layoutFault(draft, `ends at ${end}; expected at most ${recordBytesMax} bytes`);
  return end;
}

function placeFields({ fields, offset }: Draft): number {
  let end = offset;
  for (const field of fields) end = Math.max(end, place(field, field.redefines ? field.redefines.offset : end));
  return end - offset;
}

function alignmentWithin({ storage, entry, fields }: Draft): number {
  if (storage) return entry.sync ? storage.alignment : 1;
  return Math.max(1, ...fields.map(alignmentWithin));
}

function resolveCounters(record: Draft): void {
  const all = [...everyField(record)] as Draft[];
  for (const [index, field] of all.entries()) {
    const reference = field.entry.occurs?.dependingOn;
    if (!reference || !field.occurs) continue;
    const counter = findField(all.slice(0, index), reference);
    if (!counter?.storage) throw layoutFault(field, `depends on "${reference.name}", which is no field of the record before it`);
    field.occurs = { ...field.occurs, counter };
  }
}

/** The last field that is called so, in groups that are called so. */
export function findField(fields: readonly Field[], { name, within }: Reference): Field | undefined {
  return fields.findLast((field) => {
    if (!isSameName(field.name, name)) return false;
    let group: Field | undefined = field.parent;
    for (const wanted of within) {
      while (group && !isSameName(group.name, wanted)) group = group.parent;
      if (!group) return false;
    }
    return true;
  });
}

/** A field and all within it, as they are written. */
export function* everyField(field: Field): Generator<Field> {
  yield field;
  for (const one of field.fields) yield* everyField(one);
}

export function isSameName(name: string | undefined, other: string | undefined): boolean {
  return name !== undefined && name.toUpperCase() === other?.toUpperCase();
}

export function layoutFault({ name, place: at }: Pick<Field, 'name' | 'place'>, what: string): Error {
  return copybookError('MORTISE_COPYBOOK_LAYOUT', `${at}: the field "${name ?? 'FILLER'}" ${what}.`);
}
