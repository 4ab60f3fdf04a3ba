// Decodes workbooks: the file is held, compressed as it is, and its sheet is expanded row by row.

import { formatError, implementDecoder } from '@mortise/sdk';
import type { Decoded } from '@mortise/sdk';
import format from './format.ts';
import { archiveBytes, readWorkbook } from './read-parts.ts';
import type { XlsxOptions } from './read-parts.ts';
import { RowReader } from './read-rows.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > options.fileBytesMax) throw tooLong(options);
      pieces.push(new Uint8Array(chunk));
    }
    yield* readSheet(Buffer.concat(pieces), options);
  },
  decodeWhole: (bytes, options) => [...readSheet(bytes, options)],
});

/** What belongs to a sheet may stand before or behind it in the file, so that the archive is read twice. */
function* readSheet(bytes: Uint8Array, options: XlsxOptions): Generator<Decoded> {
  if (bytes.length > options.fileBytesMax) throw tooLong(options);
  const workbook = readWorkbook(bytes, options);
  const reader = new RowReader(workbook, options);
  for (const piece of archiveBytes(bytes, options)) if (piece.name === workbook.sheet) yield* reader.push(piece.bytes);
  yield* reader.end();
}

function tooLong({ fileBytesMax }: XlsxOptions): Error {
  return formatError('MORTISE_FORMAT_LIMIT', `The file has more than ${fileBytesMax} bytes (fileBytesMax).`);
}
