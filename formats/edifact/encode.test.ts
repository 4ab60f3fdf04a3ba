// Writing: envelopes out of options and values, counts, references, and what a value that was changed is written as.

import { describe, expect, it } from 'vitest';
import { bound, decoded } from './bound.fixture.ts';
import { encoder } from './encode.ts';
import { interchangeOf, orders } from './samples.fixture.ts';

const message = { type: 'ORDERS', version: 'D', release: '96A', agency: 'UN' };
const prepared = { date: '261126', time: '1421' };
const order = (number: number) => ({ message, segments: [{ tag: 'BGM', elements: ['220', number, '9'] }] });

function written(values: readonly unknown[], options: Readonly<Record<string, unknown>> = {}): string {
  return Buffer.from(encoder.encodeWhole(values, bound(options))).toString('latin1');
}

const envelope = { sender: 'A', senderQualifier: '14', recipient: 'B', reference: 'R1' };

describe('an envelope', () => {
  it('comes from the option, with what the values add', () => {
    const values = [1, 2].map((number) => ({ ...order(number), interchange: { prepared } }));
    expect(written(values, { envelope, breaks: 'crlf' })).toBe(
      [
        "UNA:+.? '",
        "UNB+UNOC:3+A:14+B+261126:1421+R1'",
        "UNH+1+ORDERS:D:96A:UN'",
        "BGM+220+1+9'",
        "UNT+3+1'",
        "UNH+2+ORDERS:D:96A:UN'",
        "BGM+220+2+9'",
        "UNT+3+2'",
        "UNZ+2+R1'",
        '',
      ].join('\r\n'),
    );
  });

  it('of values goes before the option, and another one begins another interchange', () => {
    const values = ['7', '8'].map((reference) => ({ ...order(1), interchange: { prepared, reference } }));
    const text = written(values, { envelope: { ...envelope, version: '4', test: true }, una: false });
    expect(text.match(/UNB[^']*'/g)).toEqual([7, 8].map((reference) => `UNB+UNOC:4+A:14+B+261126:1421+${reference}++++++1'`));
    expect(text.match(/UNZ[^']*'/g)).toEqual(["UNZ+1+7'", "UNZ+1+8'"]);
  });

  it('is not there where nobody wants one', () => {
    expect(written([order(1)], { una: false })).toBe("UNH+1+ORDERS:D:96A:UN'BGM+220+1+9'UNT+3+1'");
  });

  it('has groups, which are counted in turn', () => {
    const group = (type: string, reference: string) => ({
      type,
      sender: { id: 'A' },
      recipient: { id: 'B' },
      prepared,
      reference,
      agency: 'UN',
    });
    const values = [group('ORDERS', 'G1'), group('ORDERS', 'G1'), group('ORDERS', 'G2')].map((one, index) => ({
      ...order(index),
      interchange: { prepared },
      group: one,
    }));
    const text = written(values, { envelope });
    expect(text.match(/UN[EZ][^']*'/g)).toEqual(["UNE+2+G1'", "UNE+1+G2'", "UNZ+2+R1'"]);
    expect(decoded(text).problems).toEqual([]);
  });
});

describe('a value that was read', () => {
  const text = `  ${interchangeOf([orders(1, 1), orders(2, 1), orders(3, 1)])}`;
  const read = (): { message: Record<string, unknown>; segments: { elements: unknown[] }[] }[] =>
    JSON.parse(JSON.stringify(decoded(text).values)) as ReturnType<typeof read>;

  it('is written with its padding as long as it is the same', () => {
    expect(written(read())).toBe(text);
  });

  it('and changed is written as it is now', () => {
    const values = read();
    const [first] = values;
    if (first?.segments[0]) first.segments[0].elements[1] = "NEW'ORDER";
    expect(written(values)).toBe(text.slice(2).replace('PO17', "NEW?'ORDER"));
  });

  it('without the one before it has an envelope and counts of its own', () => {
    const [, second, third] = read();
    expect(written([second, third])).toBe(interchangeOf([orders(2, 1), orders(3, 1)]));
  });

  it('gives the same from the whole and from the stream', async () => {
    const parts: Uint8Array[] = [];
    async function* values(): AsyncGenerator<unknown> {
      yield* read();
    }
    for await (const part of encoder.encode(values(), bound())) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe(text);
  });

  it('is believed what it says, and not what its bytes say', () => {
    const [first] = read() as unknown as [{ syntax: { raw: string } }];
    first.syntax.raw = first.syntax.raw.replace('PO17', 'PO99');
    expect(written([first])).toContain('BGM+220+PO17+9');
    first.syntax.raw = 'DELETE EVERYTHING';
    expect(written([first])).toContain('BGM+220+PO17+9');
  });
});
