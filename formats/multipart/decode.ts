// Decodes multipart bodies part by part; a part that cannot be read is a problem of its own.

import { MortiseError, formatError, implementDecoder } from '@mortise/sdk';
import type { Decoded, Position } from '@mortise/sdk';
import { PartCutter } from './cut-parts.ts';
import type { CutPart } from './cut-parts.ts';
import format from './format.ts';
import { headerBytesMax, readHead } from './headers.ts';
import { formatOf } from './part.ts';
import type { MultipartOptions } from './part.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const cutter = new PartCutter(options);
    let record = 0;
    for await (const chunk of chunks) for (const part of cutter.push(chunk)) yield readPart(part, ++record, options);
    cutter.end();
  },
  decodeWhole(bytes, options) {
    const cutter = new PartCutter(options);
    const decoded = Array.from(cutter.push(bytes), (part, index) => readPart(part, index + 1, options));
    cutter.end();
    return decoded;
  },
});

function readPart({ bytes, offsetBytes }: CutPart, record: number, options: MultipartOptions): Decoded {
  const position = { offsetBytes, record };
  try {
    return { value: valueOf(bytes, position, options), position };
  } catch (problem) {
    if (problem instanceof MortiseError) return { problem, position, raw: bytes };
    throw problem;
  }
}

function valueOf(bytes: Uint8Array, position: Position, options: MultipartOptions): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const isBare = buffer.subarray(0, 2).toString('latin1') === '\r\n';
  const end = isBare ? 0 : buffer.subarray(0, headerBytesMax + 4).indexOf('\r\n\r\n');
  if (end < 0) throw syntax('has headers without an end, or too long ones', position);
  const head = readHead(bytes.subarray(0, end), options.kind);
  if (typeof head === 'string') throw syntax(head, position);
  const { transfer, ...shown } = head;
  const inner = formatOf(options, head);
  if (!inner)
    throw syntax(`is of the type ${JSON.stringify(head.contentType ?? 'text/plain')} and fits none of "parts"`, position);
  const content = transferred(buffer.subarray(end + (isBare ? 2 : 4)), transfer);
  if (!content)
    throw syntax(
      `has a Content-Transfer-Encoding, ${JSON.stringify(transfer)}, that it is not in, or that is not known`,
      position,
    );
  const values = inner.decodeWhole(content).map((decoded) => {
    if ('problem' in decoded) throw decoded.problem;
    return decoded.value;
  });
  return { ...shown, content: inner.records === 'many' ? values : values[0] };
}

/** The content as it was before it was encoded for transfer; undefined where that cannot be told. */
function transferred(bytes: Buffer, transfer: string | undefined): Uint8Array | undefined {
  if (transfer === undefined || ['7bit', '8bit', 'binary'].includes(transfer)) return bytes;
  if (transfer !== 'base64') return undefined;
  const text = bytes.toString('latin1').replaceAll(/[\r\n]/g, '');
  return /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

function syntax(what: string, position: Position): Error {
  const message = `Part ${position.record}, at offset ${position.offsetBytes}, ${what}.`;
  return formatError('MORTISE_FORMAT_SYNTAX', message, { details: { ...position } });
}
