// CSV in the world's character encodings: the kit once more, and characters whose second byte is a delimiter elsewhere.

import { characterEncodingNames, characterEncodings, readFields } from '@mortise/sdk';
import type { CharacterEncoding } from '@mortise/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const options = (written: Readonly<Record<string, unknown>>) => readFields(format.options, written).values;
const bytesOf = (text: string, encoding: CharacterEncoding): Uint8Array =>
  characterEncodings[encoding].encode(text) ?? expect.fail(`${encoding} cannot write ${text}`);

/** Texts with characters of the encoding: what it decodes of some bytes, and what CSV trips over. */
const textsOf = (encoding: CharacterEncoding): fc.Arbitrary<string> => {
  const { decode, encode } = characterEncodings[encoding];
  const read = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => decode(bytes) ?? 'x');
  return fc
    .array(fc.oneof(read, fc.constantFrom('|', '"', '\\', '\r\n', ',', 'a', '\n')), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
    .filter((text) => encode(text) !== undefined && decode(encode(text) ?? Buffer.of()) === text && !text.startsWith('\ufeff'));
};

describe.each(characterEncodingNames)('%s', (encoding) => {
  it.each([
    { name: 'with quotes', dialect: {} },
    { name: 'with a pipe and an escape', dialect: { delimiter: '|', escape: '\\' } },
  ])('reads what it wrote, cut anywhere, $name', async ({ dialect }) => {
    const read = options({ ...dialect, encoding, header: false });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(textsOf(encoding), { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 7 }),
        async (rows, step) => {
          const bytes = encoder.encodeWhole(rows, read);
          const whole = decoder.decodeWhole(bytes, read);
          expect(whole.map((one) => ('value' in one ? one.value : one.problem.message))).toEqual(rows);
          expect(await Array.fromAsync(decoder.decode(cut(bytes, step), read))).toEqual(whole);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('a second byte that is a delimiter elsewhere', () => {
  // In Shift_JIS 表 ends in 0x5c, a backslash, and ポ in 0x7c, a pipe; in Big5 功 ends in 0x5c.
  it.each([
    ['shift_jis', '表|ポ', ['表', 'ポ']],
    ['big5', '功|蓋', ['功', '蓋']],
    ['gbk', '俓|a', ['俓', 'a']],
  ] as const)('%s', async (encoding, line, fields) => {
    const read = options({ delimiter: '|', escape: '\\', header: false, encoding });
    const bytes = bytesOf(`${line}\r\n`, encoding);
    expect(decoder.decodeWhole(bytes, read)).toMatchObject([{ value: fields }]);
    expect(await Array.fromAsync(decoder.decode(cut(bytes, 1), read))).toMatchObject([{ value: fields }]);
  });

  it('a character that is broken off by a line end spoils its record and no other', () => {
    const bytes = Buffer.concat([bytesOf('表|1\r\n', 'shift_jis'), Buffer.of(0x95), Buffer.from('\r\na|2\r\n')]);
    const decoded = decoder.decodeWhole(bytes, options({ delimiter: '|', header: false, encoding: 'shift_jis' }));
    expect(decoded).toMatchObject([
      { value: ['表', '1'] },
      { problem: { code: 'MORTISE_FORMAT_ENCODING', details: { offsetBytes: 6, record: 2 } } },
      { value: ['a', '2'] },
    ]);
  });
});

describe('what cannot be written', () => {
  it.each([
    ['windows-1251', '€ü', /"ü" \(U\+00FC\), which windows-1251 cannot write/],
    ['iso-8859-15', '¤', /U\+00A4/],
    ['shift_jis', '한', /U\+D55C/],
    ['euc-kr', '😀', /U\+1F600/],
    ['windows-1250', '\ufffd', /U\+FFFD/],
  ] as const)('in %s: %s', (encoding, text, says) => {
    expect(() => encoder.encodeWhole([[text]], options({ encoding, header: false }))).toThrow(says);
  });
});

it.each([
  ['windows-1253', Buffer.from('a,\xd2\r\n', 'latin1'), 2],
  ['euc-kr', Buffer.from('a,b\xff\r\n', 'latin1'), 3],
  ['utf-16be', Buffer.from('0061002cd8000061000a', 'hex'), 4],
  ['utf-32le', Buffer.from('610000002c00000000001100', 'hex'), 8],
] as const)('%s: says which byte is of no character', (encoding, bytes, offsetBytes) => {
  const [decoded] = decoder.decodeWhole(bytes, options({ encoding, header: false }));
  expect(decoded).toMatchObject({ problem: { code: 'MORTISE_FORMAT_ENCODING', details: { offsetBytes } } });
});

async function* cut(bytes: Uint8Array, step: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
}
