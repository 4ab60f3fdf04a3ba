// The copybook format: the kit, records of all framings, choices, families, totals, and laws for all values and all bytes.

import { readFileSync, readdirSync } from 'node:fs';
import { characterEncodings } from '@mortise/sdk';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import { copybookError } from './errors.ts';
import format from './format.ts';

const fixtures = new URL('fixtures/', import.meta.url);
const written: Record<string, string> = {
  'one.cpy': '01 R. 05 N PIC 9(3). 05 T PIC X(2).',
  'signed.cpy': '01 R. 05 Z PIC S9(3). 05 P PIC S9(3) COMP-3. 05 U PIC 9(2).',
  'loop.cpy': 'COPY loop.',
  'outside.cpy': 'COPY "../secret.cpy".',
  'missing.cpy': 'COPY nowhere.',
  'broken.cpy': "01 R. 05 A PIC X VALUE 'a.",
  'words.cpy': '01 R. 05 A PIC X SOMETIMES.',
  'picture.cpy': '01 R. 05 A PIC 9Q.',
  'usage.cpy': '01 R. 05 A PIC X(3) COMP-3.',
  'counter.cpy': '01 R. 05 T PIC X OCCURS 1 TO 3 DEPENDING ON N.',
  'redefines.cpy': '01 R. 05 A PIC X. 05 B REDEFINES C PIC X.',
  'empty.cpy': '       * nothing',
  'ways.cpy': '01 R. 05 K PIC X. 05 A PIC X(4). 05 B REDEFINES A PIC 9(4). 05 C REDEFINES A. 10 C1 PIC 9(2). 10 C2 PIC X(2).',
  'length.cpy': '01 R. 05 L PIC 9(2). 05 T PIC X OCCURS 1 TO 9 DEPENDING ON L.',
  'long.cpy': '01 R. 05 T PIC X(40).',
  'sync.cpy': '01 R. 05 A PIC X. 05 B PIC S9(4) COMP SYNC. 05 G OCCURS 2. 10 C PIC X. 10 D PIC S9(9) COMP SYNC.',
  'deep.cpy': '01 R. 05 G OCCURS 2. 10 N PIC 9.',
  'fill.cpy': '01 R. 05 A PIC 9. 05 FILLER PIC X(2). 05 FILLER. 10 B PIC X.',
  'mixed.cpy': '01 R. 05 M PIC X(8). 05 G PIC G(2). 05 N PIC X(2).',
};
const files: Record<string, string | Uint8Array> = {
  ...written,
  ...Object.fromEntries(readdirSync(fixtures).map((name) => [name, readFileSync(new URL(name, fixtures))])),
};

const ebcdic = (text: string): Uint8Array => characterEncodings['ebcdic-037'].encode(text) ?? new Uint8Array();
const bytes = (...parts: readonly (string | Uint8Array | number)[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? ebcdic(part) : typeof part === 'number' ? Uint8Array.of(part) : part)),
  );
const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const ascii = (copybook: string, more: object = {}): Record<string, unknown> => ({ copybook, encoding: 'ascii', ...more });
const lines = (copybook: string, more: object = {}): Record<string, unknown> =>
  ascii(copybook, { recordFormat: 'lines', ...more });

const account = { copybook: 'account.cpy', recordFormat: 'v' };
const accountBytes = bytes(
  hex('0036 0000'),
  '00004711Müller      C',
  hex('001234567D 000000C8'),
  '   ',
  hex('0001'),
  '20261130001234N',
  hex('0027 0000'),
  '00004712Smith       S',
  hex('000000000C 00000000'),
  '   ',
  hex('0000'),
);
const accounts = [
  {
    'ACCOUNT-NUMBER': 4711,
    OWNER: 'Müller',
    KIND: 'C',
    BALANCE: '-12345.67',
    RATE: '0.0200',
    'MOVEMENT-COUNT': 1,
    MOVEMENT: [{ 'BOOKED-ON': 20261130, AMOUNT: '-123.45' }],
  },
  { 'ACCOUNT-NUMBER': 4712, OWNER: 'Smith', KIND: 'S', BALANCE: '0.00', RATE: '0.0000', 'MOVEMENT-COUNT': 0, MOVEMENT: [] },
];

const choose = [
  { take: 'FILE-HEADER', field: 'RECORD-TYPE', is: ['H'] },
  { take: 'ORDER-HEADER', field: 'RECORD-TYPE', is: ['O'] },
  { take: 'ORDER-LINE', field: 'RECORD-TYPE', is: ['L'], under: 'ORDER-HEADER' },
  { take: 'FILE-TRAILER', field: 'RECORD-TYPE', is: ['T'] },
];
const totals = [
  { record: 'FILE-TRAILER', field: 'LINE-COUNT', of: 'ORDER-LINE' },
  { record: 'FILE-TRAILER', field: 'PRICE-TOTAL', of: 'ORDER-LINE', sum: 'PRICE' },
];
const orders = lines('orders.cpy', { choose, totals });
const orderValues = [
  { 'FILE-HEADER': { 'RECORD-TYPE': 'H', SENDER: 'WEST' } },
  {
    'ORDER-HEADER': {
      'RECORD-TYPE': 'O',
      'ORDER-NUMBER': 1,
      'ORDER-LINE': [
        { 'RECORD-TYPE': 'L', SKU: 'CUP', PRICE: '1.50' },
        { 'RECORD-TYPE': 'L', SKU: 'POT', PRICE: '-0.25' },
      ],
    },
  },
  { 'ORDER-HEADER': { 'RECORD-TYPE': 'O', 'ORDER-NUMBER': 2 } },
  { 'FILE-TRAILER': { 'RECORD-TYPE': 'T', 'LINE-COUNT': 2, 'PRICE-TOTAL': '1.25' } },
];
const waysBy = {
  ...ascii('ways.cpy'),
  choose: [{ take: 'B', field: 'K', is: ['N'] }, { take: 'C', field: 'K', is: ['C'] }, { take: 'A' }],
};

const text = (width: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^([A-Za-z0-9]{0,${width - 1}}[A-Za-z0-9])?$`));
const integer = (digits: number, sign = true): fc.Arbitrary<number | string> =>
  fc
    .bigInt({ min: sign ? -(10n ** BigInt(digits)) + 1n : 0n, max: 10n ** BigInt(digits) - 1n })
    .map((number) => (Number.isSafeInteger(Number(number)) ? Number(number) : String(number)));
const decimal = (digits: number, scale: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n }).map((number) => {
    const all = (number < 0n ? -number : number).toString().padStart(scale + 1, '0');
    return `${number < 0n ? '-' : ''}${all.slice(0, -scale)}.${all.slice(-scale)}`;
  });
const plain = { noNullPrototype: true } as const;
const everything = fc.record(
  {
    'NUM-ZONED': fc.option(decimal(7, 2)),
    'NUM-LEADING': fc.option(integer(4)),
    'NUM-SEPARATE': fc.option(integer(4)),
    'NUM-LONG': decimal(28, 3),
    'NUM-PACKED': decimal(7, 2),
    'NUM-PACKED-LONG': integer(20),
    'NUM-UNSIGNED': integer(4, false),
    'NUM-SHORT': integer(4),
    'NUM-EIGHT': integer(18),
    'NUM-NATIVE': fc.nat(4_294_967_295),
    'NUM-SCALED': fc.integer({ min: -9999, max: 9999 }).map((number) => number * 100 + 0),
    'NUM-FRACTION': fc
      .integer({ min: -999, max: 999 })
      .map((number) => (number / 100_000).toFixed(5).replace('-0.00000', '0.00000')),
    'NUM-SINGLE': fc.constantFrom(0, 1, -1.5, 0.15625, 65_536.25),
    'NUM-DOUBLE': fc.double({ min: -1e60, max: 1e60, noNaN: true }).map((number) => (Math.abs(number) < 1e-60 ? 0 : number)),
    'NUM-BLANK': fc.nat(999),
    'TEXT-LEFT': text(6),
    'TEXT-RIGHT': text(6),
    'NATIONAL-TEXT': text(4),
    'EDITED-AMOUNT': decimal(6, 2),
    'EDITED-COUNT': fc.nat(99_999),
    'ADDRESS-OF': fc.stringMatching(/^[0-9a-f]{8}$/),
    'TABLE-ONE': fc.array(fc.record({ CELL: fc.array(fc.option(fc.nat(99)), { minLength: 3, maxLength: 3 }) }, plain), {
      minLength: 2,
      maxLength: 2,
    }),
    PLAIN: fc.stringMatching(/^[A-Z]{4}$/),
  },
  plain,
);
const list = (one: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> => fc.array(one, { maxLength: 4 });
const movement = fc.record({ 'BOOKED-ON': fc.nat(99_999_999), AMOUNT: decimal(7, 2) }, plain);
const anAccount = fc
  .record(
    {
      'ACCOUNT-NUMBER': fc.nat(99_999_999),
      OWNER: text(12),
      KIND: fc.constantFrom('C', 'S'),
      BALANCE: decimal(9, 2),
      RATE: decimal(4, 4).map((rate) => rate.replace(/^-?0\.0000$/, '0.0000')),
      MOVEMENT: fc.array(movement, { maxLength: 3 }),
    },
    plain,
  )
  .map((one) => ({ ...one, 'MOVEMENT-COUNT': one.MOVEMENT.length }));
const framings = ['v', 'vb', 'vbs', 'microfocus', 'content'].map((recordFormat) => ({
  name: `accounts, ${recordFormat}`,
  options: { copybook: 'account.cpy', recordFormat, blockLength: 96 },
  values: list(anAccount),
}));
const short = (value: string): object => ({ N: 1, T: value });

formatKit({
  format,
  decoder,
  encoder,
  errors: copybookError,
  folder: import.meta.dirname,
  files,
  samples: [
    {
      name: 'accounts of variable length, in EBCDIC',
      options: account,
      bytes: accountBytes,
      values: accounts,
      positions: [
        { offsetBytes: 4, record: 1 },
        { offsetBytes: 58, record: 2 },
      ],
      regular: true,
    },
    {
      name: 'names in camel case',
      options: { ...account, names: 'camel' },
      bytes: accountBytes.subarray(54),
      values: [
        { accountNumber: 4712, owner: 'Smith', kind: 'S', balance: '0.00', rate: '0.0000', movementCount: 0, movement: [] },
      ],
      regular: true,
    },
    {
      name: 'orders with their lines, and a trailer',
      options: orders,
      bytes: 'HWEST\nO00001\nLCUP 0015{\nLPOT 0002N\nO00002\nT00200012E\n',
      values: orderValues,
      positions: [1, 2, 5, 6].map((line, index) => ({ offsetBytes: [0, 6, 35, 42][index] ?? 0, line, record: line })),
      regular: true,
    },
    {
      name: 'records without choices',
      options: ascii('orders.cpy', { recordFormat: 'lines', choose: [] }),
      bytes: 'HWEST\n',
      values: [
        { 'FILE-HEADER': { 'RECORD-TYPE': 'H', SENDER: 'WEST' }, 'ORDER-LINE': { 'RECORD-TYPE': 'H', SKU: 'WEST', PRICE: null } },
      ],
      regular: true,
    },
    {
      name: 'alternatives that are read as far as they go',
      options: ascii('ways.cpy'),
      bytes: 'X1234Yabcd',
      values: [
        { K: 'X', A: '1234', B: 1234, C: { C1: 12, C2: '34' } },
        { K: 'Y', A: 'abcd' },
      ],
      regular: true,
    },
    {
      name: 'alternatives by a field',
      options: waysBy,
      bytes: 'N0012C12abXabcd',
      values: [
        { K: 'N', B: 12 },
        { K: 'C', C: { C1: 12, C2: 'ab' } },
        { K: 'X', A: 'abcd' },
      ],
      regular: true,
    },
    {
      name: 'every overpunch, and blanks for numbers',
      options: ascii('signed.cpy'),
      bytes: bytes(Buffer.from('12{'), hex('123C'), Buffer.from('01'), Buffer.from('12}'), hex('123D'), Buffer.from('  ')),
      values: [
        { Z: 120, P: 123, U: 1 },
        { Z: -120, P: -123, U: null },
      ],
      regular: true,
    },
    {
      name: 'signs that are written otherwise, with their bytes',
      options: ascii('signed.cpy'),
      bytes: bytes(Buffer.from('12p'), hex('123F'), Buffer.from('0A'), Buffer.from('00}'), hex('000B'), hex('0000')),
      values: [
        { Z: -120, P: 123, U: 1, '#irregular': { Z: '313270', P: '123f', U: '3041' } },
        { Z: 0, P: 0, U: null, '#irregular': { Z: '30307d', P: '000b', U: '0000' } },
      ],
      regular: true,
    },
    {
      name: 'what is irregular, dropped',
      options: ascii('signed.cpy', { irregular: 'drop' }),
      bytes: bytes(Buffer.from('12p'), hex('123F'), Buffer.from('0A')),
      values: [{ Z: -120, P: 123, U: 1 }],
    },
    {
      name: 'signs of GnuCOBOL',
      options: ascii('signed.cpy', { compiler: 'gnucobol' }),
      bytes: bytes(Buffer.from('12s'), hex('123D'), Buffer.from('01')),
      values: [{ Z: -123, P: -123, U: 1 }],
      regular: true,
    },
    {
      name: 'slack bytes',
      options: { copybook: 'sync.cpy' },
      bytes: bytes('A', hex('00 0005'), 'B', hex('000000 00000007'), 'C', hex('000000 00000008')),
      values: [
        {
          A: 'A',
          B: 5,
          G: [
            { C: 'B', D: 7 },
            { C: 'C', D: 8 },
          ],
        },
      ],
      regular: true,
    },
    {
      name: 'what has no name',
      options: ascii('fill.cpy'),
      bytes: '1  a2xyb',
      values: [
        { A: 1, B: 'a' },
        { A: 2, B: 'b', '#irregular': { FILLER: '7879' } },
      ],
      regular: true,
    },
    {
      name: 'characters of one byte and two',
      options: { copybook: 'mixed.cpy', encoding: 'ebcdic-939' },
      bytes: hex('C1 0E 4557 0F 40 40 40 4557 4040 C1 40'),
      values: [{ M: 'A東', G: '東', N: 'A' }],
      regular: true,
    },
    {
      name: 'lines of NEL',
      options: { copybook: 'one.cpy', recordFormat: 'lines', newline: 'nel' },
      bytes: bytes('001ab', 0x15, '002c', 0x15),
      regular: true,
    },
    { name: 'lines of CRLF', options: lines('one.cpy', { newline: 'crlf' }), bytes: '001ab\r\n002\r\n', regular: true },
    {
      name: 'lines with blanks at their end, empty ones, and no last end',
      options: lines('one.cpy'),
      bytes: '001a \n\n002ab   \n003',
      values: [
        { N: 1, T: 'a', '#irregular': { '#length': '5' } },
        { N: 2, T: 'ab', '#irregular': { '#length': '8' } },
        { N: 3, T: '' },
      ],
    },
    {
      name: 'little lengths',
      options: ascii('one.cpy', { recordFormat: 'v', lengths: { at: 2, order: 'little', adjust: 0 } }),
      bytes: hex('0000 0500 3030316162'),
      values: [short('ab')],
      regular: true,
    },
    {
      name: 'a length in the record',
      options: ascii('length.cpy', { recordFormat: 'length-field', lengthField: 'L', lengths: { adjust: 2 } }),
      bytes: '02ab01c',
      values: [
        { L: 2, T: ['a', 'b'] },
        { L: 1, T: ['c'] },
      ],
      regular: true,
    },
    {
      name: 'a record that tells its length',
      options: ascii('length.cpy', { recordFormat: 'content' }),
      bytes: '02ab01c',
      values: [
        { L: 2, T: ['a', 'b'] },
        { L: 1, T: ['c'] },
      ],
      regular: true,
    },
    {
      name: 'a table whose places stay',
      options: ascii('length.cpy', { tables: 'fixed' }),
      bytes: '02ab       01c        ',
      values: [
        { L: 2, T: ['a', 'b'] },
        { L: 1, T: ['c'] },
      ],
      regular: true,
    },
    {
      name: 'blocks',
      options: ascii('one.cpy', { recordFormat: 'vb', blockLength: 24 }),
      bytes: hex('0016 0000 0009 0000 3030316162 0009 0000 3030316364 000D 0000 0009 0000 3030316566'),
      values: ['ab', 'cd', 'ef'].map(short),
      regular: true,
    },
    {
      name: 'segments',
      options: ascii('one.cpy', { recordFormat: 'vbs', blockLength: 16 }),
      bytes: hex('000D 0000 0009 0000 3030316162'),
      values: [short('ab')],
      regular: true,
    },
    {
      name: 'spanned records',
      options: ascii('long.cpy', { recordFormat: 'vbs', blockLength: 32 }),
      bytes: bytes(
        hex('0020 0000 001C 0100'),
        Buffer.from('x'.repeat(24)),
        hex('0018 0000 0014 0200'),
        Buffer.from('y'.repeat(16)),
      ),
      values: [{ T: 'x'.repeat(24) + 'y'.repeat(16) }],
      regular: true,
    },
    {
      name: 'bytes around the records',
      options: ascii('one.cpy', { skipBytes: { start: '2B', end: '3B' } }),
      bytes: '>>001ab001cd<<<',
      values: ['ab', 'cd'].map(short),
    },
    {
      name: 'longer records',
      options: ascii('one.cpy', { recordLength: 8 }),
      bytes: '001ab   001cd   ',
      values: ['ab', 'cd'].map(short),
      regular: true,
    },
    {
      name: 'records that end early or late',
      options: ascii('one.cpy', { recordFormat: 'v', sizes: 'lenient' }),
      bytes: hex('0007 0000 303031 000B 0000 30303261626364'),
      values: [{ N: 1 }, { N: 2, T: 'ab', '#irregular': { '#rest': '6364' } }],
      regular: true,
    },
    { name: 'nothing', options: account, bytes: '', values: [], regular: true },
    {
      name: 'every kind of field',
      options: { copybook: 'everything.cpy' },
      values: fc.sample(everything, { numRuns: 3, seed: 7 }),
    },
  ],
  invalid: [
    {
      name: 'letters in a number',
      options: ascii('one.cpy'),
      bytes: '001ab0x2cd003ef',
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 5, record: 2, field: 'N' },
      values: [
        { N: 1, T: 'ab' },
        { N: 3, T: 'ef' },
      ],
      raw: '0x2cd',
    },
    {
      name: 'a packed number without a sign',
      options: ascii('signed.cpy'),
      bytes: bytes(Buffer.from('123'), hex('1230'), Buffer.from('01')),
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 3, record: 1, field: 'P' },
      values: [],
    },
    {
      name: 'a table longer than it may be',
      options: { ...account, recordFormat: 'content' },
      bytes: bytes('00004711Müller      C', hex('001234567D 000000C8'), '   ', hex('0004')),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0 },
    },
    {
      name: 'a number in an element of a table',
      options: ascii('length.cpy', { copybook: 'deep.cpy' }),
      bytes: '1x',
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 1, record: 1, field: 'G[1].N' },
      values: [],
    },
    {
      name: 'a record that is cut off',
      options: ascii('one.cpy'),
      bytes: '001ab00',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 5, record: 2, field: 'N' },
      values: [{ N: 1, T: 'ab' }],
      raw: '00',
    },
    {
      name: 'a record that is too long',
      options: ascii('one.cpy', { recordFormat: 'v' }),
      bytes: hex('000A 0000 303031616263'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 9, record: 1 },
      values: [],
    },
    {
      name: 'a length that is none',
      options: account,
      bytes: hex('0003 0000 00'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0 },
    },
    {
      name: 'a file that is cut off',
      options: account,
      bytes: hex('0013 0000 00'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0 },
    },
    {
      name: 'a record beyond the limit',
      options: { ...account, recordMax: '10B' },
      bytes: hex('0013 0000 00'),
      code: 'MORTISE_FORMAT_LIMIT',
      position: { offsetBytes: 0 },
    },
    {
      name: 'a line beyond the limit',
      options: lines('one.cpy', { recordMax: '10B' }),
      bytes: '12345678901',
      code: 'MORTISE_FORMAT_LIMIT',
      position: { offsetBytes: 0 },
    },
    {
      name: 'a record beyond its block',
      options: ascii('one.cpy', { recordFormat: 'vb' }),
      bytes: hex('000C 0000 0009 0000 3030316162'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 4 },
    },
    {
      name: 'a segment out of order',
      options: ascii('one.cpy', { recordFormat: 'vbs' }),
      bytes: hex('000D 0000 0009 0200 3030316162'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 4 },
    },
    {
      name: 'no header of Micro Focus',
      options: ascii('one.cpy', { recordFormat: 'microfocus' }),
      bytes: 'x'.repeat(200),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0 },
    },
    {
      name: 'the whole file refused',
      options: ascii('one.cpy', { broken: 'file' }),
      bytes: '001ab0x2cd',
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 5, record: 2, field: 'N' },
    },
    {
      name: 'a record of no kind',
      options: orders,
      bytes: 'HWEST\nX\n',
      code: 'MORTISE_FORMAT_VALUE',
      position: { offsetBytes: 6, line: 2, record: 2, field: 'RECORD-TYPE' },
      values: [orderValues[0]],
    },
    {
      name: 'a line without its order',
      options: orders,
      bytes: 'HWEST\nLCUP 0015{\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 6, line: 2, record: 2 },
      values: [orderValues[0]],
    },
    {
      name: 'a trailer that counts otherwise',
      options: orders,
      bytes: 'HWEST\nT00100000{\n',
      code: 'MORTISE_COPYBOOK_TOTAL',
      position: { offsetBytes: 6, line: 2, record: 2 },
      values: [orderValues[0]],
      raw: 'T00100000{',
    },
    ...['loop', 'outside', 'missing', 'broken', 'words', 'picture', 'empty'].map((name) => ({
      name: `a copybook that is none: ${name}`,
      options: ascii(`${name}.cpy`),
      bytes: '',
      code: 'MORTISE_COPYBOOK_SYNTAX',
      position: {},
    })),
    ...[
      { name: 'usage', options: ascii('usage.cpy') },
      { name: 'counter', options: ascii('counter.cpy') },
      { name: 'redefines', options: ascii('redefines.cpy') },
      { name: 'recordLength', options: ascii('one.cpy', { recordLength: 4 }) },
      { name: 'encoding', options: { copybook: 'one.cpy', encoding: 'utf-16le' } },
      { name: 'choose', options: ascii('one.cpy', { choose: [{ take: 'N' }] }) },
      { name: 'its field', options: { ...waysBy, choose: [{ take: 'B', field: 'X', is: ['1'] }] } },
      { name: 'its value', options: { ...waysBy, choose: [{ take: 'B', field: 'K', is: ['long'] }] } },
      { name: 'totals', options: lines('orders.cpy', { totals }) },
      { name: 'lengthField', options: ascii('one.cpy', { recordFormat: 'length-field' }) },
      { name: 'lengths', options: ascii('one.cpy', { recordFormat: 'v', lengths: { headerBytes: 1 } }) },
    ].map(({ name, options }) => ({
      name: `options that do not fit: ${name}`,
      options,
      bytes: '',
      code: 'MORTISE_COPYBOOK_LAYOUT',
      position: {},
    })),
  ],
  unwritable: [
    {
      name: 'a number too large',
      options: ascii('one.cpy'),
      values: [{ N: 1000, T: '' }],
      says: /Record 1 holds 1000, which is too large; .*, in "N"/,
    },
    {
      name: 'a sign where there is none',
      options: ascii('one.cpy'),
      values: [{ N: -1, T: '' }],
      says: /holds -1; expected no sign/,
    },
    {
      name: 'decimals too many',
      options: account,
      values: [{ ...accounts[1], BALANCE: '0.001' }],
      says: /"0\.001"; expected a number of up to 9 digits, 2 of them behind the point/,
    },
    {
      name: 'a text too long',
      options: ascii('one.cpy'),
      values: [{ N: 1, T: 'abc' }],
      says: /"abc", which takes 3 bytes; the field has 2/,
    },
    {
      name: 'a character that the encoding has not',
      options: ascii('one.cpy'),
      values: [{ N: 1, T: 'é' }],
      says: /"é", which has a character that the encoding has not/,
    },
    { name: 'a number for a text', options: ascii('one.cpy'), values: [{ N: 1, T: 12 }], says: /12; expected a text/ },
    { name: 'a field that is missing', options: ascii('one.cpy'), values: [{ N: 1 }], says: /is missing, in "T"/ },
    { name: 'a field too many', options: ascii('one.cpy'), values: [{ N: 1, T: '', X: 1 }], says: /has "X", which is no field/ },
    { name: 'no object', options: ascii('one.cpy'), values: ['001ab'], says: /is no object/ },
    {
      name: 'a table that its counter contradicts',
      options: ascii('length.cpy'),
      values: [{ L: 3, T: ['a'] }],
      says: /has 1 elements, and "L" says 3, in "T"/,
    },
    {
      name: 'a table too long',
      options: account,
      values: [{ ...accounts[1], MOVEMENT: [1, 2, 3, 4] }],
      says: /4 elements; expected at most 3/,
    },
    {
      name: 'alternatives that contradict each other',
      options: ascii('ways.cpy'),
      values: [{ K: 'X', A: '1234', B: 1235 }],
      says: /contradicts .*"B"/,
    },
    { name: 'no alternative', options: ascii('ways.cpy'), values: [{ K: 'X' }], says: /has none of "A", "B", "C"/ },
    {
      name: 'an alternative that its field contradicts',
      options: waysBy,
      values: [{ K: 'C', B: 1 }],
      says: /"K" does not stand for it/,
    },
    {
      name: 'a trailer that counts otherwise',
      options: orders,
      values: [...orderValues.slice(0, 3), { 'FILE-TRAILER': { 'RECORD-TYPE': 'T', 'LINE-COUNT': 3, 'PRICE-TOTAL': '1.25' } }],
      says: /says 3 in "LINE-COUNT"; the records before it are 2/,
    },
    {
      name: 'a record too long for its block',
      options: ascii('long.cpy', { recordFormat: 'vb', blockLength: 16 }),
      values: [{ T: '' }],
      says: /does not fit/,
    },
    {
      name: 'no finite number',
      options: { copybook: 'everything.cpy', missing: 'initial' },
      values: [{ PLAIN: '', 'NUM-SINGLE': Number.NaN }],
      says: /a finite number, in "NUM-SINGLE"/,
    },
  ],
  roundTrips: [
    { name: 'every kind of field', options: { copybook: 'everything.cpy' }, values: list(everything) },
    {
      name: 'every kind of field, IEEE and ASCII',
      options: ascii('everything.cpy', { floats: 'ieee-little', byteOrder: 'little' }),
      values: list(everything),
    },
    ...framings,
  ],
  load: { options: account, value: (index) => ({ ...accounts[index % 2], 'ACCOUNT-NUMBER': index }) },
});
