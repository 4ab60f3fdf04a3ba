// What an inbound handed over, as messages: decoded by its format and checked against its model, batch by batch.

import { MortiseError } from '@mortise/sdk';
import type { Decoded, Incoming, Json } from '@mortise/sdk';
import { toMortiseError } from '../delivery/settle.ts';
import { stepError } from '../step/errors.ts';
import { isPromise } from '../step/message.ts';
import type { InboundDefinition, ResolvedFormat } from './definitions.ts';
import { flowError } from './errors.ts';

/** One message to be: its body, or what is wrong with it and the raw bytes. */
export interface Part {
  readonly incoming: Incoming;
  readonly body: unknown;
  /** Which record of what was handed over it is, as the format counts them: from 1. */
  readonly record: number;
  readonly problem?: MortiseError;
}

/** So many records of a long file are one commit. */
const recordsPerCommit = 500;

/** Whether what an inbound hands over may be so long that it becomes one commit after another. */
export function comesInBatches({ format, declaration }: InboundDefinition): boolean {
  return declaration.mode === 'polling' && format?.records === 'many';
}

/** The parts of long files, in batches that are one commit each: the good records, and the broken ones apart. */
export async function* decodeIncoming(
  inbound: InboundDefinition,
  incoming: readonly Incoming[],
  bytesMax: number,
): AsyncGenerator<readonly Part[], void> {
  const { format } = inbound;
  if (!format || !comesInBatches(inbound)) yield await decodeAtOnce(inbound, incoming, bytesMax);
  else for (const one of incoming) yield* inBatches(inbound, one, format);
}

/**
 * The parts of what came, which are one commit; at once where all of it is there. A listening inbound refuses the whole of what it got where any
 * of it is wrong, since its sender can mend it.
 */
export function decodeAtOnce(
  inbound: InboundDefinition,
  incoming: readonly Incoming[],
  bytesMax: number,
): readonly Part[] | Promise<readonly Part[]> {
  const [only] = incoming;
  if (only && incoming.length === 1) {
    const parts = decodeOne(inbound, only, bytesMax);
    return isPromise(parts) ? parts.then((all) => asTaken(inbound, [all])) : asTaken(inbound, [parts]);
  }
  return Promise.all(incoming.map(async (one) => decodeOne(inbound, one, bytesMax))).then((all) => asTaken(inbound, all));
}

function asTaken({ declaration }: InboundDefinition, parts: readonly (readonly Part[])[]): readonly Part[] {
  if (declaration.mode === 'listening') return wholeOrRefused(parts);
  const [only] = parts;
  return only && parts.length === 1 ? only : parts.flat();
}

function decodeOne(inbound: InboundDefinition, incoming: Incoming, bytesMax: number): readonly Part[] | Promise<readonly Part[]> {
  const { format, declaration } = inbound;
  if (declaration.gives === 'value') return [checked(inbound, incoming, 1, incoming.body)];
  if (!format || keepsStream(format, incoming.body)) return [{ incoming, record: 1, body: incoming.body }];
  if (incoming.body instanceof Uint8Array) return decodeBytes(inbound, incoming, format, incoming.body);
  return gatherAtMost(incoming.body, bytesMax).then((bytes) =>
    bytes
      ? decodeBytes(inbound, incoming, format, bytes)
      : [{ incoming, record: 1, body: new Uint8Array(), problem: tooLarge(bytesMax) }],
  );
}

function decodeBytes(inbound: InboundDefinition, incoming: Incoming, format: ResolvedFormat, bytes: Uint8Array): readonly Part[] {
  try {
    return format.decodeWhole(bytes).map((decoded, index) => partOf(inbound, incoming, index + 1, decoded));
  } catch (error) {
    return [{ incoming, record: 1, body: bytes, problem: toMortiseError(error) }];
  }
}

function tooLarge(bytesMax: number): MortiseError {
  return flowError('MORTISE_FLOW_TOO_LARGE', `The message is longer than limits.message, ${bytesMax} bytes.`);
}

/** Bytes that are not looked into stay a stream: they go to a blob file as they come. Records are looked into. */
function keepsStream({ records, declaration }: ResolvedFormat, body: unknown): boolean {
  return !(body instanceof Uint8Array) && records === 'one' && declaration.contentType === 'application/octet-stream';
}

async function* inBatches(
  inbound: InboundDefinition,
  incoming: Incoming,
  format: ResolvedFormat,
): AsyncGenerator<readonly Part[], void> {
  let batch: Part[] = [];
  let records = 0;
  const chunks = incoming.body instanceof Uint8Array ? once(incoming.body) : (incoming.body as AsyncIterable<Uint8Array>);
  const broken: { error?: unknown } = {};
  try {
    for await (const decoded of format.decode(noting(chunks, broken))) {
      records += 1;
      batch.push(partOf(inbound, incoming, records, decoded));
      if (batch.length < recordsPerCommit) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    // What the connector could not read is not the sender's fault: nothing is recorded, and it comes again.
    if (broken.error !== undefined || !(error instanceof MortiseError)) throw error;
    batch.push({ incoming, record: records + 1, body: new Uint8Array(), problem: error });
  }
  if (batch.length > 0) yield batch;
}

async function* noting(chunks: AsyncIterable<Uint8Array>, broken: { error?: unknown }): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    broken.error = error;
    throw error;
  }
}

function partOf(inbound: InboundDefinition, incoming: Incoming, record: number, decoded: Decoded): Part {
  if (!('problem' in decoded)) return checked(inbound, incoming, record, decoded.value, { ...decoded.position });
  return { incoming, record, body: decoded.raw, problem: decoded.problem };
}

function checked(
  { model }: InboundDefinition,
  incoming: Incoming,
  record: number,
  body: unknown,
  position: Readonly<Record<string, Json>> = {},
): Part {
  const faults = model?.check(body);
  if (!faults) return { incoming, record, body };
  const sentence = faults.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  const at = { ...position, ...(faults[0] ? { path: faults[0].path } : {}) };
  const details = { model: model?.name, faults, position: at };
  return {
    incoming,
    record,
    body,
    problem: stepError('MORTISE_STEP_INVALID', `Not a valid ${model?.name}: ${sentence}`, { details }),
  };
}

/** All of it, or one refusal that keeps what came as it came. */
function wholeOrRefused(all: readonly (readonly Part[])[]): readonly Part[] {
  const [only] = all;
  if (only && all.length === 1 && !only.some((part) => part.problem)) return only;
  return all.flatMap((parts) => {
    const wrong = parts.find((part) => part.problem);
    if (!wrong?.problem) return parts;
    const { body } = wrong.incoming;
    return [
      { incoming: wrong.incoming, record: 1, body: body instanceof Uint8Array ? body : wrong.body, problem: wrong.problem },
    ];
  });
}

/** All bytes, or undefined where they are too many: then no more than that was held. */
async function gatherAtMost(body: unknown, bytesMax: number): Promise<Uint8Array | undefined> {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) {
    throw flowError('MORTISE_FLOW_BODY', `An inbound that gives bytes handed over a ${typeof body}.`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return undefined;
    parts.push(Uint8Array.from(chunk));
  }
  return Buffer.concat(parts);
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
