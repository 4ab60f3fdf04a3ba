// Runs a flow again on a message that was recorded, without any effect: for a look at its steps, and for dry runs.

import type { Message, MortiseError, Receipt } from '@mortise/sdk';
import { isBodyStream } from '@mortise/sdk';
import type { Outcome, Work } from '../delivery/work.ts';
import { engineError } from '../delivery/errors.ts';
import type { Commit, Store, StoredBody, StoredDelivery, StoredMessage } from '../store/store.ts';
import { Attempt } from './attempt.ts';
import { gather, loadBody } from './body.ts';
import type { BlobFolder } from './body.ts';
import type { CompiledFlow } from './compiled.ts';
import { Replies } from './replies.ts';
import { Reservations } from './reservations.ts';
import type { FlowRuntime, SendRequest } from './runtime.ts';
import { States } from './states.ts';

/** Of a step that is passed many times so many bodies are kept, the first. */
const bodiesKept = 3;
/** Longer bodies are not shown. */
const bodyBytesMax = 1024 * 1024;

/** Numbers of what is never written: none that the store has given, or will give. */
const seqBeyondAll = 2 ** 52;

export interface Rehearsed {
  readonly input: unknown;
  /** For each step of the flow's own list: what went on behind it. */
  readonly steps: readonly { readonly bodies: readonly unknown[]; readonly count: number; readonly tookMs?: number }[];
  readonly calls: readonly {
    readonly to: string;
    readonly request: unknown;
    readonly reply?: unknown;
    readonly known: boolean;
  }[];
  readonly outputs: readonly { readonly to: string; readonly body: unknown }[];
  readonly reply?: unknown;
  /** done, filtered or failed. */
  readonly outcome: string;
  readonly error?: MortiseError;
}

/**
 * The replies of calls are those that were recorded; a call that was not made then is not made now, and fails. What steps keep is
 * read as it is now, and not changed. Never rejects for what the flow does.
 */
export async function rehearse(
  flow: CompiledFlow,
  runtime: FlowRuntime,
  { delivery, message }: { readonly delivery: StoredDelivery; readonly message: StoredMessage },
): Promise<Rehearsed> {
  const seen = new Map<number, { bodies: unknown[]; count: number; tookMs?: number }>();
  let formerMs = performance.now();
  const steps = flow.steps.traced((index, { body }) => {
    const nowMs = performance.now();
    const known = seen.get(index) ?? { bodies: [], count: 0, tookMs: nowMs - formerMs };
    formerMs = nowMs;
    if (known.bodies.length < bodiesKept) known.bodies.push(shown(body));
    seen.set(index, { ...known, count: known.count + 1 });
  });
  const calls: Rehearsed['calls'][number][] = [];
  const rehearsing = withoutEffects(runtime, calls);
  const outcome = await attemptOn({ ...flow, steps }, rehearsing, { delivery, message });
  const { messages = [], deliveries = [], replies = [] } = outcome.also ?? {};
  const last = Math.max(-1, ...seen.keys());
  return {
    input: await shownBody(message.body, rehearsing.blobs),
    steps: Array.from({ length: last + 1 }, (_, index) => seen.get(index) ?? { bodies: [], count: 0 }),
    calls,
    outputs: await Promise.all(
      messages.map(async (one) => ({ to: targetOf(one, deliveries), body: await shownBody(one.body, rehearsing.blobs) })),
    ),
    ...(replies[0] ? { reply: await shownBody(replies[0].reply.body, rehearsing.blobs) } : {}),
    outcome: outcome.kind === 'failed' ? 'failed' : outcome.state,
    ...(outcome.kind === 'failed' ? { error: outcome.error } : {}),
  };
}

/** As a suspect it takes the replies that were recorded; what it made already, and how far it came, is left out. */
function attemptOn(
  flow: CompiledFlow,
  runtime: FlowRuntime,
  { delivery, message }: { readonly delivery: StoredDelivery; readonly message: StoredMessage },
): Promise<Outcome> {
  const { outputs: _outputs, journal: _journal, error: _error, ...begun } = delivery;
  const work: Work = { delivery: { ...begun, state: 'waiting' }, message, suspect: true };
  const context = { signal: new AbortController().signal, begin: () => undefined, checkpoint: async () => work };
  return new Attempt(flow, runtime, work, context).run();
}

/**
 * The same for what is then committed under other ids: a call that was not made then is made, by `call`; bodies are written. A step
 * that keeps something cannot be run so: it would have to be committed in its turn.
 */
export function attemptAgain(
  flow: CompiledFlow,
  runtime: FlowRuntime,
  recorded: { readonly delivery: StoredDelivery; readonly message: StoredMessage },
  call: FlowRuntime['send'],
): Promise<Outcome> {
  const calling = withoutEffects(runtime, []);
  const send = (request: SendRequest): Promise<Receipt> =>
    request.message.id === request.deliveryId ? call(request) : calling.send(request);
  // A key that the attempt reserves before it calls is the former's already, or is not needed: the caller commits none.
  const store: Store = { ...calling.store, commit: async (commit) => (isReserving(commit) ? {} : calling.store.commit(commit)) };
  return attemptOn(flow, { ...calling, store, blobs: runtime.blobs, send }, recorded);
}

function isReserving(commit: Commit): boolean {
  return Object.keys(commit).every((part) => part === 'dedupe');
}

function targetOf({ id, source }: StoredMessage, deliveries: readonly StoredDelivery[]): string {
  const channel = /^\/channels\/(.+)$/.exec(source)?.[1];
  if (channel !== undefined) return `channel:${channel}`;
  const delivery = deliveries.find(({ message }) => message === id);
  return delivery?.state === 'held' ? `held:${delivery.entry ?? ''}` : (delivery?.destination ?? source);
}

/** The same engine, but nothing is sent, nothing written, nobody woken. */
function withoutEffects(runtime: FlowRuntime, calls: Rehearsed['calls'][number][]): FlowRuntime {
  const blobs = scratchBlobs(runtime.blobs);
  const store = readOnly(runtime.store);
  return {
    ...runtime,
    store,
    blobs,
    reservations: new Reservations(store, runtime.clock),
    states: new States(store, runtime.clock),
    replies: new Replies(runtime.clock),
    heldUntil: () => undefined,
    recalled: ({ system, name }, request, reply) =>
      void calls.push({ to: `${system}.${name}`, request: shown(request), reply: shown(reply), known: true }),
    send: async ({ outbound, message, deliveryId }: SendRequest) => {
      const to = `${outbound.system}.${outbound.name}`;
      if (message.id === deliveryId) calls.push({ to, request: shown(message.body), known: false });
      throw engineError('MORTISE_DELIVERY_REHEARSAL', `${to} was not asked this then, and is not asked now.`);
    },
  };
}

function readOnly(real: Store): Store {
  let seq = seqBeyondAll;
  return {
    recovered: real.recovered,
    read: real.read,
    failed: real.failed,
    queuedBytes: 0,
    takeSeq: () => (seq += 1),
    findDedupe: (key, nowMs) => real.findDedupe(key, nowMs),
    close: async () => undefined,
    commit: async () => {
      throw engineError('MORTISE_DELIVERY_REHEARSAL', 'A step wanted to write; in a rehearsal nothing is written.');
    },
  };
}

function scratchBlobs(real: BlobFolder): BlobFolder {
  const written = new Map<string, Uint8Array>();
  return {
    async write(chunks) {
      const bytes = chunks instanceof Uint8Array ? chunks : await gather(chunks);
      const blob = `scratch-${written.size}`;
      written.set(blob, bytes);
      return { blob, sizeBytes: bytes.length };
    },
    async *open(blob) {
      const own = written.get(blob);
      if (own) yield own;
      else yield* real.open(blob);
    },
  };
}

export async function shownBody(body: StoredBody, blobs: BlobFolder): Promise<unknown> {
  if (body.kind === 'blob' && body.sizeBytes > bodyBytesMax) return `(${body.sizeBytes} bytes)`;
  return shown(await loadBody(body, blobs));
}

/** As JSON can tell it. */
function shown(body: Message['body']): unknown {
  if (body instanceof Uint8Array) return Buffer.from(body.subarray(0, bodyBytesMax)).toString();
  if (isBodyStream(body)) return `(${body.sizeBytes ?? 'many'} bytes)`;
  return body;
}
