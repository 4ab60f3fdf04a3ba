// Reads the elements of a document as its text comes, and gives the values of those that are records.

import { formatError, positionToJson } from '@mortise/sdk';
import type { MortiseError, Position } from '@mortise/sdk';
import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';
import { ElementValue } from './element-value.ts';
import type { ShapeOptions } from './element-value.ts';
import { Names, pathOf } from './names.ts';
import type { XmlOptions } from './names.ts';

/** The value of a record, or of a whole document with the name of its outermost element. */
export interface ReadRecord {
  readonly name: string;
  readonly value: unknown;
  readonly position: Position;
}

/** Long texts are handed on in parts, so that what is too long is found before all of it was taken in. */
const partCharacters = 64 * 1024;

const textOutside = 'text data outside of root node.';

export class ElementReader {
  readonly #options: XmlOptions;
  readonly #names: Names;
  readonly #shape: ShapeOptions;
  readonly #reader = new SaxesParser({ xmlns: true, position: true });
  /** The names of the elements that are open, and those of them that are a record or in one. */
  readonly #path: string[] = [];
  readonly #open: ElementValue[] = [];
  /** Where records are read: another document has none. */
  readonly #outermost: string | undefined;
  #records: ReadRecord[] = [];
  #recordLine: Position = {};
  #recordStart = 0;
  #count = 0;

  constructor(options: XmlOptions) {
    this.#options = options;
    this.#names = new Names(options);
    this.#outermost = pathOf(options)[0];
    this.#shape = { lists: new Set(options.lists), ordered: new Set(options.ordered) };
    this.#listen();
  }

  /** The records that the text completes; those before a fault are given before it is thrown. */
  *push(text: string): Generator<ReadRecord> {
    for (let at = 0; at < text.length; at += partCharacters) yield* this.#write(text.slice(at, at + partCharacters));
  }

  *end(): Generator<ReadRecord> {
    yield* this.#run(() => this.#reader.close());
  }

  *#write(part: string): Generator<ReadRecord> {
    yield* this.#run(() => {
      this.#reader.write(part);
      this.#checkLength();
    });
  }

  *#run(read: () => void): Generator<ReadRecord> {
    try {
      read();
    } catch (error) {
      yield* this.#take();
      throw error;
    }
    yield* this.#take();
  }

  #take(): readonly ReadRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #listen(): void {
    const reader = this.#reader;
    reader.on('error', (error) => {
      // Said at the end of whatever part of it was read at once: #addText says it where the text ends.
      if (error.message.endsWith(textOutside)) return;
      throw this.#fault('MORTISE_FORMAT_SYNTAX', error.message.replace(/^\d+:\d+: /, '').replace(/\.?$/, '.'));
    });
    reader.on('doctype', () => {
      throw this.#fault(
        'MORTISE_FORMAT_SYNTAX',
        'The document has a DOCTYPE, which is always refused: it may name files and expand without end.',
      );
    });
    reader.on('opentag', (tag) => this.#begin(tag));
    reader.on('closetag', () => this.#finish());
    reader.on('text', (text) => this.#addText(text));
    reader.on('cdata', (text) => this.#addText(text));
    reader.on('comment', () => this.#pass());
    reader.on('processinginstruction', () => this.#pass());
  }

  #begin(tag: SaxesTagNS): void {
    this.#pass();
    const name = this.#names.element(tag.uri, tag.local);
    this.#path.push(name);
    if (this.#path.length === 1 && this.#outermost !== undefined && name !== this.#outermost)
      throw this.#fault(
        'MORTISE_FORMAT_VALUE',
        `The outermost element is "${name}"; expected "${this.#outermost}", as "record" says.`,
      );
    if (this.#path.length > this.#options.depthMax)
      throw this.#fault('MORTISE_FORMAT_LIMIT', `Elements are nested deeper than ${this.#options.depthMax} (depthMax).`);
    const isInside = this.#open.length > 0;
    if (!isInside && !this.#isRecord()) return;
    if (!isInside) this.#beginRecord();
    this.#open.push(new ElementValue(name, this.#attributes(tag), this.#shape));
  }

  /** A record is known by where its opening tag ends. */
  #beginRecord(): void {
    const { line, columnIndex } = this.#reader;
    this.#recordLine = { line, column: columnIndex, ...(this.#options.record === undefined ? {} : { record: ++this.#count }) };
    this.#recordStart = this.#reader.position;
  }

  #isRecord(): boolean {
    const { record } = this.#options;
    return record === undefined ? this.#path.length === 1 : `/${this.#path.join('/')}` === record;
  }

  #attributes({ attributes }: SaxesTagNS): readonly (readonly [string, string])[] {
    const all = Object.values(attributes);
    if (all.length > this.#options.attributesMax)
      throw this.#fault(
        'MORTISE_FORMAT_LIMIT',
        `An element has more than ${this.#options.attributesMax} attributes (attributesMax).`,
      );
    const own = all.filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns');
    return own.map(({ uri, local, value }) => [this.#names.attribute(uri, local), value] as const);
  }

  #addText(text: string): void {
    if (this.#path.length === 0 && /[^ \t\r\n]/.test(text)) throw this.#fault('MORTISE_FORMAT_SYNTAX', textOutside);
    this.#pass();
    this.#open.at(-1)?.addText(text);
  }

  #finish(): void {
    this.#pass();
    const element = this.#open.pop();
    if (element?.isMixed) {
      const message = `The element "${element.name}" has text between its elements; expected it only in those that "ordered" names.`;
      throw this.#fault('MORTISE_FORMAT_VALUE', message);
    }
    this.#path.pop();
    if (!element) return;
    const { name, value } = element;
    const outer = this.#open.at(-1);
    if (outer) outer.addElement(name, value);
    else this.#records.push({ name, value, position: this.#recordLine });
  }

  /** Where something ends; what is outside of records may be as long as one too, but no longer. */
  #pass(): void {
    this.#checkLength();
    if (this.#open.length === 0) this.#recordStart = this.#reader.position;
  }

  #checkLength(): void {
    if (this.#reader.position - this.#recordStart <= this.#options.recordMax) return;
    throw formatError('MORTISE_FORMAT_LIMIT', `A record has more than ${this.#options.recordMax} characters (recordMax).`);
  }

  #fault(code: 'MORTISE_FORMAT_SYNTAX' | 'MORTISE_FORMAT_VALUE' | 'MORTISE_FORMAT_LIMIT', what: string): MortiseError {
    const { line, columnIndex: column } = this.#reader;
    const path = this.#path.length > 0 ? `/${this.#path.join('/')}` : undefined;
    const message = `Line ${line}, column ${column}${path === undefined ? '' : `, in ${path}`}: ${what}`;
    return formatError(code, message, {
      details: positionToJson({ line, column, ...(path === undefined ? {} : { field: path }) }),
    });
  }
}
