// The CONTRL message that answers an interchange: made of what was found in it, and of nothing else.

import { TreeBuilder } from './message-tree.ts';
import { checkStructure } from './check-structure.ts';
import { directoryOf } from './directories.ts';
import { interchangeHeader, readHeader } from './envelope.ts';
import type { Named } from './envelope.ts';
import type { Fault } from './faults.ts';
import type { MessageValue } from './message-value.ts';
import type { ReadInterchange, Refusal } from './read-message.ts';
import { textAt, trimmed } from './segment.ts';
import type { Element, Segment } from './segment.ts';

/** Data element 0083: what becomes of the level that is reported, and of those below it. */
const rejected = '4';
const acknowledged = '7';

/** UCD may stand so often below one UCS. */
const elementFaultsMax = 99;

export type Acknowledgement = MessageValue & { readonly acknowledges: Named };

/** Whether an interchange is to be answered: never one that holds an answer itself, or does not say who would get it, and for what. */
export function isAnswerable({ header, hasAcknowledgement }: ReadInterchange, wanted: boolean | 'requested'): boolean {
  if (!header || hasAcknowledgement || wanted === false) return false;
  const { sender, recipient, reference } = readHeader(interchangeHeader, header) as Record<string, Named | undefined>;
  if (sender?.['id'] === undefined || recipient?.['id'] === undefined || reference === undefined) return false;
  return wanted === true || textAt(header, 9) === '1';
}

/**
 * By version 3 of the message, for syntax versions 1 to 3, or version 4. Reference and time of preparation are those of the
 * interchange that is answered: who sends the answer may put others there.
 */
export function acknowledgementOf(interchange: ReadInterchange, shape: 'segments' | 'groups'): Acknowledgement {
  const header = interchange.header ?? { tag: 'UNB', elements: [] };
  const { separators, start, breaks = '' } = interchange;
  const { syntax, sender, recipient, prepared, reference, test } = readHeader(interchangeHeader, header) as Record<string, Named>;
  const isFourth = textAt(header, 1, 2) === '4';
  const version = /^[1-4]$/.test(textAt(header, 1, 2)) ? textAt(header, 1, 2) : '3';
  const segments = segmentsFor(interchange, header, isFourth);
  return {
    syntax: { separators, una: start.una, breaks },
    interchange: defined({
      syntax: { identifier: 'UNOA', ...syntax, version },
      sender: recipient,
      recipient: sender,
      prepared: { date: isFourth ? '20000101' : '000101', time: '0000', ...prepared },
      reference,
      test,
      ends: true,
    }),
    message: {
      number: 1,
      reference: '1',
      type: 'CONTRL',
      version: isFourth ? '4' : 'D',
      release: isFourth ? '1' : '3',
      agency: 'UN',
    },
    ...(shape === 'groups' ? { body: treeOf(segments) } : { segments }),
    acknowledges: defined({ reference, sender, recipient, accepted: isAccepted(interchange) }),
  };
}

function isAccepted({ faults, groupFaults, refusals, unlisted }: ReadInterchange): boolean {
  return faults.length + groupFaults.size + refusals.length + unlisted === 0;
}

function defined(named: Readonly<Record<string, unknown>>): Named {
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function treeOf(segments: readonly Segment[]): Readonly<Record<string, unknown>> {
  const directory = directoryOf('service');
  const builder = new TreeBuilder();
  const definition = directory.message('CONTRL');
  if (definition) checkStructure(definition, segments, [], builder);
  return builder.root;
}

function segmentsFor(interchange: ReadInterchange, header: Segment, isFourth: boolean): Segment[] {
  const { faults, refusals, unlisted } = interchange;
  const [first] = faults;
  const named = [header.elements[4] ?? '', header.elements[1] ?? '', header.elements[2] ?? ''];
  const unspecified = unlisted > 0 ? ['18'] : [];
  const found = first ? serviceFault(first, isFourth) : unspecified;
  const answer = segment('UCI', ...named, found.length > 0 ? rejected : acknowledged, ...found);
  const alone = refusals.filter(({ group }) => group === undefined).flatMap((refusal) => refusalSegments(refusal, isFourth));
  return [answer, ...alone, ...groupSegments(interchange, isFourth)];
}

/** Groups that are refused, or in which messages are. */
function groupSegments({ refusals, groupFaults }: ReadInterchange, isFourth: boolean): Segment[] {
  const groups = new Set([...groupFaults.keys(), ...refusals.flatMap(({ group }) => (group ? [group] : []))]);
  return [...groups].flatMap((group) => {
    const [first] = groupFaults.get(group) ?? [];
    const found = first ? serviceFault(first, isFourth) : [];
    const named = [group.elements[4] ?? '', group.elements[1] ?? '', group.elements[2] ?? ''];
    const own = refusals.filter((refusal) => refusal.group === group).flatMap((refusal) => refusalSegments(refusal, isFourth));
    return [segment('UCF', ...named, first ? rejected : acknowledged, ...found), ...own];
  });
}

/** UCM, with the first fault of UNH or UNT; the others by their segments. */
function refusalSegments({ header, faults }: Refusal, isFourth: boolean): Segment[] {
  const own = faults.find(({ segment: tag }) => tag === 'UNH' || tag === 'UNT');
  const answer = segment(
    'UCM',
    header.elements[0] ?? '',
    header.elements[1] ?? '',
    rejected,
    ...(own ? serviceFault(own, isFourth) : []),
  );
  const others = faults.filter((fault) => fault !== own);
  return [answer, ...bySegment(others).flatMap((some) => segmentFaults(some, isFourth))];
}

function bySegment(faults: readonly Fault[]): readonly (readonly Fault[])[] {
  const bySegmentNumber = Map.groupBy(faults, ({ segmentNumber = 1 }) => segmentNumber);
  return [...bySegmentNumber.entries()].sort(([one], [other]) => one - other).map(([, some]) => some);
}

/** One UCS for each fault of the segment as a whole; those of its elements stand below the last. */
function segmentFaults(faults: readonly Fault[], isFourth: boolean): Segment[] {
  const number = `${faults[0]?.segmentNumber ?? 1}`;
  const whole = faults.filter(({ element }) => element === undefined);
  const elements = faults.filter(({ element }) => element !== undefined).slice(0, elementFaultsMax);
  const codes = whole.map(({ code }) => segment('UCS', number, codeFor(code, isFourth)));
  if (elements.length > 0 && whole.length === 0) codes.push(segment('UCS', number));
  return [...codes, ...elements.map((fault) => segment('UCD', codeFor(fault.code, isFourth), placeOf(fault, isFourth)))];
}

/** Code, tag and place of a fault in a service segment. */
function serviceFault(fault: Fault, isFourth: boolean): Element[] {
  const tag = /^UN[ABEGHTZ]$/.test(fault.segment) ? fault.segment : '';
  return [codeFor(fault.code, isFourth), tag, fault.element === undefined ? '' : placeOf(fault, isFourth)];
}

/** S011: the tag counts as the first element. */
function placeOf({ element = 0, component, repetition }: Fault, isFourth: boolean): Element {
  const place = [`${element + 1}`, component === undefined ? '' : `${component}`];
  return isFourth && repetition !== undefined ? [...place, `${repetition}`] : place;
}

/** Version 4 has no codes of its own for the notation of numbers, and for nesting. */
function codeFor(code: string, isFourth: boolean): string {
  const others: Readonly<Record<string, string>> = { '19': '37', '38': '37', '34': '15' };
  return isFourth ? (others[code] ?? code) : code;
}

function segment(tag: string, ...elements: Element[]): Segment {
  return trimmed({ tag, elements });
}
