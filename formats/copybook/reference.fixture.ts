// What the tests on reference data share: files by their paths, options as users write them, and a comparison of values.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { bindOptions, readFields } from '@mortise/sdk';
import type { ProjectFile } from '@mortise/sdk';
import format from './format.ts';
import type { CopybookOptions } from './options.ts';

export const referenceFolder = resolve(
  process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data'),
  'copybook',
);
export const hasReference = existsSync(referenceFolder);

/** Options of a copybook that lies in a folder, or is given as text with what stands beside it. */
export function optionsOf(copybook: string, written: object = {}, text?: string): CopybookOptions {
  const { values, problems } = readFields(format.options, { copybook, ...written });
  const file = (path: string): ProjectFile | undefined =>
    text !== undefined || existsSync(path)
      ? {
          path: basename(path),
          bytes: text === undefined ? readFileSync(path) : Buffer.from(text),
          beside: (name) => file(join(dirname(path), name)),
        }
      : undefined;
  const bound = bindOptions(format.options, values, { file, format: () => ({ problem: '', remedy: '' }) });
  const wrong = problems[0]?.expected ?? bound.problems[0]?.problem;
  if (wrong !== undefined) throw new Error(wrong);
  return bound.values as unknown as CopybookOptions;
}

/** JSON with numbers as they are written. */
export function exactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value,
  );
}

class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export interface Tolerance {
  /** Properties that ours has and the reference has not, because it shows only one alternative, or leaves out what it cannot read. */
  readonly extras?: boolean;
}

/** Where ours and the reference differ; names without hyphens, underscores and case, text without blanks and controls around it. */
export function differences(ours: unknown, expected: unknown, tolerance: Tolerance = {}, path = ''): string[] {
  if (expected instanceof ExactNumber)
    return sameNumber(ours, expected.text) ? [] : [`${path}: ${JSON.stringify(ours)} is not ${expected.text}`];
  if (Array.isArray(expected)) {
    if (!Array.isArray(ours) || ours.length !== expected.length)
      return [`${path}: ${JSON.stringify(ours)?.slice(0, 80)} is not ${expected.length} elements`];
    return expected.flatMap((one, index) => differences(ours[index], one, tolerance, `${path}[${index}]`));
  }
  if (typeof expected === 'object' && expected !== null) return objectDifferences(ours, expected, tolerance, path);
  if (typeof expected === 'string')
    return shown(ours) === shown(expected) || sameNumber(ours, expected)
      ? []
      : [`${path}: ${JSON.stringify(ours)} is not ${JSON.stringify(expected)}`];
  return ours === expected ? [] : [`${path}: ${JSON.stringify(ours)} is not ${JSON.stringify(expected)}`];
}

function objectDifferences(ours: unknown, expected: object, tolerance: Tolerance, path: string): string[] {
  if (typeof ours !== 'object' || ours === null) return [`${path}: ${JSON.stringify(ours)} is no object`];
  const own = new Map(Object.entries(ours).map(([key, value]) => [bare(key), value as unknown]));
  const named = Object.entries(expected).flatMap(([key, value]) =>
    key.endsWith('Choice') ? Object.entries(value as object) : [[key, value]],
  );
  const found = named.flatMap(([key, value]) => {
    const value2 = own.get(bare(String(key)));
    own.delete(bare(String(key)));
    return differences(value2, value, tolerance, `${path}.${String(key)}`);
  });
  const extras = [...own].filter(
    ([key, value]) =>
      !tolerance.extras &&
      !/^#|^filler/.test(key) &&
      value !== null &&
      value !== '' &&
      !(Array.isArray(value) && value.length === 0),
  );
  return [...found, ...extras.map(([key, value]) => `${path}.${key}: ${JSON.stringify(value)} is nothing there`)];
}

function bare(key: string): string {
  return key.replace(/[-_]/g, '').toLowerCase();
}

/** The references show control characters as blanks. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0);
  return Array.from(text, (character) => (isControl(character.charCodeAt(0)) ? ' ' : character))
    .join('')
    .trim();
}

/** Decimals exactly; floating point numbers as near as single precision. */
function sameNumber(ours: unknown, text: string): boolean {
  if (typeof ours !== 'number' && typeof ours !== 'string') return false;
  if (canonical(String(ours)) === canonical(text)) return true;
  return typeof ours === 'number' && !Number.isInteger(ours) && Math.abs(ours - Number(text)) <= 1e-6 * Math.abs(ours);
}

function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text.trim()) ?? [];
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return whole === '' ? text : `${sign === '-' && /[1-9]/.test(digits) ? '-' : ''}${digits}`;
}
