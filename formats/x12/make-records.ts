// Makes a value, or a problem, of a record whose segments were cut.

import { MortiseError, characterEncodings, formatError, positionToJson } from '@mortise/sdk';
import type { Decoded, Position } from '@mortise/sdk';
import type { SegmentCutter } from './cut-segments.ts';
import type { SetResult } from './envelope-state.ts';
import { x12Error } from './errors.ts';
import { kindOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { makeBody } from './make-body.ts';
import { bytesBetween } from './record.ts';
import type { OpenRecord } from './record.ts';
import type { X12Options } from './options.ts';
import { SetPlaces } from './set-places.ts';
import { readSegments } from './set-segments.ts';
import { checkEnds } from './set-ends.ts';
import type { Place, X12Value } from './value.ts';

export interface Made {
  readonly decoded: Decoded;
  /** Of a transaction set in a group. */
  readonly result?: SetResult;
}

/** So much of a record that is longer than allowed is shown. */
const rawBytesMax = 1024;

export class RecordMaker {
  readonly #options: X12Options;
  readonly #cutter: SegmentCutter;

  constructor(options: X12Options, cutter: SegmentCutter) {
    this.#options = options;
    this.#cutter = cutter;
  }

  /** `to` is where the bytes of the record end. Throws where a fault costs all that comes behind. */
  make(record: OpenRecord, to: number, number: number): Made {
    const { offsetBytes, line } = record;
    const position: Position = { offsetBytes, line, record: number };
    if (record.overflow) return { decoded: this.#tooLong(record, position), ...unreadable(record) };
    try {
      return record.kind === 'set' || record.kind === 'TA1' ? this.#set(record, to, position) : this.#empty(record, to, position);
    } catch (problem) {
      if (!(problem instanceof MortiseError) || problem.actor === 'author' || this.#options.faults === 'file') throw problem;
      const [from = 0, end = 0] = record.spans;
      record.begin = bytesBetween(this.#cutter, from, end).toString('latin1').split(record.state.syntax.element);
      return { decoded: { problem, position, raw: this.#raw(record.offsetBytes, to) }, ...unreadable(record) };
    }
  }

  #set(record: OpenRecord, to: number, position: Position): Made {
    const { segments, regular, plain } = readSegments(record, this.#cutter, this.#options, position);
    if (!regular) record.irregular = true;
    const places = new SetPlaces(record, this.#cutter, this.#options.encoding);
    const ends =
      record.kind === 'TA1'
        ? { code: 'TA1', transaction: undefined, last: segments.length, findings: [] }
        : checkEnds(record, segments, places, this.#options);
    const body = makeBody({ record, segments, places, code: ends.code, last: ends.last, plain, options: this.#options });
    const findings = [...record.findings, ...ends.findings, ...body.findings].slice(0, this.#options.findingsMax);
    const faults = [...this.#inherited(record), ...findings].filter((one) => !this.#isNoted(one));
    const result = this.#result(record, ends.code, ends.transaction, findings, faults.length > 0);
    if (faults.length > 0) return { decoded: this.#problem(faults, findings, record, position, to), ...result };
    const value: X12Value = {
      set: ends.code,
      ...this.#envelope(record),
      ...(ends.transaction ? { transaction: ends.transaction } : {}),
      ...body.content,
      ...this.#rest(record, to, findings),
    };
    return { decoded: { value, position }, ...result };
  }

  #empty(record: OpenRecord, to: number, position: Position): Made {
    const faults = record.findings.filter((one) => !this.#isNoted(one));
    if (faults.length > 0) return { decoded: this.#problem(faults, record.findings, record, position, to) };
    const value: X12Value = { set: record.kind, ...this.#envelope(record), ...this.#rest(record, to, record.findings) };
    return { decoded: { value, position } };
  }

  #envelope({ state, group }: OpenRecord): Pick<X12Value, 'interchange' | 'group'> {
    return { interchange: state.interchange, ...(group ? { group: group.group } : {}) };
  }

  #rest(
    record: OpenRecord,
    to: number,
    findings: readonly Finding[],
  ): Pick<X12Value, 'syntax' | 'position' | 'findings' | 'raw'> {
    const { state, group, set, offsetBytes, line, final, irregular } = record;
    const position: Place = {
      interchange: state.index,
      ...(group ? { group: group.index } : {}),
      ...(set === undefined ? {} : { set }),
      offsetBytes,
      line,
    };
    const raw = irregular
      ? characterEncodings[this.#options.encoding].decode(bytesBetween(this.#cutter, record.from, to))
      : undefined;
    return {
      syntax: final === undefined ? state.syntax : { ...state.syntax, final },
      position,
      ...(findings.length > 0 ? { findings } : {}),
      ...(raw === undefined ? {} : { raw }),
    };
  }

  /** What is wrong with ISA or GS costs all that they hold; the first record has it among its own findings. */
  #inherited({ state, group, findings }: OpenRecord): Finding[] {
    return [...state.headFindings, ...(group?.headFindings ?? [])].filter((one) => !findings.includes(one));
  }

  #isNoted({ name }: Finding): boolean {
    return this.#options.faults === 'value' || this.#options.noted.includes(name);
  }

  #result(
    { group }: OpenRecord,
    set: string,
    transaction: X12Value['transaction'],
    findings: readonly Finding[],
    isFaulty: boolean,
  ): { result?: SetResult } {
    if (!group || !transaction) return {};
    const own = findings.filter(({ name }) => /^(set|segment|element)$/.test(kindOf(name).level));
    const status = isFaulty ? 'R' : own.length > 0 ? 'E' : 'A';
    const { controlNumber, implementation } = transaction;
    return { result: { set, controlNumber, ...(implementation === undefined ? {} : { implementation }), status, findings: own } };
  }

  #problem(
    faults: readonly Finding[],
    findings: readonly Finding[],
    record: OpenRecord,
    { record: number }: Position,
    to: number,
  ): Decoded {
    const [first] = faults as readonly [Finding];
    const { offsetBytes, line, segment, element } = first;
    const position: Position = {
      offsetBytes,
      line,
      ...(number === undefined ? {} : { record: number }),
      ...(segment === undefined ? {} : { segment }),
      ...(segment === undefined || element === undefined ? {} : { field: `${segment}${String(element).padStart(2, '0')}` }),
    };
    const code = /^(interchange|group)$/.test(kindOf(first.name).level) ? 'MORTISE_X12_ENVELOPE' : 'MORTISE_X12_SET';
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    const details = { ...positionToJson(position), ...this.#context(record), findings };
    const problem = x12Error(code, `Line ${line}: ${first.message}${more}`, { details });
    if (this.#options.faults === 'file') throw problem;
    return {
      problem,
      position: { offsetBytes: record.offsetBytes, line: record.line, ...(number === undefined ? {} : { record: number }) },
      raw: this.#raw(record.offsetBytes, to),
    };
  }

  #context({ state, group }: OpenRecord): Readonly<Record<string, string>> {
    const numbers = { interchangeNumber: state.interchange.controlNumber, sender: state.interchange.sender };
    return group ? { ...numbers, groupNumber: group.group.controlNumber } : numbers;
  }

  #tooLong(record: OpenRecord, position: Position): Decoded {
    const message = `The transaction set at offset ${record.offsetBytes} is longer than ${this.#options.setBytesMax} bytes (setBytesMax).`;
    const problem = formatError('MORTISE_FORMAT_LIMIT', message, { details: positionToJson(position) });
    if (this.#options.faults === 'file') throw problem;
    return { problem, position, raw: new Uint8Array() };
  }

  #raw(from: number, to: number): Uint8Array {
    return Buffer.from(bytesBetween(this.#cutter, from, Math.min(to, from + Math.max(rawBytesMax, this.#options.setBytesMax))));
  }
}

/** A transaction set that was not read is rejected, too. */
function unreadable({ kind, group, begin }: OpenRecord): { result?: SetResult } {
  if (kind !== 'set' || !group) return {};
  const [, set = '', controlNumber = ''] = begin;
  return { result: { set, controlNumber, status: 'R', findings: [] } };
}
