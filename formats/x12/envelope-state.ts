// What is known of the interchange and the group that are open, and what is wrong with their beginnings and ends.

import type { Group, Interchange } from './envelope.ts';
import { gsFields, isaFields } from './envelope.ts';
import type { Finding, FindingName } from './findings.ts';
import { NumberSet } from './number-set.ts';
import type { Syntax } from './syntax.ts';

/** What became of a transaction set: what an acknowledgement says of it. */
export interface SetResult {
  readonly set: string;
  readonly controlNumber: string;
  readonly implementation?: string;
  readonly status: 'A' | 'E' | 'R';
  readonly findings: readonly Finding[];
}

/** Findings of a trailer that cost something, with the bytes of the segment. */
export interface Trailer {
  readonly findings: readonly Finding[];
  readonly from: number;
  readonly to: number;
}

export class GroupState {
  readonly group: Group;
  readonly index: number;
  readonly offsetBytes: number;
  readonly line: number;
  readonly numbers = new NumberSet();
  /** How many transaction sets began. */
  sets = 0;
  /** GE01 as it stands. */
  givenCount: string | undefined;
  readonly findings: Finding[] = [];
  /** Those about GS: they cost all of the group. */
  headFindings: readonly Finding[] = [];
  /** Only where they are asked for. */
  readonly results: SetResult[] = [];

  constructor(group: Group, index: number, offsetBytes: number, line: number) {
    this.group = group;
    this.index = index;
    this.offsetBytes = offsetBytes;
    this.line = line;
  }
}

export class EnvelopeState {
  readonly syntax: Syntax;
  readonly interchange: Interchange;
  readonly index: number;
  readonly offsetBytes: number;
  readonly line: number;
  readonly groupNumbers = new NumberSet();
  group: GroupState | undefined;
  groups = 0;
  /** How many of them hold acknowledgements. */
  acknowledgementGroups = 0;
  /** Those about ISA: they cost all of the interchange. */
  headFindings: readonly Finding[] = [];
  /** How many TA1 segments there were. */
  notes = 0;
  closed = false;
  readonly findings: Finding[] = [];
  readonly trailers: Trailer[] = [];
  /** Groups that have ended and are to be acknowledged. */
  readonly ended: GroupState[] = [];

  constructor(syntax: Syntax, interchange: Interchange, index: number, offsetBytes: number, line: number) {
    this.syntax = syntax;
    this.interchange = interchange;
    this.index = index;
    this.offsetBytes = offsetBytes;
    this.line = line;
  }

  openGroup(group: Group, offsetBytes: number, line: number): GroupState {
    this.groups += 1;
    if (group.functionalCode === 'FA') this.acknowledgementGroups += 1;
    this.group = new GroupState(group, this.groups, offsetBytes, line);
    if (!this.groupNumbers.add(group.controlNumber)) {
      const message = `The group has the control number ${group.controlNumber} of another one in its interchange.`;
      this.group.findings.push({ name: 'group-number-repeated', message, offsetBytes, line, segment: 'GS', element: 6 });
    }
    return this.group;
  }

  closeGroup(findings: readonly Finding[], acknowledged: boolean): void {
    if (!this.group) return;
    this.group.findings.push(...findings);
    if (acknowledged) this.ended.push(this.group);
    this.group = undefined;
  }

  close(findings: readonly Finding[]): void {
    this.findings.push(...findings);
    this.closed = true;
  }
}

type Make = (name: FindingName, message: string) => Finding;

/** What is wrong with GE, whose elements begin with its name. */
export function groupTrailerFindings(
  { group, sets }: GroupState,
  [, count = '', number = '']: readonly string[],
  make: Make,
): Finding[] {
  const found: Finding[] = [];
  if (!isCount(count, sets)) found.push(make('set-count', `GE01 is "${count}"; the group has ${sets} transaction sets.`));
  if (!isNumber(number, group.controlNumber))
    found.push(make('group-number-differs', `GE02 is "${number}"; the group began with "${group.controlNumber}".`));
  return found;
}

/** What is wrong with IEA. */
export function interchangeTrailerFindings(
  { interchange, groups }: EnvelopeState,
  [, count = '', number = '']: readonly string[],
  make: Make,
): Finding[] {
  const found: Finding[] = [];
  if (!isCount(count, groups)) found.push(make('group-count', `IEA01 is "${count}"; the interchange has ${groups} groups.`));
  if (!isNumber(number.trim(), interchange.controlNumber))
    found.push(
      make('interchange-number-differs', `IEA02 is "${number}"; the interchange began with "${interchange.controlNumber}".`),
    );
  return found;
}

/** What is wrong with ISA, by its elements as they stand. */
export function checkIsa(state: EnvelopeState, elements: readonly string[], findings: Finding[]): void {
  const { offsetBytes, line, interchange } = state;
  const add = (name: FindingName, element: number, message: string): void => {
    findings.push({
      name,
      message,
      offsetBytes,
      line,
      segment: 'ISA',
      element,
      value: (elements[element - 1] ?? '').slice(0, 40),
    });
  };
  for (const [index, [, width]] of isaFields.entries()) {
    const length = Array.from(elements[index] ?? '').length;
    const place = `ISA${String(index + 1).padStart(2, '0')}`;
    if (length !== width) add('isa-length', index + 1, `${place} has ${length} characters; expected ${width}.`);
  }
  if (!isDate(interchange.date)) add('interchange-date', 9, `ISA09 is "${interchange.date}"; expected YYMMDD.`);
  if (!isTime(interchange.time)) add('interchange-time', 10, `ISA10 is "${interchange.time}"; expected HHMM.`);
  if (!/^00[2-9]\d\d$/.test(interchange.version))
    add('interchange-version', 12, `ISA12 is "${interchange.version}"; expected 00200 or later.`);
  if (!/^\d{1,9}$/.test(interchange.controlNumber))
    add('interchange-number-invalid', 13, `ISA13 is "${interchange.controlNumber}"; expected nine digits.`);
  if (!/^[01]$/.test(interchange.acknowledgmentRequested))
    add('isa-value', 14, `ISA14 is "${interchange.acknowledgmentRequested}"; expected 0 or 1.`);
  if (!/^[PTI]$/.test(interchange.usage)) add('isa-value', 15, `ISA15 is "${interchange.usage}"; expected P, T or I.`);
  state.headFindings = [...findings];
  state.findings.push(...findings);
}

/** What is wrong with GS. */
export function checkGroup(state: GroupState, findings: Finding[]): void {
  const { group, offsetBytes, line } = state;
  const add = (name: FindingName, element: number, message: string): void => {
    state.findings.push({ name, message, offsetBytes, line, segment: 'GS', element });
  };
  for (const [index, [name, minimum, maximum]] of gsFields.entries()) {
    const { length } = group[name];
    if (name === 'controlNumber') continue;
    if (length < minimum || length > maximum)
      add('group-value', index + 1, `GS0${index + 1} has ${length} characters; expected ${minimum} to ${maximum}.`);
  }
  if (!/^\d{1,9}$/.test(group.controlNumber))
    add('group-number-invalid', 6, `GS06 is "${group.controlNumber}"; expected up to nine digits.`);
  state.headFindings = [...state.findings];
  findings.push(...state.findings);
}

function isCount(text: string, count: number): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) === count;
}

/** Numbers are the same with and without zeros before them. */
function isNumber(text: string, expected: string): boolean {
  return text === expected || (/^\d{1,15}$/.test(text) && /^\d{1,15}$/.test(expected) && Number(text) === Number(expected));
}

function isDate(text: string): boolean {
  return /^\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(text);
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3])[0-5]\d$/.test(text);
}
