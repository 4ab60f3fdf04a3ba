// Acknowledgements: good files are changed in one way each; the answer has to name the place and the code, and count what was accepted.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';
import type { X12Value } from './value.ts';

const order = readFileSync(new URL('fixtures/purchase-order.edi', import.meta.url), 'utf8');
const notice = around('SH', '856', [
  'BSN*00*SHP-9*20260102*0930',
  'HL*1**S',
  'TD5**2*SCAC',
  'HL*2*1*O',
  'PRF*PO-4711',
  'HL*3*2*I',
  'LIN**VN*AB-100',
  'SN1**48*EA',
  'CTT*3',
]);
const invoice = around('IN', '810', [
  'BIG*20260103*INV-1**PO-4711',
  'N1*ST*Depot*92*0007',
  'IT1*1*48*EA*12.5**VN*AB-100',
  'TDS*60000',
  'CTT*1',
]);

/** Decoded with acknowledgements, each as the text of its segments. */
function answers(text: string, written: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, readonly string[]>> {
  const options = readFields(format.options, { acknowledge: '997', ta1: 'always', ...written }).values;
  const values = decoder
    .decodeWhole(Buffer.from(text), options)
    .flatMap((one) => ('value' in one ? [one.value as X12Value] : []));
  const made = values.filter(({ acknowledges }) => acknowledges);
  return Object.fromEntries(
    made.map(({ set, segments = [] }) => [
      set,
      segments.map((segment) =>
        segment.map((one) => (typeof one === 'string' ? one : Array.from(one as readonly string[]).join(':'))).join('*'),
      ),
    ]),
  );
}

const answer = (text: string, written?: Readonly<Record<string, unknown>>): readonly string[] =>
  answers(text, written)['997'] ?? [];

describe('what is right', () => {
  it.each([
    ['850', order, 'PO'],
    ['856', notice, 'SH'],
    ['810', invoice, 'IN'],
  ])('%s is accepted', (set, text, functionalCode) => {
    expect(answer(text)).toEqual([`AK1*${functionalCode}*101`, `AK2*${set}*0001`, 'AK5*A', 'AK9*A*1*1*1']);
    expect(answers(text)['TA1']).toEqual(['TA1*000000101*260102*0930*A*000']);
  });
});

describe('one change each', () => {
  const changed: readonly { readonly what: string; readonly text: string; readonly notes: readonly string[] }[] = [
    { what: 'BEG dropped', text: without(order, 'BEG'), notes: ['AK3*BEG*2**3', 'AK5*R*5'] },
    {
      what: 'all items dropped',
      text: without(without(without(order, 'PO1*1'), 'PID'), 'PO1*2'),
      notes: ['AK3*PO1*7**3', 'AK5*R*5'],
    },
    { what: 'BEG and REF swapped', text: swapped(order, 'BEG', 'REF'), notes: ['AK3*REF*2**7', 'AK5*R*5'] },
    { what: 'N3 and N4 swapped', text: swapped(order, 'N3', 'N4'), notes: ['AK3*N3*6*N1*7', 'AK5*R*5'] },
    { what: 'BEG twice', text: order.replace(/BEG.*\n/, '$&$&').replace('SE*11', 'SE*12'), notes: ['AK3*BEG*3**5', 'AK5*R*5'] },
    {
      what: 'a segment of another set',
      text: order.replace('CTT', 'BIG*20260101*1~\nCTT').replace('SE*11', 'SE*12'),
      notes: ['AK3*BIG*10*PO1*6', 'AK5*R*5'],
    },
    {
      what: 'no name of a segment',
      text: order.replace('CTT', 'p0*1~\nCTT').replace('SE*11', 'SE*12'),
      notes: ['AK3*p0*10*PO1*1', 'AK5*R*5'],
    },
    { what: 'BEG03 dropped', text: order.replace('PO-4711', ''), notes: ['AK3*BEG*2**8', 'AK4*3*324*1', 'AK5*R*5'] },
    {
      what: 'BEG03 lengthened',
      text: order.replace('PO-4711', 'X'.repeat(23)),
      notes: ['AK3*BEG*2**8', `AK4*3*324*5*${'X'.repeat(23)}`, 'AK5*R*5'],
    },
    { what: 'BEG02 shortened', text: order.replace('*SA*', '*S*'), notes: ['AK3*BEG*2**8', 'AK4*2*92*4*S', 'AK5*R*5'] },
    {
      what: 'no such day',
      text: order.replace('**20260102', '**20260230'),
      notes: ['AK3*BEG*2**8', 'AK4*5*373*8*20260230', 'AK5*R*5'],
    },
    {
      what: 'letters in a number',
      text: order.replace('PO1*1*48', 'PO1*1*4O'),
      notes: ['AK3*PO1*7*PO1*8', 'AK4*2*330*6*4O', 'AK5*R*5'],
    },
    { what: 'half a pair', text: order.replace('VN*AB-200', 'VN'), notes: ['AK3*PO1*9*PO1*8', 'AK4*7*234*2', 'AK5*R*5'] },
    {
      what: 'an element too many',
      text: order.replace('CTT*2', 'CTT*2******x*y'),
      notes: ['AK3*CTT*10*CTT*8', 'AK4*8**3*y', 'AK5*R*5'],
    },
    { what: 'a wrong count of segments', text: order.replace('SE*11', 'SE*10'), notes: ['AK5*R*4'] },
    { what: 'a wrong number behind', text: order.replace('SE*11*0001', 'SE*11*0002'), notes: ['AK5*R*3'] },
    { what: 'no SE', text: order.replace(/SE.*\n/, ''), notes: ['AK5*R*2'] },
    { what: 'a parent that is not there', text: notice.replace('HL*3*2', 'HL*3*9'), notes: ['AK3*HL*7*HL*7', 'AK5*R*5'] },
    {
      what: 'no level at all',
      text: notice.replace(/HL[^]*?(?=CTT)/, '').replace('SE*11', 'SE*4'),
      notes: ['AK3*HL*3**3', 'AK5*R*5'],
    },
    { what: 'TDS dropped', text: without(invoice, 'TDS'), notes: ['AK3*TDS*5**3', 'AK5*R*5'] },
    {
      what: 'N1 without its names',
      text: invoice.replace('*Depot*92*0007', ''),
      notes: ['AK3*N1*3*N1*8', 'AK4*2*93*2', 'AK5*R*5'],
    },
  ];

  it.each(changed)('$what', ({ text, notes }) => {
    const told = answer(text);
    expect(told.slice(2)).toEqual([...notes, 'AK9*R*1*1*0']);
  });
});

describe('groups and interchanges', () => {
  const two = order
    .replace(/ST[^]*SE.*\n/, '$&$&')
    .replace(/(SE\*11\*0001~\n)ST\*850\*0001([^]*)SE\*11\*0001/, '$1ST*850*0002$2SE*11*0002')
    .replace('GE*1', 'GE*2');

  it('are accepted in part where one of two is rejected', () => {
    expect(answer(two).at(-1)).toBe('AK9*A*2*2*2');
    expect(answer(two.replace('SE*11*0002', 'SE*11*0003'))).toEqual([
      'AK1*PO*101',
      'AK2*850*0001',
      'AK5*A',
      'AK2*850*0002',
      'AK5*R*3',
      'AK9*P*2*2*1',
    ]);
  });

  it('are accepted with errors where these are only noted', () => {
    const told = answer(order.replace('**20260102', '**20260230'), { noted: ['element-date'] });
    expect(told.slice(2)).toEqual(['AK3*BEG*2**8', 'AK4*5*373*8*20260230', 'AK5*E*5', 'AK9*E*1*1*1']);
  });

  it('say what their own trailers have wrong', () => {
    expect(answer(order.replace('GE*1', 'GE*3')).at(-1)).toBe('AK9*E*3*1*1*5');
    expect(answer(order.replace('GE*1*101', 'GE*1*102')).at(-1)).toBe('AK9*E*1*1*1*4');
    expect(answer(order.replace(/GE.*\n/, '')).at(-1)).toBe('AK9*E*1*1*1*3');
    expect(answers(order.replace('IEA*1', 'IEA*2'))['TA1']).toEqual(['TA1*000000101*260102*0930*E*021']);
    expect(answers(order.replace('IEA*1*000000101', 'IEA*1*000000102'))['TA1']).toEqual(['TA1*000000101*260102*0930*E*001']);
    expect(answers(order.replace(/IEA.*\n/, ''))['TA1']).toEqual(['TA1*000000101*260102*0930*E*023']);
  });

  it('are rejected as a whole where their headers are wrong', () => {
    expect(answer(two.replace('*101*X*', '*1O1*X*').replace('GE*2*101', 'GE*2*1O1')).at(-1)).toBe('AK9*R*2*2*0*6');
    const strict = answers(two.replace('NORTHWIND      ', 'NORTHWIND'), { noted: [] });
    expect(strict['TA1']).toEqual(['TA1*000000101*260102*0930*R*022']);
    expect(strict['997']?.at(-1)).toBe('AK9*R*2*2*0');
  });

  it('reject what could not be read at all', () => {
    const rejected = ['AK1*PO*101', 'AK2*850*0001', 'AK5*R', 'AK9*R*1*1*0'];
    expect(answer(order, { setBytesMax: '200B' })).toEqual(rejected);
    expect(answer(order.replace('Harbour', 'H\u00e4fen'), { encoding: 'ascii' })).toEqual(rejected);
  });

  it('are not acknowledged where they are acknowledgements', () => {
    const options = readFields(format.options, {
      acknowledge: '997',
      ta1: 'always',
      envelope: { date: '260102', time: '0930', controlNumber: '1' },
    }).values;
    const made = decoder
      .decodeWhole(Buffer.from(order), options)
      .flatMap((one) => ('value' in one && (one.value as X12Value).acknowledges ? [one.value] : []));
    const bytes = encoder.encodeWhole(made, options);
    const back = decoder.decodeWhole(bytes, options).map((one) => ('value' in one ? (one.value as X12Value) : one.problem));
    expect(back).toMatchObject([
      { set: 'TA1' },
      { set: '997', document: { AK1: { AK101: 'PO', AK102: '101' }, AK9: { AK901: 'A' } } },
    ]);
    expect(made).toHaveLength(2);
    expect(back).toHaveLength(2);
  });

  it('are acknowledged by a TA1 only where that is asked for', () => {
    expect(answers(order, { ta1: 'requested' })['TA1']).toBeUndefined();
    expect(answers(order.replace('*0*P*:', '*1*P*:'), { ta1: 'requested' })['TA1']).toBeDefined();
  });
});

describe('999', () => {
  const told = (text: string, written: Readonly<Record<string, unknown>> = {}): readonly string[] =>
    answers(text, { acknowledge: '999', ...written })['999'] ?? [];

  it('names the version, and has its own segments', () => {
    expect(told(order.replace('PO-4711', ''))).toEqual([
      'AK1*PO*101*004010',
      'AK2*850*0001',
      'IK3*BEG*2**8',
      'IK4*3*324*1',
      'IK5*R*5',
      'AK9*R*1*1*0',
    ]);
  });
});

function around(functionalCode: string, set: string, segments: readonly string[]): string {
  const body = segments.map((segment) => `${segment}~\n`).join('');
  return order
    .replace('GS*PO', `GS*${functionalCode}`)
    .replace(/ST[^]*SE.*\n/, `ST*${set}*0001~\n${body}SE*${segments.length + 2}*0001~\n`);
}

function without(text: string, begin: string): string {
  const [line = ''] = new RegExp(`^${begin.replaceAll('*', '\\*')}.*\n`, 'm').exec(text) ?? [];
  return text.replace(line, '').replace(/SE\*(\d+)/, (_, count: string) => `SE*${Number(count) - 1}`);
}

function swapped(text: string, one: string, other: string): string {
  return text.replace(new RegExp(`(${one}\\*.*\n)(${other}\\*.*\n)`), '$2$1');
}
