// Walks through values along their field specs: wherever a field holds one value, something is looked at or changed.

import type { Field, Fields, Path } from '@mortise/sdk';
import { isMapping } from './planned.ts';

type Values = Readonly<Record<string, unknown>>;

/** Called for every value that is no group, list or record; gives what stands in its place. */
export type Change = (spec: Field, value: unknown, path: Path) => unknown;

/** A copy of `values` with every single value changed. Values that no field knows stay as they are. */
export function mapFields(fields: Fields, values: Values, change: Change, path: Path = []): Values {
  const entries = Object.entries(values).map(([name, value]) => {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name, spec ? mapValue(spec, value, change, [...path, name]) : value] as const;
  });
  return Object.fromEntries(entries);
}

/** Looks at every single value. */
export function walkFields(
  fields: Fields,
  values: unknown,
  look: (spec: Field, value: unknown, path: Path) => void,
  path: Path = [],
): void {
  if (isMapping(values)) mapFields(fields, values, look, path);
}

export function mapValue(spec: Field, value: unknown, change: Change, path: Path): unknown {
  if (spec.kind === 'group' && isMapping(value)) return mapFields(spec.fields ?? {}, value, change, path);
  if (spec.kind === 'list' && Array.isArray(value))
    return value.map((one: unknown, index) => ofEach(spec, one, change, [...path, index]));
  if (spec.kind === 'record' && isMapping(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, ofEach(spec, one, change, [...path, name])]));
  }
  if (spec.kind === 'oneOf') {
    const form = spec.forms?.find((one) => fits(one, value));
    return form ? mapValue(form, value, change, path) : change(spec, value, path);
  }
  return change(spec, value, path);
}

function ofEach(spec: Field, value: unknown, change: Change, path: Path): unknown {
  return spec.of ? mapValue(spec.of, value, change, path) : value;
}

/** Whether a value has the shape of one form of several, as it was written or as it was read. */
function fits(form: Field, value: unknown): boolean {
  if (form.kind === 'group')
    return isMapping(value) && Object.entries(value).every(([name, one]) => fitsOption(form.fields?.[name], one));
  if (form.kind === 'record') return isMapping(value);
  if (form.kind === 'list') return Array.isArray(value);
  if (form.kind === 'choice') return form.choices?.includes(String(value)) ?? false;
  if (form.kind === 'expression' || form.kind === 'secret' || form.kind === 'text') return typeof value === 'string';
  return !isMapping(value) && !Array.isArray(value);
}

function fitsOption(spec: Field | undefined, value: unknown): boolean {
  return spec !== undefined && (spec.kind !== 'choice' || fits(spec, value));
}
