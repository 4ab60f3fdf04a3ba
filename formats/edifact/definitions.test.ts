// Definitions: those that come along against another project's, and directories as UN/CEFACT publishes them.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bound, decoded } from './bound.fixture.ts';
import { readEntries } from './definitions.ts';
import { dataOf, directoryOf } from './directories.ts';
import { encoder } from './encode.ts';
import { publishedFiles } from './published.fixture.ts';
import { interchangeOf, orders } from './samples.fixture.ts';

const referenceData = process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const mapping = join(referenceData, 'edifact/edifact-mapping/src/Mapping');
const names = ['D.96A', 'D.01B'] as const;
const types = [
  'ORDERS',
  'ORDRSP',
  'ORDCHG',
  'DESADV',
  'RECADV',
  'INVOIC',
  'INVRPT',
  'SLSRPT',
  'PRICAT',
  'PARTIN',
  'IFTMIN',
  'IFTSTA',
];

describe.each(names)('the definitions of %s', (name) => {
  it('hold all messages, CONTRL too', () => {
    const all = [...types, 'APERAK', 'CONTRL'];
    expect(all.filter((type) => directoryOf(name).message(type) === undefined)).toEqual([]);
  });

  it('define every segment, composite and element that they name', () => {
    const [data, service] = [dataOf(name), dataOf('service')];
    const ids = (lines: Readonly<Record<string, string>>): string[] => Object.values(lines).flatMap((line) => idsIn(line));
    const missing = [
      ...ids(data.messages).filter(
        (id) => !/^(SG[0-9]+|UNH|UNT)$/.test(id) && !(id in data.segments) && !(id in service.segments),
      ),
      ...[...ids(data.segments), ...ids(data.composites)].filter((id) => !(id in data.composites) && !(id in data.elements)),
    ];
    expect(missing).toEqual([]);
    expect(Object.values(data.elements).filter((format) => !/^(a|n|an)(\.\.)?[0-9]+$/.test(format))).toEqual([]);
    expect(Object.keys(data.codes).filter((id) => !(id in data.elements))).toEqual([]);
  });
});

function idsIn(line: string): string[] {
  const walk = (entries: ReturnType<typeof readEntries>): string[] =>
    entries.flatMap(({ id, inside }) => [id, ...walk(inside ?? [])]);
  return walk(readEntries(line));
}

/** Where the other project differs, and why ours is right: nothing does. */
const differences: readonly string[] = [];

describe.skipIf(!existsSync(mapping)).each(names)('%s and edifact-mapping (needs reference data)', (name) => {
  const folder = join(mapping, name.replace('.', ''));
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

  it.each([...types, 'APERAK'])('%s has the same segments and groups', (type) => {
    const ours = dataOf(name).messages[type] ?? '';
    expect(differences.includes(type) ? '' : tableOf(read(`messages/${type.toLowerCase()}.xml`))).toBe(ours);
  });

  it('segments have the same elements, with the same formats', () => {
    const data = dataOf(name);
    const theirs = segmentsOf(read('segments.xml'));
    const ours = Object.keys(data.segments).map((tag) => [tag, elementsOf(name, tag)] as const);
    expect(ours.length).toBeGreaterThan(60);
    for (const [tag, elements] of ours) expect([tag, theirs.get(tag)]).toEqual([tag, elements]);
  });

  it('elements have the same codes', () => {
    const text = read('codes.xml');
    const theirs = new Map(
      [...text.matchAll(/<data_element id="(\d+)">(.*?)<\/data_element>/gs)].map(([, id = '', inside = '']) => [
        id,
        [...inside.matchAll(/<code id="([^"]*)"/g)].map(([, code]) => code).join(' '),
      ]),
    );
    for (const [id, codes] of Object.entries(dataOf(name).codes)) expect([id, theirs.get(id)]).toEqual([id, codes]);
  });
});

/** The grammar of ours out of their XML. */
function tableOf(xml: string): string {
  const parts = [...xml.matchAll(/<(segment|group) id="(\w+)" maxrepeat="(\d+)"( required="true")?|<(\/group)>/g)];
  const text = parts.map(([, kind, id, max, required, closes]) => {
    if (closes) return ')';
    return ` ${id}${required ? '!' : ''}${max === '1' ? '' : `*${max}`}${kind === 'group' ? '(' : ''}`;
  });
  return text.join('').replaceAll('( ', '(').trim();
}

type Elements = readonly (readonly [string, boolean, string])[];

function segmentsOf(xml: string): ReadonlyMap<string, Elements> {
  const attributes = (text: string): Readonly<Record<string, string>> =>
    Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const segments = [...xml.matchAll(/<segment id="(\w+)"[^>]*>(.*?)<\/segment>/gs)];
  return new Map(
    segments.map(([, tag = '', inside = '']) => {
      const elements = [...inside.matchAll(/<(composite_data_element|data_element) ([^>]*?)\/?>/g)].map(([, kind, text = '']) => {
        const { id = '', required, type = '', maxlength, length } = attributes(text);
        const format = kind === 'data_element' ? `${type}${maxlength === undefined ? length : `..${maxlength}`}` : '';
        return [id, required === 'true', format] as const;
      });
      return [tag, elements];
    }),
  );
}

function elementsOf(name: string, tag: string): Elements {
  const { elements } = dataOf(name);
  const definition = directoryOf(name).segment(tag);
  return (definition?.elements ?? []).flatMap(({ id, mandatory, components }) => [
    [id, mandatory, elements[id] ?? ''] as const,
    ...(components ?? []).map((component) => [component.id, component.mandatory, elements[component.id] ?? ''] as const),
  ]);
}

describe('a directory as JSON', () => {
  const files = {
    'own.json': JSON.stringify({
      messages: { TESTER: 'UNH! ABC! SG1*9(DEF! ABC) ABC*3 UNT!' },
      segments: { ABC: '1555 C555^3', DEF: '1556!^2' },
      composites: { C555: '1555 1556*2' },
      elements: { 1555: 'an..3', 1556: 'n..5' },
    }),
  };
  const options = { directory: 'own.json', shape: 'groups' };
  const text =
    "UNA:+.?*'UNB+UNOC:4+A+B+20261126:1421+1'UNH+1+TESTER:1:2:UN'ABC+x+a:1:2*b::3'DEF+1*2'ABC+y'ABC+z'UNT+6+1'UNZ+1+1'";

  it('has repetitions and repeated places as lists, and what stands twice by other names', () => {
    const { values, problems } = decoded(text, options, files);
    expect(problems).toEqual([]);
    expect(values).toMatchObject([
      {
        body: {
          ABC: {
            E1555: 'x',
            C555: [
              { E1555: 'a', E1556: ['1', '2'] },
              { E1555: 'b', E1556: ['', '3'] },
            ],
          },
          SG1: [{ DEF: { E1556: ['1', '2'] }, ABC: { E1555: 'y' } }],
          ABC_2: [{ E1555: 'z' }],
        },
      },
    ]);
    expect(Buffer.from(encoder.encodeWhole(values, bound(options, files))).toString()).toBe(text);
  });

  it('refuses too many repetitions', () => {
    expect(decoded(text.replace('DEF+1*2', 'DEF+1*2*3'), options, files).problems).toMatchObject([
      { details: { syntaxError: '35' } },
    ]);
  });
});

describe('a directory as it is published', () => {
  const files = publishedFiles(dataOf('D.01B'), '02A');
  const options = { directory: 'directories/EDSD.02A', shape: 'groups', check: 'codes' };
  const text = interchangeOf([orders(1, 2)]).replace('96A', '02A');

  it('gives what the same directory gives that comes along', () => {
    const own = decoded(text, options, files);
    const builtIn = decoded(text.replace('02A', '01B'), { ...options, directory: undefined });
    expect(own.problems).toEqual([]);
    expect(JSON.parse(JSON.stringify(own.values).replace('"02A"', '"01B"'))).toEqual(builtIn.values);
  });

  it('refuses what it does not allow', () => {
    const { problems } = decoded(text.replace('BGM+220', 'BGM+XYZ'), options, files);
    expect(problems).toMatchObject([{ code: 'MORTISE_FORMAT_VALUE', details: { syntaxError: '12', field: '1.1' } }]);
  });

  it('may lie in the folders of its archives', () => {
    const inFolders = Object.fromEntries(
      Object.entries(files).map(([path, content]) => {
        const name = path.slice(path.lastIndexOf('/') + 1);
        return [`d02a/${name.includes('_D.') ? 'EDMD' : name.slice(0, 4)}/${name}`, content];
      }),
    );
    expect(decoded(text, { ...options, directory: 'd02a/EDSD/EDSD.02A' }, inFolders).problems).toEqual([]);
  });

  it('is understood with marks of change, names of two lines, and without positions of components', () => {
    const older = {
      'EDSD.93A':
        `${line}\n       ABC  A SEGMENT\n\n       Function: To say something.\n\n010 *  C555   A COMPOSITE WITH A NAME THAT IS LONG AND\n              GOES ON                                       M\n       1555   First                                         M  an..3\n       1556   Second                                        C  n..5\n+ 020    1557   ALONE                                         C  a2\n${line}\n`.replace(
          '+ 020 ',
          '020 + ',
        ),
      'EDCD.93A': `${line}\n *     C555  A COMPOSITE\n\n       Desc: A text.\n\n       1555   First                                         M  an..3\n|      1556   Second                                        C  n..5\n${line}\n`,
      'EDED.93A': [
        ['1555', 'First', 'an..3'],
        ['1556', 'Second', 'n..5'],
        ['1557', 'Alone', 'a2'],
      ]
        .map(([id, name, format]) => `${line}\n+    ${id}  ${name}\n\n     Desc: A text.\n\n     Repr: ${format}\n`)
        .join(''),
      'UNCL.93A': `${line}\n     1555  First\n\n     Desc: A text.\n\n     Repr: an..3\n\n     A1    The first\n              Said at length.\n+    B2    The second\n              Note: not a code.\n${line}\n`,
      'TESTER_D.93A': `4.3.1  Segment table\n\n0010   UNH Message header            M   1\n0020   ABC A segment                 M   1\n\n0030       ---- Segment group 1  --- C   5----------+\n0040 + UGH Header                    M   1          |\n0050   ABC A segment                 C   9          |\n0060   UGT Trailer                   M   1----------+\n0070   UNT Message trailer           M   1\n`,
    };
    const message = (inside: string, count: number) => `UNH+1+TESTER:D:93A:UN'ABC+A1:5+xy'${inside}UNT+${count}+1'`;
    const own = { directory: 'EDSD.93A', check: 'codes', shape: 'groups' };
    expect(decoded(message("UGH+1'ABC+B2'ABC+A1'UGT+1'UGH+2'UGT+2'", 9), own, older)).toMatchObject({
      problems: [],
      values: [
        { body: { ABC: { C555: { E1555: 'A1', E1556: '5' }, E1557: 'xy' }, SG1: [{ ABC: [{}, {}] }, { UGH: { E0087: '2' } }] } },
      ],
    });
    expect(decoded(message("ABC+A1'", 4), own, older).problems).toMatchObject([{ details: { syntaxError: '35' } }]);
    expect(decoded(message("UGH+1'", 4), own, older).problems).toMatchObject([
      { details: { syntaxError: '13', segment: 'UGT' } },
    ]);
    expect(decoded(message("UGH+1'ABC+A1+x'UGT+1'", 6), own, older).problems).toMatchObject([{ details: { syntaxError: '40' } }]);
  });

  it.each<[string, Record<string, string>]>([
    ['a file is missing', { 'EDSD.02A': files['directories/EDSD.02A'] ?? '' }],
    ['there is nothing in it', Object.fromEntries(['EDSD', 'EDCD', 'EDED', 'UNCL'].map((file) => [`${file}.02A`, 'nothing']))],
    ['it is no JSON', { 'EDSD.02A.json': '{' }],
    ['a part of it is no text', { 'EDSD.02A.json': '{ "segments": { "ABC": 1 } }' }],
    ['a line cannot be read', { 'EDSD.02A.json': '{ "messages": { "ORDERS": "UNH! (BGM" } }' }],
  ])('cannot be used where %s', (_what, project) => {
    const [directory] = Object.keys(project);
    const { values, problems } = decoded(text, { directory, shape: 'groups' }, project);
    expect(values).toEqual([]);
    expect(problems).toMatchObject([{ code: 'MORTISE_EDIFACT_DIRECTORY' }]);
  });
});

const line = '-'.repeat(70);
