// Single records of LegStar, GnuCOBOL and others, and files of several records, against what is expected of them.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import { differences, exactJson, hasReference, optionsOf, referenceFolder } from './reference.fixture.ts';

const path = (name: string): string => join(referenceFolder, name);
const json = <Content>(name: string): Content => JSON.parse(readFileSync(path(name), 'utf8')) as Content;
const inline = (text: string, options: object = {}): ReturnType<typeof optionsOf> => optionsOf('inline.cpy', options, text);

function only(bytes: Uint8Array, options: ReturnType<typeof optionsOf>): Record<string, unknown> {
  const [decoded, ...others] = decoder.decodeWhole(bytes, options);
  expect(others).toEqual([]);
  if (!decoded || 'problem' in decoded) throw decoded?.problem ?? new Error('nothing was decoded');
  return decoded.value as Record<string, unknown>;
}

function valueOf(hex: string, clause: string, options: object = {}): unknown {
  const [decoded] = decoder.decodeWhole(Buffer.from(hex, 'hex'), inline(`01 R. 05 F ${clause}.`, options));
  if (!decoded || 'problem' in decoded) return null;
  return (decoded.value as { F: unknown }).F;
}

describe.skipIf(!hasReference)('records of LegStar (skipped where the reference data is missing)', () => {
  const folder = 'legstar-v3/legstar-generator/src/test';
  interface Vector {
    readonly test: string;
    readonly copybook: string;
    readonly hex: string;
    readonly choiceStrategy: string | null;
    readonly expectedText: string;
  }
  const vectors = hasReference ? json<{ vectors?: Vector[] } & Vector[]>('legstar-v3/json-vectors.json') : [];
  /** Why an expectation is not compared. */
  const others: Readonly<Record<string, string>> = {
    testAlltypes: 'gives bytes that are no characters as an empty text',
    testArdo03OneOuterOneInner: 'names what has no name',
    testArdo03TwoOutersTwoInnersOneInner: 'names what has no name',
    testRdef06Choice2: 'takes a table that may be empty for one of two alternatives',
    testRdef05Choice2: 'reads digits with an implied point by the other alternative',
  };
  const given = ((vectors.vectors ?? vectors) as readonly Vector[]).filter(({ copybook }) =>
    existsSync(path(`${folder}/${copybook}`)),
  );
  for (const { test, copybook, hex, expectedText } of given) {
    const reason = others[test];
    it(`${test}${reason === undefined ? '' : `, only its bytes (it ${reason})`}`, () => {
      const whole = Buffer.from(hex, 'hex');
      // Two have a byte behind their record, one is of a copybook of several records.
      const bytes = ['testRdef07Choice', 'testArdo03TwoOutersTwoInnersOneInner'].includes(test) ? whole.subarray(0, -1) : whole;
      const isOne = test !== 'testRecA';
      const format = isOne ? { recordFormat: 'content' } : { recordLength: bytes.length, sizes: 'lenient' };
      const options = optionsOf(path(`${folder}/${copybook}`), { ...format, encoding: 'ebcdic-1047' });
      const read = only(bytes, options);
      const value = isOne ? read : (read['REC-A'] ?? read);
      expect(reason === undefined ? differences(value, exactJson(expectedText), { extras: true }) : []).toEqual([]);
      const again = encoder.encodeWhole([JSON.parse(JSON.stringify(read))], options);
      expect(Buffer.from(again).toString('hex')).toBe(bytes.toString('hex'));
    });
  }

  it('10,000 customers of a mainframe, byte for byte', () => {
    const options = optionsOf(path('legstar-v3/legstar-generator/src/test/copybook/CUSTDAT'), {
      recordFormat: 'v',
      encoding: 'ebcdic-1047',
    });
    const bytes = readFileSync(path('legstar-v3/legstar-converter/src/test/data/ZOS.FCUSTDAT.RDW.bin'));
    const decoded = decoder.decodeWhole(bytes, options);
    const values = decoded.map((one) => ('problem' in one ? one.problem : one.value));
    expect(values).toHaveLength(10_000);
    expect(decoded.some((one) => 'problem' in one)).toBe(false);
    expect(Buffer.from(encoder.encodeWhole(values, options)).equals(bytes)).toBe(true);
  });
});

describe.skipIf(!hasReference)('bytes that GnuCOBOL made (skipped where the reference data is missing)', () => {
  interface Types {
    readonly layout: readonly { readonly name: string; readonly expected: string }[];
  }
  const fits = (value: Record<string, unknown>): string[] =>
    json<Types>('gnucobol/types.expected.json').layout.flatMap(({ name, expected }) => {
      const shown = name === 'J' ? '-3.50' : expected;
      return String(value[name]) === shown ? [] : [`${name}: ${String(value[name])} is not ${shown}`];
    });
  const files = [
    { name: 'types-sign-ASCII.dat', options: { compiler: 'gnucobol', binarySizes: '2-4-8', encoding: 'ascii' } },
    {
      name: 'types-sign-EBCDIC.dat',
      options: { compiler: 'gnucobol', binarySizes: '2-4-8', encoding: 'ascii', signs: 'overpunch' },
    },
    { name: 'types-ebcdic-cp037.dat', options: { floats: 'ieee-little', byteOrder: 'little' } },
  ];
  for (const { name, options } of files) {
    it(`${name}`, () => {
      const bytes = readFileSync(path(`gnucobol/${name}`));
      const read = optionsOf(path('gnucobol/types.cpy'), options);
      const value = only(bytes, read);
      expect(fits(value)).toEqual([]);
      expect(Buffer.from(encoder.encodeWhole([value], read)).toString('hex')).toBe(bytes.toString('hex'));
    });
  }

  const lengths = [
    { bytes: 2, headerBytes: 4, adjust: 0 },
    { bytes: 4, headerBytes: 4, adjust: 0 },
    { bytes: 2, headerBytes: 4, adjust: 0, order: 'little' },
    { bytes: 2, headerBytes: 2, adjust: 0 },
  ];
  for (const [index, one] of lengths.entries()) {
    it(`a table of variable length, sequential format ${index}`, () => {
      const bytes = readFileSync(path(`gnucobol/odo-varseq${index}.dat`));
      const options = optionsOf(path('gnucobol/odo.cpy'), { encoding: 'ascii', recordFormat: 'v', lengths: one });
      const values = decoder
        .decodeWhole(bytes, options)
        .map((decoded) => ('problem' in decoded ? decoded.problem : decoded.value));
      expect(values).toEqual(json('gnucobol/odo.expected.json'));
      expect(Buffer.from(encoder.encodeWhole(values, options)).equals(bytes)).toBe(true);
    });
  }

  it('sizes by compiler', () => {
    const { rows } = json<{ rows: readonly (readonly [string, number, number, number])[] }>('gnucobol/sizes.json');
    for (const [clause, ...sizes] of rows.filter(([one]) => !one.startsWith('group'))) {
      for (const [index, compiler] of (['ibm', 'gnucobol', 'microfocus'] as const).entries()) {
        const size = encoder.encodeWhole(
          [{}],
          inline(`01 R. 05 F ${clause}.`, { compiler, missing: 'initial', encoding: 'ascii' }),
        ).length;
        expect([clause, compiler, size]).toEqual([clause, compiler, sizes[index]]);
      }
    }
  });
});

describe.skipIf(!hasReference)('numbers at their edges (skipped where the reference data is missing)', () => {
  interface Vectors {
    readonly ibmHexFloat: readonly { readonly hex: string; readonly type: string; readonly value: string }[];
    readonly comp3: readonly { readonly hex: string; readonly value: string | null }[];
    readonly comp3unsignedNoSign: readonly { readonly hex: string; readonly value: string | null }[];
    readonly overpunchAscii: readonly (readonly [string, string | null])[];
  }
  const vectors = hasReference ? json<Vectors>('vectors/decoder-vectors.json') : undefined;

  it('hexadecimal floating point', () => {
    for (const { hex, type, value } of vectors?.ibmHexFloat ?? [])
      expect(valueOf(hex, type.slice(0, 6))).toBeCloseTo(Number(value), 5);
  });

  it('packed decimals', () => {
    for (const { hex, value } of (vectors?.comp3 ?? []).filter(({ hex: one }) => one !== '')) {
      const found = valueOf(hex, `PIC S9(${hex.length - 1}) COMP-3`);
      expect([hex, found === null ? null : JSON.stringify(found).replaceAll('"', '')]).toEqual([hex, value]);
    }
    for (const { hex, value } of vectors?.comp3unsignedNoSign ?? []) {
      const found = valueOf(hex, `PIC 9(${hex.length}) COMP-6`);
      expect([hex, found === null ? null : JSON.stringify(found).replaceAll('"', '')]).toEqual([hex, value]);
    }
  });

  it('overpunched signs', () => {
    for (const [text, value] of vectors?.overpunchAscii ?? []) {
      const found = valueOf(Buffer.from(text).toString('hex'), `PIC S9(${text.length})`, { encoding: 'ascii' });
      expect([text, found]).toEqual([text, value === null ? null : Number(value) + 0]);
    }
  });
});

describe.skipIf(!hasReference)('files of several records (skipped where the reference data is missing)', () => {
  const json2cbl = 'coboltojson/src/test/resources/net/sf/cobolToJson/zTest/json2cbl';
  const choose = [
    { take: 'PO-Record', field: 'Record-Type', is: ['H1'] },
    { take: 'Product-Record', field: 'Record-Type', is: ['D1'], under: 'PO-Record' },
    { take: 'Location-Record', field: 'Record-Type', is: ['S1'], under: 'Product-Record' },
  ];
  const lines = { recordFormat: 'lines', encoding: 'latin1', newline: 'crlf', looseNumbers: true };

  it('orders, one behind the other and as families', () => {
    const bytes = readFileSync(path(`${json2cbl}/Ams_PODownload_20041231.txt`));
    const flat = optionsOf(path(`${json2cbl}/cobol/amsPoDownload.cbl`), {
      ...lines,
      choose: choose.map(({ under: _, ...one }) => one),
    });
    const values = decoder.decodeWhole(bytes, flat).map((one) => ('problem' in one ? one.problem : one.value));
    const expected = exactJson(readFileSync(path(`${json2cbl}/json/amsPoDownload.json`), 'utf8')) as { amsPoDownload: unknown[] };
    expect(differences(values, expected.amsPoDownload, { extras: true }).filter((one) => !one.endsWith('is not 0'))).toEqual([]);
    const families = optionsOf(path(`${json2cbl}/cobol/amsPoDownload.cbl`), { ...lines, choose });
    const roots = decoder.decodeWhole(bytes, families).map((one) => ('problem' in one ? one.problem : one.value));
    expect(roots.length).toBeLessThan(values.length);
    const written = [flat, families].map((options, index) =>
      Buffer.from(encoder.encodeWhole(index === 0 ? values : roots, options)).toString(),
    );
    expect(written[1]).toBe(written[0]);
  });

  it('segments of seven kinds that belong to each other', () => {
    const under: readonly (readonly [string, string?])[] = [
      ['COMPANY'],
      ['DEPT', 'COMPANY'],
      ['EMPLOYEE', 'DEPT'],
      ['OFFICE', 'DEPT'],
      ['CUSTOMER', 'COMPANY'],
      ['CONTACT', 'CUSTOMER'],
      ['CONTRACT', 'CUSTOMER'],
    ];
    const rules = under.map(([take, parent], index) => ({
      take,
      field: 'SEGMENT-ID',
      is: [String(index + 1)],
      ...(parent === undefined ? {} : { under: parent }),
    }));
    const options = optionsOf(path('cobrix/data/test17_hierarchical.cob'), {
      recordFormat: 'v',
      lengths: { at: 2, order: 'little', adjust: 0 },
      choose: rules,
      sizes: 'lenient',
      looseNumbers: true,
    });
    const bytes = readFileSync(path('cobrix/data/test17/HIERARCHICAL.DATA.RDW.dat'));
    const decoded = decoder.decodeWhole(bytes, options);
    const values = decoded.map((one) => ('problem' in one ? one.problem : one.value));
    expect(values).toHaveLength(50);
    const [first] = values as { COMPANY: object; DEPT: { DEPT: object; EMPLOYEE: unknown[] }[] }[];
    expect(first?.COMPANY).toEqual({ 'COMPANY-NAME': 'Joan Q & Z', ADDRESS: '10 Sandton, Johannesburg', TAXPAYER: 777_676_251 });
    expect(first?.DEPT[0]?.DEPT).toEqual({ 'DEPT-NAME': 'Sales', EXTENSION: 724_731 });
    expect(first?.DEPT[0]?.EMPLOYEE).toHaveLength(3);
    expect(Buffer.from(encoder.encodeWhole(values, options)).equals(bytes)).toBe(true);
  });

  it('a trailer with another count costs the trailer', () => {
    const bytes = Buffer.from('1abc\n1def\n90002\n1ghi\n90003\n');
    const options = inline('01 DATA-RECORD. 05 K PIC X. 05 T PIC X(4). 01 END-RECORD. 05 K PIC X. 05 N PIC 9(4).', {
      recordFormat: 'lines',
      encoding: 'ascii',
      choose: [
        { take: 'DATA-RECORD', field: 'K', is: ['1'] },
        { take: 'END-RECORD', field: 'K', is: ['9'] },
      ],
      totals: [{ record: 'END-RECORD', field: 'N', of: 'DATA-RECORD' }],
    });
    const codes = decoder.decodeWhole(bytes, options).map((one) => ('problem' in one ? one.problem.code : 'read'));
    expect(codes).toEqual(['read', 'read', 'read', 'read', 'MORTISE_COPYBOOK_TOTAL']);
  });
});
