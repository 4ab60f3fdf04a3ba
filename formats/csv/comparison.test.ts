// The csv format compared with other implementations, and what the kit does not ask for.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const optionsOf = (written: unknown) => readFields(format.options, written).values;

/** Texts of what CSV trips over, without CR alone, which the others read as text. */
const awkward = fc.string({
  unit: fc.constantFrom('"', '""', ',', ';', '\n', ' ', '\t', '\\', "'", 'a', 'é', '😀', '=', '\u0000'),
  maxLength: 8,
});

describe('other implementations', () => {
  const clean = fc.array(fc.array(awkward, { minLength: 2, maxLength: 4 }), { maxLength: 5 });

  it('csv-parse reads what is written here', () => {
    fc.assert(
      fc.property(clean, (values) => {
        const bytes = encoder.encodeWhole(values, optionsOf({ header: false }));
        expect(parse(Buffer.from(bytes), { relax_column_count: true, record_delimiter: '\r\n' })).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  it('what csv-stringify writes is read here', () => {
    fc.assert(
      fc.property(clean, fc.boolean(), (values, quoted) => {
        const bytes = Buffer.from(stringify(values, { quoted, quoted_empty: quoted }));
        expect(
          decoder.decodeWhole(bytes, optionsOf({ header: false })).map((decoded) => 'value' in decoded && decoded.value),
        ).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });
});

describe('formulas', () => {
  const write = (text: string): string =>
    Buffer.from(encoder.encodeWhole([[text]], optionsOf({ header: false, formula: 'escape', newline: 'lf' }))).toString();

  it.each(['=1+1', '+cmd', '-cmd|x', '@SUM(A1)'])('%s is escaped', (text) => expect(write(text)).toBe(`'${text}\n`));
  it.each(['-12.50', '+4', '4-5', 'a=b'])('%s is not', (text) => expect(write(text)).toBe(`${text}\n`));
  it('are kept where nothing is said', () =>
    expect(Buffer.from(encoder.encodeWhole([['=1']], optionsOf({ header: false }))).toString()).toBe('=1\r\n'));
});

it('goes on behind every broken record, with its place and bytes', () => {
  const decoded = decoder.decodeWhole(fixture('broken-records.csv'), optionsOf({}));
  expect(decoded.map((entry) => ('problem' in entry ? Buffer.from(entry.raw).toString() : entry.value))).toEqual([
    { id: '1', name: 'ok', qty: '1' },
    '2,too,many,fields',
    '3,a"quote,3',
    '4,"text" after,4',
    { id: '5', name: 'ok', qty: '5' },
  ]);
  expect(decoded.map(({ position }) => position.line)).toEqual([2, 3, 4, 5, 6]);
});

it('stands a header of half a million names', () => {
  const names = Array.from({ length: 150_000 }, (_, index) => index.toString(36)).join(',');
  expect(decoder.decodeWhole(Buffer.from(names), optionsOf({}))).toEqual([]);
});

it('gives a schema for every way of naming columns', () => {
  const schema = (written: unknown) => format.schema?.(optionsOf(written));
  expect(schema({ header: false })).toEqual({ type: 'array', items: { type: 'string' } });
  expect(schema({ header: ['a'], nullText: '' })).toEqual({
    type: 'object',
    properties: { a: { type: ['string', 'null'] } },
    required: ['a'],
    additionalProperties: false,
  });
  expect(
    schema({
      columns: [
        { name: 'b', required: true },
        { name: 'c', type: 'boolean' },
      ],
    }),
  ).toEqual({
    type: 'object',
    properties: { b: { type: 'string', minLength: 1 }, c: { anyOf: [{ type: 'boolean' }, { type: 'null' }] } },
    required: ['b'],
    additionalProperties: { type: 'string' },
  });
});
