// The edifact format: the kit, with what is read, refused and written.

import { readFileSync } from 'node:fs';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import { documents } from './documents.fixture.ts';
import { edifactError } from './errors.ts';
import format from './format.ts';
import { interchangeOf, orders } from './samples.fixture.ts';

const una = "UNA:+.? '";
const unb = "UNB+UNOC:3+A+B+261126:1421+R1'";
const syntax = { separators: ":+.? '", una: true, breaks: '' };
const interchange = {
  syntax: { identifier: 'UNOC', version: '3' },
  sender: { id: 'A' },
  recipient: { id: 'B' },
  prepared: { date: '261126', time: '1421' },
  reference: 'R1',
};
const message = { reference: 'M1', type: 'ORDERS', version: 'D', release: '96A', agency: 'UN' };
const unh = "UNH+M1+ORDERS:D:96A:UN'";
const one = (segments: string, count: number) => `${una}${unb}${unh}${segments}UNT+${count}+M1'UNZ+1+R1'`;
const value = (segments: readonly unknown[]) => ({
  syntax,
  interchange: { ...interchange, ends: true },
  message: { number: 1, ...message },
  segments,
});

const text = fc.string({ unit: fc.constantFrom('?', "'", '+', ':', '*', ' ', 'a', 'ü', '\n', '1'), maxLength: 6 });
const filled = text.filter((one) => one !== '');
const components = fc.tuple(fc.array(text, { minLength: 1, maxLength: 3 }), filled).map(([some, last]) => [...some, last]);
const repeats = fc.array(fc.oneof(filled, components), { minLength: 2, maxLength: 3 }).map((repeat) => ({ repeat }));
const segment = (element: fc.Arbitrary<unknown>) =>
  fc.record(
    { tag: fc.constantFrom('BGM', 'NAD', 'FTX', 'X1Y'), elements: fc.array(element, { maxLength: 4 }) },
    { noNullPrototype: true },
  );
const values = (element: fc.Arbitrary<unknown>, version: string, separators: string) =>
  fc.array(fc.array(segment(element), { maxLength: 4 }), { minLength: 1, maxLength: 3 }).map((messages) =>
    messages.map((segments, index) => ({
      syntax: { ...syntax, separators },
      interchange: {
        ...interchange,
        syntax: { identifier: 'UNOC', version },
        ...(index === messages.length - 1 ? { ends: true } : {}),
      },
      message: { number: index + 1, ...message },
      segments,
    })),
  );

formatKit({
  format,
  decoder,
  encoder,
  errors: edifactError,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'positions, as they are written',
      bytes: one("NAD+BY+541::9++x:y:z'NAD+SU++'RFF+VA:1:'", 5),
      values: [
        value([
          { tag: 'NAD', elements: ['BY', ['541', '', '9'], '', ['x', 'y', 'z']] },
          { tag: 'NAD', elements: ['SU', '', ''] },
          { tag: 'RFF', elements: [['VA', '1', '']] },
        ]),
      ],
      positions: [{ offsetBytes: 39, line: 1, record: 1, segment: 'UNH' }],
      regular: true,
    },
    {
      name: 'releases before every service character, also at the end',
      bytes: one("FTX+a?+b?:c?'d???'+??'", 3),
      values: [value([{ tag: 'FTX', elements: ["a+b:c'd?'", '?'] }])],
      regular: true,
    },
    { name: 'an order, by lines', bytes: readFileSync(new URL('fixtures/orders.edi', import.meta.url)), regular: true },
    { name: 'an order by its groups', options: { shape: 'groups' }, bytes: interchangeOf([orders(1, 3)]), regular: true },
    {
      name: 'a schema of one message',
      options: { shape: 'groups', messages: ['ORDERS:D:96A', 'INVOIC:D:01B'], check: 'codes', acknowledge: true },
      bytes: interchangeOf([orders(1, 2), orders(2, 1)]),
    },
    { name: 'groups of messages', bytes: readFileSync(new URL('fixtures/groups.edi', import.meta.url)), regular: true },
    {
      name: 'no UNA, version 4, a repetition',
      bytes: "UNB+UNOY:4+A+B+20261126:1421+R1'UNH+M1+ORDERS:D:96A:UN'ABC+a*b:c+1'UNT+3+M1'UNZ+1+R1'",
      values: [
        {
          ...value([{ tag: 'ABC', elements: [{ repeat: ['a', ['b', 'c']] }, '1'] }]),
          syntax: { separators: ":+.?*'", una: false, breaks: '' },
          interchange: {
            ...interchange,
            syntax: { identifier: 'UNOY', version: '4' },
            prepared: { date: '20261126', time: '1421' },
            ends: true,
          },
        },
      ],
      regular: true,
    },
    {
      name: 'a message without an interchange',
      bytes: "UNH+M1+ORDERS:D:96A:UN'\r\nBGM+220'\r\nUNT+3+M1'\r\n",
      values: [
        {
          syntax: { separators: ":+.? '", una: false, breaks: '\r\n' },
          message: { number: 1, ...message },
          segments: [{ tag: 'BGM', elements: ['220'] }],
        },
      ],
      regular: true,
    },
    {
      name: 'the separators of level B',
      bytes:
        'UNB\u001dUNOB\u001f1\u001dA\u001dB\u001d261126\u001f1421\u001dR1\u001cUNH\u001dM1\u001dORDERS\u001fD\u001f96A\u001fUN\u001cUNT\u001d2\u001dM1\u001cUNZ\u001d1\u001dR1\u001c',
      regular: true,
    },
    { name: 'line ends for terminators', bytes: `${unb}${unh}UNT+2+M1'UNZ+1+R1'`.replaceAll("'", '\n'), regular: true },
    {
      name: 'letters of ISO 8859-5',
      bytes: Buffer.from(`${unb.replace('UNOC', 'UNOE')}${unh}FTX+\u00bc\u00d8\u00e0?+'UNT+3+M1'UNZ+1+R1'`, 'latin1'),
      regular: true,
    },
    { name: 'UTF-8 behind a byte order mark', bytes: `\ufeff${one("FTX+Größe?'s'", 3)}`, regular: true },
    {
      name: 'padding, line breaks of all kinds, and releases that nobody needs',
      bytes: `  ${una}\n ${unb}\r\n${unh}\n\tBGM+?220'\nUNT+03+M1'  UNZ+1+R1'\n\n `,
      regular: true,
    },
    { name: 'a wrong count that is kept', options: { faults: 'keep' }, bytes: one("BGM+220'", 9), regular: true },
    {
      name: 'an interchange that is cut off, kept',
      options: { faults: 'keep' },
      bytes: `${unb}${unh}BGM+220'DTM+1`,
      regular: true,
    },
    { name: 'nothing', bytes: '', values: [], regular: true },
  ],
  invalid: [
    { name: 'no EDIFACT', bytes: 'DOC+01=x', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 0 } },
    {
      name: 'the same character twice in UNA',
      bytes: "UNA::.? 'UNB+",
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0, segment: 'UNA' },
    },
    {
      name: 'a wrong count',
      bytes: `${unb}${unh}BGM+220'UNT+4+M1'UNH+M2+ORDERS:D:96A:UN'UNT+2+M2'UNZ+2+R1'`,
      code: 'MORTISE_EDIFACT_ENVELOPE',
      position: { offsetBytes: 61, line: 1, record: 1, segment: 'UNT', field: '1' },
      values: [
        {
          syntax: { ...syntax, una: false },
          interchange: { ...interchange, ends: true },
          message: { number: 2, ...message, reference: 'M2' },
          segments: [],
        },
      ],
      raw: `${unh}BGM+220'UNT+4+M1'`,
    },
    {
      name: 'a segment that does not belong there',
      options: { check: 'structure' },
      bytes: one("BGM+220'DTM+137:20261126:102'UNS+S'LIN+1'", 6),
      code: 'MORTISE_EDIFACT_STRUCTURE',
      position: { offsetBytes: 97, line: 1, record: 1, segment: 'LIN' },
      values: [],
      raw: `${unh}BGM+220'DTM+137:20261126:102'UNS+S'LIN+1'UNT+6+M1'`,
    },
    {
      name: 'an element that is too long',
      options: { check: 'structure' },
      bytes: one("BGM+2200'DTM+137:20261126:102'UNS+S'", 5),
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 62, line: 1, record: 1, segment: 'BGM', field: '1.1' },
      values: [],
    },
    {
      name: 'a message that nobody expects',
      options: { messages: ['INVOIC'] },
      bytes: one("BGM+220'", 3),
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 39, line: 1, record: 1, segment: 'UNH', field: '2.1' },
      values: [],
    },
    {
      name: 'a message without a definition',
      options: { shape: 'groups' },
      bytes: one('', 2).replace('ORDERS', 'CUSCAR'),
      code: 'MORTISE_EDIFACT_DIRECTORY',
      position: { offsetBytes: 39, line: 1, record: 1, segment: 'UNH' },
      values: [],
    },
    {
      name: 'bytes that are no text',
      bytes: Buffer.from(one("FTX+\u00fc'", 3).replace('UNOC', 'UNOA'), 'latin1'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 66, line: 1, record: 1, segment: 'FTX' },
      values: [],
    },
    {
      name: 'the whole file, for a fault',
      options: { faults: 'file' },
      bytes: one("BGM+220'", 4),
      code: 'MORTISE_EDIFACT_ENVELOPE',
      position: { offsetBytes: 70, line: 1, record: 1, segment: 'UNT', field: '1' },
    },
    {
      name: 'a message that is too long',
      options: { messageBytesMax: '100B' },
      bytes: one(`FTX+${'x'.repeat(200)}'`, 3),
      code: 'MORTISE_FORMAT_LIMIT',
      position: { offsetBytes: 39, line: 1 },
    },
    {
      name: 'more segments than a message may have',
      options: { segmentsMax: 3 },
      bytes: one("BGM+1'BGM+2'", 4),
      code: 'MORTISE_FORMAT_LIMIT',
      position: { offsetBytes: 39, line: 1 },
    },
  ],
  unwritable: [
    { name: 'no message', values: [{ segments: [] }], says: /message is a undefined; expected an object/ },
    { name: 'no type', values: [{ message: { reference: '1' }, segments: [] }], says: /UNH has no message type/ },
    { name: 'no segments', values: [{ message }], says: /neither "body" nor a list "segments"/ },
    { name: 'no tag', values: [{ message, segments: [{ tag: 'bgm' }] }], says: /three capital letters/ },
    { name: 'an object for an element', values: [{ message, segments: [{ tag: 'BGM', elements: [{}] }] }], says: /"repeat"/ },
    {
      name: 'a repetition before version 4',
      values: [{ message, segments: [{ tag: 'BGM', elements: [{ repeat: ['1', '2'] }] }] }],
      says: /expected version 4/,
    },
    {
      name: 'a character that the syntax identifier has not',
      values: [{ ...value([{ tag: 'FTX', elements: ['Ж'] }]) }],
      says: /U\+0416/,
    },
    {
      name: 'no reference',
      options: { envelope: { sender: 'A', recipient: 'B' } },
      values: [{ message, segments: [] }],
      says: /UNB has no/,
    },
    {
      name: 'what a tree has no place for',
      options: { shape: 'groups' },
      values: [{ message, body: { BGM: { E1004: '1', E9999: 'x' } } }],
      says: /body\.BGM has "E9999"/,
    },
    {
      name: 'a tree that lacks a segment',
      options: { shape: 'groups' },
      values: [{ message, body: {} }],
      says: /BGM is missing/,
    },
    {
      name: 'separators that are none',
      values: [{ syntax: { separators: 'abc' }, message, segments: [] }],
      says: /six characters/,
    },
  ],
  roundTrips: [
    { name: 'messages', values: values(fc.oneof(text, components), '3', ":+.? '") },
    { name: 'messages of version 4', values: values(fc.oneof(text, components, repeats), '4', ":+.?*'") },
    {
      name: 'messages with other separators',
      values: values(fc.oneof(text, components), '3', '1*,a \n'.replace('1', ';').replace('a', '!')),
    },
    ...(
      [
        ['ORDERS', 'D.96A'],
        ['DESADV', 'D.96A'],
        ['APERAK', 'D.96A'],
        ['INVOIC', 'D.01B'],
        ['PRICAT', 'D.01B'],
        ['IFTMIN', 'D.01B'],
      ] as const
    ).map(([type, directory]) => ({
      name: `documents by the definition of ${type} ${directory}`,
      options: { shape: 'groups', check: 'codes' },
      values: documents(type, directory),
    })),
  ],
  load: {
    value: (index) => ({
      syntax,
      interchange,
      message: { number: index + 1, ...message, reference: `${index}` },
      segments: [
        { tag: 'BGM', elements: ['220', `${index}`, '9'] },
        ...Array.from({ length: 20 }, () => ({ tag: 'FTX', elements: ['AAI', '', '', ['x'.repeat(400), 'y'.repeat(400)]] })),
      ],
    }),
  },
});
