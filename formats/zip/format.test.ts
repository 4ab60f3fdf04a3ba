// The zip format: the kit, archives that other programs made, and archives that were tampered with.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindOptions, readFields } from '@mortise/sdk';
import { formatKit, loadFormat, noiseText, optionSupply } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const names = ['csv', 'ndjson', 'json', 'text', 'binary', 'zip'];
const inner = await Promise.all(names.map((name) => loadFormat(join(import.meta.dirname, '..', name))));

const bundle = {
  entries: [
    { name: 'manifest.json', format: 'json' },
    { name: 'orders/*.csv', format: { csv: { delimiter: ';' } } },
  ],
};
const anything = { entries: [{ name: '**', format: 'text' }] };
const manifest = { name: 'manifest.json', content: { sender: 'ACME' } };
const orders = (name: string) => ({ name, content: [{ id: '4711', qty: '2' }] });
const syntax = (name: string, bytes: Uint8Array, offsetBytes: number) => ({
  name,
  options: anything,
  bytes,
  code: 'MORTISE_FORMAT_SYNTAX',
  position: { offsetBytes },
});

/** One entry, "a.txt" with "hello", stored by hand: header 35 bytes, data 5, directory from 40, end from 91. */
const plain = Buffer.from(
  '504b0304140000000000000021008 6a6103605000000050000000500000 0612e747874 68656c6c6f 504b010214001400000000000000210086a610360500000005000000050000000000000000000000000000000000612e747874504b0506000000000100010033000000280000000000'.replaceAll(
    ' ',
    '',
  ),
  'hex',
);
const changed = (at: number, ...bytes: readonly number[]): Buffer => {
  const copy = Buffer.from(plain);
  copy.set(bytes, at);
  return copy;
};

formatKit({
  format,
  decoder,
  encoder,
  inner,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'an archive of Info-ZIP',
      options: bundle,
      bytes: fixture('info-zip.zip'),
      values: [manifest, orders('orders/march.csv')],
    },
    {
      name: 'an archive of Python, with a comment',
      options: bundle,
      bytes: fixture('python.zip'),
      values: [manifest, orders('orders/märz.csv')],
    },
    { name: 'zip64', options: bundle, bytes: fixture('zip64.zip'), values: [manifest] },
    {
      name: 'written to a pipe, with a descriptor',
      options: { entries: [{ name: '-', format: 'text' }] },
      bytes: fixture('stream.zip'),
      values: [{ name: '-', content: 'id;qty\r\n4711;2\r\n' }],
    },
    {
      name: 'written to a pipe, with a descriptor of zip64',
      options: { entries: [{ name: '-', format: 'text' }] },
      bytes: fixture('stream-zip64.zip'),
      values: [{ name: '-', content: 'id;qty\r\n4711;2\r\n' }],
    },
    {
      name: 'a name in UTF-8 without the flag for it',
      options: anything,
      bytes: fixture('info-zip-names.zip'),
      values: [{ name: 'brief ü.txt', content: 'Müller' }],
    },
    {
      name: 'a name in code page 437',
      options: anything,
      bytes: Buffer.from(plain.toString('latin1').replaceAll('a.txt', '\x81.txt'), 'latin1'),
      values: [{ name: 'ü.txt', content: 'hello' }],
    },
    {
      name: 'entries that are skipped',
      options: { entries: [{ name: '**.csv', format: 'binary' }], others: 'skip', each: 'record' },
      bytes: fixture('info-zip.zip'),
    },
    {
      name: 'record by record',
      options: { ...bundle, each: 'record' },
      values: [
        { name: 'orders/a.csv', content: { id: '1' } },
        { name: 'orders/a.csv', content: { id: '2' } },
        { name: 'orders/b.csv', content: { id: '3' } },
      ],
      regular: true,
    },
    {
      name: 'an archive in an archive',
      options: { entries: [{ name: 'in.zip', format: { zip: anything } }] },
      values: [{ name: 'in.zip', content: [{ name: 'a', content: 'b' }] }],
      regular: true,
    },
    { name: 'nothing', options: anything, values: [], regular: true },
    {
      name: 'by hand',
      options: anything,
      bytes: plain,
      values: [{ name: 'a.txt', content: 'hello' }],
      positions: [{ offsetBytes: 0, record: 1, segment: 'a.txt' }],
    },
  ],
  invalid: [
    syntax('no zip', Buffer.from('hello there'), 0),
    syntax('no bytes', Buffer.of(), 0),
    syntax('encrypted', fixture('encrypted.zip'), 0),
    syntax('a symbolic link', fixture('link.zip'), 43),
    syntax('the same name twice', fixture('twice.zip'), 37),
    syntax('a name that leads out', fixture('slip.zip'), 0),
    syntax('another compression', fixture('bzip2.zip'), 0),
    syntax('something before it', Buffer.concat([Buffer.from('MZ..'), plain]), 0),
    syntax('something behind it', Buffer.concat([plain, Buffer.of(0)]), plain.length),
    syntax('cut off', plain.subarray(0, -1), plain.length - 1),
    syntax('another checksum', changed(36, 0x45), 40),
    syntax('another name in the directory', changed(86, 0x62), 40),
    syntax('another length in the directory', changed(64, 6), 40),
    syntax('another place in the directory', changed(82, 1), 40),
    syntax('an entry that is not listed', Buffer.concat([plain.subarray(0, 40), plain.subarray(91)]), 40),
    syntax('another number of entries', changed(101, 2), 91),
    syntax('several parts', changed(95, 1), 91),
    syntax('stored with a descriptor', changed(6, 8), 0),
    syntax('an extra field that is too long', changed(28, 4), 0),
    {
      name: 'an entry that nobody expects',
      options: bundle,
      bytes: plain,
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 0, segment: 'a.txt' },
    },
    {
      name: 'an entry that cannot be read',
      options: {
        entries: [
          { name: 'manifest.json', format: 'json' },
          { name: '**', format: 'json' },
        ],
      },
      bytes: fixture('info-zip.zip'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0, line: 1, column: 1 },
      values: [manifest],
      raw: 'id;qty\r\n4711;2\r\n',
    },
    {
      name: 'more entries than are allowed',
      options: { ...bundle, entriesMax: 1 },
      bytes: fixture('info-zip.zip'),
      code: 'MORTISE_FORMAT_LIMIT',
      position: {},
    },
    {
      name: 'more bytes than are allowed',
      options: { ...anything, bytesMax: '4B' },
      bytes: plain,
      code: 'MORTISE_FORMAT_LIMIT',
      position: {},
    },
    {
      name: 'more bytes in an entry than are allowed',
      options: { ...anything, entryBytesMax: '4B' },
      bytes: plain,
      code: 'MORTISE_FORMAT_LIMIT',
      position: {},
    },
  ],
  unwritable: [
    { name: 'no entry', options: bundle, values: [{ name: 'a' }], says: /an object with the name of its entry and its content/ },
    {
      name: 'a name that fits nothing',
      options: bundle,
      values: [{ name: 'x.txt', content: 1 }],
      says: /No name in "entries" fits the entry "x.txt"/,
    },
    {
      name: 'a name that leads out',
      options: anything,
      values: [{ name: '../x', content: '' }],
      says: /leads out of its folder/,
    },
    {
      name: 'a name twice',
      options: anything,
      values: [
        { name: 'x', content: '' },
        { name: 'x', content: '' },
      ],
      says: /Two entries have the name "x"/,
    },
    {
      name: 'records that are none',
      options: bundle,
      values: [{ name: 'orders/a.csv', content: 'text' }],
      says: /expected an array of its records/,
    },
    {
      name: 'records that are none behind good ones',
      options: { ...bundle, each: 'record' },
      values: [{ name: 'orders/a.csv', content: { a: 1 } }, 5],
      says: /A value is 5/,
    },
    { name: 'content that its format cannot write', options: anything, values: [{ name: 'x', content: 5 }], says: /type number/ },
  ],
  roundTrips: [
    {
      name: 'entries of any bytes',
      options: { entries: [{ name: '**', format: 'text' }] },
      values: fc
        .uniqueArray(
          fc.tuple(
            fc.stringMatching(/^[a-zäé0-9 ]{1,8}(\/[a-z.]{1,3}x)?$/),
            fc.string({ unit: 'grapheme' }).filter((text) => !text.startsWith('\ufeff')),
          ),
          { selector: ([name]) => name },
        )
        .map((entries) => entries.map(([name, content]) => ({ name, content }))),
    },
  ],
  load: {
    options: { entries: [{ name: '**', format: 'ndjson' }], each: 'record', level: 1 },
    value: (at) => ({ name: `part-${Math.floor(at / 5000)}`, content: { at, text: noiseText(at, 4000) } }),
  },
});

describe('names', () => {
  it.each(['/etc/passwd', 'C:/x', 'a/../../b', 'a\\b', './a', 'a//b', '..', 'a\u0000', 'a\nb'])(
    '%j is refused, read or written',
    (name) => {
      const written = bound(anything);
      expect(() => encoder.encodeWhole([{ name, content: '' }], written)).toThrow(/UNWRITABLE|name of an entry/i);
      const bytes = Buffer.concat([
        encoder.encodeWhole(
          [
            { name: 'x'.repeat(name.length), content: '' },
            { name: 'other', content: '' },
          ],
          written,
        ),
      ]);
      const tampered = Buffer.from(bytes.toString('latin1').replaceAll('x'.repeat(name.length), name), 'latin1');
      expect(() => decoder.decodeWhole(tampered, written)).toThrow(/no sound zip archive/);
    },
  );
});

it('a bomb is refused before it was expanded', () => {
  const zeros = { name: 'zeros', content: '\0'.repeat(8_000_000) };
  const bytes = encoder.encodeWhole([zeros], bound(anything));
  expect(bytes.length).toBeLessThan(20_000);
  expect(() => decoder.decodeWhole(bytes, bound(anything))).toThrow(/ratioMax/);
});

it('two archives in the same bytes are refused: what the directory lists is not what stands before it', () => {
  const one = encoder.encodeWhole([{ name: 'a', content: 'good' }], bound(anything));
  const other = encoder.encodeWhole([{ name: 'a', content: 'evil' }], bound(anything));
  expect(() => decoder.decodeWhole(Buffer.concat([one, other]), bound(anything))).toThrow(/no sound zip archive/);
});

function bound(written: Readonly<Record<string, unknown>>): Parameters<typeof decoder.decodeWhole>[1] {
  const { values } = readFields(format.options, written);
  return bindOptions(format.options, values, optionSupply(inner)).values as Parameters<typeof decoder.decodeWhole>[1];
}
