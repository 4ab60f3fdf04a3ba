// Renders what a flow puts out: messages and deliveries, ready to be committed.

import { Rejected } from '@mortise/sdk';
import type { Json, Message } from '@mortise/sdk';
import { deriveId } from '../delivery/ids.ts';
import type { Work } from '../delivery/work.ts';
import { stepError } from '../step/errors.ts';
import { isPromise } from '../step/message.ts';
import type { Membership } from '../step/state.ts';
import type { Draft, StoredBody, StoredDelivery, StoredMessage } from '../store/store.ts';
import { gather, loadBody, storeBody, toMessage } from './body.ts';
import type { BlobFolder } from './body.ts';
import type { ChannelTarget, CompiledFlow, OutboundTarget, ResolvedTarget } from './compiled.ts';
import type { ChannelDefinition, ModelDefinition, OutboundDefinition } from './definitions.ts';
import type { FlowRuntime } from './runtime.ts';

/** One output: a message, and the deliveries that carry it on. */
export interface Output {
  readonly message: StoredMessage;
  readonly deliveries: readonly StoredDelivery[];
  /** Of an output to an outbound: to what, and what goes out. */
  readonly sending?: { readonly outbound: OutboundDefinition; readonly message: Message; readonly options: Options };
}

/** What goes out. */
interface Rendered {
  readonly body: unknown;
  readonly contentType?: string;
  readonly options: Options;
}

type Options = Readonly<Record<string, unknown>> | undefined;

/** What the outputs of one attempt have in common. */
export interface OutputContext {
  readonly runtime: FlowRuntime;
  readonly flow: CompiledFlow;
  readonly work: Work;
}

/** Renders the output number `ordinal` of an attempt. Throws where the body does not fit the model or the format. */
export function renderOutput(
  target: ResolvedTarget,
  message: Message,
  ordinal: string,
  context: OutputContext,
): Output | Promise<Output> {
  if (!target.body) return toTarget(target, message, message, ordinal, context);
  const evaluated = target.body.evaluate(message);
  const render = (body: unknown): Output | Promise<Output> => {
    if (body === undefined) throw stepError('MORTISE_STEP_EXPRESSION_NOTHING', `The "with" for ${target.label} gave nothing.`);
    return toTarget(target, { ...message, body }, message, ordinal, context);
  };
  return isPromise(evaluated) ? evaluated.then(render) : render(evaluated);
}

function toTarget(target: ResolvedTarget, from: Message, whole: Message, ordinal: string, context: OutputContext) {
  return target.kind === 'channel'
    ? toChannel(target, from, ordinal, context)
    : toOutbound(target, from, whole, ordinal, context);
}

async function toChannel({ channel }: ChannelTarget, message: Message, ordinal: string, context: OutputContext): Promise<Output> {
  checkFits(channel.model, `Channel ${channel.name}`, message.body);
  const body = await storeBody(message.body, context.runtime.blobs);
  const schema = channel.model ? { dataSchema: channel.model.name } : {};
  const stored = storedMessage(message, body, ordinal, `/channels/${channel.name}`, context, schema);
  const deliveries = await publish(channel, stored, message.body, context.runtime, context.work.delivery);
  return { message: stored, deliveries };
}

/** The deliveries of a message in a channel: one for each subscriber; for one of them where the channel is point-to-point. */
export async function publish(
  channel: ChannelDefinition,
  stored: StoredMessage,
  body: unknown,
  runtime: FlowRuntime,
  parent: StoredDelivery | undefined,
): Promise<readonly StoredDelivery[]> {
  const all = runtime.subscribers(channel.name);
  const receivers = channel.kind === 'point-to-point' ? pickOne(all, stored.id) : all;
  if (receivers.length === 0) {
    const unclaimed = {
      destination: `channel:${channel.name}`,
      flow: '',
      state: 'unclaimed' as const,
      endedAtMs: runtime.clock.nowMs(),
    };
    return [newDelivery(stored, runtime, parent, unclaimed)];
  }
  const lanes = await Promise.all(receivers.map((flow) => laneOf(flow, stored, body)));
  return receivers.map((flow, index) =>
    newDelivery(stored, runtime, parent, { destination: flow.destination, flow: flow.name, ...lanes[index] }),
  );
}

/** Competing Consumers: always the same one for the same message. */
function pickOne(flows: readonly CompiledFlow[], id: string): readonly CompiledFlow[] {
  const chosen = flows[Number.parseInt(id.slice(-6), 16) % Math.max(1, flows.length)];
  return chosen ? [chosen] : [];
}

/** The lane of a message in a flow: none where its key cannot be told, and the attempt then fails by `requireKey`. */
export async function laneOf(flow: CompiledFlow, stored: StoredMessage, body: unknown): Promise<Partial<StoredDelivery>> {
  if (!flow.order) return {};
  try {
    return { lane: await keyOf(flow.order, stored, body) };
  } catch {
    return {};
  }
}

/** Throws where the key of a message cannot be told: order must not be lost silently. */
export async function requireKey(flow: CompiledFlow, stored: StoredMessage, blobs: BlobFolder): Promise<void> {
  if (flow.order) await keyOf(flow.order, stored, await loadBody(stored.body, blobs));
}

async function keyOf(order: NonNullable<CompiledFlow['order']>, stored: StoredMessage, body: unknown): Promise<string> {
  const key = await order.by.evaluate(toMessage(stored, body));
  if (typeof key === 'string' || typeof key === 'number') return String(key);
  throw stepError(
    'MORTISE_STEP_WRONG_TYPE',
    `order.by "${order.by.text}" gave ${JSON.stringify(key) ?? 'nothing'}; expected text or a number.`,
  );
}

function toOutbound(
  target: OutboundTarget,
  message: Message,
  whole: Message,
  ordinal: string,
  context: OutputContext,
): Output | Promise<Output> {
  const rendered = renderRequest(target, message, whole);
  if (isPromise(rendered)) return rendered.then((request) => sendingOf(target, request, message, ordinal, context));
  return sendingOf(target, rendered, message, ordinal, context);
}

/** At once, unless the body goes into a file of its own. */
function sendingOf(
  target: OutboundTarget,
  rendered: Rendered,
  message: Message,
  ordinal: string,
  context: OutputContext,
): Output | Promise<Output> {
  const { contentType } = rendered;
  const outputOf = (body: StoredBody): Output => {
    const stored = storedMessage(message, body, ordinal, `/flows/${context.flow.name}`, context);
    if (contentType !== undefined) stored.dataContentType = contentType;
    const { lane } = context.work.delivery;
    const delivery = newDelivery(stored, context.runtime, context.work.delivery, {
      destination: target.label,
      flow: context.flow.name,
    });
    // Keys of two flows that send to the same outbound have nothing to do with each other.
    if (lane !== undefined) delivery.lane = `${context.flow.name}/${lane}`;
    if (rendered.options !== undefined) delivery.options = rendered.options as Json;
    const sending = { outbound: target.outbound, message: toMessage(stored, rendered.body), options: rendered.options };
    return { message: stored, deliveries: [delivery], sending };
  };
  const body = storeBody(rendered.body, context.runtime.blobs);
  return isPromise(body) ? body.then(outputOf) : outputOf(body);
}

/** The body and the options with which an outbound is used: checked, encoded and evaluated, once. */
export function renderRequest(
  { outbound, render }: OutboundTarget,
  message: Message,
  whole: Message,
): Rendered | Promise<Rendered> {
  const options = render?.(whole);
  const request = (evaluated: unknown): Rendered => ({
    ...encode(outbound, message.body, message.dataContentType),
    options: evaluated as Options,
  });
  return isPromise(options) ? options.then(request) : request(options);
}

function encode(
  outbound: OutboundDefinition,
  body: unknown,
  contentType: string | undefined,
): { body: unknown; contentType?: string } {
  const isValue = !(body instanceof Uint8Array) && !(typeof body === 'object' && body !== null && 'open' in body);
  if (isValue) checkFits(outbound.model, `${outbound.system}.${outbound.name}`, body);
  else if (outbound.model) {
    const { system, name, model } = outbound;
    throw stepError('MORTISE_STEP_BODY_NOT_VALUE', `${system}.${name} takes ${model.name}, and the body is bytes.`);
  }
  if (outbound.declaration.takes === 'value') {
    if (isValue) return { body };
    throw stepError('MORTISE_STEP_BODY_NOT_VALUE', `${outbound.system}.${outbound.name} takes a value, and the body is bytes.`);
  }
  if (!isValue) return { body, ...(contentType === undefined ? {} : { contentType }) };
  const { format } = outbound;
  if (!format) {
    throw stepError('MORTISE_STEP_WRONG_TYPE', `${outbound.system}.${outbound.name} takes bytes and has no format.`, {
      remedy: 'Name a "format" at the outbound.',
    });
  }
  const values = format.records === 'many' && Array.isArray(body) ? (body as unknown[]) : [body];
  return { body: format.encodeWhole(values), contentType: format.contentType };
}

/** The value in a reply: decoded by the outbound's format, checked against the model of its replies. */
export async function readReply(outbound: OutboundDefinition, body: unknown): Promise<unknown> {
  const bytes = body instanceof Uint8Array ? body : isChunks(body) ? await gather(body) : undefined;
  const value = bytes ? decodeReply(outbound, bytes) : body;
  const faults = outbound.reply?.check(value);
  if (!faults) return value;
  const sentence = faults.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  throw new Rejected(`The reply of ${outbound.system}.${outbound.name} is not a valid ${outbound.reply?.name}: ${sentence}`);
}

function decodeReply({ format, system, name }: OutboundDefinition, bytes: Uint8Array): unknown {
  if (bytes.length === 0) return null;
  if (!format) return bytes;
  const decoded = format.decodeWhole(bytes).map((one) => {
    if ('problem' in one)
      throw new Rejected(`The reply of ${system}.${name} is no ${format.name}: ${one.problem.message}`, { cause: one.problem });
    return one.value;
  });
  return format.records === 'many' ? decoded : decoded[0];
}

/** A message that goes on to the same flow later: it keeps its variables. */
export async function renderHeld(
  message: Message,
  step: string,
  dueAtMs: number,
  ordinal: string,
  context: OutputContext,
): Promise<Output> {
  const body = await storeBody(message.body, context.runtime.blobs);
  const { variables } = message.properties;
  const stored = storedMessage(message, body, ordinal, `/flows/${context.flow.name}`, context, { variables });
  const { lane } = context.work.delivery;
  const held = {
    destination: context.flow.destination,
    flow: context.flow.name,
    state: 'held' as const,
    entry: step,
    dueAtMs,
  };
  return {
    message: stored,
    deliveries: [
      newDelivery(stored, context.runtime, context.work.delivery, { ...held, ...(lane === undefined ? {} : { lane }) }),
    ],
  };
}

/**
 * A message that belongs to a state, and comes back to `entry` if it is due. It is in no lane, since nothing waits for it, and
 * does not expire while it belongs there; its expiry is noted.
 */
export async function renderMember(
  message: Message,
  entry: string,
  membership: Membership,
  dueAtMs: number | undefined,
  ordinal: string,
  context: OutputContext,
): Promise<Output> {
  const body = await storeBody(message.body, context.runtime.blobs);
  const { variables, expiresAtMs } = message.properties;
  const source = `/flows/${context.flow.name}`;
  const { expiresAtMs: _expires, ...stored } = storedMessage(message, body, ordinal, source, context, { variables });
  const held = {
    destination: context.flow.destination,
    flow: context.flow.name,
    state: 'held' as const,
    entry,
    options: { ...membership, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) },
    ...(dueAtMs === undefined ? {} : { dueAtMs }),
  };
  return { message: stored, deliveries: [newDelivery(stored, context.runtime, context.work.delivery, held)] };
}

/** A message that goes on behind a step at once, in a delivery of its own. `parent`: the member that it was. */
export async function renderProceeding(
  message: Message,
  entry: string,
  lane: string,
  parent: string | undefined,
  ordinal: string,
  context: OutputContext,
): Promise<Output> {
  const body = await storeBody(message.body, context.runtime.blobs);
  const { variables } = message.properties;
  const source = `/flows/${context.flow.name}`;
  const more = { variables, ...(parent === undefined ? {} : { parent }) };
  const stored = storedMessage(message, body, ordinal, source, context, more);
  const waiting = { destination: context.flow.destination, flow: context.flow.name, entry, lane };
  return { message: stored, deliveries: [newDelivery(stored, context.runtime, context.work.delivery, waiting)] };
}

/** `taker`: whose model it is, as the beginning of a sentence. */
function checkFits(model: ModelDefinition | undefined, taker: string, body: unknown): void {
  const faults = model?.check(body);
  if (!faults) return;
  const sentence = faults.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  throw stepError('MORTISE_STEP_INVALID', `${taker} takes ${model?.name}: ${sentence}`, {
    details: { model: model?.name, faults },
  });
}

function storedMessage(
  message: Message,
  body: StoredBody,
  ordinal: string,
  source: string,
  { flow, work }: OutputContext,
  more?: Partial<StoredMessage>,
): Draft<StoredMessage> {
  const { type, subject, key, time, headers, properties } = message;
  const { root, keys, acceptedAtMs, expiresAtMs } = properties;
  const id = deriveId(root, work.delivery.id, flow.revision, ordinal);
  const parent = work.message.id;
  const stored: Draft<StoredMessage> = {
    type,
    time,
    headers,
    id,
    root,
    parent,
    source,
    keys,
    variables: {},
    acceptedAtMs,
    body,
  };
  if (subject !== undefined) stored.subject = subject;
  if (key !== undefined) stored.key = key;
  if (expiresAtMs !== undefined) stored.expiresAtMs = expiresAtMs;
  return more ? Object.assign(stored, more) : stored;
}

export function newDelivery(
  message: StoredMessage,
  { clock }: FlowRuntime,
  parent: StoredDelivery | undefined,
  what: { readonly destination: string; readonly flow: string } & Partial<StoredDelivery>,
): Draft<StoredDelivery> {
  const delivery: Draft<StoredDelivery> = {
    // Given by the commit, in its order.
    seq: 0,
    id: deriveId(message.root, message.id, what.destination),
    message: message.id,
    state: 'waiting',
    attempts: 0,
    createdAtMs: clock.nowMs(),
    ...what,
  };
  if (parent && what.parent === undefined) delivery.parent = parent.id;
  return delivery;
}

function isChunks(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
