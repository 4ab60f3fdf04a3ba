// Makes values of the records that were cut: header, names, types.

import { MortiseError, characterEncodings, excerpt, formatError, leadBytes, positionToJson, unitBytesOf } from '@mortise/sdk';
import type { Decoded, Position } from '@mortise/sdk';
import { RecordCutter, form } from './cut-records.ts';
import type { CutRecord } from './cut-records.ts';
import { dialectOf } from './dialect.ts';
import type { Column, CsvOptions, Dialect } from './dialect.ts';
import { fieldReader } from './field-texts.ts';
import type { FieldReader } from './field-texts.ts';
import { Intake } from './intake.ts';
import { TrailMask } from './trail-mask.ts';

/** What is known of the columns once the names are. */
interface Table {
  readonly names: readonly string[];
  /** The column of each field; undefined where its text is taken as it is. */
  readonly columns: readonly (Column | undefined)[];
  /** Has all names as own properties, `__proto__` too: copies of it are filled. */
  readonly empty: Readonly<Record<string, unknown>>;
}

export class RecordReader {
  readonly #options: CsvOptions;
  readonly #dialect: Dialect;
  readonly #intake: Intake;
  readonly #fieldTexts: FieldReader;
  readonly #unitBytes: 1 | 2 | 4;
  readonly #mask: TrailMask | undefined;
  #cutter: RecordCutter | undefined;
  #table: Table | undefined;
  #record = 0;
  #bytes = 0;

  constructor(options: CsvOptions) {
    this.#options = options;
    this.#dialect = dialectOf(options);
    this.#unitBytes = unitBytesOf(options.encoding);
    const leads = leadBytes(options.encoding);
    this.#mask = leads && new TrailMask(leads);
    this.#intake = new Intake(characterEncodings[options.encoding].byteOrderMark, this.#unitBytes);
    this.#fieldTexts = fieldReader(this.#dialect, options);
    this.#table = this.#dialect.names && tableOf(this.#dialect.names, this.#dialect);
  }

  *push(chunk: Uint8Array): Generator<Decoded> {
    this.#bytes += chunk.length;
    const bytes = this.#intake.push(chunk);
    if (bytes.length > 0) yield* this.#readAll(this.#begin().push(bytes, this.#mask?.hide(bytes)));
  }

  *end(): Generator<Decoded> {
    const { bytes, halfBytes } = this.#intake.end();
    const cutter = this.#begin();
    yield* this.#readAll(cutter.push(bytes, this.#mask?.hide(bytes)));
    if (halfBytes > 0)
      throw fault('MORTISE_FORMAT_ENCODING', 'The bytes end in half a character.', { offsetBytes: this.#bytes - halfBytes });
    yield* this.#readAll(cutter.end());
  }

  /** The cutter has to know how long the byte order mark was. */
  #begin(): RecordCutter {
    const cutting = {
      ...this.#dialect,
      unitBytes: this.#unitBytes,
      bigEndian: this.#options.encoding.endsWith('be'),
      trim: this.#options.trim,
      recordBytesMax: this.#options.recordBytesMax,
    };
    return (this.#cutter ??= new RecordCutter(cutting, this.#intake.skippedBytes));
  }

  *#readAll(records: Iterable<CutRecord>): Generator<Decoded> {
    for (const record of records) {
      if (this.#options.header === true && !this.#table) this.#table = this.#readHeader(record);
      else yield this.#read(record);
    }
  }

  #read(record: CutRecord): Decoded {
    const position = { offsetBytes: record.offsetBytes, line: record.line, record: ++this.#record };
    try {
      const texts = this.#fieldTexts(record, position);
      return { value: this.#table ? this.#object(this.#table, texts, record, position) : this.#array(texts, record), position };
    } catch (problem) {
      if (problem instanceof MortiseError) return { problem, position, raw: new Uint8Array(record.bytes) };
      throw problem;
    }
  }

  /** Throws where the header cannot be read: without it, nothing behind it can. */
  #readHeader(record: CutRecord): Table {
    const position = { offsetBytes: record.offsetBytes, line: record.line };
    const names = this.#fieldTexts(record, position);
    const known = new Set(names);
    if (known.size < names.length) {
      const repeated = names.find((name) => !known.delete(name)) ?? '';
      throw fault(
        'MORTISE_FORMAT_SYNTAX',
        `The header names the column ${excerpt(repeated)} twice; expected different names.`,
        position,
      );
    }
    for (const { name, required } of this.#dialect.columns.values()) {
      if (required && !known.has(name))
        throw fault('MORTISE_FORMAT_SYNTAX', `The header has no column ${excerpt(name)}, which is required.`, position);
    }
    return tableOf(names, this.#dialect);
  }

  #array(texts: readonly string[], { marks }: CutRecord): unknown[] {
    return texts.map((text, index) => (this.#isNull(text, marks, index) ? null : text));
  }

  #object({ names, columns, empty }: Table, texts: readonly string[], { marks }: CutRecord, position: Position): unknown {
    if (texts.length !== names.length) {
      const message = `The record in line ${position.line} has ${texts.length} fields; expected ${names.length}.`;
      throw fault('MORTISE_FORMAT_SYNTAX', message, position);
    }
    const object: Record<string, unknown> = { ...empty };
    for (let index = 0; index < names.length; index++) {
      const text = texts[index] as string;
      const column = columns[index];
      const value = this.#isNull(text, marks, index) ? null : text;
      object[names[index] as string] = column ? typedValue(column, value, position, marks[index * 3] as number) : value;
    }
    return object;
  }

  #isNull(text: string, marks: Uint32Array, index: number): boolean {
    return text === this.#options.nullText && marks[index * 3 + 2] === form.plain;
  }
}

function tableOf(names: readonly string[], { columns }: Dialect): Table {
  return { names, columns: names.map((name) => columns.get(name)), empty: Object.fromEntries(names.map((name) => [name, ''])) };
}

/** An empty field is null where the type has no empty value. */
function typedValue({ name, required, typed }: Column, text: string | null, position: Position, fromBytes: number): unknown {
  const empty = text === null || text === '';
  if (!empty && !typed) return text;
  const value = empty ? (typed ? null : text) : typed?.read(text);
  if (value !== undefined && !(empty && required)) return value;
  const found = empty ? 'is empty' : `is ${excerpt(text)}`;
  const message = `The field "${name}" in line ${position.line} ${found}; expected ${typed?.expected ?? 'a text'}.`;
  throw fault('MORTISE_FORMAT_VALUE', message, {
    ...position,
    offsetBytes: (position.offsetBytes ?? 0) + fromBytes,
    field: name,
  });
}

function fault(code: keyof typeof formatError.table, message: string, position: Position): MortiseError {
  return formatError(code, message, { details: positionToJson(position) });
}
