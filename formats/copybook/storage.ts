// How one field is stored: what its usage, picture and sign make of it in a dialect.

import type { SignClause, Usage } from './clauses.ts';
import { binaryBytes, minimalBytes } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import type { Entry } from './entries.ts';
import type { Picture } from './picture.ts';

export type StorageKind =
  | 'text'
  | 'zoned'
  | 'packed'
  | 'packed-unsigned'
  | 'binary'
  | 'float'
  | 'edited'
  | 'national'
  | 'national-number'
  | 'dbcs'
  | 'opaque';

export interface Storage {
  readonly kind: StorageKind;
  readonly bytes: number;
  readonly digits: number;
  readonly scale: number;
  readonly signed: boolean;
  readonly sign: SignClause;
  /** Of binary and floating point numbers. */
  readonly little: boolean;
  /** Whether a binary number uses all of its bytes, whatever its picture says. */
  readonly native: boolean;
  readonly justified: boolean;
  readonly blankWhenZero: boolean;
  /** Of an edited field. */
  readonly picture?: Picture;
  /** To how many bytes SYNC aligns it. */
  readonly alignment: number;
}

/** What groups hand down to their fields. */
export interface Inherited {
  readonly usage?: Usage;
  readonly sign?: SignClause;
}

const plain = {
  digits: 0,
  scale: 0,
  signed: false,
  sign: { leading: false, separate: false },
  little: false,
  native: false,
  justified: false,
  blankWhenZero: false,
  alignment: 1,
};

/** Undefined where usage and picture do not go together. */
export function storageOf(entry: Entry, inherited: Inherited, dialect: Dialect): Storage | undefined {
  const usage = entry.usage ?? inheritedUsage(entry.picture, inherited) ?? usageBy(entry.picture);
  const base = { ...plain, justified: entry.justified ?? false, blankWhenZero: entry.blankWhenZero ?? false };
  if (!entry.picture) return withoutPicture(entry, usage, base, dialect);
  const { kind, digits, scale } = entry.picture;
  // Without an S in the picture a sign of its own says that there is one.
  const signed = entry.picture.signed || (kind === 'numeric' && entry.sign?.separate === true);
  const sign = entry.sign ?? inherited.sign ?? plain.sign;
  const number = { ...base, digits, scale, signed, sign };
  if (usage === 'comp-x') return compX(entry.picture, number);
  if (kind === 'numeric') return numeric(usage, number, dialect);
  return usage === 'display' || usage === 'national' || usage === 'dbcs' ? characters(entry.picture, usage, number) : undefined;
}

/** The usage of a group is that of its numbers; other fields are not meant where it is one of numbers. */
function inheritedUsage(picture: Picture | undefined, { usage }: Inherited): Usage | undefined {
  const isOfNumbers = usage !== 'display' && usage !== 'national' && usage !== 'dbcs' && usage !== 'comp-x';
  return picture && picture.kind !== 'numeric' && isOfNumbers ? undefined : usage;
}

function usageBy(picture: Picture | undefined): Usage {
  if (picture?.kind === 'national') return 'national';
  return picture?.kind === 'dbcs' ? 'dbcs' : 'display';
}

type Base = Omit<Storage, 'kind' | 'bytes'>;

function withoutPicture({ nativeBytes, unsigned }: Entry, usage: Usage, base: Base, dialect: Dialect): Storage | undefined {
  const { floats, pointerBytes, longAlignment } = dialect;
  const little = floats === 'ieee-little';
  if (usage === 'float') return { ...base, kind: 'float', bytes: 4, little, alignment: 4 };
  if (usage === 'double') return { ...base, kind: 'float', bytes: 8, little, alignment: 8 };
  if (usage === 'pointer')
    return { ...base, kind: 'opaque', bytes: pointerBytes, alignment: Math.min(pointerBytes, longAlignment) };
  const binary = { ...base, kind: 'binary', native: true, little: dialect.nativeLittle } as const;
  if (usage === 'index') return { ...binary, bytes: 4, digits: 9, signed: true, alignment: 4 };
  if (nativeBytes === undefined) return undefined;
  return { ...binary, bytes: nativeBytes, digits: 18, signed: unsigned !== true, alignment: nativeBytes };
}

function numeric(usage: Usage, base: Base, dialect: Dialect): Storage | undefined {
  const { digits, signed, sign } = base;
  switch (usage) {
    case 'display':
      return { ...base, kind: 'zoned', bytes: digits + (signed && sign.separate ? 1 : 0) };
    case 'packed':
      return { ...base, kind: 'packed', bytes: Math.floor(digits / 2) + 1 };
    case 'packed-unsigned':
      // A sign has to stand somewhere: with one it is COMP-3.
      if (signed) return numeric('packed', base, dialect);
      return { ...base, kind: 'packed-unsigned', bytes: Math.ceil(digits / 2) };
    case 'binary':
      return aligned(
        { ...base, kind: 'binary', bytes: binaryBytes(digits, signed, dialect.binarySizes), little: dialect.binaryLittle },
        dialect,
      );
    case 'native': {
      const bytes = binaryBytes(digits, signed, dialect.nativeSizes);
      return aligned({ ...base, kind: 'binary', native: true, bytes, little: dialect.nativeLittle }, dialect);
    }
    case 'national':
      return { ...base, kind: 'national-number', bytes: 2 * (digits + (signed && sign.separate ? 1 : 0)) };
    default:
      return undefined;
  }
}

function aligned(storage: Storage, { longAlignment }: Dialect): Storage {
  const { bytes } = storage;
  if (bytes !== 2 && bytes !== 4 && bytes !== 8) return storage;
  return { ...storage, alignment: bytes === 8 ? longAlignment : bytes };
}

/** Micro Focus: as many bytes as X says, or the fewest for the digits; big-endian without a sign. */
function compX(picture: Picture, base: Base): Storage | undefined {
  const bytes = picture.kind === 'numeric' ? minimalBytes(picture.digits, picture.signed) : picture.characters;
  if (bytes > 8) return undefined;
  return { ...base, kind: 'binary', native: true, bytes, digits: Math.max(base.digits, 1) };
}

function characters(picture: Picture, usage: Usage, base: Base): Storage {
  const { kind, characters: count } = picture;
  if (kind === 'dbcs' || usage === 'dbcs') return { ...base, kind: 'dbcs', bytes: 2 * count };
  if (kind === 'national' || (usage === 'national' && kind === 'text')) return { ...base, kind: 'national', bytes: 2 * count };
  if (kind === 'numeric-edited') return { ...base, kind: 'edited', bytes: count, picture };
  return { ...base, kind: 'text', bytes: kind === 'utf-8' ? 4 * count : count };
}
