// Reading JSON: numbers keep their value, faults have their place, and hostile texts do no harm.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MortiseError } from '../errors.ts';
import { readJson } from './read-json.ts';
import type { JsonPlace, JsonReadOptions } from './read-json.ts';

const exact: JsonReadOptions = { numbers: 'exact', depthMax: 512 };
const read = (text: string, options = exact, place?: JsonPlace): unknown => readJson(Buffer.from(text), options, place);

describe('numbers', () => {
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
    expect(read(text)).toBe(expected);
    expect(read(`{"a":[true, ${text}]}`)).toEqual({ a: [true, expected] });
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
        const value = read(`[${' '.repeat(blanks)}${text}]`);
        const [kept] = Array.isArray(value) ? value : [];
        expect(scaled(String(kept))).toBe(scaled(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('are rounded where that is asked for', () => {
    expect(read('[12345678901234567890, 1e400]', { ...exact, numbers: 'native' })).toEqual([12345678901234567000, Infinity]);
  });
});

describe('values', () => {
  it('are those of JSON.parse where no number is long', () => {
    const shortNumbers = fc.json({ maxDepth: 5 }).filter((text) => !/\d{15}|\de/.test(text));
    fc.assert(
      fc.property(shortNumbers, (text) => {
        expect(read(text)).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it('have __proto__ as an ordinary property, with and without long numbers', () => {
    for (const number of ['1', '12345678901234567890']) {
      const value = read(`{"__proto__":{"polluted":${number}}}`);
      expect(Object.keys(Object(value))).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    }
  });

  it('are nested as deep as may be allowed, with exact numbers', () => {
    const text = `${'['.repeat(2000)}12345678901234567890${']'.repeat(2000)}`;
    expect(JSON.stringify(read(text, { ...exact, depthMax: 2000 }))).toContain('"12345678901234567890"');
  });
});

describe('faults', () => {
  it('never quote more than the character at the fault', () => {
    const secret = 'S3CRET'.repeat(10);
    const error = thrownBy(() => read(`{"password":"${secret}",}`));
    expect(error.message).toBe('Line 1, column 76: found "}", expected a name.');
    expect(error.actor).toBe('other system');
  });

  it('stand where the text stands in its body', () => {
    const place = { offsetBytes: 100, line: 7, record: 3 };
    expect(thrownBy(() => read('{"ä":\n x}', exact, place)).details).toEqual({ offsetBytes: 108, line: 8, column: 2, record: 3 });
  });

  it('of the encoding name the byte', () => {
    const bytes = Buffer.from('{"a":"M\xfcller"}', 'latin1');
    const error = thrownBy(() => readJson(bytes, exact));
    expect(error.code).toBe('MORTISE_FORMAT_ENCODING');
    expect(error.message).toContain('Line 1, column 8: 0xfc is no part of a UTF-8 character');
    expect(error.details).toEqual({ offsetBytes: 7, line: 1, column: 8 });
  });

  it('are found in a nesting of a million brackets', () => {
    const error = thrownBy(() => read('['.repeat(1_000_000)));
    expect(error.code).toBe('MORTISE_FORMAT_SYNTAX');
    expect(error.details).toMatchObject({ offsetBytes: 512 });
  });
});

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
