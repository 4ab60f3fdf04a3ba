// The overlay of a partner: what it demands beyond the definition, by the names that values have.

import { readJsonFile, recordIn, textsIn, wrong } from './definition-file.ts';

export interface PartOverlay {
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly used: boolean;
  /** Of a segment, by the place of the element: "02"; of a composite's component, "0201". */
  readonly elements: Readonly<Record<string, ElementOverlay>>;
  /** Of a loop, by position keys. */
  readonly parts: Readonly<Record<string, PartOverlay>>;
}

export interface ElementOverlay {
  readonly required: boolean;
  readonly used: boolean;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly codes: readonly string[] | undefined;
}

export interface Overlay {
  readonly path: string;
  readonly sets: Readonly<Record<string, Readonly<Record<string, PartOverlay>>>>;
}

const partNames = ['min', 'max', 'used', 'elements', 'parts'];
const elementNames = ['required', 'used', 'min', 'max', 'codes'];

/** Throws MORTISE_X12_DEFINITION. That it fits a definition is seen when it is laid over it. */
export function readOverlay(bytes: Uint8Array, path: string): Overlay {
  const { sets } = recordIn(readJsonFile(bytes, path), path, '');
  const entries = Object.entries(recordIn(sets, path, '/sets'));
  return { path, sets: Object.fromEntries(entries.map(([id, parts]) => [id, toParts(parts, path, `/sets/${id}`)])) };
}

function toParts(value: unknown, path: string, place: string): Readonly<Record<string, PartOverlay>> {
  const entries = Object.entries(recordIn(value, path, place));
  return Object.fromEntries(entries.map(([key, part]) => [key, toPart(part, path, `${place}/${key}`)]));
}

function toPart(value: unknown, path: string, place: string): PartOverlay {
  const given = recordIn(value, path, place);
  refuseOthers(given, partNames, path, place);
  const elements = Object.entries(recordIn(given['elements'] ?? {}, path, `${place}/elements`));
  return {
    minimum: countIn(given, 'min', path, place),
    maximum: countIn(given, 'max', path, place),
    used: given['used'] !== false,
    elements: Object.fromEntries(elements.map(([key, element]) => [key, toElement(element, path, `${place}/elements/${key}`)])),
    parts: toParts(given['parts'] ?? {}, path, `${place}/parts`),
  };
}

function toElement(value: unknown, path: string, place: string): ElementOverlay {
  const given = recordIn(value, path, place);
  refuseOthers(given, elementNames, path, place);
  return {
    required: given['required'] === true,
    used: given['used'] !== false,
    minimum: countIn(given, 'min', path, place),
    maximum: countIn(given, 'max', path, place),
    codes: given['codes'] === undefined ? undefined : textsIn(given['codes'], path, `${place}/codes`),
  };
}

function countIn(given: Readonly<Record<string, unknown>>, name: string, path: string, place: string): number | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(path, `${place}/${name}`, `is ${JSON.stringify(value)?.slice(0, 40)}; expected a whole number`);
}

function refuseOthers(given: Readonly<Record<string, unknown>>, names: readonly string[], path: string, place: string): void {
  const other = Object.keys(given).find((name) => !names.includes(name));
  if (other !== undefined) throw wrong(path, `${place}/${other}`, `is not known; expected one of ${names.join(', ')}`);
}
