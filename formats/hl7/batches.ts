// Follows files and batches (HL7 2.5, section 2.10.3): which message is in which, and whether as many came as the trailers say.

import { formatError, positionToJson } from '@mortise/sdk';
import type { Decoded, MortiseError, Position } from '@mortise/sdk';
import { delimitersOf, usualDelimiters } from './delimiters.ts';
import type { Delimiters } from './delimiters.ts';
import { hl7Error } from './errors.ts';
import type { ReadSegments } from './read-segments.ts';
import type { Segment } from './read-segment.ts';

/** What one message carries of the file or batch that it is in; the last one in it carries the trailer too. */
interface Part {
  readonly number?: number;
  readonly delimiters?: string;
  readonly header?: Segment;
  /** Null where there is a header, and no trailer. */
  trailer?: Segment | null;
}

interface Held {
  readonly value: ReadSegments & { readonly envelope?: { readonly file?: Part; readonly batch?: Part } };
  readonly position: Position;
}

export class Batches {
  /** The last message, which may turn out to be the last of its batch; and the problems behind it. */
  #held: Held | undefined;
  #problems: Decoded[] = [];
  #ready: Decoded[] = [];
  #file: Part | undefined;
  #batch: Part | undefined;
  #files = 0;
  /** Counted since the file or the batch began. */
  #batches = 0;
  #messages = 0;

  message(read: ReadSegments, position: Position): void {
    this.#flush();
    this.#messages += 1;
    this.#held = { value: this.#file || this.#batch ? { ...read, envelope: this.#envelope() } : read, position };
  }

  /** What could not be read. */
  broken(header: string, problem: Decoded): void {
    this.#flush();
    if (header === 'MSH') this.#messages += 1;
    this.#ready.push(problem);
  }

  boundary(header: string, read: ReadSegments, position: Position, bytes: Uint8Array): void {
    const [segment = {}, other] = read.segments;
    if (other) throw stray(header, other, position);
    const part = { delimiters: String(read.syntax['delimiters']), header: segment };
    if (header === 'FHS') {
      this.#endFile(null);
      this.#flush();
      this.#file = { number: ++this.#files, ...part };
    } else if (header === 'BHS') {
      this.#endBatch(null);
      this.#flush();
      this.#batch = { number: ++this.#batches, ...part };
      this.#messages = 0;
    } else if (header === 'BTS') {
      this.#check(segment, 'BTS', this.#messages, 'messages', position, bytes);
      this.#endBatch(segment);
    } else {
      this.#check(segment, 'FTS', this.#batches, 'batches', position, bytes);
      this.#endBatch(null);
      this.#endFile(segment);
    }
  }

  end(): void {
    this.#endBatch(null);
    this.#endFile(null);
    this.#flush();
  }

  /** What is ready to be given, in its order. */
  take(): readonly Decoded[] {
    const ready = this.#ready;
    if (ready.length > 0) this.#ready = [];
    return ready;
  }

  /** A trailer has no delimiters of its own. */
  delimitersFor(trailer: string, lineFeedEnds: boolean): Delimiters {
    const written = (trailer === 'BTS' ? this.#batch : this.#file)?.delimiters ?? usualDelimiters;
    return delimitersOf(written, lineFeedEnds) ?? (delimitersOf(usualDelimiters, lineFeedEnds) as Delimiters);
  }

  #envelope(): NonNullable<Held['value']['envelope']> {
    return { ...(this.#file ? { file: { ...this.#file } } : {}), ...(this.#batch ? { batch: { ...this.#batch } } : {}) };
  }

  #flush(): void {
    if (this.#held) this.#ready.push(this.#held);
    this.#held = undefined;
    for (const problem of this.#problems) this.#ready.push(problem);
    this.#problems.length = 0;
  }

  /** Null: it has ended without a trailer, which is worth saying only where there was a header. */
  #endBatch(trailer: Segment | null): void {
    this.#close('batch', this.#batch, trailer);
    this.#batch = undefined;
    this.#messages = 0;
  }

  #endFile(trailer: Segment | null): void {
    if (trailer === null) this.#endBatch(null);
    this.#close('file', this.#file, trailer);
    this.#file = undefined;
    this.#batches = 0;
  }

  #close(name: 'file' | 'batch', open: Part | undefined, trailer: Segment | null): void {
    if (!this.#held || (trailer === null && !open)) return;
    const { value, position } = this.#held;
    const part = value.envelope?.[name];
    if (part?.number !== open?.number || part?.trailer !== undefined) return;
    this.#held = { value: { ...value, envelope: { ...value.envelope, [name]: { ...part, trailer } } }, position };
  }

  /** An empty count says nothing. In a file without batch headers there may be one batch, or none. */
  #check(segment: Segment, name: string, counted: number, what: string, position: Position, bytes: Uint8Array): void {
    const said = segment[name === 'BTS' ? 'batchMessageCount' : 'fileBatchCount'] ?? positionOne(segment);
    if (typeof said !== 'string' || Number(said) === counted || (name === 'FTS' && counted === 0)) return;
    const message = `${name} says ${JSON.stringify(said.slice(0, 40))} in ${name}-1, and ${counted} ${what} came.`;
    const place = { ...position, segment: name, field: '1' };
    const problem = hl7Error('MORTISE_HL7_COUNT', message, { details: { ...positionToJson(place), found: counted } });
    this.#problems.push({ problem, position, raw: new Uint8Array(bytes) });
  }
}

function positionOne({ positions }: Segment): unknown {
  return typeof positions === 'object' && positions !== null && 'f1' in positions ? positions.f1 : undefined;
}

function stray(header: string, { segment }: Segment, position: Position): MortiseError {
  const message = `${header} in line ${position.line} is followed by ${String(segment)}; expected a message, which begins with MSH.`;
  return formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson({ ...position, segment: header }) });
}
