// Acknowledges a group: a 997 (X12.20) or a 999, as a pure function of what was found in it.

import type { Group } from './envelope.ts';
import type { SetResult } from './envelope-state.ts';
import { kindOf } from './findings.ts';
import type { Finding } from './findings.ts';
import type { Syntax } from './syntax.ts';
import type { ElementValue, FlatSegment } from './value.ts';

/** What is known of a group when it has ended. */
export interface GroupSummary {
  readonly group: Group;
  readonly results: readonly SetResult[];
  /** What is wrong with GS and GE. */
  readonly findings: readonly Finding[];
  /** GE01 as it stands. */
  readonly givenCount: string | undefined;
}

export type GroupStatus = 'A' | 'E' | 'P' | 'R';

interface Names {
  readonly segment: 'AK3' | 'IK3';
  readonly element: 'AK4' | 'IK4';
  readonly status: 'AK5' | 'IK5';
}

const names: Readonly<Record<'997' | '999', Names>> = {
  997: { segment: 'AK3', element: 'AK4', status: 'AK5' },
  999: { segment: 'IK3', element: 'IK4', status: 'IK5' },
};

/** AK4 may stand 99 times for a segment; AK5 and AK9 have room for five codes. */
const elementNotesMax = 99;
const codesMax = 5;
/** Before this version AK403 had no code for repetitions and components that are too many. */
const repetitionVersion = '004020';

/** The segments of the acknowledgement, between ST and SE. */
export function acknowledgeGroup(summary: GroupSummary, kind: '997' | '999', syntax: Syntax): readonly FlatSegment[] {
  const { functionalCode, controlNumber, version } = summary.group;
  const told = version >= '005010' || kind === '999' ? [version] : [];
  return [
    ['AK1', functionalCode, controlNumber, ...told],
    ...summary.results.flatMap((result) => acknowledgeSet(result, kind, summary.group, syntax)),
    groupStatus(summary),
  ];
}

/** All accepted; accepted with errors; some rejected; all rejected: as AK9 counts them. */
export function statusOf({ results, findings }: Pick<GroupSummary, 'results' | 'findings'>): GroupStatus {
  const rejected = results.filter(({ status }) => status === 'R').length;
  if (rejected > 0) return rejected === results.length ? 'R' : 'P';
  if (results.length === 0 && findings.length > 0) return 'R';
  return findings.length > 0 || results.some(({ status }) => status === 'E') ? 'E' : 'A';
}

function groupStatus(summary: GroupSummary): FlatSegment {
  const { results, findings, givenCount } = summary;
  const accepted = results.filter(({ status }) => status !== 'R').length;
  const given = givenCount !== undefined && /^\d{1,6}$/.test(givenCount) ? String(Number(givenCount)) : String(results.length);
  return [
    'AK9',
    statusOf(summary),
    given,
    String(results.length),
    String(accepted),
    ...codesOf(findings, '997', summary.group.version),
  ];
}

function acknowledgeSet(result: SetResult, kind: '997' | '999', { version }: Group, syntax: Syntax): FlatSegment[] {
  const { set, controlNumber, implementation, status, findings } = result;
  const told = implementation !== undefined && (version >= '005010' || kind === '999') ? [implementation] : [];
  const notes = segmentNotes(findings, kind, version, syntax);
  const own = findings.filter(({ name }) => kindOf(name).level === 'set');
  const codes = codesOf(own, kind, version);
  if (notes.length > 0) codes.push(kind === '999' && findings.every(isOfPartner) ? 'I5' : '5');
  return [
    ['AK2', plain(set, syntax, 3), plain(controlNumber, syntax, 9), ...told],
    ...notes,
    [names[kind].status, status, ...codes.slice(0, codesMax)],
  ];
}

/** One note for each finding about a segment, and one for all about its elements. */
function segmentNotes(findings: readonly Finding[], kind: '997' | '999', version: string, syntax: Syntax): FlatSegment[] {
  const about = findings.filter(({ name }) => /^(segment|element)$/.test(kindOf(name).level));
  const numbers = [...new Set(about.map(({ segmentNumber }) => segmentNumber ?? 0))].toSorted((one, other) => one - other);
  return numbers.flatMap((number) => {
    const here = about.filter(({ segmentNumber }) => (segmentNumber ?? 0) === number);
    const segments = here.filter(({ name }) => kindOf(name).level === 'segment');
    const elements = here.filter(({ name }) => kindOf(name).level === 'element');
    const notes = segments.map((one) => segmentNote(one, codeOf(one, kind, version), kind, syntax));
    const [first] = elements;
    if (!first) return notes;
    return [
      ...notes,
      segmentNote(first, '8', kind, syntax),
      ...unlike(elements.map((one) => elementNote(one, kind, version, syntax))).slice(0, elementNotesMax),
    ];
  });
}

/** Several rules may say the same of one element. */
function unlike(notes: readonly FlatSegment[]): readonly FlatSegment[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}

function segmentNote(
  { segment = '', segmentNumber = 0, loop = '' }: Finding,
  code: string,
  kind: '997' | '999',
  syntax: Syntax,
): FlatSegment {
  return [names[kind].segment, plain(segment, syntax, 3), String(segmentNumber), plain(loop, syntax, 4), code];
}

function elementNote(finding: Finding, kind: '997' | '999', version: string, syntax: Syntax): FlatSegment {
  const { element = 0, component, repetition, reference = '', value } = finding;
  const place = [String(element), ...(component === undefined && repetition === undefined ? [] : [String(component ?? '')])];
  if (repetition !== undefined && (version >= repetitionVersion || kind === '999')) place.push(String(repetition));
  const position: ElementValue = place.length === 1 ? String(element) : place;
  const known = /^\d{1,4}$/.test(reference) ? reference : '';
  const bad = value === undefined ? [] : [plain(value, syntax, 99)].filter((text) => text !== '');
  return [names[kind].element, position, known, codeOf(finding, kind, version), ...bad];
}

function codesOf(findings: readonly Finding[], kind: '997' | '999', version: string): string[] {
  return [...new Set(findings.map((one) => codeOf(one, kind, version)))].slice(0, codesMax);
}

function codeOf({ name }: Finding, kind: '997' | '999', version: string): string {
  const { code, code999, level } = kindOf(name);
  if (kind === '999') return code999 ?? code;
  return level === 'element' && Number(code) > 10 && version < repetitionVersion ? '3' : code;
}

function isOfPartner({ name }: Finding): boolean {
  return kindOf(name).code999?.startsWith('I') === true;
}

/** What can be written: no delimiter, nothing that does not print, and no more than there is room for. */
function plain(text: string, { element, component, repetition, terminator }: Syntax, charactersMax: number): string {
  const marks = [element, component, repetition, terminator].filter((mark) => mark !== undefined);
  const printed = marks.reduce((rest, mark) => rest.replaceAll(mark, ' '), text.replace(/\p{Cc}/gu, ' '));
  return printed.slice(0, charactersMax).replace(/ +$/, '');
}
