// Reads interchanges message by message: the envelope is checked as it passes, and one message is held at a time.

import { excerpt, formatError, positionToJson } from '@mortise/sdk';
import type { CharacterEncoding } from '@mortise/sdk';
import { encodingOf } from './character-sets.ts';
import { checkHeader, checkTrailer, isPlainTrailer } from './check-envelope.ts';
import { SegmentCutter } from './cut-segments.ts';
import { groupHeader, interchangeHeader, isPlainHeader, messageHeader } from './envelope.ts';
import type { HeaderSpec } from './envelope.ts';
import type { Fault, SyntaxError } from './faults.ts';
import type { EnvelopeFault, Found, ReadGroup, ReadInterchange, ReadMessage } from './read-message.ts';
import { textAt } from './segment.ts';
import type { Segment } from './segment.ts';
import { defaultSeparators, isTag } from './service-characters.ts';
import { StartReader } from './start.ts';
import type { Start } from './start.ts';

export interface ReadingLimits {
  readonly encoding?: CharacterEncoding;
  readonly messageBytesMax: number;
  readonly segmentsMax: number;
}

/** Where so many segments stand outside of messages, this is no interchange any more. */
const straysMax = 100;
/** So many faults of the envelope go into an acknowledgement. */
const reportedMax = 1000;
/** So many are noted of one message. */
const faultsMax = 100;
const headers: Readonly<Record<string, HeaderSpec>> = { UNB: interchangeHeader, UNG: groupHeader, UNH: messageHeader };

export class MessageReader {
  readonly #limits: ReadingLimits;
  readonly #cutter = new SegmentCutter();
  #start: StartReader | undefined = new StartReader(this.#cutter);
  #interchange: ReadInterchange | undefined;
  #group: ReadGroup | undefined;
  #message: ReadMessage | undefined;
  /** The message before: given as soon as it is known whether it is the last one. */
  #held: ReadMessage | undefined;
  /** What belongs to the next message: faults of the envelope before it, and whether something there is irregular. */
  #leading: EnvelopeFault[] = [];
  #irregular = false;
  #spanFrom = 0;
  #record = 0;
  #strays = 0;

  constructor(limits: ReadingLimits) {
    this.#limits = limits;
  }

  *push(chunk: Uint8Array): Generator<Found> {
    this.#cutter.push(chunk, this.#held?.spanFrom ?? this.#spanFrom);
    yield* this.#drain(false);
  }

  *end(): Generator<Found> {
    yield* this.#drain(true);
    if (this.#start === undefined) {
      const rest = this.#cutter.rest();
      if (this.#message) yield* this.#breakOffMessage(this.#message);
      if (rest) this.#note('13', 'the last segment', `what begins in line ${rest.line} has no end; the bytes are not complete`);
      yield* this.#breakOff();
    }
    yield* this.#close(this.#cutter.totalBytes);
  }

  raw(from: number, to: number): Uint8Array {
    return this.#cutter.raw(from, to);
  }

  *#drain(ended: boolean): Generator<Found> {
    for (;;) {
      if (this.#start !== undefined && !(yield* this.#begin(this.#start, ended))) return;
      const segment = this.#cutter.next() ?? (ended ? this.#cutter.finish() : undefined);
      this.#checkLength();
      if (segment === undefined) return;
      const interchange = this.#interchange as ReadInterchange;
      if (this.#message && !isOfEnvelope(segment)) {
        this.#noteIrregular(interchange);
        this.#takeSegment(this.#message, segment);
      } else yield* this.#take(interchange, segment);
    }
  }

  /** Throws where a message, or a segment outside of one, is longer than it may be. */
  #checkLength(): void {
    const { messageBytesMax } = this.#limits;
    const { offsetBytes, line } = this.#message ?? this.#cutter;
    if (this.#cutter.reachedBytes - offsetBytes <= messageBytesMax) return;
    const message = `What begins in line ${line} is longer than ${messageBytesMax} bytes (messageBytesMax).`;
    throw formatError('MORTISE_FORMAT_LIMIT', message, { details: positionToJson({ offsetBytes, line }) });
  }

  *#begin(start: StartReader, ended: boolean): Generator<Found, boolean> {
    // Only when the next one begins, or all bytes have come, it is known what stands behind a trailer.
    if (this.#interchange && !this.#cutter.skipPadding()) {
      if (!ended) return false;
    }
    yield* this.#close(this.#cutter.nextBytes);
    const found = start.read(ended);
    if (found === undefined) return false;
    this.#start = undefined;
    this.#open(found);
    return true;
  }

  #open(start: Start): ReadInterchange {
    const cutter = this.#cutter;
    cutter.separators = start.separators;
    cutter.encoding = this.#limits.encoding ?? (start.bom ? 'utf-8' : 'latin1');
    cutter.chooseEncoding = this.#limits.encoding === undefined && !start.bom ? encodingOf : undefined;
    cutter.endBytes = cutter.nextBytes;
    this.#irregular = start.padded;
    this.#spanFrom = start.offsetBytes;
    return (this.#interchange = newInterchange(start, cutter));
  }

  *#take(interchange: ReadInterchange, segment: Segment): Generator<Found> {
    const tag = segment.nesting ? '' : segment.tag;
    const message = this.#message;
    if (tag === 'UNT' && message) return this.#endMessage(message, segment);
    if (segment.tag.startsWith('UNA')) return yield* this.#startAgain();
    if (tag === 'UNB' || tag === 'UNG' || tag === 'UNH') return yield* this.#takeHeader(interchange, segment);
    if (tag === 'UNE' || tag === 'UNZ') return yield* this.#takeTrailer(interchange, segment);
    this.#noteIrregular(interchange);
    if (message) this.#takeSegment(message, segment);
    else this.#stray(segment);
  }

  /** Another interchange begins where this one is not over: what was cut as a segment is read again by characters of its own. */
  *#startAgain(): Generator<Found> {
    yield* this.#breakOff();
    yield* this.#close(this.#cutter.gapBytes);
    this.#cutter.rewind();
    this.#start = new StartReader(this.#cutter);
  }

  #takeSegment(message: ReadMessage, segment: Segment): void {
    const { segmentsMax } = this.#limits;
    if (message.segments.length + 3 > segmentsMax) {
      const { offsetBytes, line } = message;
      const what = `The message in line ${line} has more than ${segmentsMax} segments (segmentsMax).`;
      throw formatError('MORTISE_FORMAT_LIMIT', what, { details: positionToJson({ offsetBytes, line }) });
    }
    message.segments.push(segment);
    this.#checkText(message, segment.tag);
    if (!isTag(segment.tag) && message.faults.length < faultsMax) {
      const what = `${excerpt(segment.tag)} is no tag of a segment; expected three capital letters or digits`;
      message.faults.push({ ...this.#fault('15', segment.tag, what), segmentNumber: message.segments.length + 1 });
    }
  }

  #checkText(message: ReadMessage, tag: string): void {
    const offsetBytes = this.#cutter.undecodableBytes;
    if (offsetBytes === undefined) return;
    this.#cutter.undecodableBytes = undefined;
    if (message.faults.length >= faultsMax) return;
    const what = `the bytes at offset ${offsetBytes} are no text in ${this.#cutter.encoding}; perhaps the option "encoding" helps`;
    const segmentNumber = message.segments.length + 1;
    message.faults.push({ ...this.#fault('21', tag, what), offsetBytes, segmentNumber });
  }

  #checkEnvelopeText(faults: Fault[], tag: string): void {
    if (this.#cutter.undecodableBytes === undefined) return;
    this.#cutter.undecodableBytes = undefined;
    faults.push(this.#fault('21', tag, `${tag} has bytes that are no text in ${this.#cutter.encoding}`));
  }

  *#takeHeader(interchange: ReadInterchange, segment: Segment): Generator<Found> {
    if (this.#message) yield* this.#breakOffMessage(this.#message);
    if (segment.tag === 'UNB') return yield* this.#openInterchange(interchange, segment);
    if (segment.tag === 'UNG' && this.#group) this.#lack('UNE', 'the group before it');
    yield* this.#release();
    this.#noteIrregular(interchange, segment);
    const faults = checkHeader(segment, this.#cutter);
    if (segment.tag === 'UNH') return this.#openMessage(interchange, segment, faults);
    this.#checkEnvelopeText(faults, 'UNG');
    interchange.groups += 1;
    this.#group = { header: segment, messages: 0 };
    if (faults.length > 0) this.#envelopeFault(faults);
  }

  *#openInterchange(before: ReadInterchange, segment: Segment): Generator<Found> {
    let interchange = before;
    if (before.header || before.start.bare || before.messages > 0) {
      yield* this.#breakOff();
      yield* this.#close(this.#cutter.gapBytes);
      const start = { ...before.start, bom: false, una: false, bare: false, padded: false, unaGap: '' };
      this.#interchange = interchange = {
        ...newInterchange(start, this.#cutter),
        breaks: before.breaks,
        separators: before.separators,
      };
    }
    this.#noteIrregular(interchange, segment);
    interchange.header = segment;
    const { start } = interchange;
    const separators = defaultSeparators(textAt(segment, 1, 2));
    if (!start.una && interchange.separators === defaultSeparators('3'))
      interchange.separators = this.#cutter.separators = separators;
    interchange.encoding = this.#cutter.encoding;
    const faults = checkHeader(segment, this.#cutter);
    this.#checkEnvelopeText(faults, 'UNB');
    if (faults.length > 0) this.#envelopeFault(faults);
  }

  #openMessage(interchange: ReadInterchange, segment: Segment, faults: Fault[]): void {
    const { offsetBytes, line } = this.#cutter;
    interchange.messages += 1;
    if (this.#group) this.#group.messages += 1;
    else if (interchange.groups > 0)
      faults.push({
        ...this.#fault('30', 'UNH', 'a message stands beside groups; expected all of them in groups'),
        segmentNumber: 1,
      });
    if (textAt(segment, 2) === 'CONTRL') interchange.hasAcknowledgement = true;
    this.#message = {
      interchange,
      group: this.#group,
      header: segment,
      segments: [],
      offsetBytes,
      line,
      record: ++this.#record,
      number: interchange.messages,
      endBytes: offsetBytes,
      spanFrom: this.#spanFrom,
      spanTo: offsetBytes,
      faults,
      leading: this.#leading,
      trailing: [],
      irregular: false,
      hasEmptyEnds: false,
      endsGroup: false,
      endsInterchange: false,
      lastBreak: true,
    };
    this.#leading = [];
    this.#strays = 0;
    this.#cutter.trailing = false;
    this.#checkText(this.#message, 'UNH');
  }

  #endMessage(message: ReadMessage, segment: Segment): void {
    const counted = message.segments.length + 2;
    const reference = textAt(message.header, 1);
    this.#noteIrregular(message.interchange);
    if (!isPlainTrailer(segment, counted, reference)) {
      this.#irregular = true;
      const faults = checkTrailer(segment, counted, reference, this.#cutter);
      message.faults.push(...faults.map((fault) => ({ ...fault, segmentNumber: counted })));
    }
    this.#hold(message, this.#cutter.endBytes);
  }

  #hold(message: ReadMessage, endBytes: number): void {
    message.endBytes = endBytes;
    message.spanTo = endBytes;
    message.irregular = this.#irregular;
    message.hasEmptyEnds = this.#cutter.trailing;
    this.#irregular = false;
    this.#message = undefined;
    this.#held = message;
    this.#spanFrom = endBytes;
  }

  /** A message without UNT ends before the segment that came last. */
  *#breakOffMessage(message: ReadMessage): Generator<Found> {
    const last = message.segments.at(-1)?.tag ?? 'UNH';
    const what = `the message ${excerpt(textAt(message.header, 1))} has no UNT; its last segment is ${last}`;
    message.faults.push({ ...this.#fault('13', 'UNT', what), segmentNumber: message.segments.length + 1 });
    this.#hold(message, this.#cutter.gapBytes);
    message.irregular = true;
  }

  *#takeTrailer(interchange: ReadInterchange, segment: Segment): Generator<Found> {
    if (this.#message) yield* this.#breakOffMessage(this.#message);
    this.#noteIrregular(interchange);
    if (segment.tag === 'UNE') return this.#closeGroup(segment);
    if (interchange.header === undefined) return this.#stray(segment);
    if (this.#group) this.#lack('UNE', 'the last group');
    const units = interchange.groups || interchange.messages;
    const reference = textAt(interchange.header, 5);
    const faults = checkTrailer(segment, units, reference, this.#cutter);
    if (units === 0) faults.push(this.#fault('32', 'UNZ', 'the interchange has no message'));
    this.#endEnvelope(faults, isPlainTrailer(segment, units, reference));
    this.#start = new StartReader(this.#cutter);
  }

  #closeGroup(segment: Segment): void {
    const group = this.#group;
    if (!group) return this.#stray(segment);
    const reference = textAt(group.header, 5);
    const faults = checkTrailer(segment, group.messages, reference, this.#cutter);
    if (group.messages === 0) faults.push(this.#fault('32', 'UNE', 'the group has no message'));
    if (this.#held) this.#held.endsGroup = true;
    this.#endEnvelope(faults, isPlainTrailer(segment, group.messages, reference));
    this.#group = undefined;
  }

  /** What stands behind a message belongs to it. */
  #endEnvelope(faults: readonly Fault[], plain: boolean): void {
    if (!plain) this.#irregular = true;
    if (faults.length > 0) this.#envelopeFault(faults);
    this.#extend();
  }

  #extend(): void {
    if (!this.#held) return;
    this.#held.irregular ||= this.#irregular;
    this.#held.spanTo = this.#cutter.endBytes;
    this.#spanFrom = this.#cutter.endBytes;
    this.#irregular = false;
  }

  #stray(segment: Segment): void {
    const what = `${excerpt(segment.tag)} stands outside of a message`;
    this.#strays += 1;
    if (this.#strays > straysMax) {
      const { offsetBytes, line } = this.#cutter;
      const message = `Line ${line}: ${what}, and so did ${straysMax} others before it; this is no interchange.`;
      throw formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson({ offsetBytes, line }) });
    }
    this.#cutter.undecodableBytes = undefined;
    this.#irregular = true;
    this.#envelopeFault([this.#fault('33', segment.tag.slice(0, 3), what)]);
    this.#extend();
  }

  /** Kept with the message before it, or with the one behind it. */
  #envelopeFault(
    faults: readonly Fault[],
    span: { from: number; to: number } = { from: this.#cutter.offsetBytes, to: this.#cutter.endBytes },
  ): void {
    this.#report(faults);
    (this.#held?.trailing ?? this.#leading).push({ faults, fromBytes: span.from, toBytes: span.to });
    if (this.#held) this.#held.irregular = true;
    else this.#irregular = true;
  }

  /** For the acknowledgement: by group, or for the interchange as a whole; not without limit. */
  #report(faults: readonly Fault[]): void {
    const interchange = this.#interchange;
    if (!interchange) return;
    if (interchange.faults.length + interchange.groupFaults.size > reportedMax) {
      interchange.unlisted += 1;
      return;
    }
    const [first] = faults;
    const group = this.#group?.header;
    if (!group || (first?.segment !== 'UNG' && first?.segment !== 'UNE')) interchange.faults.push(...faults);
    else interchange.groupFaults.set(group, [...(interchange.groupFaults.get(group) ?? []), ...faults].slice(0, 10));
  }

  #note(code: SyntaxError, segment: string, what: string): void {
    const rest = this.#cutter.rest();
    const span = rest ? { from: rest.offsetBytes, to: rest.endBytes } : undefined;
    this.#envelopeFault([this.#fault(code, segment, what)], span);
  }

  /** A trailer is missing before the segment that came last, or at the end. */
  #lack(tag: string, of: string): void {
    if (this.#held) this.#held.endsGroup = true;
    const at = this.#cutter.gapBytes;
    this.#envelopeFault([this.#fault('13', tag, `${of} has no ${tag}`)], { from: at, to: at });
    this.#group = undefined;
  }

  *#breakOff(): Generator<Found> {
    if (this.#message) yield* this.#breakOffMessage(this.#message);
    if (this.#group) this.#lack('UNE', 'the last group');
    if (this.#interchange?.header) this.#lack('UNZ', 'the interchange');
  }

  /** The interchange is over, and all that stands behind it is known. */
  *#close(toBytes: number): Generator<Found> {
    const interchange = this.#interchange;
    if (!interchange) return;
    const held = this.#held;
    if (held) {
      held.endsInterchange = interchange.header !== undefined;
      this.#closeSpan(held, interchange.breaks ?? '', toBytes);
    }
    yield* this.#release();
    for (const stray of this.#leading) yield { stray, interchange };
    this.#leading = [];
    this.#interchange = undefined;
    this.#group = undefined;
    yield { closed: interchange };
  }

  #closeSpan(held: ReadMessage, breaks: string, toBytes: number): void {
    const gap = Buffer.from(this.#cutter.raw(held.spanTo, toBytes)).toString('latin1');
    held.lastBreak = gap !== '' || breaks === '';
    if (gap !== '' && gap !== breaks) held.irregular = true;
    held.spanTo = toBytes;
    this.#spanFrom = toBytes;
  }

  *#release(): Generator<Found> {
    const message = this.#held;
    this.#held = undefined;
    if (message) yield { message };
  }

  /** Whether the segment that came last, and what stands before it, would be written the same way. */
  #noteIrregular(interchange: ReadInterchange, header?: Segment): void {
    const cutter = this.#cutter;
    const regular = isRegularGap(interchange, cutter) && !cutter.needless;
    cutter.needless = false;
    const spec = header && headers[header.tag];
    if (!regular || (header && spec && !isPlainHeader(spec, header))) this.#irregular = true;
  }

  #fault(code: SyntaxError, segment: string, what: string): Fault {
    return { code, segment, what, offsetBytes: this.#cutter.offsetBytes, line: this.#cutter.line };
  }
}

function newInterchange(start: Start, { encoding }: SegmentCutter): ReadInterchange {
  return {
    start,
    separators: start.separators,
    encoding,
    breaks: undefined,
    header: undefined,
    offsetBytes: start.offsetBytes,
    line: 1,
    messages: 0,
    groups: 0,
    faults: [],
    groupFaults: new Map(),
    refusals: [],
    unlisted: 0,
    hasAcknowledgement: false,
  };
}

/** Most segments are of a message, and take a shorter way. */
function isOfEnvelope({ tag }: Segment): boolean {
  return tag.charCodeAt(0) === 0x55 && tag.charCodeAt(1) === 0x4e;
}

/** The line breaks behind the first segment are those of all. */
function isRegularGap(interchange: ReadInterchange, cutter: SegmentCutter): boolean {
  if (interchange.breaks !== undefined) return cutter.gapIs(interchange.breaks);
  const isFirst = interchange.header === undefined && interchange.messages === 0;
  if (isFirst) return cutter.gapIs('');
  const breaks = ['', '\n', '\r\n', '\r'].find((text) => cutter.gapIs(text));
  interchange.breaks = breaks ?? '';
  const { una, unaGap } = interchange.start;
  return breaks !== undefined && (!una || unaGap === breaks);
}
