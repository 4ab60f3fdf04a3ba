// The envelope: ISA and GS as values with names, as text again, and what ends them.

import { formatError } from '@mortise/sdk';
import type { Syntax } from './syntax.ts';

/** ISA01 to ISA15, without padding. `standard` is ISA11 where it is no repetition separator. */
export interface Interchange {
  readonly authorizationQualifier: string;
  readonly authorization: string;
  readonly securityQualifier: string;
  readonly security: string;
  readonly senderQualifier: string;
  readonly sender: string;
  readonly receiverQualifier: string;
  readonly receiver: string;
  readonly date: string;
  readonly time: string;
  readonly standard?: string;
  readonly version: string;
  readonly controlNumber: string;
  readonly acknowledgmentRequested: string;
  readonly usage: string;
}

/** GS01 to GS08. */
export interface Group {
  readonly functionalCode: string;
  readonly sender: string;
  readonly receiver: string;
  readonly date: string;
  readonly time: string;
  readonly controlNumber: string;
  readonly agency: string;
  readonly version: string;
}

/** The elements of ISA in their order: the name, how many characters it has, and what is written where nothing is given. */
export const isaFields = [
  ['authorizationQualifier', 2, '00'],
  ['authorization', 10, ''],
  ['securityQualifier', 2, '00'],
  ['security', 10, ''],
  ['senderQualifier', 2, 'ZZ'],
  ['sender', 15, undefined],
  ['receiverQualifier', 2, 'ZZ'],
  ['receiver', 15, undefined],
  ['date', 6, undefined],
  ['time', 4, undefined],
  ['standard', 1, 'U'],
  ['version', 5, undefined],
  ['controlNumber', 9, undefined],
  ['acknowledgmentRequested', 1, '0'],
  ['usage', 1, 'P'],
] as const satisfies readonly (readonly [keyof Interchange, number, string | undefined])[];

/** The elements of GS in their order, with the shortest and the longest they may be. */
export const gsFields = [
  ['functionalCode', 2, 2],
  ['sender', 2, 15],
  ['receiver', 2, 15],
  ['date', 6, 8],
  ['time', 4, 8],
  ['controlNumber', 1, 9],
  ['agency', 1, 2],
  ['version', 1, 12],
] as const satisfies readonly (readonly [keyof Group, number, number])[];

/** Of the elements as they stand in the segment. */
export function interchangeOf(elements: readonly string[], { repetition }: Syntax): Interchange {
  const entries = isaFields.map(
    ([name], index) => [name, (elements[index] ?? '').replace(/[\r\n]/g, '').replace(/ +$/, '')] as const,
  );
  return Object.fromEntries(
    entries.filter(([name]) => name !== 'standard' || repetition === undefined),
  ) as unknown as Interchange;
}

/** Of the elements of GS, its name first. */
export function groupOf(elements: readonly string[]): Group {
  return Object.fromEntries(gsFields.map(([name], index) => [name, elements[index + 1] ?? ''])) as unknown as Group;
}

/** The ISA segment with its terminator. Throws where an element is too long for its place. */
export function isaText(interchange: Interchange, syntax: Syntax): string {
  const elements = isaFields.map(([name, width]) => {
    const text = name === 'standard' ? (syntax.repetition ?? interchange.standard ?? 'U') : interchange[name];
    const characters = Array.from(text).length;
    if (characters > width) throw tooLong(`interchange.${name}`, text, width);
    return text + ' '.repeat(width - characters);
  });
  return ['ISA', ...elements, syntax.component].join(syntax.element) + syntax.terminator;
}

/** The segments that end what was begun, or begin a group, with their terminator. */
export function gsText(group: Group, { element, terminator }: Syntax): string {
  return ['GS', ...gsFields.map(([name]) => group[name])].join(element) + terminator;
}

export function trailerText(
  name: 'SE' | 'GE' | 'IEA',
  count: number,
  controlNumber: string,
  { element, terminator }: Syntax,
): string {
  return `${name}${element}${count}${element}${controlNumber}${terminator}`;
}

function tooLong(path: string, text: string, width: number): Error {
  const message = `${path} is ${JSON.stringify(text)}; expected at most ${width} characters.`;
  return formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
