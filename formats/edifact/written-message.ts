// What a value says that is to be written: checked, with defaults, as segments.

import { characterEncodings, excerpt } from '@mortise/sdk';
import type { CharacterEncoding } from '@mortise/sdk';
import { encodingOf } from './character-sets.ts';
import { definitionOf } from './directories.ts';
import { checkHeader } from './check-envelope.ts';
import { groupHeader, interchangeHeader, isElement, messageHeader, writeHeader } from './envelope.ts';
import type { HeaderSpec, Named } from './envelope.ts';
import { segmentsOf } from './message-tree.ts';
import type { EdifactOptions } from './profile.ts';
import { objectAt, unwritable } from './segment-tree.ts';
import { isRepeated, textAt } from './segment.ts';
import type { Element, Segment } from './segment.ts';
import { areUsable, defaultSeparators } from './service-characters.ts';
import { textOf } from './texts.ts';

/** One message, ready to be written. */
export interface WrittenMessage {
  readonly separators: string;
  readonly una: boolean;
  readonly breaks: string;
  readonly bom: boolean;
  readonly lastBreak: boolean;
  readonly encoding: CharacterEncoding;
  /** The bytes that it was read from, each a character; to be used only if they say the same. */
  readonly raw: string | undefined;
  /** Its number in the interchange that it was read from. */
  readonly number: number | undefined;
  readonly interchange: Segment | undefined;
  readonly endsInterchange: boolean;
  readonly group: Segment | undefined;
  readonly endsGroup: boolean;
  readonly header: Segment;
  readonly segments: readonly Segment[];
}

const breaksByName = { none: '', lf: '\n', crlf: '\r\n' } as const;
const knownBreaks: readonly unknown[] = ['', '\n', '\r\n', '\r'];

/** `number` is what a message reference is, where the value has none. Throws where something cannot be written. */
export function readValue(value: unknown, options: EdifactOptions, number: number): WrittenMessage {
  const object = objectAt(value, 'The value');
  const interchange = interchangeOf(object, options);
  const group = optional(object, 'group');
  const message = objectAt(own(object, 'message'), 'message');
  // A message that was read has a number, and is to have no reference if it had none.
  const defaults = own(message, 'number') === undefined ? { reference: `${number}` } : {};
  const header = headerSegment(messageHeader, { ...defaults, ...message }, 'message');
  const ends = (named: Named | undefined): boolean => named !== undefined && own(named, 'ends') === true;
  const readNumber = own(message, 'number');
  return {
    ...syntaxOf(object, interchange, options),
    number: typeof readNumber === 'number' ? readNumber : undefined,
    interchange: interchange && headerSegment(interchangeHeader, interchange, 'interchange'),
    endsInterchange: ends(interchange),
    group: group && headerSegment(groupHeader, group, 'group'),
    endsGroup: ends(group),
    header,
    segments: bodyOf(object, header, options),
  };
}

function own(object: Named, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function optional(object: Named, name: string): Named | undefined {
  const value = own(object, name);
  return value === undefined || value === null ? undefined : objectAt(value, name);
}

/** The option fills in what the value does not say. */
function interchangeOf(object: Named, { envelope }: EdifactOptions): Named | undefined {
  const named = optional(object, 'interchange');
  if (!envelope) return named;
  const party = (id: string | undefined, qualifier: string | undefined): Named | undefined =>
    id === undefined ? undefined : { id, ...(qualifier === undefined ? {} : { qualifier }) };
  const {
    syntax: identifier,
    version,
    sender,
    senderQualifier,
    recipient,
    recipientQualifier,
    reference,
    application,
    test,
  } = envelope;
  const defaults = {
    syntax: { identifier, version },
    sender: party(sender, senderQualifier),
    recipient: party(recipient, recipientQualifier),
    reference,
    application,
    ...(test ? { test: '1' } : {}),
  };
  return { ...defaults, ...named };
}

type WrittenSyntax = Pick<WrittenMessage, 'separators' | 'una' | 'breaks' | 'bom' | 'lastBreak' | 'encoding' | 'raw'>;

function syntaxOf(object: Named, interchange: Named | undefined, options: EdifactOptions): WrittenSyntax {
  const syntax = optional(object, 'syntax') ?? {};
  const named = (interchange && optional(interchange, 'syntax')) ?? {};
  const separators = own(syntax, 'separators') ?? defaultSeparators(textOf(own(named, 'version'), 'interchange.syntax.version'));
  if (typeof separators !== 'string' || !areUsable(separators))
    throw unwritable(`syntax.separators is ${excerpt(JSON.stringify(separators) ?? '')}; expected six characters, as in UNA`);
  const breaks = own(syntax, 'breaks') ?? breaksByName[options.breaks];
  if (!knownBreaks.includes(breaks))
    throw unwritable(`syntax.breaks is ${excerpt(JSON.stringify(breaks) ?? '')}; expected "", LF, CRLF or CR`);
  const bom = own(syntax, 'bom') === true;
  const raw = own(syntax, 'irregular') === true ? own(syntax, 'raw') : undefined;
  const una = own(syntax, 'una');
  return {
    separators,
    una: typeof una === 'boolean' ? una : options.una,
    breaks: breaks as string,
    bom,
    lastBreak: own(syntax, 'lastBreak') !== false,
    encoding: options.encoding ?? (bom ? 'utf-8' : encodingOf(textOf(own(named, 'identifier'), 'interchange.syntax.identifier'))),
    raw: typeof raw === 'string' && characterEncodings.latin1.encode(raw) ? raw : undefined,
  };
}

function headerSegment(spec: HeaderSpec, named: Named, path: string): Segment {
  return writeHeader(spec, named, (value, name) => textOf(value, `${path}.${name}`));
}

function bodyOf(object: Named, header: Segment, { directory }: EdifactOptions): readonly Segment[] {
  const body = own(object, 'body');
  if (body === undefined || body === null) return listedSegments(own(object, 'segments'));
  const name = { type: textAt(header, 2, 1), version: textAt(header, 2, 2), release: textAt(header, 2, 3) };
  const definition = definitionOf(name, directory);
  if (!definition)
    throw unwritable(`There is no definition of ${name.type}:${name.version}:${name.release}, by which "body" could be written`);
  return segmentsOf(definition, body);
}

function listedSegments(list: unknown): readonly Segment[] {
  if (!Array.isArray(list)) throw unwritable('The value has neither "body" nor a list "segments"');
  return list.map((one: unknown, index) => {
    const path = `segments[${index}]`;
    const segment = objectAt(one, path);
    const [tag, elements, nesting] = ['tag', 'elements', 'nesting'].map((name) => own(segment, name));
    if (typeof tag !== 'string') throw unwritable(`${path} has no tag`);
    const listed = elements === undefined || elements === null ? [] : elements;
    if (!Array.isArray(listed)) throw unwritable(`${path}.elements is no list`);
    const written = { tag, elements: listed.map((element: unknown, at) => elementAt(element, `${path}.elements[${at}]`)) };
    return Array.isArray(nesting)
      ? { ...written, nesting: nesting.map((text: unknown) => textOf(text, `${path}.nesting`)) }
      : written;
  });
}

/** Numbers are taken for texts wherever they stand. */
function elementAt(value: unknown, path: string): Element {
  if (isElement(value)) return value;
  if (Array.isArray(value)) return value.map((text: unknown, index) => textOf(text, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return textOf(value, path);
  const repeat = own(value as Named, 'repeat');
  if (!Array.isArray(repeat) || repeat.length === 0) throw unwritable(`${path} is an object without a list "repeat"`);
  return { repeat: repeat.map((one: unknown, index) => repetitionAt(one, `${path}.repeat[${index}]`)) };
}

function repetitionAt(value: unknown, path: string): string | readonly string[] {
  const element = Array.isArray(value) || typeof value !== 'object' ? elementAt(value, path) : textOf(value, path);
  return isRepeated(element) ? '' : element;
}

/** Throws where a header lacks what has to be in it. */
export function requireHeader(segment: Segment): void {
  const [fault] = checkHeader(segment, { offsetBytes: 0, line: 1 });
  const places = { UNB: 'interchange', UNG: 'group', UNH: 'message' } as const;
  if (fault)
    throw unwritable(`${fault.what}: see "${places[segment.tag as keyof typeof places]}" in the value, or the option "envelope"`);
}
