// What is known of segments and data types: names by position and positions by name, read from the tables of definitions/.

import { dataTypes } from './definitions/data-types.ts';
import { segmentsAToM } from './definitions/segments-a-to-m.ts';
import { segmentsMToZ } from './definitions/segments-m-to-z.ts';

/** A data type that has components. At the level of subcomponents there is nothing below: `parts` have no types there. */
export interface TypeDefinition {
  readonly name: string;
  readonly parts: readonly (PartDefinition | undefined)[];
  readonly indexes: ReadonlyMap<string, number>;
}

/** A field of a segment, or a component of a data type. */
export interface PartDefinition {
  readonly name: string;
  /** Absent where it is a text. */
  readonly type: TypeDefinition | undefined;
  readonly repeats: boolean;
  /** Its type is told by another field of the segment, or by the partners. */
  readonly varies: boolean;
}

export interface SegmentDefinition {
  readonly name: string;
  readonly parts: readonly (PartDefinition | undefined)[];
  readonly indexes: ReadonlyMap<string, number>;
}

const typeRows = rowsOf(dataTypes);
const typesRead = new Map<string, TypeDefinition>();
const subtypesRead = new Map<string, TypeDefinition>();
const segmentsRead = new Map<string, SegmentDefinition>();
const segmentRows = rowsOf(segmentsAToM + segmentsMToZ);

/** The segments that are looked for first: a check of types stops somewhere, and gets them all the same. */
const commonSegments = 'MSH PID PV1 EVN OBR OBX ORC NTE PD1 NK1 PV2 AL1 DG1 PR1 GT1 IN1 IN2 SPM MSA ERR FT1 SCH RXA RXE MRG TXA';

/** The names of all segments that are defined. */
export const segmentNames: readonly string[] = [...new Set([...commonSegments.split(' '), ...segmentRows.keys()])];

export const dataTypeNames: readonly string[] = [...typeRows.keys()];

export function segmentDefinition(name: string): SegmentDefinition | undefined {
  const known = segmentsRead.get(name);
  if (known) return known;
  const row = segmentRows.get(name);
  if (!row) return undefined;
  const definition = { name, ...partsOf(row, typeDefinition) };
  segmentsRead.set(name, definition);
  return definition;
}

/** The data type as it is in a field; undefined where it has no components. */
export function typeDefinition(name: string): TypeDefinition | undefined {
  return typeIn(typesRead, name, subtypeDefinition);
}

/** The data type as it is in a component, whose own components are subcomponents. */
function subtypeDefinition(name: string): TypeDefinition | undefined {
  return typeIn(subtypesRead, name, () => undefined);
}

function typeIn(read: Map<string, TypeDefinition>, name: string, inner: ReadType): TypeDefinition | undefined {
  const known = read.get(name);
  if (known) return known;
  const row = typeRows.get(name);
  if (!row) return undefined;
  const definition = { name, ...partsOf(row, inner) };
  read.set(name, definition);
  return definition;
}

type ReadType = (name: string) => TypeDefinition | undefined;

function partsOf(row: string, typeOf: ReadType): Pick<TypeDefinition, 'parts' | 'indexes'> {
  const parts = row.split(',').map((written) => partOf(written, typeOf));
  return { parts, indexes: new Map(parts.flatMap((part, index) => (part ? [[part.name, index] as const] : []))) };
}

function partOf(written: string, typeOf: ReadType): PartDefinition | undefined {
  const [, name = '', type = '', star = ''] = /^(\w*)(?::(\w+))?(\*?)$/.exec(written) ?? [];
  return name === '' ? undefined : { name, type: typeOf(type), repeats: star !== '', varies: type === 'varies' };
}

/** A row begins with its name; what is indented goes on with the row above. */
function rowsOf(table: string): ReadonlyMap<string, string> {
  const rows = table
    .replaceAll(/\n +/g, '')
    .split('\n')
    .filter((row) => row !== '');
  return new Map(rows.map((row) => [row.slice(0, row.indexOf(' ')), row.slice(row.indexOf(' ') + 1)]));
}
