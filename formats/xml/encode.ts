// Encodes XML: a value as a document, or any number of records between the elements around them.

import { characterEncodings, formatError, encodeByValue, unencodable } from '@mortise/sdk';
import { declaredName } from './intake.ts';
import format from './format.ts';
import { pathOf } from './names.ts';
import type { XmlOptions } from './names.ts';
import { validate } from './schema.ts';
import { ElementWriter } from './write-elements.ts';

/** Records are handed on in blocks: a chunk a record would cost the one who writes them a call each. */
const blockCharacters = 64 * 1024;

export const encoder = encodeByValue(format, (options) => new DocumentWriter(options));

class DocumentWriter {
  readonly #options: XmlOptions;
  readonly #writer: ElementWriter;
  readonly #path: readonly string[];
  readonly #around: { readonly before: string; readonly behind: string };
  #block: string;
  #count = 0;

  constructor(options: XmlOptions) {
    this.#options = options;
    this.#writer = new ElementWriter(options);
    this.#path = pathOf(options);
    this.#around = this.#writer.around(this.#path.slice(0, -1));
    const { encoding, declaration, indent } = options;
    const opening = declaration ? `<?xml version="1.0" encoding="${declaredName(encoding)}"?>${indent > 0 ? '\n' : ''}` : '';
    this.#block =
      (encoding.startsWith('utf-16') || encoding.startsWith('utf-32') ? '\ufeff' : '') + opening + this.#around.before;
  }

  push(value: unknown): Uint8Array | undefined {
    this.#count += 1;
    this.#block += this.#path.length > 0 ? this.#record(value) : this.#document(value);
    return this.#block.length < blockCharacters ? undefined : this.#flush();
  }

  end(): Uint8Array {
    const { record } = this.#options;
    if (record === undefined && this.#count !== 1)
      throw unwritable(`A document is one value, not ${this.#count}; name the "record" for many.`);
    if (this.#path.length === 1 && this.#count !== 1)
      throw unwritable(`The path ${record} leaves room for one record, not ${this.#count}; expected an element around them.`);
    this.#block += this.#around.behind;
    return this.#flush();
  }

  #document(value: unknown): string {
    const text = this.#writer.document(value);
    if (this.#options.schema) validate(text, this.#options.schema);
    return text;
  }

  #record(value: unknown): string {
    const name = this.#path.at(-1) ?? '';
    if (this.#options.schema) validate(this.#writer.element(name, value), this.#options.schema);
    return this.#writer.record(name, value, this.#path.length);
  }

  #flush(): Uint8Array {
    const { encoding } = this.#options;
    const block = this.#block;
    this.#block = '';
    const bytes = characterEncodings[encoding].encode(block);
    if (!bytes) throw unencodable(block, encoding, 'The name of an element or attribute');
    return bytes;
  }
}

function unwritable(message: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
