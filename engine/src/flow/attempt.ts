// One attempt of a flow on one message: drives the steps, performs what they ask for, gathers what is to be committed.

import { createHash } from 'node:crypto';
import { Unavailable } from '@mortise/sdk';
import type { Json, Message, Reply } from '@mortise/sdk';
import { deriveId } from '../delivery/ids.ts';
import { journalOf, toMortiseError } from '../delivery/settle.ts';
import type { AttemptContext, Outcome, Work } from '../delivery/work.ts';
import { stepError } from '../step/errors.ts';
import { isPromise } from '../step/message.ts';
import type { Effect, FlowTarget, Run } from '../step/step.ts';
import type { Commit, Draft, StoredDelivery, StoredMessage, StoredReply } from '../store/store.ts';
import { loadBody, storeBody, toMessage } from './body.ts';
import type { CompiledFlow, OutboundTarget, ResolvedTarget } from './compiled.ts';
import { AttemptState } from './attempt-state.ts';
import type { AttemptParts } from './attempt-state.ts';
import { readReply, renderHeld, renderOutput, renderRequest } from './outputs.ts';
import type { Output, OutputContext } from './outputs.ts';
import type { FlowRuntime } from './runtime.ts';
import { OutOfOrder } from './state-entry.ts';

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

const nothingRecorded: ReadonlyMap<string, StoredReply> = new Map();

export class Attempt implements AttemptParts {
  private readonly flow: CompiledFlow;
  private readonly runtime: FlowRuntime;
  work: Work;
  private readonly context: AttemptContext;
  private readonly outputContext: OutputContext;
  private readonly state: AttemptState;
  private outputs: Output[] = [];
  private calls: NonNullable<Commit['calls']>[number][] = [];
  private dedupe: NonNullable<Commit['dedupe']>[number][] = [];
  /** So many of them are on disk. */
  private dedupeKept = 0;
  private releases: (() => void)[] = [];
  /** Of the parts of a split each may have its own value of a name. */
  private keys: Map<string, { readonly name: string; readonly value: string }> | undefined;
  private reply: Reply | undefined;
  private recorded = nothingRecorded;
  private filtered = 0;
  private ordinal = 0;
  private savepoints = 0;
  private splitting: string | undefined;

  constructor(flow: CompiledFlow, runtime: FlowRuntime, work: Work, context: AttemptContext) {
    this.flow = flow;
    this.runtime = runtime;
    this.work = work;
    this.context = context;
    this.outputContext = { runtime, flow, work };
    this.state = new AttemptState(this.outputContext, this);
  }

  /** Runs to the end. Rejects only where its begin cannot be noted. Reserved keys are released when the outcome is settled. */
  async run(): Promise<Outcome> {
    const begun = this.context.begin();
    if (begun) await begun;
    try {
      await this.runSteps();
      if (this.flow.compensates) await this.state.unregister();
      return this.handing(this.ended(await this.sendFirst()));
    } catch (error) {
      this.state.reset();
      return this.handing({
        kind: 'failed',
        error: toMortiseError(error),
        revision: this.flow.revision,
        also: { dedupe: this.dedupe.slice(this.dedupeKept), calls: this.calls, ...this.keysOfFailure() },
      });
    }
  }

  private handing(outcome: Outcome): Outcome {
    const handedOver = (written: Promise<void>): void => this.state.session.handOver(written);
    const handing = this.state.session.isEmpty ? outcome : { ...outcome, handedOver };
    const hasDrawn = this.hasDrawn(this.work.delivery.id);
    const hasMore = hasDrawn || this.releases.length > 0 || this.flow.replies || this.flow.entries.size > 0;
    return hasMore ? { ...handing, settled: () => this.settled(outcome) } : handing;
  }

  /** Almost always nothing has drawn, and no id has to be hashed for that. */
  private hasDrawn(delivery: string): boolean {
    const { drawn } = this.runtime.states;
    return drawn.size > 0 && drawn.has(delivery);
  }

  private async runSteps(): Promise<void> {
    const { delivery, suspect, message } = this.work;
    const { drawn } = this.runtime.states;
    const isAgain = delivery.attempts > 0 || suspect;
    if (isAgain) drawn.delete(delivery.id);
    if (isAgain || this.hasDrawn(delivery.id)) this.recorded = new Map(await this.runtime.store.read.calls(delivery.id));
    const loaded = loadBody(message.body, this.runtime.blobs);
    await this.driveInOrder(toMessage(message, isPromise(loaded) ? await loaded : loaded));
  }

  /** By which people find it, although nothing came of it; written once. */
  private keysOfFailure(): Pick<Commit, 'keys'> {
    const { delivery, message } = this.work;
    if (!this.keys || delivery.attempts > 0) return {};
    return { keys: this.keysOf(message.root) };
  }

  private keysOf(root: string): NonNullable<Commit['keys']> {
    return this.keys ? Array.from(this.keys.values(), (key) => ({ ...key, root })) : [];
  }

  /** Where it would have to wait for a state while it has others, it starts again with all of them. */
  private async driveInOrder(message: Message): Promise<void> {
    for (;;) {
      try {
        await this.drive(this.begin(message));
        return;
      } catch (error) {
        if (!(error instanceof OutOfOrder)) throw error;
        const keys = [...this.state.session.keys, error.key];
        this.startAgain();
        await this.state.session.takeAll(keys);
      }
    }
  }

  /** Forgets everything but the replies of calls, which are not made again. */
  private startAgain(): void {
    this.state.reset();
    this.remember(this.calls);
    [this.outputs, this.dedupe, this.keys, this.reply] = [[], [], undefined, undefined];
    this.dedupeKept = 0;
    [this.filtered, this.ordinal, this.savepoints, this.splitting] = [0, 0, 0, undefined];
  }

  add(output: Output): void {
    this.outputs.push(output);
  }

  nextOrdinal(): string {
    return String(this.ordinal++);
  }

  remember(calls: NonNullable<Commit['calls']>): void {
    this.recorded = new Map([...this.recorded, ...calls.map(({ call, reply }) => [call, reply] as const)]);
  }

  private settled({ kind }: Outcome): void {
    for (const release of this.releases) release();
    if (kind === 'ended') this.runtime.states.drawn.delete(this.work.delivery.id);
    this.tellDues();
    // What is held, or goes on in a delivery of its own, may reply later.
    const goesOn = this.outputs.some(({ deliveries }) => deliveries.some(({ entry }) => entry !== undefined));
    const isOver = kind === 'ended' && (this.reply !== undefined || !goesOn);
    if (this.flow.replies && isOver) this.runtime.replies.settle(this.work.message.root, this.reply);
  }

  private tellDues(): void {
    const dues = this.outputs.flatMap(({ deliveries }) => deliveries.flatMap(({ dueAtMs }) => dueAtMs ?? []));
    const moved = this.state.changes.flatMap(({ dueAtMs }) => dueAtMs ?? []);
    for (const dueAtMs of [...dues, ...moved]) this.runtime.heldUntil(dueAtMs);
  }

  private begin(message: Message): Run {
    const { entry } = this.work.delivery;
    if (entry === undefined) return this.flow.steps.run(message, end);
    const run = this.flow.steps.resume(entry, message, end);
    if (run) return run;
    throw stepError('MORTISE_STEP_UNKNOWN_ENTRY', `Flow ${this.flow.name} has no step "${entry}" any more.`);
  }

  private async drive(run: Run): Promise<void> {
    let at = run.next();
    while (!at.done) {
      let answer: unknown;
      try {
        const performed = this.perform(at.value);
        answer = isPromise(performed) ? await performed : performed;
      } catch (error) {
        if (error instanceof OutOfOrder) {
          run.return();
          throw error;
        }
        at = run.throw(error);
        continue;
      }
      at = run.next(answer);
    }
  }

  private perform(effect: Effect): unknown {
    switch (effect.kind) {
      case 'await':
        return effect.promise;
      case 'call':
        return this.call(effect);
      case 'output':
        return this.output(effect);
      case 'hold':
        return this.hold(effect);
      case 'reserve':
        return this.reserve(effect);
      case 'reply':
        this.reply = effect;
        return undefined;
      case 'track':
        return this.track(effect.keys);
      case 'filtered':
        this.filtered += 1;
        return undefined;
      case 'position':
        return this.position(effect.step);
      case 'checkpoint':
        return this.checkpoint(effect);
      case 'savepoint':
        this.savepoints += 1;
        return this.savepoint();
      case 'rollback':
        return this.rollback(effect.savepoint as Savepoint);
      case 'release':
        this.savepoints -= 1;
        return undefined;
      default:
        return this.state.perform(effect);
    }
  }

  private track(keys: Readonly<Record<string, string>>): void {
    this.keys ??= new Map();
    for (const [name, value] of Object.entries(keys)) this.keys.set(`${name}=${value}`, { name, value });
  }

  private savepoint(): Savepoint {
    const { changes, draws, session } = this.state;
    return { outputs: this.outputs.length, changes: changes.length, draws: draws.length, states: session.save() };
  }

  private rollback({ outputs, changes, draws, states }: Savepoint): void {
    this.outputs.length = outputs;
    this.state.changes.length = Math.min(changes, this.state.changes.length);
    this.state.draws.length = Math.min(draws, this.state.draws.length);
    this.state.session.restore(states);
  }

  private output({ target, message }: EffectOf<'output'>): void | Promise<void> {
    const output = renderOutput(target as ResolvedTarget, message, this.nextOrdinal(), this.outputContext);
    if (isPromise(output)) return output.then((rendered) => void this.outputs.push(rendered));
    this.outputs.push(output);
  }

  due(id: string, dueAtMs: number): void {
    this.outputs = this.outputs.map((output) => ({
      ...output,
      deliveries: output.deliveries.map((delivery) => (delivery.id === id ? { ...delivery, dueAtMs } : delivery)),
    }));
  }

  private async hold({ step, message, ...time }: EffectOf<'hold'>): Promise<void> {
    const dueAtMs = 'untilMs' in time ? time.untilMs : this.runtime.clock.nowMs() + time.forMs;
    this.outputs.push(await renderHeld(message, step, dueAtMs, this.nextOrdinal(), this.outputContext));
  }

  private async reserve({ step, key, message, forMs }: EffectOf<'reserve'>): Promise<boolean> {
    const { root, acceptedAtMs } = message.properties;
    const dedupeKey = { flow: this.flow.name, step, key };
    const release = await this.runtime.reservations.reserve(dedupeKey, root);
    if (!release) return false;
    this.releases.push(release);
    this.dedupe.push({ ...dedupeKey, root, untilMs: Math.max(acceptedAtMs, this.runtime.clock.nowMs()) + forMs });
    return true;
  }

  /** A call whose reply an earlier attempt recorded is not made again. */
  private async call({ step, target, message, timeoutMs }: EffectOf<'call'>): Promise<unknown> {
    const { outbound } = target as OutboundTarget;
    const request = await renderRequest(target as OutboundTarget, message, message);
    const { root, variables } = message.properties;
    const callId = deriveId(
      root,
      this.work.delivery.id,
      step,
      JSON.stringify(variables['index'] ?? null),
      requestHash(request.body, request.options),
    );
    const known = this.recorded.get(callId);
    if (known) {
      const reply = await readReply(outbound, await loadBody(known.body, this.runtime.blobs));
      this.runtime.recalled?.(outbound, request.body, reply);
      return reply;
    }
    await this.keepDedupe();
    await this.state.beforeCall();
    const receipt = await this.runtime.send({
      outbound,
      message: {
        ...message,
        id: callId,
        body: request.body,
        ...(request.contentType === undefined ? {} : { dataContentType: request.contentType }),
      },
      deliveryId: callId,
      attempt: this.work.delivery.attempts + 1,
      options: request.options,
      signal: this.context.signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    const { body: replyBody, ...reply } = receipt.reply ?? { body: null };
    this.calls.push({
      delivery: this.work.delivery.id,
      call: callId,
      reply: { ...reply, body: await storeBody(replyBody, this.runtime.blobs) },
    });
    return readReply(outbound, replyBody);
  }

  /** Before a system learns of the message its keys are on disk: after a crash no other with such a key may be taken for the first. */
  private async keepDedupe(): Promise<void> {
    const dedupe = this.dedupe.slice(this.dedupeKept);
    if (dedupe.length === 0) return;
    try {
      await this.runtime.store.commit({ dedupe });
    } catch (error) {
      if (toMortiseError(error).code !== 'MORTISE_STORE_CONFLICT') throw error;
      throw new Unavailable('The dedupe key went to another message meanwhile.', { cause: error });
    }
    this.dedupeKept = this.dedupe.length;
  }

  private position(step: string): number {
    if (this.splitting !== undefined || this.savepoints > 0) return 0;
    this.splitting = step;
    const position = journalOf(this.work.delivery).position?.[step] ?? 0;
    // What stands before the split was committed with its first checkpoint, if there was one.
    if (position > 0) this.committed(position);
    return position;
  }

  /** Only the outermost split may: what a `try` holds back, or another split's part, is not to be committed alone. */
  private async checkpoint({ step, position }: EffectOf<'checkpoint'>): Promise<void> {
    if (this.splitting !== step || this.savepoints > 0) return;
    const written = this.context.checkpoint(this.gathered(), { [step]: position });
    this.state.session.handOver(written);
    this.work = await written;
    this.tellDues();
    this.committed(position);
  }

  /** Everything before the part at `position` is on disk. */
  private committed(position: number): void {
    this.ordinal = position * ordinalsPerPart;
    [this.outputs, this.calls] = [[], []];
    this.keys = undefined;
    this.state.committed(this.ordinal);
  }

  async commitBeside(also: Commit, handedOver: (written: Promise<unknown>) => void): Promise<void> {
    const written = this.context.checkpoint({ ...also, calls: this.calls }, journalOf(this.work.delivery).position ?? {});
    handedOver(written);
    this.work = await written;
  }

  async recordedValue(call: string): Promise<Json | undefined> {
    const known = this.recorded.get(call);
    return known && ((await loadBody(known.body, this.runtime.blobs)) as Json);
  }

  private ended(first: { readonly sent: StoredDelivery; readonly detail: string } | undefined): Outcome {
    const { revision } = this.flow;
    const also = this.gathered();
    const nothing = this.outputs.length === 0 && !this.reply && (this.work.delivery.outputs ?? 0) === 0;
    const state = this.filtered > 0 && nothing ? 'filtered' : 'done';
    if (!first) return { kind: 'ended', state, revision, also };
    also.deliveries = [first.sent];
    return { kind: 'ended', state, revision, also, detail: first.detail };
  }

  /**
   * One outbound, a deterministic flow: sends now and settles everything in one commit. After a failure it goes the long way: committed as rendered, then
   * sent again under the same id, by the outbound's own rules.
   */
  private sendFirst(): Promise<{ readonly sent: StoredDelivery; readonly detail: string } | undefined> | undefined {
    const [output, ...others] = this.outputs;
    const [delivery] = output?.deliveries ?? [];
    if (!this.flow.sendsFirst || !output?.sending || !delivery || others.length > 0 || (this.work.delivery.outputs ?? 0) > 0)
      return undefined;
    const { clock } = this.runtime;
    // One that is worth nothing any more is no failure of the system's: it ends by the outbound's own rules.
    if (output.message.expiresAtMs !== undefined && output.message.expiresAtMs <= clock.nowMs()) return undefined;
    const { revision } = this.flow;
    const request = { ...output.sending, deliveryId: delivery.id, attempt: 1, signal: this.context.signal };
    return this.runtime.send(request).then(
      ({ detail = 'sent' }) => ({
        sent: { ...delivery, state: 'done', attempts: 1, endedAtMs: clock.nowMs(), detail, revision },
        detail,
      }),
      () => undefined,
    );
  }

  private gathered(): Draft<Commit> {
    const { root } = this.work.message;
    const keys = this.keysOf(root);
    const { draws, changes, session } = this.state;
    const states = session.gather();
    const messages: StoredMessage[] = [];
    const deliveries: StoredDelivery[] = [];
    for (const output of this.outputs) {
      messages.push(output.message);
      for (const delivery of output.deliveries) deliveries.push(delivery);
    }
    const commit: Draft<Commit> = { messages, deliveries };
    if (keys.length > 0) commit.keys = keys;
    if (this.calls.length + draws.length > 0) commit.calls = [...this.calls, ...draws];
    if (states.length > 0) commit.states = states;
    if (changes.length > 0) commit.changes = changes;
    if (this.dedupe.length > this.dedupeKept) commit.dedupe = this.dedupe.slice(this.dedupeKept);
    if (this.reply) commit.replies = [{ root, reply: storedReply(this.reply) }];
    return commit;
  }
}

interface Savepoint {
  readonly outputs: number;
  readonly changes: number;
  readonly draws: number;
  readonly states: unknown;
}

/** Outputs of one part of a split are numbered within this: a part that is done again has the same numbers again. */
const ordinalsPerPart = 1_000_000;

function* end(): Run {
  // The message has come to the end of the flow.
}

function storedReply({ body, ...reply }: Reply): StoredReply {
  return { ...reply, body: { kind: 'json', text: JSON.stringify(body) } };
}

function requestHash(body: unknown, options: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(options ?? null));
  return hash.update(body instanceof Uint8Array ? body : (JSON.stringify(body) ?? '')).digest('hex');
}

export type { FlowTarget };
