// The fixed-width format: the kit, its layouts, and generated layouts.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import { fixedWidthError } from './errors.ts';
import format from './format.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const optionsOf = (written: unknown) => readFields(format.options, written).values;

const pickList = {
  encoding: 'latin1',
  headerRecords: 1,
  trailerRecords: 1,
  fields: [
    { name: 'orderId', width: 10, type: 'integer', required: true },
    { name: 'sku', width: 10 },
    { name: 'customer', width: 14 },
    { name: 'price', width: 9, type: 'decimal', scale: 2 },
    { name: 'quantity', width: 3, type: 'integer', pad: ' ' },
    { name: 'due', width: 8, type: 'date' },
  ],
};
const two = {
  fields: [
    { name: 'n', width: 3, type: 'integer' },
    { name: 't', width: 2 },
  ],
};
const gaps = {
  recordLength: 12,
  fields: [
    { name: 'b', at: 8, width: 3 },
    { name: 'a', at: 2, width: 3 },
  ],
};
const only = (field: object): Readonly<Record<string, unknown>> => ({ fields: [{ name: 'f', ...field }] });

/** Texts that their field gives back: no line end, nothing at the padded side. */
const text = (width: number, unit: 'binary' | 'latin1'): fc.Arbitrary<string> =>
  fc
    .string({
      unit: unit === 'binary' ? 'binary' : fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
      maxLength: width,
    })
    .filter((value) => !/[\r\n]| $|^\ufeff/.test(value) && Array.from(value).length <= width);
const digits = (count: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^(0|[1-9][0-9]{0,${count - 1}})$`));
const nullable = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(arbitrary, { nil: null });
const decimal = (whole: number, scale: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('', '-'), digits(whole), fc.stringMatching(new RegExp(`^[0-9]{${scale}}$`)))
    .map(([sign, before, behind]) => `${sign}${before}.${behind}`);
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const everything = {
  fields: [
    { name: 'text', width: 8 },
    { name: 'integer', width: 20, type: 'integer' },
    { name: '__proto__', width: 6, type: 'integer', pad: ' ' },
    { name: 'implied', width: 12, type: 'decimal', scale: 3 },
    { name: 'pointed', width: 12, type: 'decimal', align: 'left', pad: ' ' },
    { name: 'starred', width: 7, type: 'integer', pad: '*' },
    { name: 'date', width: 10, type: 'date', pattern: 'DD.MM.YYYY' },
  ],
};
const record = (unit: 'binary' | 'latin1'): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      text(8, unit),
      nullable(fc.oneof(fc.maxSafeInteger(), fc.stringMatching(/^-?[1-9][0-9]{17}$/))),
      nullable(fc.integer({ min: -99999, max: 999999 })),
      nullable(decimal(8, 3)),
      nullable(decimal(8, 2)),
      nullable(fc.nat(9_999_999)),
      nullable(day),
    )
    .map((values) => Object.fromEntries(everything.fields.map(({ name }, index) => [name, values[index]])));

formatKit({
  format,
  decoder,
  encoder,
  errors: fixedWidthError,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'a pick list with header and trailer',
      options: pickList,
      bytes: fixture('pick-list.latin1.dat'),
      values: [
        { orderId: 4711, sku: 'A-100', customer: 'Müller', price: '123.45', quantity: 2, due: '2026-11-30' },
        { orderId: 4712, sku: 'B-200', customer: 'Smith', price: '-0.99', quantity: null, due: null },
      ],
      positions: [
        { offsetBytes: 18, line: 2, record: 1 },
        { offsetBytes: 73, line: 3, record: 2 },
      ],
    },
    {
      name: 'a date behind a gap',
      options: {
        encoding: 'latin1',
        fields: [
          { name: 'orderId', width: 10, type: 'integer' },
          { name: 'sku', width: 10 },
          { name: 'price', width: 9, type: 'decimal', scale: 2 },
          { name: 'due', at: 31, width: 8, type: 'date', pattern: 'DDMMYYYY' },
        ],
      },
      bytes: '0000004711A-100     000012345 30112026\n',
      values: [{ orderId: 4711, sku: 'A-100', price: '123.45', due: '2026-11-30' }],
      regular: true,
    },
    {
      name: 'records without line ends',
      options: {
        newline: 'none',
        encoding: 'ascii',
        fields: [
          { name: 'n', width: 5, type: 'integer' },
          { name: 't', width: 4 },
        ],
      },
      bytes: fixture('blocks.dat'),
      values: [
        { n: 42, t: 'ABC' },
        { n: 107, t: 'XY' },
      ],
      positions: [
        { offsetBytes: 0, record: 1 },
        { offsetBytes: 9, record: 2 },
      ],
      regular: true,
    },
    {
      name: 'records in EBCDIC',
      options: { ...two, newline: 'none', encoding: 'ebcdic-037' },
      bytes: Uint8Array.of(0xf0, 0xf0, 0xf1, 0x81, 0x82, 0x60, 0xf0, 0xf2, 0x83, 0x40),
      values: [
        { n: 1, t: 'ab' },
        { n: -2, t: 'c' },
      ],
      regular: true,
    },
    {
      name: 'lines',
      options: two,
      bytes: '001ab\n-02c \n   \u0020 \n',
      values: [
        { n: 1, t: 'ab' },
        { n: -2, t: 'c' },
        { n: null, t: '' },
      ],
      regular: true,
    },
    { name: 'CRLF', options: { ...two, newline: 'crlf' }, bytes: '001ab\r\n002cd\r\n', regular: true },
    {
      name: 'CRLF where LF is written, empty lines, no last end',
      options: two,
      bytes: '\n001ab\r\n\r\n002cd',
      values: [
        { n: 1, t: 'ab' },
        { n: 2, t: 'cd' },
      ],
    },
    {
      name: 'places out of order, with gaps',
      options: gaps,
      bytes: ' aaa   bbb  \n',
      values: [{ a: 'aaa', b: 'bbb' }],
      regular: true,
    },
    { name: 'gaps that hold something', options: gaps, bytes: 'xaaaxxxbbbxx\n', values: [{ a: 'aaa', b: 'bbb' }] },
    {
      name: 'characters in UTF-8',
      options: two,
      bytes: '001üé\n002😀x\n',
      values: [
        { n: 1, t: 'üé' },
        { n: 2, t: '😀x' },
      ],
      regular: true,
    },
    {
      name: 'a byte order mark',
      options: two,
      bytes: '\ufeff001ab\n',
      values: [{ n: 1, t: 'ab' }],
      positions: [{ offsetBytes: 3, line: 1, record: 1 }],
    },
    {
      name: 'short lines that are padded',
      options: { ...two, short: 'pad' },
      bytes: '1\n002\n  3😀\n',
      values: [
        { n: 1, t: '' },
        { n: 2, t: '' },
        { n: 3, t: '😀' },
      ],
    },
    {
      name: 'text to the right',
      options: only({ width: 4, align: 'right', pad: '.' }),
      bytes: '...a\n....\n',
      values: [{ f: 'a' }, { f: '' }],
      regular: true,
    },
    {
      name: 'numbers of all paddings',
      options: only({ width: 4, type: 'integer', pad: '*' }),
      bytes: '**-1\n****\n  12\n+003\n0000\n',
      values: [-1, null, 12, 3, 0].map((f) => ({ f })),
    },
    {
      name: 'numbers to the left',
      options: only({ width: 4, type: 'decimal', align: 'left', pad: ' ' }),
      bytes: '1.50\n-2  \n    \n',
      values: ['1.50', '-2', null].map((f) => ({ f })),
    },
    {
      name: 'implied decimals',
      options: only({ width: 5, type: 'decimal', scale: 2 }),
      bytes: '00000\n00001\n-0001\n12345\n     \n',
      values: ['0.00', '0.01', '-0.01', '123.45', null].map((f) => ({ f })),
      regular: true,
    },
    {
      name: 'a scale of 0',
      options: only({ width: 3, type: 'decimal', scale: 0 }),
      bytes: '007\n',
      values: [{ f: '7' }],
      regular: true,
    },
    {
      name: 'integers beyond a double',
      options: only({ width: 20, type: 'integer' }),
      bytes: '00009007199254740993\n',
      values: [{ f: '9007199254740993' }],
      regular: true,
    },
    {
      name: 'fewer records than header and trailer',
      options: { ...two, headerRecords: 1, trailerRecords: 2 },
      bytes: 'H\nT\n',
      values: [],
    },
    { name: 'nothing', options: two, bytes: '', values: [], regular: true },
  ],
  invalid: [
    {
      name: 'a record too long',
      options: two,
      bytes: '001ab\n002cde\n003ef',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 6, line: 2, record: 2 },
      values: [
        { n: 1, t: 'ab' },
        { n: 3, t: 'ef' },
      ],
      raw: '002cde',
    },
    {
      name: 'a record too short',
      options: two,
      bytes: '001ab\n002\n003ef',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 6, line: 2, record: 2 },
      values: [
        { n: 1, t: 'ab' },
        { n: 3, t: 'ef' },
      ],
    },
    {
      name: 'a record far too long',
      options: two,
      bytes: `001ab\n${'x'.repeat(5000)}\n003ef`,
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 6, line: 2, record: 2 },
      values: [
        { n: 1, t: 'ab' },
        { n: 3, t: 'ef' },
      ],
      raw: 'x'.repeat(1044),
    },
    {
      name: 'a last block that is cut off',
      options: { ...two, newline: 'none', encoding: 'latin1' },
      bytes: '001ab002',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 5, record: 2 },
      values: [{ n: 1, t: 'ab' }],
      raw: '002',
    },
    {
      name: 'no UTF-8',
      options: two,
      bytes: Buffer.from('001ab\n002\xfcx\n', 'latin1'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 9, line: 2, record: 2 },
      values: [{ n: 1, t: 'ab' }],
    },
    {
      name: 'no number, behind wide characters',
      options: {
        fields: [
          { name: 't', width: 2 },
          { name: 'n', width: 2, type: 'integer' },
        ],
      },
      bytes: '😀é1x\n',
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 6, line: 1, column: 3, record: 1, field: 'n' },
      values: [],
    },
    ...[
      { name: 'no integer', field: { width: 4, type: 'integer' }, bytes: '12.3\n' },
      { name: 'a sign behind', field: { width: 4, type: 'integer' }, bytes: '012-\n' },
      { name: 'no decimal', field: { width: 4, type: 'decimal' }, bytes: '1,23\n' },
      { name: 'a point where it is implied', field: { width: 4, type: 'decimal', scale: 2 }, bytes: '1.23\n' },
      { name: 'no date', field: { width: 8, type: 'date' }, bytes: '20260230\n' },
      { name: 'an empty number that is required', field: { width: 4, type: 'integer', required: true }, bytes: '    \n' },
      { name: 'an empty text that is required', field: { width: 4, required: true }, bytes: '    \n' },
      { name: 'an empty date that is required', field: { width: 8, type: 'date', required: true }, bytes: '00000000\n' },
    ].map(({ name, field, bytes }) => ({
      name,
      options: only(field),
      bytes,
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 0, line: 1, column: 1, record: 1, field: 'f' },
      values: [],
    })),
    ...[
      { name: 'no fields', options: { fields: [] } },
      {
        name: 'fields that overlap',
        options: {
          fields: [
            { name: 'a', width: 3 },
            { name: 'b', at: 3, width: 1 },
          ],
        },
      },
      {
        name: 'a name twice',
        options: {
          fields: [
            { name: 'a', width: 3 },
            { name: 'a', width: 1 },
          ],
        },
      },
      { name: 'a record shorter than its fields', options: { ...two, recordLength: 4 } },
      { name: 'lines of EBCDIC', options: { ...two, encoding: 'ebcdic-037' } },
      { name: 'blocks of UTF-8', options: { ...two, newline: 'none' } },
      { name: 'digits as padding of a number', options: only({ width: 4, type: 'integer', pad: '1' }) },
      { name: 'zeros behind a number', options: only({ width: 4, type: 'integer', align: 'left' }) },
      { name: 'a scale of a text', options: only({ width: 4, scale: 2 }) },
      { name: 'a pattern without a year', options: only({ width: 8, type: 'date', pattern: 'MMDD' }) },
      { name: 'a pattern longer than its field', options: only({ width: 6, type: 'date' }) },
    ].map(({ name, options }) => ({ name, options, bytes: '', code: 'MORTISE_FIXED_WIDTH_LAYOUT', position: {} })),
  ],
  unwritable: [
    {
      name: 'a text too long',
      options: two,
      values: [
        { n: 1, t: 'ab' },
        { n: 1, t: 'abc' },
      ],
      says: /Record 2 has "abc" in "t", 3 characters long; the field has 2/,
    },
    { name: 'a number too long', options: two, values: [{ n: -123 }], says: /-123 in "n", 4 characters long; the field has 3/ },
    { name: 'wide characters too many', options: two, values: [{ t: '😀😀😀' }], says: /3 characters long/ },
    { name: 'no integer', options: two, values: [{ n: 1.5 }], says: /1\.5 in "n"; expected an integer/ },
    {
      name: 'decimals too many',
      options: only({ width: 9, type: 'decimal', scale: 2 }),
      values: [{ f: '1.234' }],
      says: /"1\.234" in "f"; expected digits, the last 2/,
    },
    { name: 'no decimal', options: only({ width: 9, type: 'decimal' }), values: [{ f: 'x' }], says: /"x" in "f"/ },
    {
      name: 'a number with an exponent',
      options: only({ width: 9, type: 'decimal' }),
      values: [{ f: 1e21 }],
      says: /1e\+21 in "f"/,
    },
    {
      name: 'no date',
      options: only({ width: 8, type: 'date' }),
      values: [{ f: '30.11.2026' }],
      says: /"30\.11\.2026" in "f"; expected a date as YYYYMMDD/,
    },
    { name: 'a nested value', options: two, values: [{ t: ['a'] }], says: /a value of type object in "t"/ },
    { name: 'a line end', options: two, values: [{ t: 'a\n' }], says: /a line end in "t"/ },
    { name: 'a property too many', options: two, values: [{ m: 1 }], says: /has "m", which is no field/ },
    {
      name: 'what is required and missing',
      options: pickList,
      values: [{ orderId: null }],
      says: /no "orderId", which is required/,
    },
    { name: 'no object', options: two, values: ['001ab'], says: /Record 1 is no object/ },
    {
      name: 'a character that the encoding has not',
      options: pickList,
      values: [{ orderId: 1, sku: '€' }],
      says: /"€" \(U\+20AC\)/,
    },
    { name: 'an impossible layout', options: { fields: [] }, values: [], code: 'MORTISE_FIXED_WIDTH_LAYOUT', says: /no fields/ },
  ],
  roundTrips: [
    { name: 'records of everything', options: everything, values: fc.array(record('binary'), { maxLength: 5 }) },
    {
      name: 'records of everything, CRLF',
      options: { ...everything, newline: 'crlf' },
      values: fc.array(record('binary'), { maxLength: 5 }),
    },
    {
      name: 'records of everything, no line ends',
      options: { ...everything, newline: 'none', encoding: 'latin1' },
      values: fc.array(record('latin1'), { maxLength: 5 }),
    },
  ],
  load: {
    options: everything,
    value: (index) => ({ text: `t${index % 1000}`, integer: index, implied: '12.500', date: '2026-11-30' }),
  },
});

describe('generated layouts', () => {
  /** Fields of text in any order with gaps between them, and a record for them. */
  const layouts = fc
    .array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 6 }), fc.constantFrom('left', 'right')), { minLength: 1, maxLength: 6 })
    .map((list) => {
      let next = 1;
      return list.map(([gap, width, align], index) => {
        const at = next + gap;
        next = at + width;
        return { name: `f${index}`, at, width, align };
      });
    });

  it('write every field at its place, and give it back', () => {
    fc.assert(
      fc.property(layouts, fc.array(fc.stringMatching(/^[a-z]{0,6}$/), { minLength: 6, maxLength: 6 }), (fields, contents) => {
        const options = optionsOf({ fields: fields.toReversed() });
        const value = Object.fromEntries(fields.map(({ name, width }, index) => [name, (contents[index] ?? '').slice(0, width)]));
        const line = Buffer.from(encoder.encodeWhole([value], options))
          .toString()
          .slice(0, -1);
        for (const { name, at, width } of fields) expect(line.slice(at - 1, at - 1 + width).trim()).toBe(value[name]);
        expect(decoder.decodeWhole(Buffer.from(line), options)).toMatchObject([{ value }]);
      }),
    );
  });

  it('give back any line of digits and blanks byte for byte, or say which field is wrong', () => {
    const lines = fc.string({ unit: fc.constantFrom('0', '1', '7', ' '), minLength: 8, maxLength: 8 });
    const options = optionsOf({
      fields: [
        { name: 'a', width: 3, type: 'integer' },
        { name: 'b', width: 5, type: 'decimal', scale: 2 },
      ],
    });
    fc.assert(
      fc.property(lines, (line) => {
        const parts = [line.slice(0, 3), line.slice(3)];
        const written = parts.map((part) => (part.trim() === '' ? part : part.trim().padStart(part.length, '0'))).join('');
        const readable = parts.every((part) => /^ *[0-9]* *$/.test(part));
        const again = decoder
          .decodeWhole(Buffer.from(line), options)
          .map((decoded) =>
            'problem' in decoded ? decoded.problem.code : Buffer.from(encoder.encodeWhole([decoded.value], options)).toString(),
          );
        expect(again).toEqual([readable ? `${written}\n` : 'MORTISE_FORMAT_VALUE']);
      }),
      { numRuns: 500 },
    );
  });
});

it('gives a schema of the fields', () => {
  expect(format.schema?.(optionsOf(pickList))).toMatchObject({
    properties: {
      orderId: { type: 'integer' },
      sku: { type: 'string', maxLength: 10 },
      quantity: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    },
    required: ['orderId', 'sku', 'customer', 'price', 'quantity', 'due'],
    additionalProperties: false,
  });
});
