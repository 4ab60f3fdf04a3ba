// Values that cannot be written, and what is said of them.

import type { UnwritableSample } from '@mortise/sdk/testing';
import { account, accounts, ascii, orderValues, orders, waysBy } from './samples.fixture.ts';

export const unwritable: readonly UnwritableSample[] = [
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
];
