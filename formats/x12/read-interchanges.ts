// Reads interchanges: finds them in the bytes, follows their envelopes, and gives each transaction set when it is complete.

import { characterEncodings, formatError, positionToJson } from '@mortise/sdk';
import type { Decoded, Position } from '@mortise/sdk';
import { AcknowledgementLog } from './acknowledgement-log.ts';
import { SegmentCutter } from './cut-segments.ts';
import { groupOf, interchangeOf, isaText } from './envelope.ts';
import { EnvelopeState, checkGroup, checkIsa, groupTrailerFindings, interchangeTrailerFindings } from './envelope-state.ts';
import type { GroupState } from './envelope-state.ts';
import { x12Error } from './errors.ts';
import type { Finding, FindingName } from './findings.ts';
import { JunkReader } from './junk.ts';
import { countLines, bytesBetween, openRecord } from './record.ts';
import type { OpenRecord } from './record.ts';
import type { X12Options } from './options.ts';
import { RecordMaker } from './make-records.ts';
import { cutBytes, isBlank, readIsa } from './syntax.ts';
import type { IsaHeader } from './syntax.ts';

/** Blanks between interchanges beyond this are no line breaks any more. */
const blanksMax = 4096;
const finalMax = 64;

export class InterchangeReader {
  readonly #options: X12Options;
  readonly #cutter = new SegmentCutter();
  readonly #maker: RecordMaker;
  readonly #log: AcknowledgementLog;
  readonly #junk = new JunkReader();
  /** What is open: undefined between interchanges. */
  #state: EnvelopeState | undefined;
  #record: OpenRecord | undefined;
  #interchanges = 0;
  #records = 0;
  #line = 1;
  #lineOffset = 0;
  #begun = false;
  #bom = false;

  constructor(options: X12Options) {
    this.#options = options;
    this.#maker = new RecordMaker(options, this.#cutter);
    this.#log = new AcknowledgementLog(options);
  }

  *push(chunk: Uint8Array): Generator<Decoded> {
    this.#cutter.keepFrom = Math.max(0, this.#keepOffset() - this.#cutter.base);
    this.#cutter.push(chunk);
    yield* this.#read(false);
  }

  *end(): Generator<Decoded> {
    yield* this.#read(true);
    if (this.#state) this.#abandonAtEnd(this.#state);
    else if (this.#record) this.#endWith(this.#record, this.#cutter.end - this.#cutter.at);
    yield* this.#flush(this.#offset(this.#cutter.end));
    yield* this.#giveJunk();
  }

  #abandonAtEnd(state: EnvelopeState): void {
    const cutter = this.#cutter;
    cutter.from = cutter.to = cutter.end;
    this.#abandon(state);
  }

  *#read(isLast: boolean): Generator<Decoded> {
    const { setBytesMax } = this.#options;
    for (;;) {
      if (!this.#state) {
        const found = yield* this.#outside(isLast);
        if (!found) return;
      } else if (this.#cutter.next(isLast, setBytesMax)) {
        if (!this.#isKept()) yield* this.#segment(this.#state);
      } else {
        const { skippedFrom } = this.#cutter;
        if (skippedFrom !== undefined && !this.#overflow()) yield* this.#flush(skippedFrom);
        return;
      }
    }
  }

  /** Looks for the next interchange. False where more bytes are needed, or there is none. */
  *#outside(isLast: boolean): Generator<Decoded, boolean> {
    const cutter = this.#cutter;
    if (!this.#begun && !this.#skipMark(isLast)) return false;
    const { bytes, end } = cutter;
    let at = cutter.at;
    if (!this.#junk.open) {
      while (at < end && isBlank(bytes[at] as number)) at += 1;
      if (at - cutter.at > blanksMax) yield* this.#flush(this.#offset(at));
      if (at >= end) return false;
    }
    const header = this.#junk.open ? undefined : this.#isaAt(at, isLast);
    if (header === 'more') return false;
    if (header) {
      yield* this.#open(header, at);
      return true;
    }
    return yield* this.#passJunk(at, isLast);
  }

  *#passJunk(at: number, isLast: boolean): Generator<Decoded, boolean> {
    const cutter = this.#cutter;
    if (!this.#junk.open) {
      yield* this.#flush(this.#offset(at));
      this.#junk.begin(this.#offset(at), this.#lineAt(this.#offset(at)));
      cutter.at = at;
    }
    const found = this.#junk.pass(cutter, (from) => this.#isaAt(from, isLast), isLast);
    this.#lineAt(this.#offset(cutter.at));
    if (found) yield* this.#giveJunk();
    return found;
  }

  #isaAt(at: number, isLast: boolean): IsaHeader | 'more' | undefined {
    const { bytes, end } = this.#cutter;
    for (const [index, code] of [0x49, 0x53, 0x41].entries()) {
      if (at + index >= end) return isLast ? undefined : 'more';
      if (bytes[at + index] !== code) return undefined;
    }
    return readIsa(bytes, at, end, this.#options.encoding, isLast);
  }

  /** A byte order mark is no part of what comes behind it. False where there are too few bytes to tell. */
  #skipMark(isLast: boolean): boolean {
    const cutter = this.#cutter;
    const mark = characterEncodings['utf-8'].byteOrderMark;
    const given = Math.min(cutter.end, mark.length);
    const matches = mark.subarray(0, given).every((byte, index) => cutter.bytes[index] === byte);
    if (matches && given < mark.length && !isLast) return false;
    this.#begun = true;
    this.#bom = matches && given === mark.length;
    if (this.#bom) cutter.at = mark.length;
    return true;
  }

  *#open(header: IsaHeader, at: number): Generator<Decoded> {
    const cutter = this.#cutter;
    const offset = this.#offset(at);
    const isFirst = this.#interchanges === 0 && this.#records === 0;
    const blanks = at - cutter.at;
    if (!isFirst && this.#record) this.#endWith(this.#record, blanks);
    yield* this.#flush(offset);
    const bom = isFirst && this.#bom;
    const syntax = bom ? { ...header.syntax, bom: true as const } : header.syntax;
    const interchange = interchangeOf(header.elements, header.syntax);
    this.#interchanges += 1;
    this.#state = new EnvelopeState(syntax, interchange, this.#interchanges, offset, this.#lineAt(offset));
    cutter.syntax = cutBytes(header.syntax, this.#options.encoding);
    cutter.at = header.endBytes;
    cutter.blankLines = false;
    const from = isFirst && offset <= blanksMax ? 0 : offset;
    this.#record = openRecord('ISA', this.#state, from, this.#state.line);
    Object.assign(this.#record, { offsetBytes: offset });
    const text = this.#text(offset, this.#offset(header.endBytes));
    this.#record.irregular = (isFirst && blanks > 0) || !isWritable(() => isaText(interchange, syntax) === text);
    checkIsa(this.#state, header.elements, this.#record.findings);
  }

  /** What follows the last terminator of an interchange. */
  #endWith(record: OpenRecord, blanks: number): void {
    const { at, bytes } = this.#cutter;
    const text = bytes.subarray(at, at + blanks).toString('latin1');
    const newline = record.state.syntax.newline;
    if (text === newline && blanks === text.length) return;
    if (blanks <= finalMax) record.final = text;
    else record.irregular = true;
  }

  /** Keeps a segment of the open set: most are such, and cost no more than this. False where it may be another one. */
  #isKept(): boolean {
    const { bytes, from, oversizedFrom } = this.#cutter;
    const first = bytes[from];
    if (first === 0x53 || first === 0x47 || first === 0x49 || oversizedFrom !== undefined || !this.#isInSet()) return false;
    this.#keep();
    return true;
  }

  #keep(): void {
    const cutter = this.#cutter;
    const record = this.#record as OpenRecord;
    this.#noteGap(record);
    if (record.overflow) return;
    const from = this.#offset(cutter.from);
    record.spans.push(from, this.#offset(cutter.to));
    if (from - record.offsetBytes > this.#options.setBytesMax) this.#overflow();
  }

  *#segment(state: EnvelopeState): Generator<Decoded> {
    const { oversizedFrom } = this.#cutter;
    if (oversizedFrom !== undefined) yield* this.#oversized(state, oversizedFrom);
    else if (!(yield* this.#control(state))) this.#keep();
  }

  #isInSet(): boolean {
    const record = this.#record;
    return record !== undefined && record.kind === 'set' && !record.closed;
  }

  /** The segments of the envelope, and those that stand where none may. False for one of a set. */
  *#control(state: EnvelopeState): Generator<Decoded, boolean> {
    const cutter = this.#cutter;
    if (cutter.is('ST')) yield* this.#beginSet(state);
    else if (cutter.is('SE') && this.#isInSet()) this.#endSet();
    else if (cutter.is('GS')) yield* this.#beginGroup(state);
    else if (cutter.is('GE') && state.group) this.#endOpenGroup(state, state.group);
    else if (cutter.is('IEA')) this.#endInterchange(state);
    else if (cutter.is('ISA')) yield* this.#again(state);
    else if (this.#isInSet()) return false;
    else if (cutter.is('TA1') && !state.group) yield* this.#note(state);
    else yield* this.#stray(state);
    return true;
  }

  *#beginSet(state: EnvelopeState): Generator<Decoded> {
    const cutter = this.#cutter;
    this.#unfinishedSet();
    const record = yield* this.#continue('set', ['ISA', 'GS'], state);
    record.spans.push(this.#offset(cutter.from), this.#offset(cutter.to));
    if (state.group) record.set = state.group.sets += 1;
    else record.findings.push(this.#finding('interchange-content', 'A transaction set stands outside of a group.', 'ST'));
  }

  #endSet(): void {
    const cutter = this.#cutter;
    const record = this.#record as OpenRecord;
    this.#noteGap(record);
    if (!record.overflow) record.spans.push(this.#offset(cutter.from), this.#offset(cutter.to));
    record.closed = true;
  }

  *#beginGroup(state: EnvelopeState): Generator<Decoded> {
    const cutter = this.#cutter;
    this.#unfinishedSet();
    if (state.group) yield* this.#unfinishedGroup(state);
    const record = yield* this.#continue('GS', ['ISA'], state);
    const text = this.#text(this.#offset(cutter.from), this.#offset(cutter.to));
    const elements = text.replace(/[\r\n]/g, '').split(state.syntax.element);
    record.group = state.openGroup(groupOf(elements), this.#offset(cutter.from), record.line);
    if (elements.join(state.syntax.element) !== text || elements.length !== 9) record.irregular = true;
    checkGroup(record.group, record.findings);
  }

  #endOpenGroup(state: EnvelopeState, group: GroupState): void {
    this.#unfinishedSet();
    const record = this.#trailer(state);
    const elements = this.#elements(state);
    const findings = groupTrailerFindings(group, elements, (name, message) => this.#finding(name, message, 'GE'));
    if (
      findings.length > 0 ||
      elements.length !== 3 ||
      elements[1] !== String(group.sets) ||
      elements[2] !== group.group.controlNumber
    )
      record.irregular = true;
    group.givenCount = elements[1];
    this.#closeGroup(state, record, findings);
    if (record.kind === 'GS') record.closed = true;
  }

  #closeGroup(state: EnvelopeState, record: OpenRecord, findings: readonly Finding[]): void {
    state.closeGroup(findings, this.#options.acknowledge !== 'no');
    this.#faulty(state, record, findings);
  }

  #endInterchange(state: EnvelopeState): void {
    this.#unfinishedSet();
    const record = this.#trailer(state);
    if (state.group) this.#closeGroup(state, record, [this.#finding('group-unfinished', 'The group has no GE.', 'IEA')]);
    const elements = this.#elements(state);
    const findings = interchangeTrailerFindings(state, elements, (name, message) => this.#finding(name, message, 'IEA'));
    if (
      findings.length > 0 ||
      elements.length !== 3 ||
      elements[1] !== String(state.groups) ||
      elements[2] !== state.interchange.controlNumber
    )
      record.irregular = true;
    this.#faulty(state, record, findings);
    state.close(findings);
    record.closed = true;
    this.#state = undefined;
  }

  /** Findings in a trailer: noted in the value, or a problem of their own. */
  #faulty(state: EnvelopeState, record: OpenRecord, findings: readonly Finding[]): void {
    if (findings.length === 0) return;
    record.irregular = true;
    const isNoted = ({ name }: Finding): boolean => this.#options.faults === 'value' || this.#options.noted.includes(name);
    record.findings.push(...findings.filter(isNoted));
    const faults = findings.filter((one) => !isNoted(one));
    if (faults.length > 0)
      state.trailers.push({ findings: faults, from: this.#offset(this.#cutter.from), to: this.#offset(this.#cutter.to) });
  }

  /** An interchange begins where the one before has not ended. */
  *#again(state: EnvelopeState): Generator<Decoded> {
    const cutter = this.#cutter;
    cutter.at = cutter.from;
    this.#abandon(state);
    yield* this.#flush(this.#offset(cutter.at));
  }

  #abandon(state: EnvelopeState): void {
    this.#unfinishedSet();
    const record = this.#trailer(state);
    record.irregular = true;
    record.closed = true;
    if (state.group) this.#closeGroup(state, record, [this.#finding('group-unfinished', 'The group has no GE.', 'GE')]);
    const findings = [this.#finding('interchange-unfinished', 'The interchange has no IEA.', 'IEA')];
    this.#faulty(state, record, findings);
    state.close(findings);
    this.#state = undefined;
  }

  *#note(state: EnvelopeState): Generator<Decoded> {
    const cutter = this.#cutter;
    const record = yield* this.#continue('TA1', ['ISA'], state);
    record.spans.push(this.#offset(cutter.from), this.#offset(cutter.to));
    record.closed = true;
    state.notes += 1;
  }

  *#stray(state: EnvelopeState): Generator<Decoded> {
    const cutter = this.#cutter;
    const name = this.#elements(state)[0] ?? '';
    const finding = this.#finding(
      'interchange-content',
      `The segment ${JSON.stringify(name.slice(0, 10))} stands where none may.`,
      name,
    );
    if (this.#record) this.#record.irregular = true;
    state.findings.push(finding);
    yield this.#problem([finding], this.#offset(cutter.from), this.#offset(cutter.to));
  }

  /** The open transaction set is longer than allowed: its segments are not kept. False where none is open. */
  #overflow(): boolean {
    if (!this.#record || !this.#isInSet()) return false;
    const record = this.#record;
    const [from = 0, to = 0] = record.spans;
    if (!record.overflow) record.begin = this.#text(from, to).split(record.state.syntax.element);
    record.overflow = true;
    record.spans.length = 0;
    return true;
  }

  /** A segment that is longer than allowed costs the transaction set, or, outside of one, only itself. */
  *#oversized(state: EnvelopeState, offsetBytes: number): Generator<Decoded> {
    if (this.#overflow()) return;
    if (this.#record) this.#record.irregular = true;
    yield* this.#flush(offsetBytes);
    state.findings.push(this.#finding('interchange-content', 'A segment is longer than allowed.', ''));
    this.#records += 1;
    const message = `The segment at offset ${offsetBytes} is longer than ${this.#options.setBytesMax} bytes (setBytesMax).`;
    const problem = formatError('MORTISE_FORMAT_LIMIT', message, { details: { offsetBytes, record: this.#records } });
    if (this.#options.faults === 'file') throw problem;
    yield { problem, position: { offsetBytes, record: this.#records }, raw: new Uint8Array() };
  }

  /** The record that the segment belongs to: the open one, if it is only a beginning so far, or another. */
  *#continue(kind: 'set' | 'GS' | 'TA1', from: readonly string[], state: EnvelopeState): Generator<Decoded, OpenRecord> {
    const offset = this.#offset(this.#cutter.from);
    const open = this.#record;
    if (open) this.#noteGap(open);
    if (open && !open.closed && from.includes(open.kind)) {
      open.kind = kind;
      Object.assign(open, { offsetBytes: offset, line: this.#lineAt(offset) });
      return open;
    }
    yield* this.#flush(offset);
    this.#record = openRecord(kind, state, offset, this.#lineAt(offset));
    return this.#record;
  }

  /** The record that a trailer is read with: there always is one, since an interchange begins one. */
  #trailer(state: EnvelopeState): OpenRecord {
    const offset = this.#offset(this.#cutter.from);
    this.#record ??= openRecord('ISA', state, offset, this.#lineAt(offset));
    this.#noteGap(this.#record);
    return this.#record;
  }

  #noteGap(record: OpenRecord): void {
    const cutter = this.#cutter;
    if (cutter.regular && !cutter.blankLines) return;
    record.irregular = true;
    cutter.blankLines = false;
  }

  #unfinishedSet(): void {
    const record = this.#record;
    if (!record || !this.#isInSet()) return;
    record.closed = true;
    record.irregular = true;
    record.findings.push(this.#finding('set-unfinished', 'The transaction set has no SE.', 'SE'));
  }

  *#unfinishedGroup(state: EnvelopeState): Generator<Decoded> {
    const record = this.#trailer(state);
    this.#closeGroup(state, record, [this.#finding('group-unfinished', 'The group has no GE.', 'GE')]);
    record.closed = true;
    yield* this.#flush(this.#offset(this.#cutter.from));
  }

  /** Gives the record, and what its group and interchange leave when they have ended. `to` is where its bytes end. */
  *#flush(to: number): Generator<Decoded> {
    const record = this.#record;
    if (!record) return;
    this.#record = undefined;
    const { state } = record;
    if (record.kind !== 'ISA' || (state.groups === 0 && state.notes === 0)) {
      this.#records += 1;
      const made = this.#maker.make(record, to, this.#records);
      this.#log.note(record, made);
      yield made.decoded;
    }
    for (const { findings, from, to: end } of state.trailers.splice(0)) yield this.#problem(findings, from, end);
    if (!state.closed) return;
    for (const value of this.#log.acknowledgements(state)) {
      this.#records += 1;
      yield { value, position: { offsetBytes: state.offsetBytes, line: state.line, record: this.#records } };
    }
  }

  #problem(findings: readonly Finding[], from: number, to: number): Decoded {
    this.#records += 1;
    const [first] = findings;
    const { offsetBytes = from, line = 1, segment = '', message = '' } = first ?? {};
    const position: Position = { offsetBytes, line, record: this.#records, segment };
    const problem = x12Error('MORTISE_X12_ENVELOPE', message, { details: { ...positionToJson(position), findings } });
    if (this.#options.faults === 'file') throw problem;
    return { problem, position, raw: Buffer.from(bytesBetween(this.#cutter, from, to)) };
  }

  *#giveJunk(): Generator<Decoded> {
    const junk = this.#junk.take();
    if (!junk) return;
    this.#records += 1;
    const { offsetBytes, line, raw } = junk;
    const position = { offsetBytes, line, record: this.#records };
    const message = `What stands at offset ${offsetBytes} is no interchange; expected "ISA" and 16 elements.`;
    const problem = formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson(position) });
    if (this.#options.faults === 'file') throw problem;
    yield { problem, position, raw };
  }

  #finding(name: FindingName, message: string, segment: string): Finding {
    const offsetBytes = this.#offset(this.#cutter.from);
    return { name, message, offsetBytes, line: this.#lineAt(offsetBytes), segment };
  }

  #elements({ syntax }: EnvelopeState): string[] {
    return this.#text(this.#offset(this.#cutter.from), this.#offset(this.#cutter.to))
      .replace(/[\r\n]/g, '')
      .split(syntax.element);
  }

  #text(from: number, to: number): string {
    const bytes = bytesBetween(this.#cutter, from, to);
    return characterEncodings[this.#options.encoding].decode(bytes) ?? bytes.toString('latin1');
  }

  #offset(index: number): number {
    return this.#cutter.base + index;
  }

  /** Offsets only ever grow, and are asked for while the bytes before them are still there. */
  #lineAt(offset: number): number {
    const { bytes, base } = this.#cutter;
    if (offset <= this.#lineOffset) return this.#line;
    this.#line += countLines(bytes, this.#lineOffset - base, offset - base);
    this.#lineOffset = offset;
    return this.#line;
  }

  /** From where on bytes are still needed. */
  #keepOffset(): number {
    const cutter = this.#cutter;
    const record = this.#record;
    const at = this.#offset(cutter.at);
    const isBeginning = !record && this.#interchanges === 0 && this.#records === 0 && !this.#junk.open && at <= blanksMax;
    const needed = record && !record.overflow ? record.from : isBeginning ? 0 : at;
    if (this.#lineOffset < needed) this.#lineAt(needed);
    return needed;
  }
}

function isWritable(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
