// Reads and writes X12 as the supplier of the demo does: as little of it as it takes, and nothing of Mortise's.

import { Objection } from './played-system.ts';

export interface TransactionSet {
  readonly id: string;
  readonly number: string;
  /** Those between ST and SE, each with its name first. */
  readonly segments: readonly Segment[];
}

export type Segment = readonly string[];

export interface Group {
  readonly code: string;
  readonly number: number;
  readonly sets: readonly TransactionSet[];
}

export interface Interchange {
  readonly sender: string;
  readonly receiver: string;
  readonly number: number;
  readonly groups: readonly Group[];
}

const isaLength = 106;

/** One interchange. Throws an `Objection` where its envelope, its counts or its numbers are wrong. */
export function readInterchange(text: string): Interchange {
  const [element, terminator] = [text[3] ?? '', text[isaLength - 1] ?? ''];
  if (!text.startsWith('ISA') || !/^\W$/.test(element) || !/^\W$/.test(terminator))
    throw new Objection('It does not begin with an ISA of 106 characters.');
  const segments = text
    .split(terminator)
    .map((segment) => segment.trimStart().split(element))
    .filter(([name]) => name !== '');
  const isa = expectSegment(segments.shift(), 'ISA', 17);
  const groups: Group[] = [];
  while (segments[0]?.[0] === 'GS') groups.push(readGroup(segments));
  const [, count, number] = expectSegment(segments.shift(), 'IEA', 3);
  if (Number(count) !== groups.length) throw new Objection(`IEA says ${count} groups; there are ${groups.length}.`);
  if (number !== isa[13]) throw new Objection(`IEA has the number ${number}, ISA ${isa[13]}.`);
  if (segments.length > 0) throw new Objection('Something stands behind IEA.');
  return { sender: isa[6]?.trim() ?? '', receiver: isa[8]?.trim() ?? '', number: Number(number), groups };
}

function readGroup(segments: Segment[]): Group {
  const [, code = '', , , , , begun] = expectSegment(segments.shift(), 'GS', 9);
  const sets: TransactionSet[] = [];
  while (segments[0]?.[0] === 'ST') sets.push(readSet(segments));
  const [, count, number] = expectSegment(segments.shift(), 'GE', 3);
  if (Number(count) !== sets.length) throw new Objection(`GE says ${count} sets; there are ${sets.length}.`);
  if (number !== begun) throw new Objection(`GE has the number ${number}, GS ${begun}.`);
  return { code, number: Number(number), sets };
}

function readSet(segments: Segment[]): TransactionSet {
  const [, id = '', number = ''] = expectSegment(segments.shift(), 'ST', 3);
  const end = segments.findIndex(([name]) => name === 'SE');
  const within = segments.splice(0, end);
  const [, count, last] = expectSegment(segments.shift(), 'SE', 3);
  if (Number(count) !== within.length + 2) throw new Objection(`SE says ${count} segments; there are ${within.length + 2}.`);
  if (last !== number) throw new Objection(`SE has the number ${last}, ST ${number}.`);
  return { id, number, segments: within };
}

function expectSegment(segment: Segment | undefined, name: string, elements: number): Segment {
  if (segment?.[0] !== name || segment.length !== elements)
    throw new Objection(`${segment?.join('*') ?? 'The end'} stands where ${name} with ${elements - 1} elements is expected.`);
  return segment;
}

/** An interchange with one set in one group, all under one number. */
export function writeInterchange(
  { sender, receiver, number }: Omit<Interchange, 'groups'>,
  code: string,
  set: string,
  body: readonly Segment[],
): string {
  const [date, time] = [
    new Date().toISOString().slice(0, 10).replaceAll('-', ''),
    new Date().toISOString().slice(11, 16).replace(':', ''),
  ];
  const blank = ' '.repeat(10);
  const isa = [
    'ISA',
    '00',
    blank,
    '00',
    blank,
    'ZZ',
    sender.padEnd(15),
    'ZZ',
    receiver.padEnd(15),
    date.slice(2),
    time,
    'U',
    '00401',
  ];
  const control = String(number).padStart(9, '0');
  const segments = [
    [...isa, control, '0', 'T', '>'],
    ['GS', code, sender, receiver, date, time, String(number), 'X', '004010'],
    ['ST', set, '0001'],
    ...body,
    ['SE', String(body.length + 2), '0001'],
    ['GE', '1', String(number)],
    ['IEA', '1', control],
  ];
  return segments.map((segment) => `${segment.join('*').replace(/\*+$/, '')}~`).join('');
}
