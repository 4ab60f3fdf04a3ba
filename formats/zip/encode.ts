// Encodes zip archives: an entry a value, or consecutive values of one name as the records of one entry.

import { ZipWriter, excerpt, formatError, implementEncoder } from '@mortise/sdk';
import type { BoundFormat } from '@mortise/sdk';
import { entryFormats } from './entry-formats.ts';
import format from './format.ts';

interface Entry {
  readonly name: string;
  readonly content: unknown;
}

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    const writer = new ZipWriter(options.level);
    const formatOf = entryFormats(options);
    const iterator = values[Symbol.asyncIterator]();
    let next = await iterator.next();
    while (!next.done) {
      const entry = entryOf(next.value);
      const inner = formatFor(entry, formatOf);
      yield* writer.begin(entry.name);
      if (options.each === 'entry') {
        yield* writer.push(inner.encodeWhole(contents(entry, inner)));
        next = await iterator.next();
        continue;
      }
      const records = async function* (): AsyncIterable<unknown> {
        for (; !next.done && isOfEntry(next.value, entry.name); next = await iterator.next()) yield next.value.content;
      };
      for await (const chunk of inner.encode(records())) yield* writer.push(chunk);
    }
    yield* writer.end();
  },
  encodeWhole(values, options) {
    const writer = new ZipWriter(options.level);
    const formatOf = entryFormats(options);
    const pieces: Uint8Array[] = [];
    for (let index = 0; index < values.length; ) {
      const entry = entryOf(values[index]);
      const inner = formatFor(entry, formatOf);
      pieces.push(...writer.begin(entry.name));
      const end = options.each === 'entry' ? index + 1 : endOfEntry(values, index, entry.name);
      const inside =
        options.each === 'entry' ? contents(entry, inner) : values.slice(index, end).map((one) => entryOf(one).content);
      pieces.push(...writer.push(inner.encodeWhole(inside)));
      index = end;
    }
    return Buffer.concat([...pieces, ...writer.end()]);
  },
});

/** Where the values of another name begin, or something that is no entry. */
function endOfEntry(values: readonly unknown[], from: number, name: string): number {
  const count = values.slice(from).findIndex((value) => !isOfEntry(value, name));
  return count < 0 ? values.length : from + count;
}

function contents({ name, content }: Entry, inner: BoundFormat): readonly unknown[] {
  if (inner.records === 'one') return [content];
  if (Array.isArray(content)) return content;
  throw unwritable(`The content of the entry ${JSON.stringify(name)} is ${excerpt(content)}; expected an array of its records.`);
}

function formatFor({ name }: Entry, formatOf: ReturnType<typeof entryFormats>): BoundFormat {
  const inner = formatOf(name);
  if (inner) return inner;
  throw unwritable(`No name in "entries" fits the entry ${JSON.stringify(name)}.`);
}

function entryOf(value: unknown): Entry {
  if (isEntry(value)) return value;
  throw unwritable(
    `A value is ${excerpt(value)}; expected an object with the name of its entry and its content, and nothing else.`,
  );
}

function isOfEntry(value: unknown, name: string): value is Entry {
  return isEntry(value) && value.name === name;
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 2 && keys.includes('name') && keys.includes('content') && typeof (value as Entry).name === 'string';
}

function unwritable(message: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
