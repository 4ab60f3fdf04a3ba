// Makes records of the entries of an archive: one of each, or one of each record in it.

import { MortiseError, decodeInside, formatError } from '@mortise/sdk';
import type { BoundFormat, Decoded, ZipEntry, ZipPart } from '@mortise/sdk';
import { entryFormats } from './entry-formats.ts';
import type { ZipOptions } from './entry-formats.ts';

type FormatOf = (entry: ZipEntry) => BoundFormat | undefined;

/** Gathers entries, each in memory. */
export class EntryReader {
  readonly #options: ZipOptions;
  readonly #formatOf: FormatOf;
  #format: BoundFormat | undefined;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #record = 0;

  constructor(options: ZipOptions) {
    this.#options = options;
    this.#formatOf = formatsOf(options);
  }

  *take(part: ZipPart): Generator<Decoded> {
    if (part.kind === 'entry') {
      this.#format = this.#formatOf(part.entry);
      [this.#pieces, this.#bytes] = [[], 0];
    } else if (part.kind === 'bytes') this.#gather(part.bytes);
    else if (this.#format) yield* this.#read(part.entry, this.#format);
  }

  #gather(bytes: Uint8Array): void {
    if (!this.#format) return;
    this.#bytes += bytes.length;
    if (this.#bytes > this.#options.entryBytesMax && this.#options.each === 'entry')
      throw formatError('MORTISE_FORMAT_LIMIT', `An entry has more than ${this.#options.entryBytesMax} bytes (entryBytesMax).`);
    this.#pieces.push(bytes);
  }

  *#read(entry: ZipEntry, format: BoundFormat): Generator<Decoded> {
    const bytes = Buffer.concat(this.#pieces);
    if (this.#options.each === 'entry') yield readEntry(entry, format, bytes, ++this.#record);
    else for (const decoded of format.decodeWhole(bytes)) yield insideOf(entry, decoded);
  }
}

/** The records of all entries, while the entries come. */
export async function* readRecords(parts: AsyncGenerator<ZipPart>, options: ZipOptions): AsyncGenerator<Decoded> {
  const formatOf = formatsOf(options);
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    const part = next.value;
    const format = part.kind === 'entry' ? formatOf(part.entry) : undefined;
    if (part.kind !== 'entry' || !format) continue;
    for await (const decoded of decodeInside(format, entryBytes(parts))) yield insideOf(part.entry, decoded);
  }
}

async function* entryBytes(parts: AsyncGenerator<ZipPart>): AsyncGenerator<Uint8Array> {
  for (let next = await parts.next(); !next.done && next.value.kind === 'bytes'; next = await parts.next())
    yield next.value.bytes;
}

/** Folders have no content of their own. */
function formatsOf(options: ZipOptions): FormatOf {
  const formatOf = entryFormats(options);
  return ({ name, offsetBytes }) => {
    if (name.endsWith('/')) return undefined;
    const format = formatOf(name);
    if (format || options.others === 'skip') return format;
    const known = options.entries.map((one) => one.name).join(', ');
    throw formatError('MORTISE_FORMAT_VALUE', `The entry ${JSON.stringify(name)} is none that is expected: ${known}.`, {
      details: { offsetBytes, segment: name },
    });
  };
}

function readEntry(entry: ZipEntry, format: BoundFormat, bytes: Uint8Array, record: number): Decoded {
  const position = { offsetBytes: entry.offsetBytes, record, segment: entry.name };
  try {
    const values = format.decodeWhole(bytes).map((decoded) => {
      if ('problem' in decoded) throw decoded.problem;
      return decoded.value;
    });
    return { value: { name: entry.name, content: format.records === 'many' ? values : values[0] }, position };
  } catch (problem) {
    if (problem instanceof MortiseError) return { problem, position, raw: bytes };
    throw problem;
  }
}

function insideOf({ name }: ZipEntry, decoded: Decoded): Decoded {
  const position = { ...decoded.position, segment: name };
  return 'problem' in decoded ? { ...decoded, position } : { value: { name, content: decoded.value }, position };
}
