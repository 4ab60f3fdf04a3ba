// Structure by definitions: hierarchies, loops told apart, partners, and documents that another reader made of the same files.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindOptions, readFields } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';
import type { X12Value } from './value.ts';

const order = readFileSync(new URL('fixtures/purchase-order.edi', import.meta.url), 'utf8');

/** Options as a project gives them, with files of its own. */
function optionsOf(written: Readonly<Record<string, unknown>>, files: Readonly<Record<string, unknown>> = {}) {
  const { values } = readFields(format.options, written);
  const file = (path: string) =>
    Object.hasOwn(files, path) ? { path, bytes: Buffer.from(JSON.stringify(files[path])), beside: () => undefined } : undefined;
  const supply = { file, format: () => ({ problem: 'none', remedy: 'none' }) };
  return bindOptions(format.options, values, supply).values as unknown as typeof values;
}

function valuesOf(text: string, options: ReturnType<typeof optionsOf>): readonly X12Value[] {
  return decoder.decodeWhole(Buffer.from(text), options).map((one) => {
    if ('problem' in one) throw one.problem;
    return one.value as X12Value;
  });
}

function findingsOf(text: string, options: ReturnType<typeof optionsOf>): readonly string[] {
  const decoded = decoder.decodeWhole(Buffer.from(text), options);
  const found = decoded.flatMap((one) =>
    'problem' in one ? (one.problem.details['findings'] as readonly { name: string; segment: string }[]) : [],
  );
  return found.map(({ name, segment }) => `${name} ${segment}`);
}

const withBody = (set: string, functionalCode: string, body: readonly string[]): string =>
  order
    .replace('GS*PO', `GS*${functionalCode}`)
    .replace(/ST[^]*SE.*\n/, `ST*${set}*0001~\n${body.map((one) => `${one}~\n`).join('')}SE*${body.length + 2}*0001~\n`);

describe('hierarchies', () => {
  const notice = withBody('856', 'SH', [
    'BSN*00*S-1*20260102*0930',
    'HL*1**S',
    'HL*2*1*O',
    'PRF*PO-1',
    'HL*3*2*I',
    'LIN**VN*A',
    'HL*4*1*O',
    'PRF*PO-2',
    'CTT*4',
  ]);

  it('hold each level in its parent', () => {
    expect(valuesOf(notice, optionsOf({}))[0]?.document).toMatchObject({
      HLLoop: [
        {
          HL: { HL01: '1', HL03: 'S' },
          HLLoop: [
            {
              HL: { HL01: '2', HL02: '1' },
              PRF: { PRF01: 'PO-1' },
              HLLoop: [{ HL: { HL01: '3', HL02: '2' }, LIN: { LIN03: 'A' } }],
            },
            { HL: { HL01: '4', HL02: '1' }, PRF: { PRF01: 'PO-2' } },
          ],
        },
      ],
    });
  });

  it('are numbered where the value does not', () => {
    const options = optionsOf({
      envelope: { sender: 'A1', receiver: 'B1', date: '260102', time: '0930', controlNumber: '1', 'group.version': '004010' },
    });
    const HLLoop = [
      { HL: { HL03: 'S' }, HLLoop: [{ HL: { HL03: 'O' }, HLLoop: [{ HL: { HL03: 'I' } }] }, { HL: { HL03: 'O' } }] },
    ];
    const document = { BSN: { BSN01: '00', BSN02: 'S-1', BSN03: '20260102', BSN04: '0930' }, HLLoop };
    const text = Buffer.from(encoder.encodeWhole([{ set: '856', document }], options)).toString();
    expect(text.match(/HL[^~]*/g)).toEqual(['HL*1**S', 'HL*2*1*O', 'HL*3*2*I', 'HL*4*1*O']);
  });

  it('are refused where a level is below none, or numbered twice', () => {
    expect(findingsOf(notice.replace('HL*4*1', 'HL*4*7'), optionsOf({}))).toEqual(['hierarchy HL']);
    expect(findingsOf(notice.replace('HL*4*1', 'HL*2*1'), optionsOf({}))).toEqual(['hierarchy HL']);
  });
});

describe('loops that begin alike', () => {
  const parts = (when: (code: string) => object) => [
    'BGN!',
    { loop: 'N1*', name: 'shipTo', ...when('ST'), parts: ['N1!', 'N3*2'] },
    { loop: 'N1*', name: 'billTo', ...when('BT'), parts: ['N1!', 'N4', 'PER*'] },
  ];
  const files = {
    'by-code.json': {
      version: '004010',
      sets: { '199': { group: 'ZZ', name: 'x', parts: parts((code) => ({ when: { '01': [code] } })) } },
    },
    'by-what-follows.json': { version: '004010', sets: { '199': { group: 'ZZ', name: 'x', parts: parts(() => ({})) } } },
  };
  const text = withBody('199', 'ZZ', ['BGN*00*1*20260102', 'N1*BT*Buyer', 'N4*Savannah*GA', 'PER*BD']);

  it('are told apart by qualifiers', () => {
    const options = optionsOf({ definitions: 'by-code.json' }, files);
    expect(valuesOf(text, options)[0]?.document).toMatchObject({ billTo: [{ N1: { N101: 'BT' }, N4: { N402: 'GA' } }] });
    expect(findingsOf(text.replace('N1*BT', 'N1*XX'), options)[0]).toBe('segment-unexpected N1');
  });

  it('are told apart by the segments behind them', () => {
    const options = optionsOf({ definitions: 'by-what-follows.json' }, files);
    expect(valuesOf(text, options)[0]?.document).toMatchObject({ billTo: [{ N1: { N101: 'BT' } }] });
    const other = text.replace(/N4.*\nPER.*\n/, 'N3*Road~\n').replace('SE*6', 'SE*5');
    expect(valuesOf(other, options)[0]?.document).toMatchObject({ shipTo: [{ N1: { N101: 'BT' }, N3: [{ N301: 'Road' }] }] });
  });
});

describe('code lists and partners', () => {
  const files = {
    'codes.json': { version: '004010', codes: { 92: ['SA', 'NE'] } },
    'acme.json': {
      sets: {
        '850': {
          CUR: { used: false },
          REF: { max: 1 },
          ITD: { min: 1 },
          BEG: { elements: { '02': { codes: ['NE'] }, '06': { required: true }, '05': { used: true } } },
          PO1Loop: { parts: { PO1: { elements: { '05': { used: false } } } } },
        },
      },
    },
  };

  it('are checked where the project has them', () => {
    expect(findingsOf(order, optionsOf({ definitions: 'codes.json' }, files))).toEqual([]);
    expect(findingsOf(order.replace('*SA*', '*XX*'), optionsOf({ definitions: 'codes.json' }, files))).toEqual([
      'element-code BEG',
    ]);
  });

  it('tighten a definition, and say so in a 999', () => {
    const text = order.replace('REF', 'CUR*BY*USD~\nREF').replace('SE*11', 'SE*12').replace('12.5**', '12.5*PE*');
    const options = optionsOf({ partner: 'acme.json', acknowledge: '999' }, files);
    expect(findingsOf(text, options)).toEqual([
      'element-partner-code BEG',
      'element-demanded BEG',
      'segment-unused CUR',
      'segment-demanded ITD',
      'element-unused PO1',
    ]);
    const answer = decoder
      .decodeWhole(Buffer.from(text), options)
      .flatMap((one) => ('value' in one ? [one.value as X12Value] : []));
    expect(answer[0]?.segments?.slice(2)).toEqual([
      ['IK3', 'BEG', '2', '', '8'],
      ['IK4', '2', '92', 'I6', 'SA'],
      ['IK4', '6', '367', 'I9'],
      ['IK3', 'CUR', '3', '', 'I4'],
      ['IK3', 'ITD', '5', '', 'I6'],
      ['IK3', 'PO1', '8', 'PO1', '8'],
      ['IK4', '5', '639', 'I10', 'PE'],
      ['IK5', 'R', 'I5'],
      ['AK9', 'R', '1', '1', '0'],
    ]);
  });
});

interface Expected {
  readonly Type: 'M' | 'L' | 'S';
  readonly Name: string;
  readonly Content: readonly (Expected | { readonly E?: string })[];
}

const data = join(
  process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data'),
  'x12/ediengine/EdiEngine.Tests/TestData',
);

describe.skipIf(!existsSync(data))('what another reader made of the same files (needs the reference data)', () => {
  it.each(['940.OK', '856.Crossdock.OK'])('%s', (name) => {
    const expected = JSON.parse(readFileSync(join(data, `${name}.json`), 'utf8').replace(/^\ufeff/, '')) as Expected;
    const [value] = valuesOf(readFileSync(join(data, `${name}.edi`), 'utf8'), optionsOf({ faults: 'value' }));
    expect(segmentsIn(value?.document ?? {}, '')).toEqual(expectedSegments(expected, ''));
  });
});

/** Each segment with the loops around it and its elements. */
function expectedSegments({ Type, Name, Content }: Expected, loop: string): readonly string[] {
  if (Type === 'S')
    return [
      `${loop}${Name} ${Content.map((one) => ('E' in one ? (one.E ?? '') : ''))
        .join('*')
        .replace(/\*+$/, '')}`,
    ];
  const inner = Type === 'L' ? `${loop}${Name.replace(/^L_/, '').replace(/_\d+$/, '')}/` : loop;
  return Content.flatMap((one) => ('Type' in one ? expectedSegments(one, inner) : []));
}

function segmentsIn(document: object, loop: string): readonly string[] {
  return Object.entries(document).flatMap(([key, part]: readonly [string, unknown]) => {
    const isLoop = key.includes('Loop');
    const inner = `${loop}${key.replace(/Loop.*$/, '')}/`;
    return (Array.isArray(part) ? part : [part]).flatMap((one: object) =>
      isLoop ? segmentsIn(one, inner) : [`${loop}${key.replace(/_\d+$/, '')} ${elementsOf(one)}`],
    );
  });
}

function elementsOf(segment: object): string {
  const texts: string[] = [];
  for (const [key, text] of Object.entries(segment)) texts[Number(key.slice(-2)) - 1] = typeof text === 'string' ? text : '?';
  return Array.from(texts, (text) => text ?? '').join('*');
}
