// Encodes multipart bodies: a part a value.

import { excerpt, formatError, implementEncoder } from '@mortise/sdk';
import format, { defaultBoundary } from './format.ts';
import { writeHead } from './headers.ts';
import { formatOf } from './part.ts';
import type { MultipartOptions, PartHead } from './part.ts';

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    let record = 0;
    for await (const value of values) yield part(value, ++record, options);
    yield closing(record, options);
  },
  encodeWhole(values, options) {
    const parts = values.map((value, index) => part(value, index + 1, options));
    return Buffer.concat([...parts, closing(values.length, options)]);
  },
});

const properties = ['name', 'filename', 'disposition', 'contentType', 'headers', 'content'];

function part(value: unknown, record: number, options: MultipartOptions): Uint8Array {
  const { content, ...head } = partOf(value, record);
  const inner = formatOf(options, head);
  if (!inner) throw unwritable(record, `is of the type ${head.contentType ?? 'text/plain'} and fits none of "parts"`);
  const lines = writeHead(head, options.kind);
  if ('problem' in lines) throw unwritable(record, lines.problem);
  if (inner.records === 'many' && !Array.isArray(content))
    throw unwritable(record, `has ${excerpt(content)} as its content; expected an array of records`);
  const bytes = inner.encodeWhole(inner.records === 'many' ? (content as readonly unknown[]) : [content]);
  const delimiter = `--${options.boundary ?? defaultBoundary}`;
  if (Buffer.from(`\r\n${Buffer.from(bytes).toString('latin1')}`, 'latin1').includes(`\r\n${delimiter}`))
    throw unwritable(record, 'has the boundary in its content; name another "boundary"');
  const opening = [...(record > 1 ? [''] : []), delimiter, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(opening), bytes]);
}

/** A body has at least one part (RFC 2046, 5.1.1). */
function closing(count: number, { boundary = defaultBoundary }: MultipartOptions): Uint8Array {
  if (count === 0) throw formatError('MORTISE_FORMAT_UNWRITABLE', 'A multipart body has at least one part.');
  return Buffer.from(`\r\n--${boundary}--\r\n`);
}

function partOf(value: unknown, record: number): PartHead & { readonly content: unknown } {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'content'))
    throw unwritable(record, `is ${excerpt(value)}; expected an object with its content`);
  const stray = Object.keys(value).find((name) => !properties.includes(name));
  if (stray !== undefined) throw unwritable(record, `has "${stray}"; expected only ${properties.join(', ')}`);
  const { headers, content, ...texts } = value as Record<string, unknown>;
  const isFlat = headers === undefined || (typeof headers === 'object' && headers !== null && !Array.isArray(headers));
  const all = [...Object.values(texts), ...Object.values(headers ?? {})];
  if (!isFlat || all.some((text) => typeof text !== 'string'))
    throw unwritable(record, 'has a property or header that is no text');
  return { ...texts, ...(headers === undefined ? {} : { headers }), content } as PartHead & { readonly content: unknown };
}

function unwritable(record: number, what: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', `Part ${record} ${what}.`);
}
