// The text format: the kit. The character encodings are the SDK's, and tested there.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const letter = readFileSync(new URL('fixtures/letter.windows-1252.txt', import.meta.url));
const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const text = (unit: 'binary' | 'grapheme'): fc.Arbitrary<unknown[]> =>
  fc
    .string({ unit })
    .filter((value) => !value.startsWith('\ufeff'))
    .map((value) => [value]);
const below = (end: number): fc.Arbitrary<unknown[]> =>
  fc.uint8Array({ max: end - 1 }).map((bytes) => [Buffer.from(bytes).toString('latin1')]);

formatKit({
  format,
  decoder,
  encoder,
  folder: import.meta.dirname,
  samples: [
    { name: 'UTF-8', bytes: 'Müller €\r\n', values: ['Müller €\r\n'], positions: [{ offsetBytes: 0 }], regular: true },
    { name: 'nothing', bytes: '', values: [''], regular: true },
    {
      name: 'a letter in windows-1252',
      options: { encoding: 'windows-1252' },
      bytes: letter,
      values: ['Sehr geehrte Frau Müller,\r\nIhre Bestellung 4711 kostet 99,90 €.\r\n'],
      regular: true,
    },
    {
      name: 'its line ends made LF',
      options: { encoding: 'windows-1252', newline: 'lf' },
      bytes: letter,
      values: ['Sehr geehrte Frau Müller,\nIhre Bestellung 4711 kostet 99,90 €.\n'],
    },
    {
      name: 'CRLF read as LF and written again',
      options: { newline: 'crlf' },
      bytes: 'a\r\n\r\nb',
      values: ['a\n\nb'],
      regular: true,
    },
    { name: 'CR alone is a line end', options: { newline: 'lf' }, bytes: 'a\r\rb\r\n', values: ['a\n\nb\n'] },
    { name: 'every byte of latin1', options: { encoding: 'latin1' }, bytes: allBytes, regular: true },
    { name: 'every byte of windows-1252', options: { encoding: 'windows-1252' }, bytes: allBytes, regular: true },
    { name: 'every byte of ASCII', options: { encoding: 'ascii' }, bytes: allBytes.subarray(0, 128), regular: true },
    { name: 'UTF-16', options: { encoding: 'utf-16le' }, bytes: Buffer.from('a😀', 'utf16le'), values: ['a😀'], regular: true },
    { name: 'a byte order mark', bytes: '\ufeffa', values: ['a'], positions: [{ offsetBytes: 3 }] },
    { name: 'a byte order mark, written', options: { bom: true }, bytes: '\ufeffa', values: ['a'], regular: true },
    {
      name: 'a byte order mark of UTF-16, written',
      options: { encoding: 'utf-16le', bom: true },
      bytes: Buffer.from('\ufeffa', 'utf16le'),
      values: ['a'],
      regular: true,
    },
    { name: 'replacement characters are characters', bytes: '\ufffd', values: ['\ufffd'], regular: true },
  ],
  invalid: [
    { name: 'no UTF-8', bytes: letter, code: 'MORTISE_FORMAT_ENCODING', position: { offsetBytes: 19 } },
    {
      name: 'half a character at the end',
      bytes: Buffer.concat([Buffer.from('\ufeff\ufffd'), Buffer.of(0xe2, 0x82)]),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 6 },
    },
    {
      name: 'no ASCII',
      options: { encoding: 'ascii' },
      bytes: letter,
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 19 },
    },
    {
      name: 'an odd byte in UTF-16',
      options: { encoding: 'utf-16le' },
      bytes: Buffer.from('ab\0'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 2 },
    },
    {
      name: 'half a pair in UTF-16',
      options: { encoding: 'utf-16le' },
      bytes: Buffer.from('a\ud83da', 'utf16le'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 2 },
    },
  ],
  unwritable: [
    { name: 'no text', values: [], says: /one text, not 0/ },
    { name: 'two texts', values: ['a', 'b'], says: /one text, not 2/ },
    { name: 'a number', values: [4711], says: /type number/ },
    {
      name: 'a euro in latin1',
      options: { encoding: 'latin1' },
      values: ['9 €'],
      says: /"€" \(U\+20AC\), which latin1 cannot write/,
    },
    { name: 'an umlaut in ASCII', options: { encoding: 'ascii' }, values: ['Müller'], says: /"ü" \(U\+00FC\)/ },
    { name: 'a control in windows-1252', options: { encoding: 'windows-1252' }, values: ['\u0080'], says: /U\+0080/ },
    { name: 'U+FFFF in windows-1252', options: { encoding: 'windows-1252' }, values: ['\uffff'], says: /U\+FFFF/ },
    { name: 'half a pair', values: ['a\ud83d'], says: /half a character \(U\+D83D\)/ },
    { name: 'half a pair in UTF-16', options: { encoding: 'utf-16le' }, values: ['a\ude00'], says: /U\+DE00/ },
  ],
  roundTrips: [
    { name: 'UTF-8', values: text('binary') },
    { name: 'UTF-8 with a mark', options: { bom: true }, values: text('grapheme') },
    { name: 'UTF-16', options: { encoding: 'utf-16le' }, values: text('binary') },
    { name: 'latin1', options: { encoding: 'latin1' }, values: below(256) },
    { name: 'ASCII', options: { encoding: 'ascii' }, values: below(128) },
  ],
});

it('does not read windows-1252 where latin1 is asked for', () => {
  const { values } = readFields(format.options, { encoding: 'latin1' });
  expect(decoder.decodeWhole(Uint8Array.of(0x80), values)).toEqual([{ value: '\u0080', position: { offsetBytes: 0 } }]);
});
