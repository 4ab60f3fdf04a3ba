// The json format: the kit, its numbers, and the places of its faults.

import { readFileSync } from 'node:fs';
import { MortiseError, readFields } from '@mortise/sdk';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';
import { findJsonFault } from './json-fault.ts';
import { surveyJson } from './json-survey.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const defaults = readFields(format.options, {}).values;

/** Values that come back as they were: finite numbers that a double holds, and no negative zero. */
const jsonValues = fc
  .jsonValue({ maxDepth: 6 })
  .filter((value) => !/-0(?![.\d])|\d{16}/.test(JSON.stringify(value)) && !JSON.stringify(value).includes('e+'))
  .map((value): unknown[] => [JSON.parse(JSON.stringify(value))]);

formatKit({
  format,
  decoder,
  encoder,
  folder: import.meta.dirname,
  samples: [
    { name: 'an order', bytes: fixture('order.json'), positions: [{ offsetBytes: 0 }] },
    {
      name: 'digits that a double does not hold',
      bytes: fixture('exact-numbers.json'),
      values: [{ invoice: '123456789012345678901', total: '1234567890.123456789', rate: 1.5, limit: 9007199254740991 }],
    },
    {
      name: 'the same, rounded where asked for',
      options: { numbers: 'native' },
      bytes: fixture('exact-numbers.json'),
      values: [{ invoice: 123456789012345680000, total: 1234567890.1234567, rate: 1.5, limit: 9007199254740991 }],
    },
    { name: 'a byte order mark', bytes: fixture('byte-order-mark.json'), values: [{ mark: true }] },
    {
      name: 'one line',
      bytes: '{"a":[1,2.5,"é\\n",null,true,{}]}',
      values: [{ a: [1, 2.5, 'é\n', null, true, {}] }],
      regular: true,
    },
    { name: 'indented', options: { indent: 2 }, bytes: '{\n  "a": [\n    1\n  ]\n}', regular: true },
    { name: 'a bare text', bytes: '"4711"', values: ['4711'], regular: true },
    { name: 'blanks around', bytes: ' \r\n\t7 \n', values: [7] },
    { name: 'a key twice', bytes: '{"a":1,"a":2}', values: [{ a: 2 }] },
    { name: 'a key __proto__', bytes: '{"__proto__":{"polluted":true},"n":12345678901234567890}', values: [protoRecord()] },
  ],
  invalid: [
    { name: 'nothing', bytes: '', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 0, line: 1, column: 1 } },
    { name: 'cut off', bytes: '{"a":[1,', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 8, line: 1, column: 9 } },
    {
      name: 'a bare word',
      bytes: '{\n  "ä": x }',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 10, line: 2, column: 8 },
    },
    {
      name: 'a fault behind a mark',
      bytes: '\ufeff[1,]',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 6, line: 1, column: 4 },
    },
    {
      name: 'two marks',
      bytes: '\ufeff\ufeff1',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 3, line: 1, column: 1 },
    },
    { name: 'more behind', bytes: '{} {}', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 3, line: 1, column: 4 } },
    {
      name: 'too deep',
      options: { depthMax: 3 },
      bytes: '["[[[[",\n[[[]]]]',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 11, line: 2, column: 3 },
    },
    {
      name: 'no UTF-8',
      bytes: Buffer.from('{"a":1,\n"b":"M\xfcller"}', 'latin1'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 14, line: 2, column: 7 },
    },
    {
      name: 'no UTF-8, behind a genuine replacement character',
      bytes: Buffer.concat([Buffer.from('["\ufffd",\n"'), Buffer.of(0xe2, 0x82), Buffer.from('"]')]),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 9, line: 2, column: 2 },
    },
  ],
  unwritable: [
    { name: 'no value', values: [], says: /one value, not 0/ },
    { name: 'two values', values: [1, 2], says: /one value, not 2.*ndjson/ },
    { name: 'undefined', values: [undefined], says: /type undefined/ },
    { name: 'NaN', values: [{ total: [NaN] }], says: /NaN of "0"/ },
    { name: 'an infinite total', values: [{ n: null, total: -Infinity }], says: /-Infinity of "total"/ },
    { name: 'bytes', values: [Uint8Array.of(1)], says: /Bytes are no JSON value/ },
    { name: 'a cycle', values: [cycle()], says: /circular/i },
  ],
  roundTrips: [
    { name: 'any JSON', values: jsonValues },
    { name: 'any JSON, indented', options: { indent: 3 }, values: jsonValues },
    {
      name: 'any double, native',
      options: { numbers: 'native' },
      values: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => [value + 0 || 0]),
    },
  ],
});

describe('numbers', () => {
  const decodeOne = (text: string): unknown => onlyValue(decoder.decodeWhole(Buffer.from(text), defaults));

  it.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['-9007199254740993', '-9007199254740993'],
    ['1e400', '1e400'],
    ['-1e400', '-1e400'],
    ['1e-400', '1e-400'],
    ['1E22', '1E22'],
    ['1e15', 1e15],
    ['0.1', 0.1],
    ['1.10', 1.1],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['0.30000000000000004', 0.30000000000000004],
    ['100000000000000000e-17', 1],
    ['0.00000000000000000000', 0],
    ['0e99999999999999999999', 0],
    ['12345678.12345678', 12345678.12345678],
    ['12345678.123456789', '12345678.123456789'],
    ['1.7976931348623157e308', '1.7976931348623157e308'],
    ['5e-324', 5e-324],
  ])('%s', (text, expected) => {
    expect(decodeOne(text)).toBe(expected);
    expect(decodeOne(`{"a":[true, ${text}]}`)).toEqual({ a: [true, expected] });
  });

  it('keeps the numeric value of every decimal', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 25 }).map((list) => list.join(''));
    const decimals = fc
      .tuple(fc.constantFrom('', '-'), digits, fc.option(digits), fc.option(fc.integer({ min: -330, max: 330 })))
      .map(
        ([sign, whole, fraction, exponent]) =>
          `${sign}${whole.replace(/^0+(?=\d)/, '')}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
      );
    fc.assert(
      fc.property(decimals, fc.nat(7), (text, blanks) => {
        const value = decodeOne(`[${' '.repeat(blanks)}${text}]`);
        const [kept] = Array.isArray(value) ? value : [];
        expect(scaled(String(kept))).toBe(scaled(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '"4111111111111111"',
    '{"id":"018f3e51-2222-7abc-8def-0123456789ab","at":"2026-11-01T12:00:00.123456Z"}',
    '[1234567890,0.25,-1]',
  ])('takes the fast way for %s', (text) => expect(surveyJson(Buffer.from(text), 512).hasLongNumbers).toBe(false));

  it('writes bigint and raw JSON with all digits', () => {
    const value = { id: 12345678901234567890n, price: JSON.rawJSON('1.10'), missing: null };
    expect(Buffer.from(encoder.encodeWhole([value], defaults)).toString()).toBe(
      '{"id":12345678901234567890,"price":1.10,"missing":null}',
    );
  });
});

describe('faults', () => {
  it('are found exactly where JSON.parse sees one', () => {
    const almost = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(60),
        fc.nat(3),
        fc.constantFrom('', ',', '"', '\\', '{', ']', ':', '-', '0', '.', 'e', 'x', '\u0001', ' '),
      )
      .map(([text, at, count, inserted]) => text.slice(0, at) + inserted + text.slice(at + count));
    fc.assert(
      fc.property(almost, (text) => {
        expect(findJsonFault(text) !== undefined).toBe(refusedByParse(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('never quote more than the character at the fault', () => {
    const secret = 'S3CRET'.repeat(10);
    const error = thrownBy(() => decoder.decodeWhole(Buffer.from(`{"password":"${secret}",}`), defaults));
    expect(error.message).toBe('Line 1, column 76: found "}", expected a name.');
    expect(error.actor).toBe('other system');
  });

  it('stands a nesting of a million brackets', () => {
    const error = thrownBy(() => decoder.decodeWhole(Buffer.from('['.repeat(1_000_000)), defaults));
    expect(error.code).toBe('MORTISE_FORMAT_SYNTAX');
    expect(error.details).toMatchObject({ offsetBytes: 512 });
  });

  it('reads the deepest nesting that may be allowed, with exact numbers', () => {
    const text = `${'['.repeat(2000)}12345678901234567890${']'.repeat(2000)}`;
    expect(JSON.stringify(onlyValue(decoder.decodeWhole(Buffer.from(text), { ...defaults, depthMax: 2000 })))).toContain(
      '"12345678901234567890"',
    );
  });
});

function onlyValue(decoded: ReturnType<typeof decoder.decodeWhole>): unknown {
  const [first] = decoded;
  expect(decoded).toHaveLength(1);
  return first && 'value' in first ? first.value : undefined;
}

function refusedByParse(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

function thrownBy(run: () => unknown): MortiseError {
  try {
    run();
  } catch (error) {
    if (error instanceof MortiseError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

/** As an integer, so that no double comes between. */
function scaled(decimal: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(decimal) ?? [];
  const magnitude = BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length + 400);
  return sign === '-' ? -magnitude : magnitude;
}

function protoRecord(): unknown {
  const record = { n: '12345678901234567890' };
  return Object.defineProperty(record, '__proto__', {
    value: { polluted: true },
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function cycle(): unknown {
  const loop: unknown[] = [];
  loop.push({ loop });
  return loop;
}
