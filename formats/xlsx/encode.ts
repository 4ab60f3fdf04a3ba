// Encodes workbooks with one sheet: a row a value.

import { ZipWriter, formatError, implementEncoder } from '@mortise/sdk';
import format from './format.ts';
import { sheetEnd, sheetStart, workbookParts } from './parts.ts';
import type { XlsxOptions } from './read-parts.ts';
import { RowWriter, escapeXml } from './write-rows.ts';

const level = 6;
const blockCharacters = 64 * 1024;

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    const writer = new WorkbookWriter(options);
    yield* writer.begin();
    for await (const value of values) yield* writer.push(value);
    yield* writer.end();
  },
  encodeWhole(values, options) {
    const writer = new WorkbookWriter(options);
    return Buffer.concat([...writer.begin(), ...values.flatMap((value) => [...writer.push(value)]), ...writer.end()]);
  },
});

class WorkbookWriter {
  readonly #archive = new ZipWriter(level);
  readonly #rows: RowWriter;
  readonly #sheet: string;
  #block = '';

  constructor(options: XlsxOptions) {
    const { sheet = 'Sheet1' } = options;
    if (!/^[^:\\/?*[\]]{1,31}$/.test(sheet) || /^'|'$/.test(sheet))
      throw formatError(
        'MORTISE_FORMAT_UNWRITABLE',
        `${JSON.stringify(sheet)} cannot be the name of a sheet; expected at most 31 characters, none of : \\ / ? * [ ].`,
      );
    this.#sheet = escapeXml(sheet);
    this.#rows = new RowWriter(options);
  }

  *begin(): Generator<Uint8Array> {
    for (const [name, text] of workbookParts(this.#sheet)) {
      yield* this.#archive.begin(name);
      yield* this.#archive.push(Buffer.from(text));
    }
    yield* this.#archive.begin('xl/worksheets/sheet1.xml');
    this.#block = sheetStart;
  }

  *push(value: unknown): Generator<Uint8Array> {
    this.#block += this.#rows.push(value);
    if (this.#block.length >= blockCharacters) yield* this.#flush();
  }

  *end(): Generator<Uint8Array> {
    this.#block += sheetEnd;
    yield* this.#flush();
    yield* this.#archive.end();
  }

  *#flush(): Generator<Uint8Array> {
    const bytes = Buffer.from(this.#block);
    this.#block = '';
    yield* this.#archive.push(bytes);
  }
}
