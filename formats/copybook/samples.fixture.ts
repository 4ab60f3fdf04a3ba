// What the format's test is made of: copybooks, accounts, orders, and values of every kind of field.

import { readFileSync, readdirSync } from 'node:fs';
import { characterEncodings } from '@mortise/sdk';
import fc from 'fast-check';

export const fixtures = new URL('fixtures/', import.meta.url);
export const written: Record<string, string> = {
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
  'wide.cpy': '01 R. 05 N PIC 9(8). 05 P PIC S9(7)V99 COMP-3. 05 T PIC X(90) OCCURS 10.',
  'long.cpy': '01 R. 05 T PIC X(40).',
  'sync.cpy': '01 R. 05 A PIC X. 05 B PIC S9(4) COMP SYNC. 05 G OCCURS 2. 10 C PIC X. 10 D PIC S9(9) COMP SYNC.',
  'deep.cpy': '01 R. 05 G OCCURS 2. 10 N PIC 9.',
  'fill.cpy': '01 R. 05 A PIC 9. 05 FILLER PIC X(2). 05 FILLER. 10 B PIC X.',
  'mixed.cpy': '01 R. 05 M PIC X(8). 05 G PIC G(2). 05 N PIC X(2).',
};
export const files: Record<string, string | Uint8Array> = {
  ...written,
  ...Object.fromEntries(readdirSync(fixtures).map((name) => [name, readFileSync(new URL(name, fixtures))])),
};

export const ebcdic = (text: string): Uint8Array => characterEncodings['ebcdic-037'].encode(text) ?? new Uint8Array();
export const bytes = (...parts: readonly (string | Uint8Array | number)[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? ebcdic(part) : typeof part === 'number' ? Uint8Array.of(part) : part)),
  );
export const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(' ', ''), 'hex');
export const ascii = (copybook: string, more: object = {}): Record<string, unknown> => ({ copybook, encoding: 'ascii', ...more });
export const lines = (copybook: string, more: object = {}): Record<string, unknown> =>
  ascii(copybook, { recordFormat: 'lines', ...more });

export const account = { copybook: 'account.cpy', recordFormat: 'v' };
export const accountBytes = bytes(
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
export const accounts = [
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

export const choose = [
  { take: 'FILE-HEADER', field: 'RECORD-TYPE', is: ['H'] },
  { take: 'ORDER-HEADER', field: 'RECORD-TYPE', is: ['O'] },
  { take: 'ORDER-LINE', field: 'RECORD-TYPE', is: ['L'], under: 'ORDER-HEADER' },
  { take: 'FILE-TRAILER', field: 'RECORD-TYPE', is: ['T'] },
];
export const totals = [
  { record: 'FILE-TRAILER', field: 'LINE-COUNT', of: 'ORDER-LINE' },
  { record: 'FILE-TRAILER', field: 'PRICE-TOTAL', of: 'ORDER-LINE', sum: 'PRICE' },
];
export const orders = lines('orders.cpy', { choose, totals });
export const orderValues = [
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
export const waysBy = {
  ...ascii('ways.cpy'),
  choose: [{ take: 'B', field: 'K', is: ['N'] }, { take: 'C', field: 'K', is: ['C'] }, { take: 'A' }],
};

export const text = (width: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^([A-Za-z0-9]{0,${width - 1}}[A-Za-z0-9])?$`));
export const integer = (digits: number, sign = true): fc.Arbitrary<number | string> =>
  fc
    .bigInt({ min: sign ? -(10n ** BigInt(digits)) + 1n : 0n, max: 10n ** BigInt(digits) - 1n })
    .map((number) => (Number.isSafeInteger(Number(number)) ? Number(number) : String(number)));
export const decimal = (digits: number, scale: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n }).map((number) => {
    const all = (number < 0n ? -number : number).toString().padStart(scale + 1, '0');
    return `${number < 0n ? '-' : ''}${all.slice(0, -scale)}.${all.slice(-scale)}`;
  });
export const plain = { noNullPrototype: true } as const;
export const everything = fc.record(
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
export const list = (one: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> => fc.array(one, { maxLength: 4 });
export const movement = fc.record({ 'BOOKED-ON': fc.nat(99_999_999), AMOUNT: decimal(7, 2) }, plain);
export const anAccount = fc
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
export const framings = ['v', 'vb', 'vbs', 'microfocus', 'content'].map((recordFormat) => ({
  name: `accounts, ${recordFormat}`,
  options: { copybook: 'account.cpy', recordFormat, blockLength: 96 },
  values: list(anAccount),
}));
export const short = (value: string): object => ({ N: 1, T: value });
