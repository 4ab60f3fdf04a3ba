// The multipart format: the kit, bodies that other programs made, and headers that mean harm.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindFormat, bindOptions, readFields } from '@mortise/sdk';
import { formatKit, loadFormat, noiseText, optionSupply } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const names = ['csv', 'json', 'text', 'binary', 'multipart'];
const inner = await Promise.all(names.map((name) => loadFormat(join(import.meta.dirname, '..', name))));

const texts = { parts: [{ format: 'text' }] };
const mixed = { kind: 'mixed', ...texts };
const form = {
  parts: [
    { name: 'order', format: 'json' },
    { contentType: 'text/csv', format: { csv: { delimiter: ';' } } },
  ],
};
/** Two parts in a body of kind mixed: the headers of the first, then its content. */
const body = (headers: string, content = 'x'): string => `--b\r\n${headers}\r\n${content}\r\n--b\r\n\r\ny\r\n--b--\r\n`;
const hostile = (name: string, headers: string, position = { offsetBytes: 5, record: 1 }) => ({
  name,
  options: mixed,
  bytes: body(headers),
  code: 'MORTISE_FORMAT_SYNTAX',
  position,
  values: [{ content: 'y' }],
});

formatKit({
  format,
  decoder,
  encoder,
  inner,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'form data as fetch sends it',
      options: form,
      bytes: fixture('form-data.bin'),
      values: [
        { name: 'order', content: { id: 4711 } },
        { name: 'file "a"', filename: 'märz.csv', contentType: 'text/csv', content: [{ id: '1', qty: '2' }] },
      ],
    },
    {
      name: 'parts that Python wrote, one in Base64',
      options: {
        kind: 'related',
        parts: [
          { contentType: 'text/*', format: 'text' },
          { contentType: 'application/pdf', format: 'binary' },
        ],
      },
      bytes: fixture('python-related.bin'),
      values: [
        { contentType: 'text/xml; charset="us-ascii"', headers: { 'mime-version': '1.0' }, content: '<order id="4711"/>' },
        {
          filename: 'order.pdf',
          disposition: 'attachment',
          contentType: 'application/pdf',
          headers: { 'mime-version': '1.0', 'content-id': '<p1>' },
          content: new Uint8Array(Buffer.from('\0\u0001PDF')),
        },
      ],
    },
    {
      name: 'something before and behind',
      options: { ...mixed, boundary: 'b' },
      bytes: `This is MIME.\r\n${body('')}behind --b`,
      values: [{ content: 'x' }, { content: 'y' }],
    },
    {
      name: 'what looks like a boundary',
      options: mixed,
      bytes: body('', '--b\r\n--bc\r\n-- b\r\n\r\n--').replace('--b\r\n--bc', '.--b\r\n--bc'),
      values: [{ content: '.--b\r\n--bc\r\n-- b\r\n\r\n--' }, { content: 'y' }],
    },
    {
      name: 'white space behind a boundary, and headers over two lines',
      options: mixed,
      bytes: '--b  \r\nX-A: 1\r\n  2\r\n\r\nx\r\n--b--',
      values: [{ headers: { 'x-a': '1 2' }, content: 'x' }],
    },
    {
      name: 'a file name in RFC 8187',
      options: mixed,
      bytes: body("Content-Disposition: attachment; filename=a.txt; filename*=UTF-8''na%C3%AFve.txt\r\n"),
      values: [{ disposition: 'attachment', filename: 'naïve.txt', content: 'x' }, { content: 'y' }],
    },
    {
      name: 'written',
      options: form,
      values: [
        { name: 'order', content: [1] },
        { name: 'o"\r\n', filename: 'ü.csv', contentType: 'text/csv', headers: { 'x-a': 'b' }, content: [{ a: '1' }] },
      ],
      regular: true,
    },
    {
      name: 'parts in a part',
      options: { kind: 'mixed', parts: [{ format: { multipart: { ...mixed, boundary: 'inner' } } }] },
      values: [{ contentType: 'multipart/mixed; boundary=inner', content: [{ content: 'x' }] }],
      regular: true,
    },
    { name: 'an empty part', options: mixed, values: [{ content: '' }], regular: true },
  ],
  invalid: [
    { name: 'no multipart', options: mixed, bytes: 'hello', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 0 } },
    { name: 'no bytes', options: mixed, bytes: '', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 0 } },
    {
      name: 'cut off',
      options: mixed,
      bytes: body('').slice(0, -5),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 22 },
    },
    {
      name: 'a part that is too long',
      options: { ...mixed, partBytesMax: '64B' },
      bytes: body('', 'x'.repeat(99)),
      code: 'MORTISE_FORMAT_LIMIT',
      position: {},
    },
    { name: 'too many parts', options: { ...mixed, partsMax: 1 }, bytes: body(''), code: 'MORTISE_FORMAT_LIMIT', position: {} },
    hostile('a line that is no header', 'X\r\n'),
    hostile('a header twice', 'X: 1\r\nx: 2\r\n'),
    hostile('a control character', 'X: a\u0000b\r\n'),
    hostile('a folder in a file name', 'Content-Disposition: attachment; filename="../../etc/passwd"\r\n'),
    hostile('a disposition that cannot be read', 'Content-Disposition: attachment; filename="a\r\n'),
    hostile('a parameter twice', 'Content-Disposition: attachment; name=a; name=b\r\n'),
    hostile('a disposition of no type', 'Content-Disposition: a(b)\r\n'),
    hostile('too many headers', Array.from({ length: 101 }, (_, index) => `x-${index}: 1\r\n`).join('')),
    hostile('too long headers', `X: ${'x'.repeat(20_000)}\r\n`),
    hostile('an unknown transfer encoding', 'Content-Transfer-Encoding: quoted-printable\r\n'),
    hostile('what is no Base64', 'Content-Transfer-Encoding: base64\r\n'),
    {
      ...hostile('a part that fits nothing', 'Content-Type: image/png\r\n'),
      options: { kind: 'mixed', parts: [{ contentType: 'text/plain', format: 'text' }] },
    },
    {
      name: 'a part of form data without a name',
      options: texts,
      bytes: body('Content-Disposition: form-data; name=a\r\n'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 55, record: 2 },
      values: [{ name: 'a', content: 'x' }],
    },
  ],
  unwritable: [
    { name: 'no parts', options: mixed, values: [], says: /at least one part/ },
    { name: 'no content', options: mixed, values: [{}], says: /an object with its content/ },
    { name: 'another property', options: mixed, values: [{ content: '', file: 1 }], says: /has "file"/ },
    { name: 'a header that is no text', options: mixed, values: [{ content: '', headers: { a: 1 } }], says: /is no text/ },
    {
      name: 'a header with a line end',
      options: mixed,
      values: [{ content: '', headers: { a: 'b\r\nc: d' } }],
      says: /has a header "a" that is none/,
    },
    {
      name: 'a header in upper case',
      options: mixed,
      values: [{ content: '', headers: { A: 'b' } }],
      says: /has to be in lower case/,
    },
    {
      name: 'a content type with a line end',
      options: mixed,
      values: [{ content: '', contentType: 'a\r\nb' }],
      says: /"Content-Type" that is none/,
    },
    { name: 'no name', options: texts, values: [{ content: '' }], says: /has no name/ },
    { name: 'a name that means another', options: texts, values: [{ name: 'a%22', content: '' }], says: /read as another/ },
    {
      name: 'a folder in a file name',
      options: texts,
      values: [{ name: 'a', filename: 'a/b', content: '' }],
      says: /with folders in it/,
    },
    {
      name: 'a disposition that is none',
      options: mixed,
      values: [{ disposition: 'a b', content: '' }],
      says: /a word in lower case/,
    },
    {
      name: 'the boundary in the content',
      options: { ...mixed, boundary: 'b' },
      values: [{ content: 'a\r\n--b' }],
      says: /has the boundary in its content/,
    },
    {
      name: 'a part that fits nothing',
      options: { parts: [{ name: 'b', format: 'text' }] },
      values: [{ name: 'a', content: '' }],
      says: /fits none of "parts"/,
    },
    {
      name: 'records that are none',
      options: { parts: [{ format: 'csv' }] },
      values: [{ name: 'a', content: 'b' }],
      says: /expected an array of records/,
    },
  ],
  roundTrips: [
    {
      name: 'names and contents of any characters',
      options: texts,
      values: fc.array(
        fc.record(
          {
            name: fc
              .string({ unit: fc.constantFrom('a', '"', '\\', '\r', '\n', 'ü', ';', '=', ' ', '%') })
              .filter((name) => !/%(22|0D|0A)/.test(name)),
            content: fc.string({ unit: fc.constantFrom('\r', '\n', '-', '--', 'a', 'ü') }),
          },
          { noNullPrototype: true },
        ),
        { minLength: 1, maxLength: 4 },
      ),
    },
  ],
  load: { options: { ...texts, partsMax: 1_000_000 }, value: (at) => ({ name: `part-${at}`, content: noiseText(at, 4000) }) },
});

it('names its boundary in the content type', () => {
  const { values } = readFields(format.options, { ...mixed, boundary: 'b' });
  const options = bindOptions(format.options, values, optionSupply(inner)).values;
  expect(bindFormat('multipart', { declaration: format, decoder, encoder }, options).contentType).toBe(
    'multipart/mixed; boundary="b"',
  );
});
