// Decodes NDJSON line by line; a line that cannot be read is a problem of its own.

import { LineCutter, MortiseError, formatError, decodeByChunk, positionToJson, readJson } from '@mortise/sdk';
import type { CutLine, Decoded, FormatOptionsOf } from '@mortise/sdk';
import format from './format.ts';

type Options = FormatOptionsOf<typeof format>;

export const decoder = decodeByChunk(format, (options) => new LineReader(options));

class LineReader {
  readonly #options: Options;
  readonly #cutter: LineCutter;
  #record = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#cutter = new LineCutter(options.lineBytesMax);
  }

  *push(chunk: Uint8Array): Generator<Decoded> {
    for (const line of this.#cutter.push(chunk)) if (!isBlank(line)) yield this.#read(line);
  }

  *end(): Generator<Decoded> {
    for (const line of this.#cutter.end()) if (!isBlank(line)) yield this.#read(line);
  }

  #read({ bytes, lengthBytes, offsetBytes, line }: CutLine): Decoded {
    const record = ++this.#record;
    const position = { offsetBytes, line, record };
    try {
      if (lengthBytes > this.#options.lineBytesMax) throw tooLong(lengthBytes, this.#options.lineBytesMax, position);
      return { value: readJson(bytes, this.#options, position), position };
    } catch (problem) {
      if (problem instanceof MortiseError) return { problem, position, raw: new Uint8Array(bytes) };
      throw problem;
    }
  }
}

/** Of a line that was cut the rest is not known, so that it is none. */
function isBlank({ bytes, lengthBytes }: CutLine): boolean {
  return bytes.length === lengthBytes && bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function tooLong(lengthBytes: number, lineBytesMax: number, position: { readonly line: number }): MortiseError {
  const message = `Line ${position.line} is ${lengthBytes} bytes long; expected at most ${lineBytesMax} (lineBytesMax).`;
  return formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson(position) });
}
