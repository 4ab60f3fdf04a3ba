// Completes what a value says of its envelope: by the options, by the standard's defaults, and by what it says elsewhere.

import { isaFields, gsFields } from './envelope.ts';
import type { Group, Interchange } from './envelope.ts';
import { unwritable } from './flat-segments.ts';
import type { X12Options } from './options.ts';
import { isDelimiter } from './syntax.ts';
import type { Syntax } from './syntax.ts';
import type { Place, Transaction } from './value.ts';

export interface CompleteValue {
  readonly set: string;
  readonly interchange: Interchange;
  readonly group: Group | undefined;
  readonly transaction: Transaction | undefined;
  readonly syntax: Syntax;
  readonly position: Partial<Place>;
  readonly raw: string | undefined;
  readonly document: unknown;
  readonly segments: unknown;
}

type Given = Readonly<Record<string, unknown>>;

/** The functional identifier code (GS01) of a transaction set, where its definition knows it. */
export type FunctionalCodeOf = (set: string, version: string) => string | undefined;

/** Throws MORTISE_FORMAT_UNWRITABLE where something is missing that nothing else tells. */
export function completeValue(value: unknown, options: X12Options, functionalCodeOf: FunctionalCodeOf): CompleteValue {
  if (!isRecord(value))
    throw unwritable(
      `The value is ${value === null ? 'null' : `of type ${typeof value}`}; expected a transaction set, an object with "set".`,
    );
  const set = value['set'];
  if (typeof set !== 'string' || !/^[0-9A-Z]{2,3}$/.test(set))
    throw unwritable(`"set" is ${JSON.stringify(set)?.slice(0, 40)}; expected the number of a transaction set, as "850".`);
  const interchangeGiven = dated(partOf(value, 'interchange'));
  const groupGiven = partOf(value, 'group');
  const syntax = completeSyntax(partOf(value, 'syntax'), options);
  const group =
    set === 'TA1' || set === 'ISA' ? undefined : completeGroup(set, groupGiven, interchangeGiven, options, functionalCodeOf);
  const interchange = completeInterchange(interchangeGiven, group, options);
  const allowed = interchange.version >= '00402' ? syntax : withoutRepetition(syntax);
  return {
    set,
    interchange,
    group,
    transaction: group && set !== 'GS' ? completeTransaction(partOf(value, 'transaction'), options) : undefined,
    syntax:
      interchange.standard === undefined || interchangeGiven['standard'] === undefined ? allowed : withoutRepetition(syntax),
    position: partOf(value, 'position'),
    raw: typeof value['raw'] === 'string' ? value['raw'] : undefined,
    document: value['document'],
    segments: value['segments'],
  };
}

/** `at`, a time as in ISO 8601, is short for date and time as X12 writes them: those that stand in the text, whatever its zone. */
function dated({ at, ...given }: Given): Given {
  if (at === undefined || at === null) return given;
  const [, year, month, day, hour, minute] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(typeof at === 'string' ? at : '') ?? [];
  if (minute === undefined)
    throw unwritable(`interchange.at is ${JSON.stringify(at)?.slice(0, 40)}; expected a time, as "2026-01-02T09:30:00Z".`);
  return { date: `${year}${month}${day}`, time: `${hour}${minute}`, ...given };
}

function completeInterchange(given: Given, group: Group | undefined, { envelope }: X12Options): Interchange {
  const version = group && /^\d{6}/.test(group.version) ? `00${group.version.slice(1, 4)}`.slice(0, 5) : undefined;
  const derived: Given = {
    version: version && versionOfIsa(version, group?.version ?? ''),
    date: group?.date.slice(-6),
    time: group?.time.slice(0, 4),
  };
  const entries = isaFields.map(([name, width, fallback]) => {
    const found =
      textOf(given, name, `interchange.${name}`) ?? own(envelope, name) ?? (derived[name] as string | undefined) ?? fallback;
    if (found === undefined) throw missing(`interchange.${name}`);
    return [name, name === 'controlNumber' ? found.padStart(width, '0') : found] as const;
  });
  return Object.fromEntries(entries) as unknown as Interchange;
}

/** 004010 is 00401: the version, and the first digit of the release. */
function versionOfIsa(_short: string, version: string): string {
  return `0${version.slice(1, 5)}`;
}

function completeGroup(
  set: string,
  given: Given,
  interchange: Given,
  { envelope }: X12Options,
  functionalCodeOf: FunctionalCodeOf,
): Group {
  const outer = (name: string): string | undefined => textOf(interchange, name, `interchange.${name}`) ?? own(envelope, name);
  const version = textOf(given, 'version', 'group.version') ?? own(envelope, 'group.version');
  const date = outer('date');
  const derived: Readonly<Record<string, string | undefined>> = {
    functionalCode: functionalCodeOf(set, version?.slice(0, 6) ?? ''),
    sender: outer('sender'),
    receiver: outer('receiver'),
    date: date && (version === undefined || version >= '004010') ? `20${date}` : date,
    time: outer('time'),
    controlNumber: outer('controlNumber')?.replace(/^0+(?=\d)/, ''),
    agency: 'X',
  };
  const entries = gsFields.map(([name]) => {
    const found = textOf(given, name, `group.${name}`) ?? own(envelope, `group.${name}`) ?? derived[name];
    if (found === undefined) throw missing(`group.${name}`);
    return [name, found] as const;
  });
  return Object.fromEntries(entries) as unknown as Group;
}

function completeTransaction(given: Given, { envelope }: X12Options): Transaction {
  const controlNumber =
    textOf(given, 'controlNumber', 'transaction.controlNumber') ?? own(envelope, 'transaction.controlNumber') ?? '';
  const implementation = textOf(given, 'implementation', 'transaction.implementation');
  return { controlNumber, ...(implementation === undefined ? {} : { implementation }) };
}

function completeSyntax(given: Given, { syntax }: X12Options): Syntax {
  const chosen = Object.keys(given).length > 0 ? given : (syntax as Given);
  const marks = {
    element: chosen['element'] ?? '*',
    component: chosen['component'] ?? ':',
    terminator: chosen['terminator'] ?? '~',
  };
  const repetition = chosen['repetition'];
  const all = [...Object.entries(marks), ...(repetition === undefined ? [] : [['repetition', repetition] as const])];
  for (const [name, mark] of all)
    if (!isDelimiter(mark))
      throw unwritable(`syntax.${name} is ${JSON.stringify(mark)}; expected one character that is no letter and no digit.`);
  if (new Set(all.map(([, mark]) => mark)).size < all.length)
    throw unwritable('Two delimiters in "syntax" are the same; expected different ones.');
  const newline = chosen['newline'] ?? '';
  const final = chosen['final'];
  for (const text of [newline, final ?? ''])
    if (typeof text !== 'string' || !/^[ \t\r\n]*$/.test(text))
      throw unwritable('"newline" in "syntax" is no white space; expected line breaks, blanks or nothing.');
  return {
    ...(marks as Pick<Syntax, 'element' | 'component' | 'terminator'>),
    newline: newline as string,
    ...(repetition === undefined ? {} : { repetition: repetition as string }),
    ...(final === undefined ? {} : { final: final as string }),
    ...(chosen['bom'] === true ? { bom: true as const } : {}),
  };
}

function withoutRepetition({ repetition: _repetition, ...rest }: Syntax): Syntax {
  return rest;
}

function textOf(given: Given, name: string, path: string): string | undefined {
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  if (typeof value !== 'string') throw unwritable(`${path} is a value of type ${typeof value}; expected a text.`);
  if (/[\r\n]/.test(value)) throw unwritable(`${path} has a line break; expected text in one line.`);
  return value;
}

function partOf(value: Given, name: string): Given {
  const part = Object.hasOwn(value, name) ? value[name] : undefined;
  if (part === undefined || part === null) return {};
  if (!isRecord(part)) throw unwritable(`"${name}" is a value of type ${typeof part}; expected an object.`);
  return part;
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function missing(path: string): Error {
  return unwritable(`${path} is missing; expected it in the value, or in the option "envelope".`);
}

export function isRecord(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
