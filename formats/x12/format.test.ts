// The x12 format: the kit.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { formatKit } from '@mortise/sdk/testing';
import type fc from 'fast-check';
import { decoder } from './decode.ts';
import { Definitions } from './definitions.ts';
import { encoder } from './encode.ts';
import { x12Error } from './errors.ts';
import format from './format.ts';
import { documentsOf } from './generated-documents.fixture.ts';

const order = readFileSync(new URL('fixtures/purchase-order.edi', import.meta.url), 'utf8');
const oneLine = order.replaceAll('\n', '');

const interchange = {
  authorizationQualifier: '00',
  authorization: '',
  securityQualifier: '00',
  security: '',
  senderQualifier: 'ZZ',
  sender: 'NORTHWIND',
  receiverQualifier: '01',
  receiver: '123456789',
  date: '260102',
  time: '0930',
  standard: 'U',
  version: '00401',
  controlNumber: '000000101',
  acknowledgmentRequested: '0',
  usage: 'P',
};
const group = {
  functionalCode: 'PO',
  sender: 'NORTHWIND',
  receiver: '123456789',
  date: '20260102',
  time: '0930',
  controlNumber: '101',
  agency: 'X',
  version: '004010',
};
const syntax = { element: '*', component: ':', terminator: '~', newline: '\n' };
const document = {
  BEG: { BEG01: '00', BEG02: 'SA', BEG03: 'PO-4711', BEG05: '20260102' },
  REF: [{ REF01: 'DP', REF02: '038' }],
  N1Loop: [
    {
      N1: { N101: 'ST', N102: 'Northwind Depot 7', N103: '92', N104: '0007' },
      N3: [{ N301: '12 Harbour Road' }],
      N4: [{ N401: 'Savannah', N402: 'GA', N403: '31401' }],
    },
  ],
  PO1Loop: [
    {
      PO1: { PO101: '1', PO102: '48', PO103: 'EA', PO104: '12.5', PO106: 'VN', PO107: 'AB-100', PO108: 'BP', PO109: '7001' },
      PIDLoop: [{ PID: { PID01: 'F', PID05: 'Bolt, steel' } }],
    },
    { PO1: { PO101: '2', PO102: '6', PO103: 'CA', PO104: '240', PO106: 'VN', PO107: 'AB-200' } },
  ],
  CTTLoop: { CTT: { CTT01: '2' } },
};
const position = { interchange: 1, group: 1, set: 1, offsetBytes: 161, line: 3 };
const value = { set: '850', interchange, group, transaction: { controlNumber: '0001' }, document, syntax, position };

/** A minimal value: what it lacks of its envelope is derived, or stands in the option. */
const minimal = {
  set: '850',
  interchange: { sender: 'A1', receiver: 'B1', date: '260102', time: '0930', controlNumber: '7' },
  group: { version: '004010' },
  document,
};

const ta1 =
  'ISA*00*          *00*          *ZZ*A              *ZZ*B              *260102*0930*^*00501*000000007*0*T*:~TA1*000000101*260102*0930*A*000~IEA*0*000000007~';

const definitions = new Definitions(undefined, undefined, undefined, 'positions');

/** Values as they come back when documents are written: with places and all that is derived. */
function writtenValues(set: string, version: string): fc.Arbitrary<readonly unknown[]> {
  const spec = definitions.set(version, set);
  if (!spec) throw new Error(`There is no ${set} in ${version}.`);
  const options = readFields(format.options, {}).values;
  const around = {
    set,
    interchange: { ...interchange, version: `0${version.slice(1, 5)}` },
    group: { ...group, functionalCode: spec.functionalCode, version },
  };
  return documentsOf(spec.root).map((made) =>
    decoder
      .decodeWhole(encoder.encodeWhole([{ ...around, document: made }], options), options)
      .map((decoded) => ('value' in decoded ? decoded.value : decoded.problem)),
  );
}

formatKit({
  format,
  decoder,
  encoder,
  folder: import.meta.dirname,
  errors: x12Error,
  files: {
    'edi/more.json': JSON.stringify({
      version: '004010',
      codes: { 92: ['SA', 'NE'] },
      elements: { 9001: 'tagText AN 1 10' },
      segments: { ZAP: { name: 'tag', elements: '9001!' } },
      sets: { '199': { group: 'ZZ', name: 'tags', parts: ['ZAP!*9'] } },
    }),
    'edi/wrong.json': JSON.stringify({ version: '004010', sets: { '199': { group: 'ZZ', name: 'x', parts: ['ZAP!*9'] } } }),
    'edi/acme.json': JSON.stringify({
      sets: {
        '850': {
          CUR: { used: false },
          REF: { min: 1, max: 2 },
          BEG: { elements: { '02': { codes: ['SA'] }, '06': { required: true } } },
          N1Loop: { parts: { N3: { max: 1 } } },
        },
      },
    }),
    'edi/loose.json': JSON.stringify({ sets: { '850': { BEG: { max: 2 } } } }),
  },
  samples: [
    {
      name: 'a purchase order',
      bytes: order,
      values: [value],
      positions: [{ offsetBytes: 161, line: 3, record: 1 }],
      regular: true,
    },
    {
      name: 'no line breaks',
      bytes: oneLine,
      values: [{ ...value, syntax: { ...syntax, newline: '' }, position: { ...position, offsetBytes: 159, line: 1 } }],
      regular: true,
    },
    {
      name: 'no line break at the end',
      bytes: order.trimEnd(),
      values: [{ ...value, syntax: { ...syntax, final: '' } }],
      regular: true,
    },
    {
      name: 'a byte order mark',
      bytes: `\ufeff${order}`,
      values: [{ ...value, syntax: { ...syntax, bom: true }, position: { ...position, offsetBytes: 164 } }],
      regular: true,
    },
    { name: 'other delimiters', bytes: order.replaceAll('*', '|').replaceAll('~\n', '\n'), regular: true },
    { name: 'indents and blank lines', bytes: order.replace('REF', '\n   REF'), regular: true },
    { name: 'unpadded', bytes: order.replace('NORTHWIND      ', 'NORTHWIND'), regular: true },
    { name: 'trailing separators', bytes: order.replace('038~', '038***~'), regular: true },
    { name: 'wrapped lines', bytes: oneLine.replace(/.{80}/g, '$&\r\n'), regular: true },
    { name: 'two interchanges', bytes: order + order.replaceAll('101', '102'), regular: true },
    { name: 'two groups of two sets', bytes: severalSets(), regular: true },
    {
      name: 'TA1, with a repetition separator',
      bytes: ta1,
      values: [
        {
          set: 'TA1',
          interchange: {
            ...withoutStandard({
              ...interchange,
              sender: 'A',
              receiver: 'B',
              receiverQualifier: 'ZZ',
              version: '00501',
              controlNumber: '000000007',
              usage: 'T',
            }),
          },
          document: { TA1: { TA101: '000000101', TA102: '260102', TA103: '0930', TA104: 'A', TA105: '000' } },
          syntax: { element: '*', component: ':', repetition: '^', terminator: '~', newline: '' },
          position: { interchange: 1, offsetBytes: 106, line: 1 },
        },
      ],
      regular: true,
    },
    { name: 'an interchange of nothing', bytes: order.replace(/GS[^]*GE.*\n/, '').replace('IEA*1', 'IEA*0'), regular: true },
    { name: 'a group of nothing', bytes: order.replace(/ST[^]*SE.*\n/, '').replace('GE*1', 'GE*0'), regular: true },
    {
      name: 'segments as they stand',
      options: { structure: 'segments' },
      bytes: order.replace('PO-4711', 'PO:4711:'),
      regular: true,
    },
    { name: 'a set that nobody defined', bytes: order.replace('ST*850', 'ST*199'), regular: true },
    {
      name: 'a set that the project defined',
      options: { definitions: 'edi/more.json', sets: ['199'] },
      bytes: order
        .replace(/ST[^]*SE/, 'ST*199*0001~\nZAP*a~\nZAP*b~\nSE')
        .replace('SE*11', 'SE*4')
        .replace('GS*PO', 'GS*ZZ'),
      regular: true,
    },
    { name: 'names', options: { keys: 'names', sets: ['850'] }, bytes: order, regular: true },
    { name: 'binary data', bytes: binarySet(), regular: true },
    {
      name: 'written by the shortest value',
      options: { sets: ['850'] },
      bytes: Buffer.from(encoder.encodeWhole([minimal], readFields(format.options, {}).values)),
      regular: true,
    },
    {
      name: 'a partner',
      options: { partner: 'edi/acme.json', sets: ['850'] },
      bytes: order.replace('**20260102', '**20260102*CX-1'),
      regular: true,
    },
    {
      name: 'findings in the value',
      options: { faults: 'value' },
      bytes: order.replace('SE*11', 'SE*12').replace('PO1*2', 'ZZZ*1~\nPO1*2'),
      regular: true,
    },
    { name: 'acknowledged', options: { acknowledge: '997', ta1: 'always', sets: ['850'], version: '004010' }, bytes: order },
    { name: 'nothing', bytes: '', values: [], regular: true },
  ],
  invalid: [
    {
      name: 'no interchange',
      bytes: `hello\n${order}`,
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0, line: 1, record: 1 },
      values: [{ ...value, position: { ...position, offsetBytes: 167, line: 4 } }],
      raw: 'hello\n',
    },
    {
      name: 'a required element that is missing',
      bytes: order.replace('PO-4711', ''),
      code: 'MORTISE_X12_SET',
      position: { offsetBytes: 184, line: 4, record: 1, segment: 'BEG', field: 'BEG03' },
      values: [],
    },
    {
      name: 'the second of two sets',
      bytes: order.replace('GE*1', 'ST*850*0002~\nBEG*00*SA*1**20260230~\nPO1**1*EA~\nSE*4*0002~\nGE*2'),
      code: 'MORTISE_X12_SET',
      position: { offsetBytes: 421, line: 15, record: 2, segment: 'BEG', field: 'BEG05' },
      values: [value],
      raw: 'ST*850*0002~\nBEG*00*SA*1**20260230~\nPO1**1*EA~\nSE*4*0002~\nGE*2*101~\nIEA*1*000000101~\n',
    },
    {
      name: 'all behind it, where one fault costs the file',
      options: { faults: 'file' },
      bytes: order.replace('SE*11', 'SE*12'),
      code: 'MORTISE_X12_SET',
      position: { offsetBytes: 386, line: 13, record: 1, segment: 'SE', field: 'SE01' },
    },
    {
      name: 'strictly, an ISA that is not padded',
      options: { noted: [], faults: 'file' },
      bytes: order.replace('NORTHWIND      ', 'NORTHWIND'),
      code: 'MORTISE_X12_ENVELOPE',
      position: { offsetBytes: 0, line: 1, record: 1, segment: 'ISA', field: 'ISA06' },
    },
    {
      name: 'an interchange that ends too early',
      options: { faults: 'file' },
      bytes: order.slice(0, 300),
      code: 'MORTISE_X12_SET',
      position: { offsetBytes: 300, line: 9, record: 1, segment: 'SE' },
    },
    {
      name: 'a set that is too long',
      options: { setBytesMax: '200B', faults: 'file' },
      bytes: order.replace('Bolt', 'Bolt'.repeat(60)),
      code: 'MORTISE_FORMAT_LIMIT',
      position: { offsetBytes: 161, line: 3, record: 1 },
    },
    {
      name: 'definitions that do not fit together',
      options: { definitions: 'edi/wrong.json' },
      bytes: order.replace('ST*850', 'ST*199'),
      code: 'MORTISE_X12_DEFINITION',
      position: {},
    },
    {
      name: 'a partner that loosens',
      options: { partner: 'edi/loose.json' },
      bytes: order,
      code: 'MORTISE_X12_DEFINITION',
      position: {},
    },
    {
      name: 'bytes that are no text',
      options: { faults: 'file' },
      bytes: Buffer.from(order.replace('Harbour', 'H\xe4fen'), 'latin1'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 255, line: 3, record: 1 },
    },
  ],
  unwritable: [
    { name: 'no object', values: [1], says: /The value is of type number/ },
    {
      name: 'no control number',
      values: [{ ...minimal, interchange: { ...minimal.interchange, controlNumber: undefined } }],
      says: /controlNumber is missing/,
    },
    {
      name: 'a delimiter',
      values: [{ ...minimal, document: { ...document, REF: [{ REF01: 'DP', REF02: 'a*b' }] } }],
      says: /REF02 is "a\*b", which has the delimiter "\*"/,
    },
    {
      name: 'a property too many',
      values: [{ ...minimal, document: { ...document, XYZ: {} } }],
      says: /document\/XYZ is nothing that stands there/,
    },
    {
      name: 'an element too many',
      values: [{ ...minimal, document: { ...document, BEG: { ...document.BEG, BEG99: 'x' } } }],
      says: /BEG99 is no element of BEG/,
    },
    {
      name: 'a required segment that is missing',
      values: [{ ...minimal, document: { BEG: document.BEG } }],
      says: /PO1.* is missing/,
    },
    {
      name: 'an element that is too long',
      values: [{ ...minimal, document: { ...document, BEG: { ...document.BEG, BEG03: 'x'.repeat(23) } } }],
      says: /BEG03 is "x+"; expected a text of 1 to 22/,
    },
    {
      name: 'a sender that is too long',
      values: [{ ...minimal, interchange: { ...minimal.interchange, sender: 'x'.repeat(16) } }],
      says: /interchange\.sender|group\.sender/,
    },
    {
      name: 'a time that is none',
      values: [{ ...minimal, interchange: { ...minimal.interchange, at: 'yesterday' } }],
      says: /interchange\.at is "yesterday"; expected a time/,
    },
    { name: 'equal delimiters', options: { syntax: { element: '~' } }, values: [minimal], says: /are the same/ },
    { name: 'a set without definition', values: [{ ...minimal, set: '999' }], says: /no definition/ },
    {
      name: 'a segment of the envelope',
      values: [{ ...minimal, document: undefined, segments: [['SE', '1']] }],
      says: /which the envelope brings/,
    },
    {
      name: 'a character that the encoding has not',
      options: { encoding: 'ascii' },
      values: [{ ...minimal, document: { ...document, REF: [{ REF01: 'DP', REF02: 'ü' }] } }],
      says: /"ü" \(U\+00FC\)/,
    },
  ],
  roundTrips: [
    { name: '850 in 004010', values: writtenValues('850', '004010') },
    { name: '856 in 005010', values: writtenValues('856', '005010') },
  ],
  load: {
    options: { structure: 'segments' },
    value: (index) => ({
      ...minimal,
      set: '199',
      group: { version: '004010', functionalCode: 'ZZ' },
      transaction: { controlNumber: String(index).padStart(9, '0') },
      document: undefined,
      segments: Array.from({ length: 1000 + (index % 99) }, () => [
        'ZAP',
        'a line of text that is as long as many lines are',
        '4711',
        '12.50',
      ]),
    }),
  },
});

function withoutStandard({ standard: _standard, ...rest }: typeof interchange): Omit<typeof interchange, 'standard'> {
  return rest;
}

function severalSets(): string {
  const set = /ST[^]*SE.*\n/.exec(order)?.[0] ?? '';
  const sets = set + set.replaceAll('0001~', '0002~');
  return order
    .replace(set, sets)
    .replace('GE*1*101~\n', `GE*2*101~\nGS*PO*NORTHWIND*123456789*20260102*0930*102*X*004010~\n${sets}GE*2*102~\n`)
    .replace('IEA*1', 'IEA*2');
}

function binarySet(): Uint8Array {
  const data = Buffer.from([0, 0x7e, 0x0a, 0x2a, 0xff, 0xfe, 0x7e, 0x53, 0x45]);
  const [before = '', behind = ''] = order
    .replace('ST*850', 'ST*841')
    .replace(/BEG[^]*CTT.*\n/, 'SPI*00~\n@')
    .replace('SE*11', 'SE*4')
    .split('@');
  return Buffer.concat([Buffer.from(`${before}BIN*${data.length}*`), data, Buffer.from(`~\n${behind}`)]);
}
