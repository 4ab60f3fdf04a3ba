// Reads the bytes of one record to its value and writes them again: with what is irregular, and with what is wrong.

import type { RecordPlan } from './record-plan.ts';
import { isRecord } from './members.ts';
import type { RecordValue } from './members.ts';
import { ReadState, WriteState } from './record-state.ts';
import type { Spans } from './record-state.ts';

/** Properties that no field can have. */
export const irregularKey = '#irregular';
export const orderKey = '#order';

const [lengthKey, restKey] = ['#length', '#rest'];

/**
 * The value of a record as it was cut, undefined where the state has a fault; `isPadded` where it is a line whose blanks at the end
 * do not count.
 */
export function readRecord(plan: RecordPlan, state: ReadState, bytes: Uint8Array, isPadded: boolean): RecordValue | undefined {
  const whole = isPadded ? padded(bytes, plan) : bytes;
  state.begin(whole);
  const value: RecordValue = state.mayEnd ? {} : { ...plan.empty };
  if (!plan.root.read(state, value)) return undefined;
  const rest = state.at < state.end ? restOf(state, plan, isPadded) : false;
  if (typeof rest === 'string') return void state.fail(rest, state.at, state.end - state.at);
  if (plan.options.irregular === 'keep') noteIrregular(plan, state, value, bytes, rest, isPadded);
  return value;
}

/** What reads the records of a plan, one behind the other. */
export function readStateOf({ options, charset }: RecordPlan): ReadState {
  return new ReadState(charset, options.sizes === 'lenient' && options.recordFormat !== 'lines');
}

function padded(bytes: Uint8Array, { bytesMax, charset }: RecordPlan): Uint8Array {
  if (bytes.length >= bytesMax) return bytes;
  const whole = new Uint8Array(bytesMax).fill(charset.blank);
  whole.set(bytes);
  return whole;
}

/** Whether there is more than blanks behind the fields; a text where there may not be. */
function restOf(state: ReadState, plan: RecordPlan, isPadded: boolean): boolean | string {
  const { options, charset } = plan;
  const rest = state.bytes.subarray(state.at);
  if (rest.length === 0) return false;
  const isBlank = rest.every((byte) => byte === charset.blank);
  const mayBeLonger = isPadded || fixedBytes(plan) > 0;
  if (options.sizes === 'lenient' || (mayBeLonger && isBlank)) return !isBlank || !mayBeLonger;
  return `has ${rest.length} bytes behind its last field, which ends at ${state.at}`;
}

function noteIrregular(
  plan: RecordPlan,
  state: ReadState,
  value: RecordValue,
  bytes: Uint8Array,
  hasRest: boolean,
  isPadded: boolean,
): void {
  if (state.mayEnd && !state.isDone && (state.restEnd === state.end || (hasRest && state.restEnd === state.at)))
    state.isCut = true;
  if (bytes.length < fixedBytes(plan)) state.isCut = true;
  const isLonger = isPadded && bytes.length > 0 && bytes[bytes.length - 1] === plan.charset.blank;
  if (state.notes.length === 0 && !hasRest && !isLonger && !state.isCut) return;
  const found: Record<string, string> = {};
  for (const { path, at, length } of state.notes) found[path] = hex(state.bytes.subarray(at, at + length));
  if (isLonger || state.isCut) found[lengthKey] = String(bytes.length);
  if (hasRest) found[restKey] = hex(state.bytes.subarray(state.at, Math.max(state.at, bytes.length)));
  value[irregularKey] = found;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** What writes the records of a plan, one behind the other. */
export function writeStateOf({ charset, options, bytesMax }: RecordPlan): WriteState {
  const mayEnd = options.sizes === 'lenient' && options.recordFormat !== 'lines';
  return new WriteState({ charset, bytes: new Uint8Array(bytesMax), mayEnd, fillsMissing: options.missing === 'initial' });
}

export type WrittenRecord = { readonly bytes: Uint8Array } | { readonly problem: string };

/** The bytes of a record's value, without what frames it. Valid until the next one is written. */
export function writeRecord(plan: RecordPlan, state: WriteState, value: unknown): WrittenRecord {
  if (!isRecord(value)) return { problem: 'is no object; expected one with the fields as its properties' };
  for (const key of Object.keys(value))
    if (key !== irregularKey && !plan.rootKeys.has(key)) return { problem: `has "${key}", which is no field of the copybook` };
  const noted = Object.hasOwn(value, irregularKey) ? value[irregularKey] : undefined;
  const spans = isRecord(noted) ? (noted as Spans) : undefined;
  state.begin(spans);
  if (!plan.root.write(state, value)) return problemOf(state.fault);
  if (spans && Object.hasOwn(spans, lengthKey)) state.end(Number(spans[lengthKey]));
  const bytes = lengthened(plan, finished(plan, state, plan.options.recordFormat === 'lines'), state, spans);
  const differing = state.alternatives.find(
    ({ isSame }) => !isSame(bytes.length < state.at ? state.bytes.subarray(0, state.at) : bytes),
  );
  return differing ? problemOf(differing) : { bytes };
}

function problemOf(found: { readonly what: string; readonly path: string } | undefined): WrittenRecord {
  return { problem: found && found.path !== '' ? `${found.what}, in "${found.path}"` : (found?.what ?? 'cannot be written') };
}

/** What all records are filled to with blanks, where they are. */
function fixedBytes({ options, bytesMax }: RecordPlan): number {
  const { recordFormat, recordLength, sizes } = options;
  if (recordFormat !== 'fixed') return 0;
  return recordLength ?? (sizes === 'lenient' ? 0 : bytesMax);
}

/** Fixed records have their length, lines no blanks at the end. */
function finished(plan: RecordPlan, state: WriteState, isLine: boolean): Uint8Array {
  const { charset } = plan;
  let end = state.at;
  if (isLine) while (end > 0 && state.bytes[end - 1] === charset.blank) end -= 1;
  const length = fixedBytes(plan);
  if (length <= end) return state.bytes.subarray(0, end);
  const whole = new Uint8Array(length).fill(charset.blank);
  whole.set(state.bytes.subarray(0, end));
  return whole;
}

/** What was longer or shorter, as long as that loses nothing. */
function lengthened(plan: RecordPlan, bytes: Uint8Array, state: WriteState, spans: Spans | undefined): Uint8Array {
  if (!spans) return bytes;
  const blank = plan.charset.blank;
  const rest = hexOf(spans, restKey);
  const whole = rest ? Buffer.concat([state.bytes.subarray(0, state.at), rest]) : bytes;
  const length = Number(spans && Object.hasOwn(spans, lengthKey) ? spans[lengthKey] : whole.length);
  const max = plan.options.recordMax;
  if (!Number.isInteger(length) || length < 0 || length > max || whole.subarray(length).some((byte) => byte !== blank))
    return whole;
  const result = new Uint8Array(length).fill(blank);
  result.set(whole.subarray(0, length));
  return result;
}

function hexOf(spans: Spans | undefined, key: string): Uint8Array | undefined {
  const hex = spans && Object.hasOwn(spans, key) ? spans[key] : undefined;
  return typeof hex === 'string' && /^(?:[0-9a-f]{2})*$/.test(hex) ? Buffer.from(hex, 'hex') : undefined;
}
