// Makes values of a file's records: cuts it, reads each one, puts families together, compares totals.

import { excerpt, formatError, positionToJson } from '@mortise/sdk';
import type { Decoded, MortiseError, Position } from '@mortise/sdk';
import { copybookError } from './errors.ts';
import { RecordCutter, checkLength } from './cut-records.ts';
import type { Cut } from './cut-records.ts';
import { Families } from './families.ts';
import { framingOf } from './framing-of.ts';
import type { RecordValue } from './members.ts';
import type { Field } from './layout.ts';
import { planOf } from './record-plan.ts';
import type { RecordPlan } from './record-plan.ts';
import { readRecord, readStateOf } from './record-values.ts';
import type { CopybookOptions } from './options.ts';
import { irregularKey } from './record-values.ts';
import type { ReadState, RecordFault } from './record-state.ts';
import { Totals } from './totals.ts';

/** A record that others may still belong to. */
interface Open {
  readonly kind: Field;
  readonly body: RecordValue;
  readonly order: Field[];
}

/**
 * Classes and no literals: once many values of a literal have been kept, as by who reads whole files, V8 makes all of them in the
 * space of old objects, where those that nobody keeps cost a third of the time.
 */
class RecordPosition implements Position {
  readonly offsetBytes: number;
  readonly record: number;

  constructor(offsetBytes: number, record: number) {
    this.offsetBytes = offsetBytes;
    this.record = record;
  }
}

class DecodedRecord {
  readonly value: RecordValue;
  readonly position: Position;

  constructor(value: RecordValue, position: Position) {
    this.value = value;
    this.position = position;
  }
}

interface Root {
  readonly value: RecordValue;
  readonly position: Position;
  bytes: number;
}

const hexBytesShown = 20;

export class RecordReader {
  readonly #options: CopybookOptions;
  readonly #plan: RecordPlan;
  readonly #cutter: RecordCutter;
  readonly #families: Families;
  readonly #totals: Totals;
  readonly #isLines: boolean;
  readonly #state: ReadState;
  readonly #open: Open[] = [];
  #root: Root | undefined;
  #record = 0;
  #endBytes = 0;

  constructor(options: CopybookOptions) {
    this.#options = options;
    this.#plan = planOf(options);
    this.#isLines = options.recordFormat === 'lines';
    const { start = 0, end = 0 } = options.skipBytes ?? {};
    this.#cutter = new RecordCutter(framingOf(this.#plan), { skipStart: start, skipEnd: end });
    this.#state = readStateOf(this.#plan);
    this.#families = new Families(this.#plan);
    this.#totals = new Totals(this.#plan);
  }

  *push(chunk: Uint8Array): Generator<Decoded> {
    this.#cutter.push(chunk);
    yield* this.#readAll();
  }

  *end(): Generator<Decoded> {
    this.#cutter.end();
    yield* this.#readAll();
    yield* this.#closeRoot();
    const missing = this.#totals.missing();
    if (missing === undefined) return;
    const position = { offsetBytes: this.#endBytes, record: this.#record + 1 };
    const problem = copybookError('MORTISE_COPYBOOK_TOTAL', missing, { details: positionToJson(position) });
    yield* this.#problem(problem, position, new Uint8Array(), []);
  }

  /** The values before a fault of the framing are given before it is thrown: a family that is open as well. */
  *#readAll(): Generator<Decoded> {
    try {
      for (let cut = this.#cutter.next(); cut; cut = this.#cutter.next()) {
        if (this.#isLines && cut.bytes.length === 0) continue;
        const read = this.#read(cut);
        if (Array.isArray(read)) yield* read;
        else yield read;
      }
    } catch (error) {
      yield* this.#closeRoot();
      throw error;
    }
  }

  #read(cut: Cut): Decoded | Decoded[] {
    const { bytes, offsetBytes, line } = cut;
    this.#record += 1;
    this.#endBytes = offsetBytes + bytes.length;
    const position: Position =
      line === undefined ? new RecordPosition(offsetBytes, this.#record) : { offsetBytes, line, record: this.#record };
    const value = readRecord(this.#plan, this.#state, bytes, this.#isLines);
    const { taken } = this.#state;
    if (!value) {
      this.#totals.addUnread(taken);
      const fault = this.#state.fault ?? { what: 'cannot be read', at: 0, path: '', bytes };
      return [...this.#problem(faultOf(fault, position, this.#plan), position, bytes, taken)];
    }
    const wrong = this.#totals.isEmpty ? undefined : this.#totals.check(taken, value);
    if (wrong !== undefined) {
      const message = `Record ${position.record} at offset ${offsetBytes} ${wrong}.`;
      const problem = copybookError('MORTISE_COPYBOOK_TOTAL', message, { details: positionToJson(position) });
      return [...this.#problem(problem, position, bytes, taken)];
    }
    if (this.#families.isEmpty) return new DecodedRecord(value, position);
    return [...this.#place(value, taken, position, bytes)];
  }

  *#problem(problem: MortiseError, position: Position, bytes: Uint8Array, taken: readonly Field[]): Generator<Decoded> {
    if (this.#options.broken === 'file') throw problem;
    if (!this.#families.isEmpty) yield* this.#breakOff(taken);
    yield { problem, position, raw: new Uint8Array(bytes) };
  }

  /** What comes behind a record that is broken may belong to it, and must not come under another one. */
  *#breakOff(taken: readonly Field[]): Generator<Decoded> {
    const kind = this.#families.kindOf(taken);
    const at = kind ? this.#depthFor(kind) : 0;
    if (at === 0) yield* this.#closeRoot();
    else this.#closeTo(at ?? this.#open.length);
  }

  /** How many of the open records stay open for one of this kind; undefined where the one it belongs to is not open. */
  #depthFor(kind: Field): number | undefined {
    const parent = this.#families.parentOf(kind);
    if (!parent) return 0;
    const at = this.#open.findLastIndex((open) => open.kind === parent);
    return at < 0 ? undefined : at + 1;
  }

  *#place(value: RecordValue, taken: readonly Field[], position: Position, bytes: Uint8Array): Generator<Decoded> {
    const kind = this.#families.kindOf(taken);
    const depth = kind ? this.#depthFor(kind) : 0;
    if (!kind || depth === 0) {
      yield* this.#closeRoot();
      if (!kind) yield { value, position };
      else this.#openRoot(kind, value, position, bytes.length);
      return;
    }
    const parent = depth === undefined ? undefined : this.#open[depth - 1];
    if (!parent || depth === undefined || !this.#root) {
      const name = this.#families.parentOf(kind)?.name;
      const message = `Record ${position.record} is a "${kind.name}", and there is no "${name}" before it that it belongs to.`;
      const problem = formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson(position) });
      yield* this.#problem(problem, position, bytes, []);
      return;
    }
    this.#closeTo(depth);
    this.#root.bytes += bytes.length;
    checkLength(this.#root.bytes, this.#options.recordMax, position.offsetBytes ?? 0);
    const body = this.#bodyOf(value, kind);
    this.#families.adopt(parent, kind, body);
    this.#open.push({ kind, body, order: [] });
  }

  /** What is irregular of a record that stands in a list is noted within it. */
  #bodyOf(value: RecordValue, kind: Field): RecordValue {
    const body = this.#families.bodyOf(value, kind);
    if (body !== value && value[irregularKey] !== undefined) {
      body[irregularKey] = value[irregularKey];
      delete value[irregularKey];
    }
    return body;
  }

  #openRoot(kind: Field, value: RecordValue, position: Position, bytes: number): void {
    this.#root = { value, position, bytes };
    this.#open.push({ kind, body: this.#bodyOf(value, kind), order: [] });
  }

  #closeTo(depth: number): void {
    for (const open of this.#open.splice(depth)) this.#families.close(open);
  }

  *#closeRoot(): Generator<Decoded> {
    this.#closeTo(0);
    const root = this.#root;
    this.#root = undefined;
    if (root) yield { value: root.value, position: root.position };
  }
}

function faultOf({ what, at, path, bytes, isShort }: RecordFault, position: Position, { charset }: RecordPlan): MortiseError {
  const offsetBytes = (position.offsetBytes ?? 0) + at;
  const place = { ...position, offsetBytes, ...(path === '' ? {} : { field: path }) };
  const field = path === '' ? '' : `, field "${path}"`;
  const hex = Buffer.from(bytes.subarray(0, hexBytesShown)).toString('hex');
  const shown =
    bytes.length === 0 ? '' : ` (0x${hex}${bytes.length > hexBytesShown ? '…' : ''}, ${excerpt(charset.decode(bytes) ?? '')})`;
  const details = { ...positionToJson(place), ...(bytes.length === 0 ? {} : { bytes: Buffer.from(bytes).toString('hex') }) };
  const code = isShort || bytes.length === 0 || path === '' ? 'MORTISE_FORMAT_SYNTAX' : 'MORTISE_FORMAT_VALUE';
  return formatError(code, `Record ${position.record} at offset ${position.offsetBytes}${field}: ${what}${shown}.`, { details });
}
