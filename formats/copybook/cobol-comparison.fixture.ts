// Compares this format with GnuCOBOL on random records: what its program wrote is read here, and what is written here its program reads.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { askCobol, cobolRecord, valuesOf } from './cobol.fixture.ts';
import type { CobolField, CobolRecord, CobolValues } from './cobol.fixture.ts';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import { optionsOf } from './reference.fixture.ts';

const recordsOfEach = 5;

/** Why there is nothing to compare with. */
export const noCompiler = hasCompiler() ? undefined : 'no COBOL compiler is installed: npm run services -- --install';

/** So many record layouts, each with some records, both ways. */
export function compareWithCobol(layouts: number, seed?: number): void {
  const cases = cobolRecord.chain((record) =>
    fc.tuple(fc.constant(record), fc.array(valuesOf(record.fields), { minLength: recordsOfEach, maxLength: recordsOfEach })),
  );
  fc.assert(
    fc.property(cases, ([record, values]) => compare(record, values)),
    { numRuns: layouts, ...(seed === undefined ? {} : { seed }) },
  );
}

function compare(record: CobolRecord, values: readonly CobolValues[]): void {
  const options = optionsOf('r.cpy', { compiler: 'gnucobol', encoding: 'ascii', columns: 'free' }, record.copybook);
  const encoded = encoder.encodeWhole(
    values.map((one) => jsonOf(record, one)),
    options,
  );
  const folder = mkdtempSync(join(tmpdir(), 'mortise-cobol-'));
  try {
    const lengthBytes = encoded.length / values.length;
    const answers = askCobol(folder, record, values, encoded, lengthBytes);
    expect(answers.lengthBytes).toBe(lengthBytes);
    const expected = values.map((one) => asShown(record.fields, one));
    expect(answers.read).toEqual(expected);
    expect(answers.wrote).toEqual(expected);
    const decoded = decoder.decodeWhole(answers.written, options);
    expect(decoded.map((one) => ('value' in one ? plain(record, one.value) : one.problem.message))).toEqual(
      values.map((one) => asRead(record.fields, one)),
    );
    // Slack bytes, and a plus over a digit, aside: what was read is written again as the program wrote it.
    const again = encoder.encodeWhole(
      decoded.map((one) => ('value' in one ? one.value : undefined)),
      options,
    );
    expect(Buffer.from(again).toString('hex')).toBe(Buffer.from(answers.written).toString('hex'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The value of a record as the format takes it: groups as objects. */
function jsonOf({ copybook, fields }: CobolRecord, values: CobolValues): unknown {
  const entries = fields.map((field) => {
    const list = (values[field.name] ?? []).map((value) => (field.kind === 'float' ? Number(value) : value));
    const value = field.times > 1 ? list : list[0];
    const group = field.name.replace('F', 'G');
    return copybook.includes(`${group}.`) ? [group, { [field.name]: value }] : [field.name, value];
  });
  return Object.fromEntries(entries) as unknown;
}

/** What was decoded, field by field as lists of texts. */
function plain({ fields }: CobolRecord, value: unknown): CobolValues {
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    fields.map((field) => {
      const group = record[field.name.replace('F', 'G')] as Readonly<Record<string, unknown>> | undefined;
      const found = group ? group[field.name] : record[field.name];
      const list = Array.isArray(found) ? (found as unknown[]) : [found];
      return [field.name, list.map((one) => (field.kind === 'text' ? String(one) : withoutZeros(String(one))))];
    }),
  );
}

/** Decimals have as many digits as their picture; values here have none that says nothing. */
function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Text as the program shows it: with all its blanks. */
function asShown(fields: readonly CobolField[], values: CobolValues): CobolValues {
  return Object.fromEntries(
    fields.map((field) => {
      const fill = (value: string): string =>
        field.clauses.includes('JUSTIFIED') ? value.padStart(field.digits) : value.padEnd(field.digits);
      return [field.name, (values[field.name] ?? []).map((value) => (field.kind === 'text' ? fill(value) : value))];
    }),
  );
}

/** Text as the format gives it: without the blanks that fill it up. */
function asRead(fields: readonly CobolField[], values: CobolValues): CobolValues {
  return Object.fromEntries(fields.map(({ name }) => [name, values[name] ?? []]));
}

function hasCompiler(): boolean {
  try {
    execFileSync('cobc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
