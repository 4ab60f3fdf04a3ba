// Writes the headers and trailers of files and batches, as the messages say that they are in them.

import { excerpt } from '@mortise/sdk';
import { isDeepStrictEqual } from 'node:util';
import { isRecord, unwritable } from './write-segment.ts';

type Values = Readonly<Record<string, unknown>>;

/** Writes one segment by these delimiters. */
export type WriteSegment = (segment: unknown, delimiters: unknown) => void;

/** A file or a batch that is open: what its messages say of it, and how many messages or batches it has. */
interface Open {
  readonly said: Values;
  count: number;
}

export class EnvelopeWriter {
  readonly #write: WriteSegment;
  #file: Open | undefined;
  #batch: Open | undefined;

  constructor(write: WriteSegment) {
    this.#write = write;
  }

  /** Ends what the next message is not in, and begins what it is in. */
  before(envelope: unknown): void {
    const file = partOf(envelope, 'file');
    const batch = partOf(envelope, 'batch');
    if (!isSame(this.#file, file)) {
      this.end();
      this.#file = this.#begin(file);
    }
    if (!isSame(this.#batch, batch)) {
      this.#endBatch();
      this.#batch = this.#begin(batch);
      if (this.#batch && this.#file) this.#file.count += 1;
    }
    if (this.#batch) this.#batch.count += 1;
  }

  /** A message that carries a trailer is the last one in there. */
  after(envelope: unknown): void {
    const batch = partOf(envelope, 'batch');
    const file = partOf(envelope, 'file');
    if (batch && batch['trailer'] !== undefined) this.#endBatch(batch['trailer']);
    if (file && file['trailer'] !== undefined) this.#endFile(file['trailer']);
  }

  end(): void {
    this.#endBatch();
    this.#endFile();
  }

  #begin(said: Values | undefined): Open | undefined {
    if (!said) return undefined;
    if (said['header'] !== undefined) this.#write(said['header'], said['delimiters']);
    return { said, count: 0 };
  }

  #endBatch(trailer?: unknown): void {
    this.#trail(this.#batch, trailer, { segment: 'BTS', batchMessageCount: String(this.#batch?.count) }, 'batchMessageCount');
    this.#batch = undefined;
  }

  #endFile(trailer?: unknown): void {
    if (trailer !== undefined) this.#endBatch(null);
    this.#trail(this.#file, trailer, { segment: 'FTS', fileBatchCount: String(this.#file?.count) }, 'fileBatchCount');
    this.#file = undefined;
  }

  /** Null writes none. What a trailer counts is counted anew, unless it is written as it came. */
  #trail(open: Open | undefined, given: unknown, counted: Values, count: string): void {
    if (!open || given === null || (given === undefined && open.said['header'] === undefined)) return;
    const trailer = isRecord(given) ? given : counted;
    const isCounted = open.said['header'] !== undefined && trailer[count] !== undefined && trailer['irregular'] === undefined;
    this.#write(isCounted ? { ...trailer, [count]: counted[count] } : trailer, open.said['delimiters']);
  }
}

function partOf(envelope: unknown, name: 'file' | 'batch'): Values | undefined {
  if (envelope === undefined) return undefined;
  if (!isRecord(envelope)) throw unwritable('A message', `has ${excerpt(envelope)} as "envelope"; expected an object`);
  const part = envelope[name];
  if (part === undefined || isRecord(part)) return part;
  throw unwritable('A message', `has ${excerpt(part)} as the ${name} of its envelope; expected an object`);
}

function isSame(open: Open | undefined, said: Values | undefined): boolean {
  if (!open || !said) return !open && !said;
  return open.said['number'] === said['number'] && isDeepStrictEqual(open.said['header'], said['header']);
}
