// Runs one hop of a journey again: on today's or another revision of its flow, with its own or another body, without sending twice.

import type { MortiseError } from '@mortise/sdk';
import type { Dispatcher } from './delivery/dispatcher.ts';
import { engineError } from './delivery/errors.ts';
import { deriveId } from './delivery/ids.ts';
import { erased } from './flow/body.ts';
import type { CompiledFlow } from './flow/compiled.ts';
import { newDelivery } from './flow/outputs.ts';
import { attemptAgain, rehearse, shownBody } from './flow/rehearsal.ts';
import type { FlowRuntime, SendRequest } from './flow/runtime.ts';
import { FormerOutputs } from './former-outputs.ts';
import type { Verdict } from './former-outputs.ts';
import { notFound, refuseUnread } from './operations.ts';
import type { Operations } from './operations.ts';
import type { Commit, StoredBody, StoredDelivery, StoredMessage, WaitingDelivery } from './store/store.ts';

export interface AgainOptions {
  readonly runtime: FlowRuntime;
  readonly dispatcher: Dispatcher;
  readonly newId: (nowMs: number) => string;
  readonly operations: Pick<Operations, 'retry'>;
}

export interface AgainAsk {
  /** The flow as it was on another revision. */
  readonly flow?: CompiledFlow;
  /** In place of the body that is stored. */
  readonly body?: StoredBody;
  /** Whether outbounds that succeeded, and calls whose replies are recorded, are asked again. */
  readonly outbounds: 'skip-done' | 'all';
  readonly preview: boolean;
}

/** `left`: what it became is still under way, or succeeded in part: it is run again at its own hop. */
export interface AgainOutput {
  readonly to: string;
  readonly body: unknown;
  readonly what: 'sent' | 'skipped' | 'left';
}

export interface AgainView {
  /** Retried under the same ids, replayed as the message `id`, or nothing was or is done. */
  readonly how: 'retried' | 'replayed' | 'nothing';
  readonly id?: string;
  readonly revision?: string;
  readonly outcome: string;
  readonly error?: MortiseError;
  /** What came of the hop before. */
  readonly before: readonly { readonly to: string; readonly body: unknown }[];
  readonly outputs: readonly AgainOutput[];
}

const whatOf: Readonly<Record<Verdict, AgainOutput['what']>> = {
  none: 'sent',
  failed: 'sent',
  done: 'skipped',
  open: 'left',
  mixed: 'left',
};

export class HopRunner {
  private readonly options: AgainOptions;

  constructor(options: AgainOptions) {
    this.options = options;
  }

  /** Throws MORTISE_DELIVERY_NOT_FOUND, MORTISE_DELIVERY_WRONG_STATE, MORTISE_DELIVERY_KEEPS. */
  async run(id: string, ask: AgainAsk): Promise<AgainView> {
    const { runtime } = this.options;
    const found = await runtime.store.read.delivery({ id });
    if (!found) throw notFound(id);
    if (!ask.body) refuseUnread(found.delivery);
    if (!ask.body && found.message.body.kind === 'erased') throw erased();
    const { destination } = found.delivery;
    if (destination.startsWith('outbound:')) return this.outboundHop(found, ask);
    const flow = destination.startsWith('flow:') ? (ask.flow ?? runtime.flow(destination.slice('flow:'.length))) : undefined;
    if (flow) return this.flowHop(found, flow, ask);
    throw engineError('MORTISE_DELIVERY_NO_DESTINATION', `${destination} is no flow and no outbound of the project.`);
  }

  private async outboundHop(found: WaitingDelivery, { body, outbounds, preview }: AgainAsk): Promise<AgainView> {
    const { delivery, message } = found;
    const [before, after] = await Promise.all([message.body, body ?? message.body].map((one) => this.shown(one)));
    const isOpen = delivery.state === 'waiting' || delivery.state === 'held';
    const what = isOpen ? 'left' : delivery.state === 'done' && outbounds === 'skip-done' ? 'skipped' : 'sent';
    const to = delivery.destination;
    const view = { outcome: 'done', before: [{ to, body: before }], outputs: [{ to, body: after, what } as const] };
    if (preview || what !== 'sent') return { how: 'nothing', ...view };
    return { ...(await this.retryOrReplay(found, body)), ...view };
  }

  private async flowHop(found: WaitingDelivery, flow: CompiledFlow, ask: AgainAsk): Promise<AgainView> {
    const { runtime } = this.options;
    const { delivery, message } = found;
    const former = await FormerOutputs.of(found, runtime.store.read);
    const before = await Promise.all(former.outputs.map(async (one) => ({ to: one.to, body: await this.shown(one.body) })));
    const rehearsed = await rehearse(flow, runtime, { delivery, message: { ...message, body: ask.body ?? message.body } });
    const verdicts = former.matcher();
    const view = {
      revision: flow.revision,
      outcome: rehearsed.outcome,
      ...(rehearsed.error ? { error: rehearsed.error } : {}),
      before,
      outputs: rehearsed.outputs.map((output) => {
        const verdict = ask.outbounds === 'all' ? 'none' : former.verdictOfMessage(verdicts, output.to);
        return { ...output, what: whatOf[verdict] };
      }),
    };
    if (ask.preview) return { how: 'nothing', ...view };
    const isToday = runtime.flow(flow.name)?.revision === flow.revision;
    const hasCalls = (await runtime.store.read.calls(delivery.id)).size > 0;
    const mayRunWhole = ask.outbounds === 'all' || (!former.hasDone && !hasCalls);
    const isRetry = isRetryable(delivery) && !ask.body;
    if (isToday && (isRetry || mayRunWhole)) return { ...view, ...(await this.retryOrReplay(found, ask.body)) };
    return { ...view, ...(await this.computed(found, flow, ask, former)) };
  }

  /** The engine runs it, with all that this brings: attempts, order, dead letters. */
  private async retryOrReplay(found: WaitingDelivery, body: StoredBody | undefined): Promise<Pick<AgainView, 'how' | 'id'>> {
    const { runtime, dispatcher, operations } = this.options;
    const { delivery } = found;
    if (!body && isRetryable(delivery)) {
      await operations.retry(delivery.id);
      return { how: 'retried', id: delivery.message };
    }
    const message = this.replayOf(found, body);
    const { destination, flow, lane, options } = delivery;
    const same = { destination, flow, ...(lane === undefined ? {} : { lane }), ...(options === undefined ? {} : { options }) };
    await dispatcher.commit({
      messages: [message],
      deliveries: [newDelivery(message, runtime, undefined, same)],
      keys: keysOf(message),
    });
    return { how: 'replayed', id: message.id };
  }

  /** The hop is run here and now; what comes out of it and was not delivered before is committed as its outputs. */
  private async computed(
    found: WaitingDelivery,
    flow: CompiledFlow,
    { body, outbounds }: AgainAsk,
    former: FormerOutputs,
  ): Promise<Pick<AgainView, 'how' | 'id' | 'outcome' | 'error'>> {
    const { runtime, dispatcher } = this.options;
    const message = this.replayOf(found, body);
    const { destination } = found.delivery;
    const ended = { destination, flow: flow.name, state: 'done' as const, attempts: 1, revision: flow.revision };
    const delivery = newDelivery(message, runtime, undefined, { ...ended, endedAtMs: runtime.clock.nowMs() });
    const isAll = outbounds === 'all';
    // Under the former ids the replies are found that were recorded; what goes out has ids of its own.
    const work = isAll ? { delivery, message } : { ...found, message: { ...found.message, body: message.body } };
    const call = (request: SendRequest) =>
      runtime.send(isAll ? request : { ...request, deliveryId: deriveId(message.id, request.deliveryId) });
    const outcome = await attemptAgain(flow, runtime, work, call);
    if (outcome.kind === 'failed') return { how: 'nothing', outcome: 'failed', error: outcome.error };
    const { also = {}, state } = outcome;
    refuseKept(flow, also);
    const matcher = former.matcher();
    const wanted = (also.deliveries ?? []).filter((one) => isAll || whatOf[former.verdict(matcher, one.destination)] === 'sent');
    if (wanted.length === 0) return { how: 'nothing', outcome: state };
    const commit = renamed({ ...also, deliveries: wanted }, work, { message, delivery });
    await dispatcher.commit({
      messages: [message, ...commit.messages],
      deliveries: [{ ...delivery, state: state === 'done' ? 'done' : 'filtered', outputs: wanted.length }, ...commit.deliveries],
      keys: [...keysOf(message), ...(also.keys ?? []).map((key) => ({ ...key, root: message.id }))],
      calls: (also.calls ?? []).map((one) => ({ ...one, delivery: delivery.id })),
    });
    return { how: 'replayed', id: message.id, outcome: state };
  }

  private replayOf({ message: former }: WaitingDelivery, body = former.body): StoredMessage {
    const nowMs = this.options.runtime.clock.nowMs();
    const id = this.options.newId(nowMs);
    const { parent: _parent, expiresAtMs: _expires, ...rest } = former;
    return { ...rest, id, root: id, replayOf: former.id, acceptedAtMs: nowMs, body };
  }

  private async shown(body: StoredBody): Promise<unknown> {
    return body.kind === 'erased' ? null : shownBody(body, this.options.runtime.blobs);
  }
}

function isRetryable({ state, attempts }: StoredDelivery): boolean {
  return state === 'dead' || state === 'in-doubt' || (state === 'invalid' && attempts > 0);
}

function keysOf({ keys, id }: StoredMessage): NonNullable<Commit['keys']> {
  return Object.entries(keys).map(([name, value]) => ({ name, value, root: id }));
}

/** Throws MORTISE_DELIVERY_KEEPS. */
function refuseKept(flow: CompiledFlow, { states = [], changes = [] }: Commit): void {
  if (states.length === 0 && changes.length === 0) return;
  throw engineError(
    'MORTISE_DELIVERY_KEEPS',
    `Flow ${flow.name} keeps something (${states.map(({ step }) => step).join(', ')}): a part of it cannot be run by itself.`,
  );
}

/** Messages and deliveries as those of another journey, each under an id that follows from its former one. */
function renamed(
  { messages = [], deliveries = [] }: Commit,
  from: { readonly message: StoredMessage; readonly delivery: StoredDelivery },
  to: { readonly message: StoredMessage; readonly delivery: StoredDelivery },
): { readonly messages: readonly StoredMessage[]; readonly deliveries: readonly StoredDelivery[] } {
  const { id: root, acceptedAtMs } = to.message;
  const idOf = (id: string): string => (id === from.message.id ? root : deriveId(root, id));
  const carried = new Set(deliveries.map(({ message }) => message));
  return {
    messages: messages
      .filter(({ id }) => carried.has(id))
      .map(({ expiresAtMs: _expires, ...one }) => ({ ...one, id: idOf(one.id), root, parent: root, acceptedAtMs })),
    deliveries: deliveries.map((one) => ({
      ...one,
      id: deriveId(root, one.id),
      message: idOf(one.message),
      parent: to.delivery.id,
    })),
  };
}
