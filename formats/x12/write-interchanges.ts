// Writes interchanges: opens and closes groups and interchanges as the values want it, and counts.

import { characterEncodings, unencodable } from '@mortise/sdk';
import { completeValue } from './complete-value.ts';
import type { CompleteValue } from './complete-value.ts';
import { gsText, isaText, trailerText } from './envelope.ts';
import type { Group, Interchange } from './envelope.ts';
import { elementText } from './flat-segments.ts';
import type { X12Options } from './options.ts';
import { readRaw } from './raw-text.ts';
import type { RawText } from './raw-text.ts';
import type { Syntax } from './syntax.ts';
import { functionalCodeOf, writeBody } from './write-body.ts';

interface OpenGroup {
  readonly group: Group;
  sets: number;
}

interface OpenInterchange {
  readonly interchange: Interchange;
  readonly key: string;
  syntax: Syntax;
  groups: number;
  group: OpenGroup | undefined;
  /** The value that was written last, while all values of the interchange were written as they stood one behind the other. */
  last: CompleteValue['position'] | undefined;
}

/** Text is handed on in blocks: a chunk a set would cost the one who writes them a call each. */
const blockCharacters = 64 * 1024;

export class InterchangeWriter {
  readonly #options: X12Options;
  #open: OpenInterchange | undefined;
  #parts: (string | Uint8Array)[] = [];
  #characters = 0;
  #begun = false;

  constructor(options: X12Options) {
    this.#options = options;
  }

  /** Bytes, when enough have gathered. */
  push(value: unknown): Uint8Array | undefined {
    const complete = completeValue(value, this.#options, functionalCodeOf(this.#options));
    const raw = complete.raw === undefined ? undefined : readRaw(complete.raw, complete, this.#options);
    if (!raw || !this.#writeRaw(complete, raw)) this.#writeValue(complete, writeBody(complete, this.#options));
    this.#begun = true;
    return this.#characters < blockCharacters ? undefined : this.#flush();
  }

  end(): Uint8Array {
    this.#closeInterchange();
    return this.#flush();
  }

  /** As it stood: only where what comes before it is what stood before it. */
  #writeRaw(value: CompleteValue, raw: RawText): boolean {
    const { position } = value;
    if (!raw.hasIsa && !this.#follows(value, raw)) return false;
    if (raw.hasIsa) {
      this.#closeInterchange();
      this.#open = this.#opened(value);
    }
    const open = this.#open as OpenInterchange;
    if (raw.hasGs) {
      this.#closeGroup(open);
      this.#beginGroup(open, value.group as Group);
    }
    if (open.group) open.group.sets += 1;
    this.#write(raw.text);
    open.last = position;
    if (raw.hasGe) open.group = undefined;
    if (raw.hasIea) this.#open = undefined;
    return true;
  }

  #follows({ interchange, syntax, position, group }: CompleteValue, { hasGs }: RawText): boolean {
    const open = this.#open;
    if (!open?.last || open.key !== keyOf(interchange, syntax) || open.last.interchange !== position.interchange) return false;
    const { last } = open;
    if (hasGs || position.set === undefined)
      return position.group === undefined || (position.group === (last.group ?? 0) + 1 && position.set === 1);
    return (
      position.group === last.group &&
      position.set === (last.set ?? 0) + 1 &&
      open.group !== undefined &&
      isSame(open.group.group, group)
    );
  }

  #writeValue(value: CompleteValue, body: readonly (readonly (string | Uint8Array)[])[]): void {
    const { group, syntax, position } = value;
    const open = this.#openFor(value);
    open.syntax = syntax;
    if (!group || !isSame(open.group?.group, group) || position.group !== (open.last ? open.last.group : position.group))
      this.#closeGroup(open);
    if (group && !open.group) {
      this.#beginGroup(open, group);
      this.#segment(gsText(this.#checked(group, syntax), syntax), syntax);
    }
    open.last = open.last === undefined || position.interchange === undefined ? undefined : position;
    const { set, transaction } = value;
    if (transaction && open.group) {
      open.group.sets += 1;
      const number = transaction.controlNumber === '' ? String(open.group.sets).padStart(4, '0') : transaction.controlNumber;
      this.#set(set, number, transaction.implementation, body, syntax);
    } else for (const elements of body) this.#elements(elements, syntax);
  }

  #set(
    set: string,
    number: string,
    implementation: string | undefined,
    body: readonly (readonly (string | Uint8Array)[])[],
    syntax: Syntax,
  ): void {
    const texts = [number, ...(implementation === undefined ? [] : [implementation])].map((text) =>
      elementText(text, syntax, 'transaction'),
    );
    this.#elements(['ST', set, ...texts], syntax);
    for (const elements of body) this.#elements(elements, syntax);
    this.#segment(trailerText('SE', body.length + 2, number, syntax), syntax);
  }

  #elements(elements: readonly (string | Uint8Array)[], syntax: Syntax): void {
    const { element, terminator } = syntax;
    const data = elements.at(-1);
    if (!(data instanceof Uint8Array)) {
      this.#segment(elements.join(element) + terminator, syntax);
      return;
    }
    this.#write(elements.slice(0, -1).join(element) + element);
    this.#write(data);
    this.#segment(terminator, syntax);
  }

  /** The interchange that the value belongs to, which is opened where it is not open. */
  #openFor(value: CompleteValue): OpenInterchange {
    const { interchange, syntax, position } = value;
    const open = this.#open;
    const isAnother =
      open?.last?.interchange !== undefined &&
      position.interchange !== undefined &&
      open.last.interchange !== position.interchange;
    if (open && open.key === keyOf(interchange, syntax) && !isAnother) return open;
    this.#closeInterchange();
    const opened = this.#opened(value);
    this.#open = opened;
    if (syntax.bom && !this.#begun) this.#write('\ufeff');
    for (const [name, text] of Object.entries(interchange)) elementText(text, withoutRepetition(syntax), `interchange.${name}`);
    this.#segment(isaText(interchange, syntax), syntax);
    return opened;
  }

  #opened({ interchange, syntax, position }: CompleteValue): OpenInterchange {
    const isFirst = (position.group ?? 1) === 1 && (position.set ?? 1) === 1;
    const last = isFirst && position.interchange !== undefined ? position : undefined;
    return { interchange, key: keyOf(interchange, syntax), syntax, groups: 0, group: undefined, last };
  }

  #beginGroup(open: OpenInterchange, group: Group): void {
    open.groups += 1;
    open.group = { group, sets: 0 };
  }

  #closeGroup(open: OpenInterchange): void {
    if (!open.group) return;
    const { group, sets } = open.group;
    this.#segment(trailerText('GE', sets, group.controlNumber, open.syntax), open.syntax);
    open.group = undefined;
  }

  #closeInterchange(): void {
    const open = this.#open;
    if (!open) return;
    this.#closeGroup(open);
    const { syntax, groups, interchange } = open;
    this.#write(trailerText('IEA', groups, interchange.controlNumber, syntax) + (syntax.final ?? syntax.newline));
    this.#open = undefined;
  }

  #checked(group: Group, syntax: Syntax): Group {
    for (const [name, text] of Object.entries(group)) elementText(text, syntax, `group.${name}`);
    return group;
  }

  #segment(text: string, { newline }: Syntax): void {
    this.#write(text + newline);
  }

  #write(part: string | Uint8Array): void {
    const last = this.#parts.length - 1;
    if (typeof part === 'string' && typeof this.#parts[last] === 'string') this.#parts[last] += part;
    else this.#parts.push(part);
    this.#characters += part.length;
  }

  #flush(): Uint8Array {
    const parts = this.#parts;
    this.#parts = [];
    this.#characters = 0;
    return Buffer.concat(parts.map((part) => (typeof part === 'string' ? this.#encode(part) : part)));
  }

  #encode(text: string): Uint8Array {
    const { encoding } = this.#options;
    const bytes = characterEncodings[encoding].encode(text);
    if (!bytes) throw unencodable(text, encoding, 'The interchange');
    return bytes;
  }
}

function keyOf(interchange: Interchange, { element, component, repetition, terminator, newline }: Syntax): string {
  return JSON.stringify([Object.values(interchange), element, component, repetition ?? '', terminator, newline]);
}

function isSame(one: Group | undefined, other: Group | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function withoutRepetition({ repetition: _repetition, ...rest }: Syntax): Syntax {
  return rest;
}
