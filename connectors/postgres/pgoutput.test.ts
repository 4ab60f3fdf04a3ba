// The messages of the stream, and positions in the log: what the protocol does not know is refused, never guessed.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLsn, parseLsn } from './lsn.ts';
import { Decoder } from './pgoutput.ts';

const relation = Buffer.from(
  `R\0\0\0\x07public\0sales_order\0d\0\x02\x01id\0\0\0\0\x17\xff\xff\xff\xff\0note\0\0\0\0\x19\xff\xff\xff\xff`,
  'latin1',
);
const insert = Buffer.from('I\0\0\0\x07N\0\x02t\0\0\0\x011t\0\0\0\x05\xef\xbb\xbfab', 'latin1');

describe('the decoder', () => {
  it('reads values as they are, with the byte order mark that is a part of one', () => {
    const decoder = new Decoder();
    expect(decoder.decode(relation)).toEqual({ kind: 'other' });
    expect(decoder.decode(insert)).toMatchObject({
      kind: 'insert',
      relation: {
        schema: 'public',
        table: 'sales_order',
        identity: 'default',
        columns: [
          { name: 'id', type: 23, key: true },
          { name: 'note', key: false },
        ],
      },
      after: ['1', '\uFEFFab'],
    });
  });

  it('reads begin and commit with positions and times that no number of JavaScript holds', () => {
    const begin = Buffer.from('42ffffffffffffffff000000000000000180000001', 'hex');
    expect(new Decoder().decode(begin)).toEqual({
      kind: 'begin',
      commit: 2n ** 64n - 1n,
      committedAtUs: 946_684_800_000_001n,
      xid: 2_147_483_649,
    });
    const commit = Buffer.from('4300000000000000000100000000000000020000000000000003', 'hex');
    expect(new Decoder().decode(commit)).toEqual({ kind: 'commit', commit: 1n, end: 2n });
  });

  it.each([
    ['a tag that is none', Buffer.from('?'), 'a message "?"'],
    ['nothing', Buffer.alloc(0), ''],
    ['a table that was not described', insert, 'by the number 7'],
    ['a replica identity that is none', Buffer.from('R\0\0\0\x07a\0b\0x\0\0'), 'replica identity "x"'],
    ['a name without an end', Buffer.from('R\0\0\0\x07abc'), 'no end'],
  ])('refuses %s', (_, bytes, words) => {
    expect(() => new Decoder().decode(bytes)).toThrow(words);
  });

  it('refuses values that were not asked for, or are longer than their message', () => {
    const decoder = new Decoder();
    decoder.decode(relation);
    expect(() => decoder.decode(Buffer.from('I\0\0\0\x07N\0\x01b\0\0\0\x01x'))).toThrow('of kind "b"');
    expect(() => decoder.decode(Buffer.from('I\0\0\0\x07N\0\x01t\x7f\xff\xff\xffx', 'latin1'))).toThrow(
      'longer than its message',
    );
  });

  it('ends with an error or an entry, whatever it gets', () => {
    const tags = fc.constantFrom('B', 'C', 'R', 'I', 'U', 'D', 'T', 'Y', 'O', 'M');
    fc.assert(
      fc.property(tags, fc.uint8Array({ maxLength: 60 }), (tag, bytes) => {
        const decoder = new Decoder();
        decoder.decode(relation);
        expect(outcomeOf(() => decoder.decode(Buffer.concat([Buffer.from(tag), bytes])).kind)).toMatch(/^\w+$|Error/);
      }),
    );
  });
});

describe('a position', () => {
  it('is the same when it was written and read, and is compared as a number', () => {
    const lsn = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    fc.assert(fc.property(lsn, (one) => parseLsn(formatLsn(one)) === one));
    expect(parseLsn('9/FFFFFFFF') < parseLsn('A/0') && parseLsn('FF/0') < parseLsn('100/0')).toBe(true);
    expect(() => parseLsn('0-1')).toThrow('"0-1" is no position');
  });
});

function outcomeOf(decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    return String(error);
  }
}
