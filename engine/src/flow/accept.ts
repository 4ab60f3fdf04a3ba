// Accepts messages: decodes, checks, commits, and only then says so.

import { Busy, Unavailable } from '@mortise/sdk';
import type { Accept, Accepted, AcceptOptions, Incoming, Json, MortiseError, PendingReply, Reply } from '@mortise/sdk';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import { writesDebug } from '../delivery/facts.ts';
import { deriveId } from '../delivery/ids.ts';
import { toStoredError } from '../delivery/settle.ts';
import { isPromise } from '../step/message.ts';
import type { FileCount } from '../store/balance-rows.ts';
import { isoTime } from '../store/iso-time.ts';
import type { Commit, Draft, StoredDelivery, StoredMessage } from '../store/store.ts';
import { loadBody, storeBody } from './body.ts';
import type { CompiledFlow } from './compiled.ts';
import type { InboundDefinition } from './definitions.ts';
import { comesInBatches, decodeAtOnce, decodeIncoming } from './decode-incoming.ts';
import type { Part } from './decode-incoming.ts';
import { fileCounts } from './file-counts.ts';
import { laneOf, newDelivery } from './outputs.ts';
import type { Pressure } from './pressure.ts';
import type { FlowRuntime } from './runtime.ts';
import { isSameBody } from './same-body.ts';

export interface AcceptorOptions {
  readonly runtime: FlowRuntime;
  readonly dispatcher: Dispatcher;
  readonly newId: (nowMs: number) => string;
  readonly messageBytesMax: number;
  /** Bytes that wait to be written; more, and senders are asked to come again. */
  readonly queuedBytesMax: number;
  /** Whether there is room on the disk. */
  readonly hasRoom: () => boolean;
  /** Whether nothing more is to be taken in. */
  readonly isDraining: () => boolean;
  /** Lets senders wait a little. */
  readonly pressure: Pressure;
}

/** A message that is to be committed, and what its delivery to each flow has besides. */
interface Built {
  readonly message: StoredMessage;
  readonly lanes: readonly Partial<StoredDelivery>[];
}

/** What is known of what came when it is written. `problems`: of each message what is wrong with it, if anything is. */
interface Taken {
  readonly inbound: InboundDefinition;
  readonly scope: string;
  readonly flows: readonly CompiledFlow[];
  readonly problems: readonly (MortiseError | undefined)[];
  readonly files: readonly FileCount[];
  readonly nowMs: number;
}

/** How long a sender's key is remembered. */
const keyKeptMs = 7 * 86_400_000;

export class Acceptor {
  /** Messages that were accepted, since the start. */
  acceptedCount = 0;
  /** When something last came, by inbound, since the start. */
  readonly heardAtMs = new Map<string, number>();
  private readonly options: AcceptorOptions;

  constructor(options: AcceptorOptions) {
    this.options = options;
  }

  /** The `accept` of one inbound. `flows` are those that receive from it now. */
  of(inbound: InboundDefinition, scope: string, flows: () => readonly CompiledFlow[]): Accept {
    return (incoming, options = {}) => {
      const relief = this.options.pressure.relief(flows());
      // What has changed meanwhile holds: the flows, too.
      if (relief) return relief.then(() => this.accept(inbound, scope, flows(), incoming, options));
      return this.accept(inbound, scope, flows(), incoming, options);
    };
  }

  /** Holds nothing of what came while it is written: the collector would copy the values of all that are under way, again and again. */
  private accept(
    inbound: InboundDefinition,
    scope: string,
    flows: readonly CompiledFlow[],
    incoming: readonly Incoming[],
    options: AcceptOptions,
  ): Promise<readonly Accepted[]> {
    try {
      this.guard(flows);
      if (comesInBatches(inbound)) return this.acceptBatches(inbound, scope, flows, incoming, options);
      const decoded = decodeAtOnce(inbound, incoming, this.options.messageBytesMax);
      const taken = (parts: readonly Part[]): Promise<readonly Accepted[]> =>
        this.commit(inbound, scope, flows, parts, options, (nowMs) =>
          fileCounts({ inbound, scope, key: options.key }, parts, undefined, nowMs),
        );
      return isPromise(decoded) ? decoded.then(taken) : taken(decoded);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** One commit after another; each has a key of its own, and the last one the cursor. */
  private async acceptBatches(
    inbound: InboundDefinition,
    scope: string,
    flows: readonly CompiledFlow[],
    incoming: readonly Incoming[],
    options: AcceptOptions,
  ): Promise<readonly Accepted[]> {
    const accepted: Accepted[] = [];
    let batchNumber = 0;
    const batches = decodeIncoming(inbound, incoming, this.options.messageBytesMax);
    for (let batch = await batches.next(); !batch.done; ) {
      const parts = batch.value;
      const following = await batches.next();
      const key = options.key === undefined ? {} : { key: batchNumber === 0 ? options.key : `${options.key}#${batchNumber}` };
      const cursor = following.done && options.cursor !== undefined ? { cursor: options.cursor } : {};
      const { sameBody = false } = options;
      const counts = (nowMs: number): readonly FileCount[] =>
        fileCounts({ inbound, scope, key: options.key }, parts, following.value?.[0], nowMs);
      accepted.push(...(await this.commit(inbound, scope, flows, parts, { ...key, sameBody, ...cursor }, counts)));
      batchNumber += 1;
      batch = following;
    }
    return accepted;
  }

  /** Refuses while the engine stops or is drained, and while the store or the disk cannot take more. */
  guardEngine(): void {
    const { dispatcher, runtime, queuedBytesMax, hasRoom, isDraining } = this.options;
    if (dispatcher.stopping) throw new Unavailable('The engine is stopping.');
    if (isDraining()) throw new Busy('The engine is drained: it takes no more messages.', 30_000);
    if (runtime.store.queuedBytes > queuedBytesMax)
      throw new Busy(`${runtime.store.queuedBytes} bytes wait to be written.`, 1000);
    if (!hasRoom()) throw new Busy('The disk has less free space than limits.freeDisk.', 30_000);
  }

  /** Refuses under back-pressure of the flows, too. */
  private guard(flows: readonly CompiledFlow[]): void {
    this.guardEngine();
    const { dispatcher, runtime } = this.options;
    const drained = flows.map(({ name }) => runtime.standstills.ofIntake(name));
    // Where another flow receives from the same inbound, it goes on, and what comes waits for the drained one.
    if (drained[0] && drained.every((one) => one !== undefined)) throw new Busy(drained[0].reason, 30_000);
    for (const { name, destination, backlog, targets } of flows) {
      if (backlog === undefined) continue;
      // What left the flow and waits for a system that is down is its backlog too.
      const waiting = dispatcher.waiting(destination) + Math.max(0, ...targets.map(({ label }) => dispatcher.waiting(label)));
      if (waiting >= backlog) throw new Busy(`${waiting} messages of flow ${name} wait; its backlog is ${backlog}.`, 2000);
    }
  }

  private commit(
    inbound: InboundDefinition,
    scope: string,
    flows: readonly CompiledFlow[],
    parts: readonly Part[],
    options: AcceptOptions,
    counts: (nowMs: number) => readonly FileCount[],
  ): Promise<readonly Accepted[]> {
    const nowMs = this.options.runtime.clock.nowMs();
    const files = counts(nowMs);
    const problems = parts.map(({ problem }) => problem);
    const write = (built: readonly Built[]): Promise<readonly Accepted[]> =>
      this.write({ inbound, scope, flows, problems, files, nowMs }, built, options);
    const [first] = parts;
    const one = first && parts.length === 1 ? this.build(inbound, first, flows, nowMs) : undefined;
    if (one) return isPromise(one) ? one.then((built) => write([built])) : write([one]);
    return Promise.all(parts.map(async (part) => this.build(inbound, part, flows, nowMs))).then(write);
  }

  /** What is known of what came is kept in one function only while it is written: as many are in memory as senders wait. */
  private write(taken: Taken, built: readonly Built[], { key, sameBody, cursor }: AcceptOptions): Promise<readonly Accepted[]> {
    const { scope, flows, problems, files, nowMs } = taken;
    const { runtime, dispatcher } = this.options;
    const messages = built.map(({ message }) => message);
    const deliveries: StoredDelivery[] = [];
    for (const [index, { lanes, message }] of built.entries())
      for (const delivery of this.deliveries(message, problems[index], flows, lanes)) deliveries.push(delivery);
    const commit: Draft<Commit> = { messages, deliveries };
    if (files.length > 0) commit.files = files;
    if (key !== undefined) commit.once = { scope, key, messages: messages.map(({ id }) => id), keepUntilMs: nowMs + keyKeptMs };
    if (cursor !== undefined) commit.cursor = { scope, value: cursor };
    const replies = flows.some((flow) => flow.replies);
    const pending = built.map(({ message }, index) =>
      replies && !problems[index] ? runtime.replies.expect(message.root) : undefined,
    );
    return dispatcher.commit(commit).then(
      ({ duplicateOf }) =>
        duplicateOf
          ? this.duplicates(duplicateOf, flows, pending, sameBody === true ? built : undefined)
          : this.written(taken, built, pending),
      (error: unknown) => {
        for (const reply of pending) reply?.abandon();
        throw error;
      },
    );
  }

  private written(
    { inbound, scope, problems, nowMs }: Taken,
    built: readonly Built[],
    pending: readonly (PendingReply | undefined)[],
  ): readonly Accepted[] {
    this.heardAtMs.set(scope, nowMs);
    return built.map(({ message }, index) => {
      const problem = problems[index];
      if (!problem) this.acceptedCount += 1;
      this.tell(inbound, message, problem);
      return acceptedOf(message.id, problem, pending[index]);
    });
  }

  private tell({ system, name }: InboundDefinition, message: StoredMessage, problem: MortiseError | undefined): void {
    const { log } = this.options.runtime;
    const { id, root } = message;
    this.options.dispatcher.tracer?.accepted(message, `${system}.${name}`, message.acceptedAtMs, problem?.code);
    if (!problem && !writesDebug(log)) return;
    const facts = { message: id, root, system, inbound: `${system}.${name}` };
    if (problem)
      log.info({ event: 'message.refused', ...facts, code: problem.code }, `A message was refused: ${problem.message}`);
    else log.debug({ event: 'message.accepted', ...facts }, 'A message was accepted.');
  }

  /** `sameAs`: what came now, where it has to be what had come. */
  private async duplicates(
    ids: readonly string[],
    flows: readonly CompiledFlow[],
    pending: readonly (PendingReply | undefined)[],
    sameAs: readonly Built[] | undefined,
  ): Promise<readonly Accepted[]> {
    for (const reply of pending) reply?.abandon();
    if (sameAs && !(await this.hasSameBodies(ids, sameAs))) return ids.map((id) => ({ id, duplicate: true, conflict: true }));
    return Promise.all(ids.map((id) => this.duplicate(id, flows)));
  }

  /** Whether what came now is what had come under these ids, as far as it is still known. */
  private async hasSameBodies(ids: readonly string[], built: readonly { readonly message: StoredMessage }[]): Promise<boolean> {
    const { store, blobs } = this.options.runtime;
    const same = ids.map(async (id, index) => {
      const [first, second] = [await store.read.message(id), built[index]?.message];
      return !first || (second !== undefined && isSameBody(first.body, second.body, blobs));
    });
    return ids.length === built.length && !(await Promise.all(same)).includes(false);
  }

  /** What became of the first one: a sender who was refused is refused again. */
  private async duplicate(id: string, flows: readonly CompiledFlow[]): Promise<Accepted> {
    const [flow] = flows;
    const first = flow && (await this.options.runtime.store.read.delivery({ id: deriveId(id, id, flow.destination) }));
    if (first?.delivery.state === 'invalid' && first.delivery.attempts === 0 && first.delivery.error) {
      const { code, message } = first.delivery.error;
      return { id, duplicate: true, refused: { code, message } };
    }
    return { id, duplicate: true, ...(flows.some(({ replies }) => replies) ? { reply: this.formerReply(id) } : {}) };
  }

  /** The reply that the first one got, or will get. */
  private formerReply(root: string): PendingReply {
    const { store, replies, blobs } = this.options.runtime;
    const wait = async (timeoutMs: number): Promise<Reply | undefined> => {
      const stored = await store.read.reply(root);
      if (stored) return { ...stored, body: await loadBody(stored.body, blobs) };
      return replies.join(root, timeoutMs);
    };
    return { wait, abandon: () => undefined };
  }

  /** The message that a part becomes, and its lane in each flow: at once where nothing has to be waited for. */
  private build(inbound: InboundDefinition, part: Part, flows: readonly CompiledFlow[], nowMs: number): Built | Promise<Built> {
    const id = this.options.newId(nowMs);
    const body = this.stored(part.body);
    if (isPromise(body)) return body.then((stored) => this.laned(messageOf(inbound, part, id, nowMs, stored), part, flows));
    return this.laned(messageOf(inbound, part, id, nowMs, body), part, flows);
  }

  private laned(message: StoredMessage, part: Part, flows: readonly CompiledFlow[]): Built | Promise<Built> {
    if (part.problem || flows.every(({ order }) => order === undefined)) return { message, lanes: [] };
    return Promise.all(flows.map((flow) => laneOf(flow, message, part.body))).then((lanes) => ({ message, lanes }));
  }

  private stored(body: unknown): StoredMessage['body'] | Promise<StoredMessage['body']> {
    const { blobs } = this.options.runtime;
    if (!isChunks(body)) return storeBody(body, blobs);
    return blobs
      .write(body, this.options.messageBytesMax)
      .then((written) => ({ kind: 'blob', holds: 'bytes', ...written }) as const);
  }

  private deliveries(
    message: StoredMessage,
    problem: MortiseError | undefined,
    flows: readonly CompiledFlow[],
    lanes: readonly Partial<StoredDelivery>[],
  ): readonly StoredDelivery[] {
    const { runtime } = this.options;
    const ended = problem ? { state: 'invalid' as const, endedAtMs: message.acceptedAtMs, error: toStoredError(problem) } : {};
    return flows.map((flow, index) =>
      newDelivery(message, runtime, undefined, { destination: flow.destination, flow: flow.name, ...lanes[index], ...ended }),
    );
  }
}

function messageOf(
  inbound: InboundDefinition,
  { incoming, problem }: Part,
  id: string,
  nowMs: number,
  body: StoredMessage['body'],
): StoredMessage {
  const message: Draft<StoredMessage> = {
    id,
    root: id,
    source: `/systems/${inbound.system}/${inbound.name}`,
    type: incoming.type ?? `${inbound.system}.${inbound.name}`,
    time: incoming.time ?? isoTime(nowMs),
    headers: incoming.headers ?? {},
    keys: {},
    variables: {},
    acceptedAtMs: nowMs,
    body,
  };
  if (incoming.subject !== undefined) message.subject = incoming.subject;
  if (incoming.contentType !== undefined) message.dataContentType = incoming.contentType;
  if (inbound.model && !problem) message.dataSchema = inbound.model.name;
  return message;
}

function acceptedOf(id: string, problem: MortiseError | undefined, reply: PendingReply | undefined): Accepted {
  if (!problem) return { id, duplicate: false, ...(reply ? { reply } : {}) };
  // A model's faults carry their position; of a format's fault the details are the position.
  const position = (problem.details['position'] ?? problem.details) as Readonly<Record<string, Json>>;
  const at = Object.keys(position).length > 0 ? { position } : {};
  return { id, duplicate: false, refused: { code: problem.code, message: problem.message, ...at } };
}

function isChunks(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
