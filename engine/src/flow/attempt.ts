// One attempt of a flow on one message: drives the steps, performs what they ask for, gathers what is to be committed.

import { createHash } from 'node:crypto';
import type { Message, Reply } from '@mortise/sdk';
import { deriveId } from '../delivery/ids.ts';
import { journalOf, toMortiseError } from '../delivery/settle.ts';
import type { AttemptContext, Outcome, Work } from '../delivery/work.ts';
import { stepError } from '../step/errors.ts';
import { isPromise } from '../step/message.ts';
import type { Effect, FlowTarget, Run } from '../step/step.ts';
import type { Commit, StoredReply } from '../store/store.ts';
import { loadBody, storeBody, toMessage } from './body.ts';
import type { CompiledFlow, OutboundTarget, ResolvedTarget } from './compiled.ts';
import { readReply, renderHeld, renderOutput, renderRequest } from './outputs.ts';
import type { Output, OutputContext } from './outputs.ts';
import type { FlowRuntime } from './runtime.ts';

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

export class Attempt {
  private readonly flow: CompiledFlow;
  private readonly runtime: FlowRuntime;
  private readonly work: Work;
  private readonly context: AttemptContext;
  private readonly outputContext: OutputContext;
  private outputs: Output[] = [];
  private calls: NonNullable<Commit['calls']>[number][] = [];
  private dedupe: NonNullable<Commit['dedupe']>[number][] = [];
  private releases: (() => void)[] = [];
  private keys = new Map<string, string>();
  private reply: Reply | undefined;
  private recorded: ReadonlyMap<string, StoredReply> = new Map();
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
  }

  /** Runs to the end. Never rejects. Reserved keys are released when the outcome is settled. */
  async run(): Promise<Outcome> {
    const outcome = await this.outcome();
    const hasMore = this.releases.length > 0 || this.flow.replies || this.flow.entries.size > 0;
    return hasMore ? { ...outcome, settled: () => this.settled(outcome) } : outcome;
  }

  private async outcome(): Promise<Outcome> {
    const { revision } = this.flow;
    try {
      if (this.work.delivery.attempts > 0 || this.work.suspect)
        this.recorded = await this.runtime.store.read.calls(this.work.delivery.id);
      const loaded = loadBody(this.work.message.body, this.runtime.blobs);
      const message = toMessage(this.work.message, isPromise(loaded) ? await loaded : loaded);
      await this.drive(this.begin(message));
      return await this.finish();
    } catch (error) {
      return { kind: 'failed', error: toMortiseError(error), revision, also: { dedupe: this.dedupe, calls: this.calls } };
    }
  }

  private settled({ kind }: Outcome): void {
    for (const release of this.releases) release();
    const dues = this.outputs.flatMap(({ deliveries }) => deliveries.flatMap(({ dueAtMs }) => dueAtMs ?? []));
    for (const dueAtMs of dues) this.runtime.heldUntil(dueAtMs);
    // What is held goes on later, and may reply then.
    const isOver = kind === 'ended' && (this.reply !== undefined || dues.length === 0);
    if (this.flow.replies && isOver) this.runtime.replies.settle(this.work.message.root, this.reply);
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
        for (const [name, value] of Object.entries(effect.keys)) this.keys.set(name, value);
        return undefined;
      case 'filtered':
        this.filtered += 1;
        return undefined;
      case 'position':
        return this.position(effect.step);
      case 'checkpoint':
        return this.checkpoint(effect);
      case 'savepoint':
        this.savepoints += 1;
        return this.outputs.length;
      case 'rollback':
        this.outputs.length = effect.savepoint as number;
        return undefined;
      case 'release':
        this.savepoints -= 1;
        return undefined;
    }
  }

  private async output({ target, message }: EffectOf<'output'>): Promise<void> {
    this.outputs.push(await renderOutput(target as ResolvedTarget, message, String(this.ordinal++), this.outputContext));
  }

  private async hold({ step, message, forMs }: EffectOf<'hold'>): Promise<void> {
    const dueAtMs = this.runtime.clock.nowMs() + forMs;
    this.outputs.push(await renderHeld(message, step, dueAtMs, String(this.ordinal++), this.outputContext));
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
    if (known) return readReply(outbound, await loadBody(known.body, this.runtime.blobs));
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

  private position(step: string): number {
    if (this.splitting !== undefined || this.savepoints > 0) return 0;
    this.splitting = step;
    const position = journalOf(this.work.delivery).position?.[step] ?? 0;
    this.ordinal = position * ordinalsPerPart;
    return position;
  }

  /** Only the outermost split may: what a `try` holds back, or another split's part, is not to be committed alone. */
  private async checkpoint({ step, position }: EffectOf<'checkpoint'>): Promise<void> {
    if (this.splitting !== step || this.savepoints > 0) return;
    this.ordinal = position * ordinalsPerPart;
    await this.context.checkpoint(this.gathered(), { [step]: position });
    [this.outputs, this.calls] = [[], []];
    this.keys = new Map();
  }

  private async finish(): Promise<Outcome> {
    const { revision } = this.flow;
    const first = await this.sendFirst();
    const also = first?.commit ?? this.gathered();
    const nothing = this.outputs.length === 0 && !this.reply && (this.work.delivery.outputs ?? 0) === 0;
    const state = this.filtered > 0 && nothing ? 'filtered' : 'done';
    return { kind: 'ended', state, revision, also, ...(first ? { detail: first.detail } : {}) };
  }

  /** One outbound, a deterministic flow: sends now and settles everything in one commit. A failure becomes a delivery of its own. */
  private async sendFirst(): Promise<{ commit: Commit; detail: string } | undefined> {
    const [output, ...others] = this.outputs;
    const [delivery] = output?.deliveries ?? [];
    if (!this.flow.sendsFirst || !output?.sending || !delivery || others.length > 0 || (this.work.delivery.outputs ?? 0) > 0)
      return undefined;
    // One that is worth nothing any more is no failure of the system's: it ends by the outbound's own rules.
    if (output.message.expiresAtMs !== undefined && output.message.expiresAtMs <= this.runtime.clock.nowMs()) return undefined;
    try {
      const { detail = 'sent' } = await this.runtime.send({
        ...output.sending,
        deliveryId: delivery.id,
        attempt: 1,
        signal: this.context.signal,
      });
      const sent = {
        ...delivery,
        state: 'done' as const,
        attempts: 1,
        endedAtMs: this.runtime.clock.nowMs(),
        detail,
        revision: this.flow.revision,
      };
      return { commit: { ...this.gathered(), messages: [output.message], deliveries: [sent] }, detail };
    } catch {
      // It goes the long way now: committed as rendered, then sent again under the same id, by the outbound's own rules.
      return undefined;
    }
  }

  private gathered(): Commit {
    const { root } = this.work.message;
    const keys = [...this.keys].map(([name, value]) => ({ name, value, root }));
    return {
      messages: this.outputs.map((output) => output.message),
      deliveries: this.outputs.flatMap((output) => output.deliveries),
      ...(keys.length > 0 ? { keys } : {}),
      ...(this.calls.length > 0 ? { calls: this.calls } : {}),
      ...(this.dedupe.length > 0 ? { dedupe: this.dedupe } : {}),
      ...(this.reply ? { replies: [{ root, reply: storedReply(this.reply) }] } : {}),
    };
  }
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
