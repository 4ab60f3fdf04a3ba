// The plan of a format's records: made once of copybook and options, it reads a record's bytes and writes its value.

import { unitBytesOf } from '@mortise/sdk';
import { alternativesMember, fixedOffset, wayOf } from './alternatives.ts';
import type { Choice } from './alternatives.ts';
import { binaryLeaf } from './binary-leaf.ts';
import { charsetOf } from './charset.ts';
import type { Charset } from './charset.ts';
import { dialects } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { editedLeaf } from './edited-leaf.ts';
import { copybookError } from './errors.ts';
import { floatLeaf } from './float-leaf.ts';
import { keysOf } from './keys.ts';
import { everyField, findField, isSameName, layoutFault, layoutOf } from './layout.ts';
import type { Field } from './layout.ts';
import { RecordBytes } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { emptyOf, groupMember, ownKeys } from './members.ts';
import type { Member, Workshop } from './members.ts';
import type { CopybookOptions } from './options.ts';
import { packedLeaf } from './packed-leaf.ts';
import { templateOf } from './template.ts';
import { dbcsLeaf, nationalLeaf, opaqueLeaf, textLeaf } from './text-leaf.ts';
import { zonedLeaf } from './zoned-leaf.ts';

export interface RecordPlan {
  readonly options: CopybookOptions;
  readonly charset: Charset;
  readonly records: readonly Field[];
  readonly keys: ReadonlyMap<Field, string>;
  readonly leafOf: (field: Field) => Leaf;
  readonly slides: boolean;
  /** What reads and writes a whole record. */
  readonly root: Member;
  /** Whether a value is its record by name, because there are several. */
  readonly isWrapped: boolean;
  /** The alternatives that "choose" names, by their names in capitals. */
  readonly named: ReadonlyMap<string, Field>;
  readonly bytesMax: number;
  /** The properties that a value may have, but for what is irregular. */
  readonly rootKeys: ReadonlySet<string>;
  /** The properties that every value has. */
  readonly empty: Readonly<Record<string, unknown>>;
}

const plans = new WeakMap<CopybookOptions, RecordPlan>();

/** Throws MORTISE_COPYBOOK_SYNTAX or MORTISE_COPYBOOK_LAYOUT. */
export function planOf(options: CopybookOptions): RecordPlan {
  const made = plans.get(options) ?? makePlan(options);
  plans.set(options, made);
  return made;
}

function makePlan(options: CopybookOptions): RecordPlan {
  const dialect = dialectOf(options);
  const charset = charsetOf(options.encoding);
  if (unitBytesOf(options.encoding) !== 1)
    throw fault(`Records cannot be in ${options.encoding}; expected an encoding in which a blank has one byte.`);
  const style = { columns: options.columns, currency: options.currency, decimalComma: options.decimalPoint === ',', dialect };
  const records = layoutOf(options.copybook, style);
  const leafOf = leaves(options, charset, dialect);
  const keys = new Map(records.flatMap((record) => [...keysOf(record, options.names)]));
  refuseSameRecords(records, keys);
  const named = new Map(options.choose.map(({ take }) => [take.toUpperCase(), alternativeBy(records, take)]));
  const base = { options, charset, records, keys, leafOf, slides: dialect.slides, named };
  const root = rootOf(base);
  const isWrapped = records.length > 1;
  const [first] = records;
  const empty = isWrapped || !first ? {} : emptyOf(first, { keys });
  const names = isWrapped ? records.map((record) => keys.get(record) ?? '') : records.flatMap((record) => ownKeys(record, keys));
  const bytesMax = Math.max(...records.map(({ bytes }) => bytes));
  return { ...base, root, isWrapped, rootKeys: new Set(names), empty, bytesMax };
}

function dialectOf({ compiler, binarySizes, byteOrder, floats, signs, tables }: CopybookOptions): Dialect {
  const { [compiler]: base } = dialects;
  return {
    ...base,
    ...(binarySizes ? { binarySizes } : {}),
    ...(byteOrder ? { nativeLittle: byteOrder === 'little' } : {}),
    ...(floats ? { floats } : {}),
    ...(signs ? { signs } : {}),
    ...(tables ? { slides: tables === 'slide' } : {}),
  };
}

function leaves(options: CopybookOptions, charset: Charset, dialect: Dialect): (field: Field) => Leaf {
  const made = new Map<Field, Leaf>();
  const style = { currency: options.currency, decimalComma: options.decimalPoint === ',' };
  const make = ({ storage, name, place }: Field): Leaf => {
    switch (storage?.kind) {
      case 'zoned':
        return zonedLeaf(storage, charset, dialect.signs, options.looseNumbers);
      case 'packed':
      case 'packed-unsigned':
        return packedLeaf(storage);
      case 'binary':
        return binaryLeaf(storage);
      case 'float':
        return floatLeaf(storage, dialect.floats);
      case 'edited':
        if (storage.picture) return editedLeaf(storage, storage.picture, charset, style);
        break;
      case 'national':
        return nationalLeaf(storage, options.national);
      case 'dbcs':
        return dbcsLeaf(storage, charset);
      case 'opaque':
        return opaqueLeaf(storage);
      case 'text':
        return textLeaf(storage, charset);
      default:
    }
    throw layoutFault({ name, place }, 'is a number in national characters, which is not supported');
  };
  return (field) => {
    const leaf = made.get(field) ?? make(field);
    made.set(field, leaf);
    return leaf;
  };
}

function refuseSameRecords(records: readonly Field[], keys: ReadonlyMap<Field, string>): void {
  const seen = new Set<string>();
  for (const record of records) {
    const key = keys.get(record) ?? '';
    if (seen.size === seen.add(key).size) throw layoutFault(record, 'is the second record of its name; expected different names');
  }
}

/** A record, or one of several fields at one place. */
function alternativeBy(records: readonly Field[], name: string): Field {
  const found = records.find((record) => isSameName(record.name, name)) ?? redefiningBy(records, name);
  if (!found) throw fault(`"choose" names "${name}", which is no record, and redefines nothing and is not redefined.`);
  return found;
}

function redefiningBy(records: readonly Field[], name: string): Field | undefined {
  return records
    .flatMap((record) => [...everyField(record)])
    .find(
      (field) =>
        isSameName(field.name, name) && (field.redefines ?? field.parent?.fields.some(({ redefines }) => redefines === field)),
    );
}

type Base = Omit<RecordPlan, 'root' | 'isWrapped' | 'rootKeys' | 'bytesMax' | 'empty'>;

function rootOf(base: Base): Member {
  const [first] = base.records;
  if (base.records.length > 1 || !first) {
    const ways = base.records.map((record) => wayOf(record, workshopOf(record, base)));
    return alternativesMember(ways, choicesOf(base.records, undefined, base), new Uint8Array(), true);
  }
  if (first.storage || first.occurs) throw layoutFault(first, 'is a record of one field; expected a group');
  return groupMember(first, workshopOf(first, base));
}

function workshopOf(record: Field, base: Base): Workshop {
  const { charset, slides, keys, leafOf } = base;
  const counters = [...everyField(record)].flatMap(({ occurs }) => occurs?.counter ?? []);
  const template = templateOf(record, leafOf, charset.blank);
  const workshop: Workshop = {
    charset,
    slides,
    keys,
    leafOf,
    slots: new Map([...new Set(counters)].map((counter, slot) => [counter, slot])),
    template,
    alternatives: (fields) => {
      const ways = fields.map((field) => wayOf(field, workshop));
      return alternativesMember(ways, choicesOf(fields, record, base), template);
    },
  };
  return workshop;
}

/** What "choose" says of these alternatives; of several records each has its own field that tells. */
function choicesOf(fields: readonly Field[], record: Field | undefined, base: Base): Choice[] {
  const { options, named } = base;
  return options.choose.flatMap(({ take, field: name, is }): Choice[] => {
    const field = named.get(take.toUpperCase());
    if (!field || !fields.includes(field)) return [];
    return name === undefined ? [{ field }] : [{ field, test: testOf(name, is, record ?? field, base) }];
  });
}

function testOf(name: string, is: readonly string[], record: Field, base: Base): NonNullable<Choice['test']> {
  const [own = '', ...within] = name.split(/ (?:of|in) /i);
  const found = findField([...everyField(record)], { name: own, within });
  if (!found?.storage) throw fault(`"choose" names "${name}", which is no field of "${record.name}".`);
  const leaf = base.leafOf(found);
  return {
    name: own,
    leaf,
    at: fixedOffset(found, base.slides),
    values: is.map((text) => asRead(text, leaf, name, base.charset)),
  };
}

/** As the field itself reads it: "01" of a number is 1. */
function asRead(text: string, leaf: Leaf, name: string, charset: Charset): unknown {
  const bytes = new Uint8Array(leaf.bytes);
  const problem = leaf.write(bytes, 0, text);
  if (problem !== undefined) throw fault(`"choose" says "${text}" of "${name}", which ${problem}.`);
  return leaf.read(RecordBytes.of(bytes, charset), 0);
}

export function fault(message: string): Error {
  return copybookError('MORTISE_COPYBOOK_LAYOUT', message);
}
