// The csv format: the kit.

import { readFileSync } from 'node:fs';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import { csvError } from './errors.ts';
import format from './format.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

const german = {
  delimiter: ';',
  decimalMark: ',',
  newline: 'lf',
  bom: true,
  columns: [
    { name: 'Artikel', required: true },
    { name: 'Menge', type: 'integer' },
    { name: 'Preis', type: 'decimal' },
    { name: 'Lieferung', type: 'date', pattern: 'DD.MM.YYYY' },
  ],
};

const typed = {
  columns: [
    { name: 'text' },
    { name: 'integer', type: 'integer' },
    { name: 'decimal', type: 'decimal' },
    { name: 'boolean', type: 'boolean' },
    { name: 'date', type: 'date', pattern: 'MM/DD/YYYY' },
  ],
};

/** Texts full of what CSV trips over. */
const nasty = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      '"',
      '""',
      ',',
      ';',
      '\r',
      '\n',
      '\r\n',
      ' ',
      '\t',
      '\\',
      "'",
      'a',
      'é',
      '😀',
      '\ufeff',
      '=',
      '|',
      'NULL',
      '\u0000',
    ),
    maxLength: 8,
  }),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const latin = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 10 });
const rows = (field: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[][]> =>
  fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 6 });

/** Objects that all have the same names, in the same order, `__proto__` now and then among them. */
const objects = (field: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> =>
  fc
    .uniqueArray(fc.oneof(nasty, fc.constantFrom('__proto__', 'constructor', 'id')), { minLength: 1, maxLength: 4 })
    .chain((names) =>
      fc.array(
        fc.tuple(...names.map(() => field)).map((fields) => toObject(names, fields)),
        { maxLength: 5 },
      ),
    );

const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})$/).filter((text) => text !== '-0');
const nullable = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(arbitrary, { nil: null });
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const typedRecord = fc.record(
  {
    text: fc.string(),
    integer: nullable(digits.map((text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text))),
    decimal: nullable(fc.tuple(digits, fc.stringMatching(/^([.][0-9]{1,20})?$/)).map((parts) => parts.join(''))),
    boolean: nullable(fc.boolean()),
    date: nullable(day),
  },
  { noNullPrototype: true },
);

formatKit({
  format,
  decoder,
  encoder,
  errors: csvError,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'orders as RFC 4180 has them',
      bytes: fixture('orders.csv'),
      values: [
        { orderId: '4711', customer: 'Müller, Söhne', note: 'He said "now".\r\nAnd again.' },
        { orderId: '4712', customer: 'Smith', note: '' },
      ],
      positions: [
        { offsetBytes: 23, line: 2, record: 1 },
        { offsetBytes: 78, line: 4, record: 2 },
      ],
      regular: true,
    },
    {
      name: 'types, as a German spreadsheet writes them',
      options: german,
      bytes: fixture('german.csv'),
      values: [
        { Artikel: 'A-100', Menge: 2, Preis: '19.99', Lieferung: '2026-11-30' },
        { Artikel: 'B-200', Menge: '12345678901234567890', Preis: '0.10', Lieferung: null },
      ],
      positions: [
        { offsetBytes: 33, line: 2, record: 1 },
        { offsetBytes: 58, line: 3, record: 2 },
      ],
      regular: true,
    },
    {
      name: 'tabs, windows-1252, nulls',
      options: { delimiter: '\t', encoding: 'windows-1252', nullText: 'NULL', newline: 'lf' },
      bytes: fixture('windows-1252.tsv'),
      values: [
        { id: '1', name: 'Müller €' },
        { id: '2', name: null },
      ],
      regular: true,
    },
    {
      name: 'UTF-16',
      options: { encoding: 'utf-16le', bom: true },
      bytes: fixture('utf-16.csv'),
      values: [{ id: '1', name: 'a €' }],
      positions: [{ offsetBytes: 20, line: 2, record: 1 }],
    },
    { name: 'no header', options: { header: false }, bytes: 'a,b\r\nc\r\n', values: [['a', 'b'], ['c']], regular: true },
    { name: 'names in a list', options: { header: ['a', 'b'] }, bytes: '1,2\r\n', values: [{ a: '1', b: '2' }], regular: true },
    {
      name: 'names from columns',
      options: { header: false, columns: [{ name: 'a', type: 'integer' }, { name: 'b' }] },
      bytes: '1,2\r\n',
      values: [{ a: 1, b: '2' }],
      regular: true,
    },
    { name: 'nothing', bytes: '', values: [], regular: true },
    { name: 'only a header', options: typed, bytes: 'text,integer,decimal,boolean,date\r\n', values: [], regular: true },
    { name: 'only a byte order mark', bytes: '\ufeff', values: [] },
    { name: 'a file shorter than a mark', options: { header: false }, bytes: 'a', values: [['a']] },
    { name: 'half a mark', options: { header: false, encoding: 'latin1' }, bytes: Uint8Array.of(0xef, 0xbb), values: [['ï»']] },
    {
      name: 'LF, CR and CRLF, blank lines, no end of the last one',
      options: { header: false },
      bytes: 'a\n\nb\r\r\r\n\n"c\r\nd"\r"e\n\rf\n"\ng',
      values: [['a'], ['b'], ['c\r\nd'], ['e\n\rf\n'], ['g']],
      positions: [
        { offsetBytes: 0, line: 1, record: 1 },
        { offsetBytes: 3, line: 3, record: 2 },
        { offsetBytes: 9, line: 7, record: 3 },
        { offsetBytes: 16, line: 9, record: 4 },
        { offsetBytes: 24, line: 13, record: 5 },
      ],
    },
    {
      name: 'empty fields',
      options: { header: false },
      bytes: ',\r\n""\r\n,,\r\n',
      values: [['', ''], [''], ['', '', '']],
      regular: true,
    },
    {
      name: 'trimmed',
      options: { header: false, trim: true },
      bytes: ' a b \t,\t" c ","d"  ,\t\n  \n',
      values: [['a b', ' c ', 'd', '']],
    },
    { name: 'not trimmed', options: { header: false }, bytes: ' a ,b \r\n', values: [[' a ', 'b ']], regular: true },
    {
      name: 'escapes by backslash',
      options: { header: false, escape: '\\' },
      bytes: '"a \\"b\\" \\\\ \\n",c\\d\r\n',
      values: [['a "b" \\ \\n', 'c\\d']],
    },
    {
      name: 'no quotes',
      options: { header: false, quote: '' },
      bytes: '5" pipe,"a\r\n',
      values: [['5" pipe', '"a']],
      regular: true,
    },
    {
      name: 'quoted null is text',
      options: { header: false, nullText: '' },
      bytes: 'a,,""\r\n',
      values: [['a', null, '']],
      regular: true,
    },
    {
      name: 'a header __proto__',
      bytes: '__proto__,constructor\r\n1,2\r\n',
      values: [toObject(['__proto__', 'constructor'], ['1', '2'])],
      regular: true,
    },
    {
      name: 'booleans',
      options: { columns: [{ name: 'b', type: 'boolean' }] },
      bytes: 'b\nTRUE\n0\n1\nfalse\n',
      values: [true, false, true, false].map((b) => ({ b })),
    },
    {
      name: 'numbers made canonical',
      options: { columns: [{ name: 'n', type: 'decimal' }] },
      bytes: 'n\n+007.50\n-0\n',
      values: [{ n: '7.50' }, { n: '-0' }],
    },
    {
      name: 'columns beyond the declared, and one that is missing',
      options: { columns: [{ name: 'n', type: 'integer' }, { name: 'm' }] },
      bytes: 'x,n\n1,2\n',
      values: [{ x: '1', n: 2 }],
    },
  ],
  invalid: [
    {
      name: 'a record with too many fields',
      bytes: 'a,b\n1,2\n3,4,5\n6,7\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 8, line: 3, record: 2 },
      values: [
        { a: '1', b: '2' },
        { a: '6', b: '7' },
      ],
      raw: '3,4,5',
    },
    {
      name: 'a record with too few fields, behind a quoted line end',
      bytes: 'a,b\n"1\n",2\n3\n4,5',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 11, line: 4, record: 2 },
      values: [
        { a: '1\n', b: '2' },
        { a: '4', b: '5' },
      ],
      raw: '3',
    },
    {
      name: 'a stray quote',
      options: { header: false },
      bytes: 'a\nb,c"d,e\nf\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 5, line: 2, record: 2 },
      values: [['a'], ['f']],
      raw: 'b,c"d,e',
    },
    {
      name: 'text behind a closing quote',
      options: { header: false },
      bytes: '"a\nb"c,d\ne',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 5, line: 2, record: 1 },
      values: [['e']],
      raw: '"a\nb"c,d',
    },
    {
      name: 'a quote that is never closed',
      options: { header: false },
      bytes: 'a\nb,"c\nd\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 4, line: 2 },
    },
    {
      name: 'a record too long',
      options: { header: false, recordBytesMax: '4B' },
      bytes: 'abcd\nabcde\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 5, line: 2 },
    },
    {
      name: 'a last record too long',
      options: { header: false, recordBytesMax: '4B' },
      bytes: 'abcd\nabcde',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 5, line: 2 },
    },
    {
      name: 'blanks too many',
      options: { header: false, recordBytesMax: '4B', trim: true },
      bytes: 'abcd\n     \n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 5, line: 2 },
    },
    {
      name: 'bytes of another encoding',
      bytes: Buffer.from('a,b\n1,2\n3,M\xfcller\n4,5\n', 'latin1'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 11, line: 3, record: 2 },
      values: [
        { a: '1', b: '2' },
        { a: '4', b: '5' },
      ],
      raw: Buffer.from('3,M\xfcller', 'latin1'),
    },
    {
      name: 'half a character at the end',
      options: { header: false, encoding: 'utf-16le' },
      bytes: Buffer.from('a\0\n\0b', 'latin1'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 4 },
    },
    {
      name: 'half a pair in UTF-16',
      options: { header: false, encoding: 'utf-16le' },
      bytes: Buffer.from('a\nb\ud83d\nc', 'utf16le'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 6, line: 2, record: 2 },
      values: [['a'], ['c']],
    },
    {
      name: 'a header with a name twice',
      bytes: '\na,b,a\n1,2,3\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 1, line: 2 },
    },
    {
      name: 'a header without a required column',
      options: german,
      bytes: 'Menge\n1\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0, line: 1 },
    },
    {
      name: 'a header with a stray quote',
      bytes: 'a,b"\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 3, line: 1 },
    },
    ...[
      { name: 'no integer', text: '7.0', column: { type: 'integer' } },
      { name: 'no decimal', text: '1e3', column: { type: 'decimal' } },
      { name: 'no boolean', text: 'yes', column: { type: 'boolean' } },
      { name: 'no date of the calendar', text: '2026-02-29', column: { type: 'date' } },
      { name: 'no date of the pattern', text: '2026-11-30', column: { type: 'date', pattern: 'DD.MM.YYYY' } },
      { name: 'nothing where a text is required', text: '""', column: { required: true } },
      { name: 'nothing where a date is required', text: '', column: { type: 'date', required: true } },
    ].map(({ name, text, column }) => ({
      name,
      options: { columns: [{ name: 'n', ...column }] },
      bytes: `x,n\na,${text}\nb,`,
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 6 + (text === '""' ? 1 : 0), line: 2, record: 1, field: 'n' },
      ...(column.required ? { bytes: `x,n\na,${text}\n` } : {}),
      values: column.required ? [] : [{ x: 'b', n: null }],
    })),
    ...[
      { name: 'the delimiter as quote', options: { delimiter: '"' } },
      { name: 'an escape without a quote', options: { quote: '', escape: '\\' } },
      { name: 'a name twice in the header', options: { header: ['a', 'a'] } },
      { name: 'a name twice in columns', options: { columns: [{ name: 'a' }, { name: 'a' }] } },
      { name: 'a column that the header has not', options: { header: ['a'], columns: [{ name: 'b' }] } },
      { name: 'a pattern without a day', options: { columns: [{ name: 'a', type: 'date', pattern: 'YYYY-MM' }] } },
      { name: 'a null that has to be quoted', options: { nullText: 'a,b' } },
      { name: 'a null that is trimmed away', options: { nullText: ' ', trim: true } },
    ].map(({ name, options }) => ({ name, options, bytes: '', code: 'MORTISE_CSV_DIALECT', position: {} })),
  ],
  unwritable: [
    { name: 'a text', values: ['a'], says: /Record 1 is of type string; expected an object/ },
    { name: 'an array where there are names', values: [{ a: 1 }, ['b']], says: /Record 2 is an array; expected an object/ },
    { name: 'an object where there are none', options: { header: false }, values: [{}], says: /expected an array/ },
    { name: 'nothing at all', values: [{}], says: /The header would be a blank line/ },
    { name: 'no field', options: { header: false }, values: [[]], says: /Record 1 would be a blank line/ },
    {
      name: 'a lone null that is written as nothing',
      options: { header: false, nullText: '' },
      values: [[null]],
      says: /blank line/,
    },
    {
      name: 'a property too many',
      values: [
        { a: 1, b: 2 },
        { a: 1, c: 2 },
      ],
      says: /Record 2 has "c", which is no column; expected only a, b/,
    },
    {
      name: 'a nested value',
      values: [{ a: { b: 1 } }],
      says: /a value of type object in "a"; expected a text, number or boolean/,
    },
    { name: 'NaN', values: [{ a: NaN }], says: /NaN in "a"/ },
    { name: 'no integer', options: typed, values: [{ integer: 1.5 }], says: /1\.5 in "integer"; expected an integer/ },
    { name: 'no decimal', options: typed, values: [{ decimal: '1,5' }], says: /"1,5" in "decimal"; expected a decimal number/ },
    { name: 'no boolean', options: typed, values: [{ boolean: 'true' }], says: /"true" in "boolean"/ },
    {
      name: 'no date',
      options: typed,
      values: [{ date: '2026-02-30' }],
      says: /"2026-02-30" in "date"; expected a date as MM\/DD\/YYYY/,
    },
    {
      name: 'a required text that is empty',
      options: german,
      values: [{ Artikel: '' }],
      says: /empty "Artikel", which is required/,
    },
    { name: 'a required text that is missing', options: german, values: [{}], says: /no "Artikel", which is required/ },
    {
      name: 'a special character without a quote',
      options: { header: false, quote: '' },
      values: [['a,b']],
      says: /"a,b" in "1", which needs a quote/,
    },
    {
      name: 'a character that the encoding has not',
      options: { header: false, encoding: 'latin1' },
      values: [['ok'], ['9 €']],
      says: /"€" \(U\+20AC\)/,
    },
    { name: 'contradicting options', options: { delimiter: '"' }, values: [], code: 'MORTISE_CSV_DIALECT', says: /"""/ },
  ],
  roundTrips: [
    { name: 'nasty fields', options: { header: false }, values: rows(nasty.filter((text) => text.isWellFormed())) },
    {
      name: 'nasty fields with nulls',
      options: { header: false, nullText: 'NULL' },
      values: rows(fc.oneof(nasty, fc.constant(null))),
    },
    { name: 'nasty fields, trimmed', options: { header: false, trim: true }, values: rows(nasty) },
    {
      name: 'nasty fields, backslashes',
      options: { header: false, escape: '\\', delimiter: '|', quote: "'" },
      values: rows(nasty),
    },
    {
      name: 'nasty fields, UTF-16',
      options: { header: false, encoding: 'utf-16le', bom: true, newline: 'lf' },
      values: rows(nasty),
    },
    { name: 'latin fields', options: { header: false, encoding: 'latin1' }, values: rows(latin) },
    { name: 'objects', values: objects(nasty).filter((values) => values.length > 0) },
    { name: 'typed records', options: typed, values: fc.array(typedRecord) },
    { name: 'typed records, commas', options: { ...typed, decimalMark: ',' }, values: fc.array(typedRecord) },
  ],
  load: {
    value: (index) => ({
      orderId: String(index),
      customer: 'Müller, Söhne',
      note: index % 3 === 0 ? 'a "quoted"\nnote' : 'plain',
      total: '12.50',
    }),
  },
});

function toObject(names: readonly string[], fields: readonly unknown[]): unknown {
  return Object.fromEntries(names.map((name, index) => [name, fields[index]]));
}
