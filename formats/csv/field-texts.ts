// Makes texts of the bytes of a record's fields: character encoding, escapes, blanks.

import { characterEncodings, formatError, positionToJson, undecodable, unitBytesOf } from '@mortise/sdk';
import type { Position } from '@mortise/sdk';
import { form } from './cut-records.ts';
import type { CutRecord } from './cut-records.ts';
import type { CsvOptions, Dialect } from './dialect.ts';

export type FieldReader = (record: CutRecord, position: Position) => string[];

/** A function that gives the texts of a record's fields. It throws where the record's quotes or characters are faulty. */
export function fieldReader({ quote, escape }: Dialect, { encoding, trim }: CsvOptions): FieldReader {
  const escaped = quote === '' ? /(?!)/ : new RegExp(`${literal(escape)}([${literal(escape)}${literal(quote)}])`, 'g');
  const width = unitBytesOf(encoding);
  return (record, position) => {
    if (record.fault) throw quoteFault(record.fault, position);
    const whole = recordText(record, encoding);
    const { marks, fields, bytes } = record;
    const texts: string[] = [];
    for (let mark = 0; mark < 3 * fields; mark += 3) {
      const from = marks[mark] as number;
      const to = marks[mark + 1] as number;
      const fieldForm = marks[mark + 2] as number;
      let text = whole?.slice(from / width, to / width) ?? decode(bytes.subarray(from, to), encoding, from, position);
      if (fieldForm === form.escaped) text = text.replace(escaped, '$1');
      else if (trim && fieldForm === form.plain) text = trimEnd(text);
      texts.push(text);
    }
    return texts;
  };
}

/** The whole record as text, where a character is as wide there as in the bytes, so that one call decodes all fields. */
function recordText({ bytes, ascii }: CutRecord, encoding: CsvOptions['encoding']): string | undefined {
  if (unitBytesOf(encoding) === 4) return undefined;
  if (unitBytesOf(encoding) === 2) return characterEncodings[encoding].decode(bytes);
  return ascii || encoding === 'latin1' ? characterEncodings.latin1.decode(bytes) : undefined;
}

function decode(bytes: Uint8Array, encoding: CsvOptions['encoding'], from: number, position: Position): string {
  const text = characterEncodings[encoding].decode(bytes);
  if (text !== undefined) return text;
  const place = { ...position, offsetBytes: (position.offsetBytes ?? 0) + from };
  throw undecodable(bytes, encoding, `The record in line ${position.line}`, place);
}

function quoteFault({ what, offsetBytes, line }: NonNullable<CutRecord['fault']>, position: Position): Error {
  const details = positionToJson({ ...position, offsetBytes, line });
  return formatError(
    'MORTISE_FORMAT_SYNTAX',
    `Line ${line}, offset ${offsetBytes}: found ${what}; expected it quoted, with its quotes escaped.`,
    { details },
  );
}

function trimEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ' || text[end - 1] === '\t') end -= 1;
  return text.slice(0, end);
}

function literal(character: string): string {
  return character.replace(/[^\w\s]/, '\\$&');
}
