// Values as the server writes them, as JSON that loses nothing.

import { readJson } from '@mortise/sdk';
import type { Rows } from './client.ts';

export type Row = Readonly<Record<string, unknown>>;

type Reader = (text: string) => unknown;

/** JSON that nests deeper is given as its text. */
const jsonDepthMax = 500;
const arrayDepthMax = 6;

/** By the object id of the type, which is the same on every server for those that it brings along (pg_type.dat). */
const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [16, (text) => text === 't'], // boolean
  [21, Number], // smallint
  [23, Number], // integer
  [26, Number], // oid
  [700, toNumber], // real
  [701, toNumber], // double precision
  [114, toJson], // json
  [3802, toJson], // jsonb
  [1114, (text) => text.replace(dateAndTime, '$1T$2')], // timestamp
  [1184, (text) => text.replace(dateAndTime, '$1T$2').replace(/\+00$/, 'Z')], // timestamp with time zone
]);

const dateAndTime = /^(\d{4,}-\d{2}-\d{2}) (\d)/;

/** Types of arrays, and of what they hold; what is not in `readers` is held as text. */
const elements: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1001, 17],
  [1005, 21],
  [1007, 23],
  [1016, 20],
  [1028, 26],
  [1021, 700],
  [1022, 701],
  [1231, 1700],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
  [199, 114],
  [3807, 3802],
  [1115, 1114],
  [1185, 1184],
  [1182, 1082],
  [1183, 1083],
  [1270, 1266],
  [1187, 1186],
  [2951, 2950],
  [1041, 869],
  [651, 650],
  [1040, 829],
]);

/** A value of a type, by its object id; what JSON has no exact form for stays the server's text. */
export function fromText(text: string | null, type: number): unknown {
  if (text === null) return null;
  const element = elements.get(type);
  if (element !== undefined) return toList(text, readers.get(element) ?? String) ?? text;
  return readers.get(type)?.(text) ?? text;
}

/** Each row by the names of its columns, the first `skip` of which are left out. */
export function recordsOf({ columns, rows }: Rows, skip = 0): Record<string, unknown>[] {
  const kept = columns.slice(skip);
  return rows.map((row) =>
    Object.fromEntries(kept.map(({ name, type }, index) => [name, fromText(row[skip + index] ?? null, type)])),
  );
}

/** Not -0, NaN and the infinities, which JSON has not: they stay text. */
function toNumber(text: string): unknown {
  const value = Number(text);
  return Number.isFinite(value) && !Object.is(value, -0) ? value : text;
}

/** Numbers in it that a JavaScript number would change become text, digit by digit. */
function toJson(text: string): unknown {
  try {
    return readJson(Buffer.from(text), { numbers: 'exact', depthMax: jsonDepthMax });
  } catch {
    return text;
  }
}

/** `{1,NULL,"a\"b"}`; undefined where it is none that a list can show, as one whose first index is not 1. */
function toList(text: string, read: Reader): readonly unknown[] | undefined {
  if (!text.startsWith('{')) return undefined;
  const open: unknown[][] = [];
  let list: unknown[] | undefined;
  for (const [part, quoted, bare] of text.matchAll(arrayParts)) {
    if (part === '{') {
      const inner: unknown[] = [];
      open.at(-1)?.push(inner);
      open.push(inner);
      if (open.length > arrayDepthMax) return undefined;
      list ??= inner;
    } else if (part === '}') open.pop();
    else if (quoted !== undefined) open.at(-1)?.push(read(quoted.replace(/\\(.)/gs, '$1')));
    else if (bare !== undefined) open.at(-1)?.push(bare === 'NULL' ? null : read(bare));
  }
  return list;
}

const arrayParts = /[{}]|"((?:[^"\\]|\\[\s\S])*)"|([^{},"]+)/g;
