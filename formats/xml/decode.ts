// Decodes XML: the whole document as one value, or its records as they come.

import { MortiseError, decodeByChunk } from '@mortise/sdk';
import type { Decoded } from '@mortise/sdk';
import format from './format.ts';
import { Intake } from './intake.ts';
import type { XmlOptions } from './names.ts';
import { ElementReader } from './read-elements.ts';
import type { ReadRecord } from './read-elements.ts';
import { validate } from './schema.ts';
import { ElementWriter } from './write-elements.ts';

export const decoder = decodeByChunk(format, (options) => new DocumentReader(options));

class DocumentReader {
  readonly #options: XmlOptions;
  readonly #intake: Intake;
  readonly #reader: ElementReader;
  /** The whole text where it is to be checked as it is. */
  readonly #texts: string[] = [];
  /** A document that is one value is given when all of it has been read, and is sound. */
  readonly #documents: ReadRecord[] = [];

  constructor(options: XmlOptions) {
    this.#options = options;
    this.#intake = new Intake(options.encoding);
    this.#reader = new ElementReader(options);
  }

  *push(chunk: Uint8Array): Generator<Decoded> {
    for (const text of this.#intake.push(chunk)) yield* this.#read(text);
  }

  *end(): Generator<Decoded> {
    for (const text of this.#intake.end()) yield* this.#read(text);
    yield* this.#give(this.#reader.end());
    for (const { name, value, position } of this.#documents) {
      if (this.#options.schema) validate(this.#texts.join('').replace(/^<\?xml[^>]*\?>/, ''), this.#options.schema);
      yield { value: Object.fromEntries([[name, value]]), position };
    }
  }

  *#read(text: string): Generator<Decoded> {
    if (this.#options.record === undefined && this.#options.schema) this.#texts.push(text);
    yield* this.#give(this.#reader.push(text));
  }

  *#give(records: Iterable<ReadRecord>): Generator<Decoded> {
    for (const record of records) {
      if (this.#options.record === undefined) this.#documents.push(record);
      else yield this.#check(record);
    }
  }

  /** A record that does not fit the schema is a problem of its own: its bytes are those that it would be written as. */
  #check({ name, value, position }: ReadRecord): Decoded {
    if (!this.#options.schema) return { value, position };
    const text = new ElementWriter(this.#options).element(name, value);
    try {
      validate(text, this.#options.schema);
      return { value, position };
    } catch (problem) {
      if (problem instanceof MortiseError && problem.code === 'MORTISE_XML_INVALID')
        return { problem, position, raw: Buffer.from(text) };
      throw problem;
    }
  }
}
