// Files of other projects: layouts of cb2xml, records of Cobrix, CobolToJson, LegStar and GnuCOBOL, against what is expected of them.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { characterEncodings } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { dialects } from './dialect.ts';
import { encoder } from './encode.ts';
import { layoutOf } from './layout.ts';
import type { Field } from './layout.ts';
import { differences, exactJson, hasReference, optionsOf, referenceFolder } from './reference.fixture.ts';
import type { Tolerance } from './reference.fixture.ts';

const read = (path: string): Buffer => readFileSync(join(referenceFolder, path));

function recordsOf(bytes: Uint8Array, options: ReturnType<typeof optionsOf>): { values: unknown[]; problems: string[] } {
  const decoded = decoder.decodeWhole(bytes, options);
  return {
    values: decoded.flatMap((one) => ('problem' in one ? [] : [one.value])),
    problems: decoded.flatMap((one) => ('problem' in one ? [one.problem.message] : [])),
  };
}

async function inBytes(bytes: Uint8Array, options: ReturnType<typeof optionsOf>): Promise<unknown[]> {
  async function* single(): AsyncIterable<Uint8Array> {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  const values: unknown[] = [];
  for await (const one of decoder.decode(single(), options)) if (!('problem' in one)) values.push(one.value);
  return values;
}

const zTests = 'cb2xml/src/test/resources/net/sf/cb2xml/zTests/common';
/** Why a layout of the reference is not compared. */
const otherLayouts: Readonly<Record<string, string>> = {
  'cb2xml_Output109.xml': 'counts P(4) as a stored digit, which its newer outputs do not',
  'cb2xml_Output201.xml': 'loses the fields behind a missing period',
  'cb2xml_Output202.xml': 'has P on both sides of V, which is no picture of COBOL',
  'cb2xml_Output101.xml': 'gives $ZZZZ9999, which has 9 characters, 8 of them',
  'xmlCpyBitOfEverything.Xml': 'gives $ZZZZ9999, which has 9 characters, 8 of them',
};

describe.skipIf(!hasReference)('layouts of cb2xml (skipped where the reference data is missing)', () => {
  const outputs = hasReference ? readdirSync(join(referenceFolder, zTests, 'xmlCopybook')) : [];
  const copybooks = hasReference ? readdirSync(join(referenceFolder, zTests, 'cobolCopybook')) : [];
  for (const output of outputs) {
    const by = /^xml(Cpy.*)\.xml$/i.exec(output)?.[1] ?? `cbl2xml_Test${/Output(\d+)/.exec(output)?.[1]}`;
    const name = copybooks.find((one) => one.toLowerCase() === `${by}.cbl`.toLowerCase()) ?? '';
    const reason = otherLayouts[output];
    it.skipIf(reason !== undefined)(`${name} as in ${output}${reason === undefined ? '' : ` (${reason})`}`, () => {
      // A backslash before a quotation mark is no COBOL.
      const text = read(`${zTests}/cobolCopybook/${name}`).toString().replaceAll('\\"', '"');
      const file = { path: name, bytes: Buffer.from(text), beside: () => undefined };
      const records = layoutOf(file, { columns: 'auto', currency: '$', decimalComma: false, dialect: dialects.ibm });
      const expected = expectedLayout(`${zTests}/xmlCopybook/${output}`);
      const isNamed = expected.some(([one]) => one === 'RECORD');
      expect(records.flatMap(flat).filter(([one]) => isNamed || one !== 'RECORD')).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);
    });
  }
});

type Place = readonly [name: string, position: number, bytes: number];

function flat(field: Field): Place[] {
  return [[field.name ?? '', field.offset + 1, field.bytes], ...field.fields.flatMap(flat)];
}

/** Some of the outputs are in EBCDIC. */
function expectedLayout(path: string): Place[] {
  const bytes = read(path);
  const xml = bytes[0] === 0x4c ? (characterEncodings['ebcdic-037'].decode(bytes) ?? '') : bytes.toString();
  return [...xml.matchAll(/<item ([^>]*)>/g)].map(([, attributes = '']) => {
    const of = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
    const name = of('(?<!-)name');
    return [/^filler$/i.test(name) ? '' : name, Number(of('position')), Number(of('storage-length'))];
  });
}

interface FileCase extends Tolerance {
  readonly copybook: string;
  readonly data: string;
  readonly options?: object;
  /** Where what is expected is, as lines or documents of JSON; what of it is compared. */
  readonly expected?: string;
  readonly pick?: (document: unknown) => unknown;
  /** How many records there are. */
  readonly count: number;
  /** Records that are really broken. */
  readonly problems?: number;
  /** Where the reference sorts its lines. */
  readonly anyOrder?: boolean;
  /** Bytes that stand around the records, or a line without an end. */
  readonly irregularFile?: boolean;
}

const cobrix = (
  name: string,
  folder: string,
  file: string,
  expected: string | undefined,
  more: Partial<FileCase> = {},
): FileCase => ({
  copybook: `cobrix/data/${name}`,
  data: `cobrix/data/${folder}/${file}`,
  ...(expected === undefined ? {} : { expected: `cobrix/data/${expected}` }),
  count: 1000,
  ...more,
});
const json2cbl = 'coboltojson/src/test/resources/net/sf/cobolToJson/zTest/json2cbl';
const toJson = (copybook: string, data: string, expected: string, count: number, more: Partial<FileCase> = {}): FileCase => ({
  copybook: `${json2cbl}/cobol/${copybook}`,
  data: `${json2cbl}/${data}`,
  expected: `${json2cbl}/json/${expected}`,
  pick: (document) => Object.values(document as object)[0],
  count,
  ...more,
});
const lines = { recordFormat: 'lines', encoding: 'latin1' };
const littleRdw = { recordFormat: 'v', lengths: { at: 2, order: 'little', adjust: 0 } };
const segments = { extras: true, pick: withoutIds };

/** The reference adds numbers of its own, shows the other segment as empty, and of the bytes of a number only what can be printed. */
function withoutIds(value: unknown): unknown {
  const segment = (value as { SEGMENT_ID: string }).SEGMENT_ID;
  const other = segment === 'C' ? 'CONTACTS' : 'STATIC_DETAILS';
  const own = Object.entries(value as object).filter(
    ([key]) => key !== other && !/^(File_Id|Record_Id|Record_Byte_Length|Seg_Id\d)$/.test(key),
  );
  const { TAXPAYER: taxpayer, ...details } = (Object.fromEntries(own).STATIC_DETAILS ?? {}) as { TAXPAYER?: object };
  const { TAXPAYER_STR: _printed, ...plain } = (taxpayer ?? {}) as { TAXPAYER_STR?: string };
  return { ...Object.fromEntries(own), ...(segment === 'C' ? { STATIC_DETAILS: { ...details, TAXPAYER: plain } } : {}) };
}

const cases: readonly FileCase[] = [
  cobrix('test1_copybook.cob', 'test1_data', 'example.bin', 'test1_expected/test1.txt', { count: 10 }),
  cobrix('test3_copybook.cob', 'test3_data', 'TRAN2.AUG31.DATA.dat', 'test3_expected/test3.txt'),
  cobrix('test5_copybook.cob', 'test5_data', 'COMP.DETAILS.SEP30.DATA.dat', 'test5_expected/test5.txt', {
    ...segments,
    options: {
      ...littleRdw,
      choose: [
        { take: 'STATIC-DETAILS', field: 'SEGMENT-ID', is: ['C'] },
        { take: 'CONTACTS', field: 'SEGMENT-ID', is: ['P'] },
      ],
    },
  }),
  cobrix('test5_copybook.cob', 'test5b_data', 'COMP.DETAILS.FEB02.DATA.RDW.BE.dat', 'test5_expected/test5b.txt', {
    ...segments,
    options: {
      recordFormat: 'v',
      lengths: { adjust: 0 },
      choose: [
        { take: 'STATIC-DETAILS', field: 'SEGMENT-ID', is: ['C'] },
        { take: 'CONTACTS', field: 'SEGMENT-ID', is: ['P'] },
      ],
    },
  }),
  cobrix('test4_copybook.cob', 'test4_data', 'COMP.DETAILS.SEP30.DATA.dat', undefined, {
    options: { ...littleRdw, encoding: 'latin1' },
  }),
  cobrix('test6_copybook.cob', 'test6_data', 'INTEGR.TYPES.NOV28.DATA.dat', 'test6_expected/test6.txt', {
    count: 100,
    options: { floats: 'ieee-big' },
  }),
  cobrix('test7_fillers.cob', 'test7_data', 'TEST.FILLERS.DEC07.DATA.dat', 'test7_expected/test7.txt', {
    extras: true,
    anyOrder: true,
  }),
  cobrix('test8_copybook.cob', 'test8_data', 'TRAN2.MAR14.DATA.dat', 'test8_expected/test8_non_printable.txt'),
  ...['273', '500', '1140', '1141', '1148'].map((page) =>
    cobrix('test9_copybook.cob', 'test9_data', 'TRAN.APR14.NPT.DATA.dat', `test9_expected/test9_cp${page}.txt`, {
      options: { encoding: `ebcdic-${page}` },
    }),
  ),
  cobrix('test12_copybook.cob', 'test12_data', 'data.dat', 'test12_expected/test12.txt', {
    count: 1,
    options: lines,
    irregularFile: true,
  }),
  cobrix('test13a_file_header_footer.cob', 'test13a_data', 'TRAN2.JUN24.DATA.dat', 'test13_expected/test13a.txt', {
    count: 50,
    options: { skipBytes: { start: '10B', end: '12B' } },
    anyOrder: true,
    irregularFile: true,
  }),
  cobrix('test13b_vrl_file_headers.cob', 'test13b_data', 'COMP.DETAILS.JUN02.DATA.RDW.BE.dat', undefined, {
    count: 20,
    options: { recordFormat: 'v', lengths: { adjust: 0 }, skipBytes: { start: '100B', end: '120B' } },
    irregularFile: true,
  }),
  cobrix('test14_copybook.cob', 'test14_data', 'COMP.DETAILS.JUL02.DATA.dat', 'test14_expected/test14.txt', {
    ...segments,
    count: 100,
    options: {
      recordFormat: 'v',
      lengths: { at: 2, order: 'little', adjust: -4 },
      choose: [
        { take: 'STATIC-DETAILS', field: 'SEGMENT-ID', is: ['C'] },
        { take: 'CONTACTS', field: 'SEGMENT-ID', is: ['P'] },
      ],
    },
  }),
  cobrix('test15_copybook.cob', 'test15_data/a', 'example.bin', undefined, { count: 10 }),
  cobrix('test16_fix_len_segments.cob', 'test16_data', 'ENTITY.DB.AUG12.DATA.FIX.LEN.dat', 'test16_expected/test16.txt', {
    count: 50,
    options: {
      choose: [
        { take: 'COMPANY', field: 'SEGMENT-ID', is: ['C'] },
        { take: 'PERSON', field: 'SEGMENT-ID', is: ['P'] },
        { take: 'PO-BOX', field: 'SEGMENT-ID', is: ['B'] },
      ],
    },
  }),
  cobrix('test21_copybook.cob', 'test21_data', 'data.dat', 'test21_expected/test21.txt', {
    count: 5,
    options: { encoding: 'ascii', recordFormat: 'content' },
    pick: (document) => (document as { RECORD: unknown }).RECORD,
  }),
  cobrix('test24_copybook.cob', 'test24_data', 'INTEGR.TYPES.NOV28.DATA.dat', undefined, {
    count: 100,
    options: { floats: 'ieee-big' },
  }),
  cobrix('test40_copybook.cob', 'test40_data', 'example.dat', 'test40_expected/test40.txt', {
    count: 100,
    options: { floats: 'ieee-big' },
  }),
  toJson('DTAR020.cbl', 'DTAR020.bin', 'DTAR020_DataN.json', 379),
  toJson('DTAR020.cbl', 'DTAR020_tst1.bin', 'DTAR020_tst1_DataN.json', 17),
  toJson('DTAR107.cbl', 'DTAR107.bin', 'DTAR107_DataN.json', 6, { extras: true }),
  toJson('DTAR1000.cbl', 'DTAR1000.bin', 'DTAR1000_DataN.json', 147, { options: { recordFormat: 'v' } }),
  toJson('FCUSDAT.cbl', 'ZOS.FCUSTDAT_150.vb.bin', 'ZOS.FCUSTDAT_150.json', 150, {
    options: { recordFormat: 'v' },
    extras: true,
  }),
  toJson('ArrayCopybook.cbl', 'ArrayFile.txt', 'ArrayFile.json', 20, { options: { ...lines, signs: 'fujitsu' } }),
  toJson('ArrayDependingCopybook.cbl', 'ArrayDependingFile.txt', 'ArrayDependingFile.json', 20, {
    options: { ...lines, signs: 'fujitsu' },
  }),
  toJson('ODArray01.cbl', 'ODArray01.txt', 'ODArray01.json', 41, { options: lines }),
  toJson('ODArray61.cbl', 'ODArray61.txt', 'ODArray61.json', 30, { options: lines }),
  toJson('ODArray61a.cbl', 'ODArray61.txt', 'ODArray61a.json', 30, { options: lines }),
  toJson('invoice.cbl', 'invoice.txt', 'invoice.json', 2, { options: lines }),
];

describe.skipIf(!hasReference)('files of Cobrix and CobolToJson (skipped where the reference data is missing)', () => {
  for (const one of cases) {
    const options = (): ReturnType<typeof optionsOf> => optionsOf(join(referenceFolder, one.copybook), one.options);
    const name = `${one.copybook.split('/').at(-1)} with ${one.data.split('/').at(-1)} ${JSON.stringify(one.options ?? {}).slice(0, 40)}`;
    it(`${name}`, async () => {
      const bytes = read(one.data);
      const { values, problems } = recordsOf(bytes, options());
      expect(problems.length, problems[0]).toBe(one.problems ?? 0);
      expect(values).toHaveLength(one.count);
      expect(one.expected === undefined ? [] : expectedDifferences(one, values)).toEqual([]);
      const again = Buffer.from(encoder.encodeWhole(JSON.parse(JSON.stringify(values)) as unknown[], options()));
      expect(
        one.irregularFile ? bytes.includes(again.subarray(0, -1)) : sameLineEnds(again, one) === sameLineEnds(bytes, one),
      ).toBe(true);
      // A file that is cut off has to be one of fixed records.
      const first = one.options === undefined ? bytes.subarray(0, 3000) : new Uint8Array();
      expect(await inBytes(first, options())).toEqual(recordsOf(first, options()).values);
    });
  }
});

/** Lines are written with one kind of end, the last one too. */
function sameLineEnds(bytes: Buffer, { options = {} }: FileCase): string {
  const text = bytes.toString('latin1');
  return 'recordFormat' in options && options.recordFormat === 'lines' ? text.replace(/\r\n/g, '\n').replace(/\n*$/, '\n') : text;
}

function expectedDifferences(
  { expected = '', pick = (value) => value, anyOrder, extras = false }: FileCase,
  values: readonly unknown[],
): string[] {
  const text = read(expected).toString().trim();
  const documents =
    text.startsWith('[') || /^\{\s*"[\w-]+" ?: ?\[/.test(text) ? exactJson(text) : text.split(/\n(?=\{)/).map(exactJson);
  const picked = (Array.isArray(documents) ? documents.map(pick) : pick(documents)) as unknown[];
  expect(picked.length).toBeGreaterThan(0);
  return picked.flatMap((document, index) => {
    if (!anyOrder) return differences(values[index], document, { extras });
    return values.some((value) => differences(value, document, { extras }).length === 0)
      ? []
      : [`${JSON.stringify(document)} is not there`];
  });
}
