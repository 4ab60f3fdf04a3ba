// A flow as a destination of deliveries.

import type { MortiseError } from '@mortise/sdk';
import { InDoubt } from '@mortise/sdk';
import { engineError } from '../delivery/errors.ts';
import { deriveId } from '../delivery/ids.ts';
import type { RetryPolicy } from '../delivery/retry.ts';
import { toMortiseError } from '../delivery/settle.ts';
import type { AttemptContext, Destination, Outcome, Work } from '../delivery/work.ts';
import type { Commit, StoredDelivery, StoredMessage } from '../store/store.ts';
import { Attempt } from './attempt.ts';
import { loadBody } from './body.ts';
import type { CompiledFlow, ResolvedTarget } from './compiled.ts';
import { newDelivery, publish, requireKey } from './outputs.ts';
import type { FlowRuntime } from './runtime.ts';
import { standingStill } from './standstills.ts';
import { compensationEntry, undoOf } from './undo.ts';

/** The source of copies that `onDead` made: such a copy that dies makes no further one. */
export const deadLetterOrigin = '/dead-letters/';

export class FlowDestination implements Destination {
  readonly name: string;
  readonly concurrency: number;
  readonly suspects = 'run';
  private readonly flow: CompiledFlow;
  private readonly runtime: FlowRuntime;

  constructor(flow: CompiledFlow, runtime: FlowRuntime) {
    this.flow = flow;
    this.runtime = runtime;
    this.name = flow.destination;
    this.concurrency = flow.concurrency;
  }

  standsStill(): boolean {
    return this.runtime.standstills.ofFlow(this.flow.name) !== undefined;
  }

  retryPolicy(): RetryPolicy {
    return this.flow.retry;
  }

  /** What is to be undone is undone in order: the next waits until a person has decided about one that is dead. */
  holdsLane({ entry }: StoredDelivery): boolean {
    return this.flow.order?.onDead === 'hold' || entry?.startsWith(compensationEntry) === true;
  }

  /** A call that may have taken effect, to a system that is not idempotent. */
  staysInDoubt(error: MortiseError): boolean {
    return error instanceof InDoubt && error.details['onInDoubt'] === 'hold';
  }

  async onEnd(work: Work, state: 'dead' | 'invalid', error: MortiseError): Promise<Commit> {
    this.runtime.replies.settle(work.message.root, undefined);
    const copies = state === 'dead' ? await deadLetterCopies(this.flow, work, error, this.runtime) : {};
    const undo = await undoOf(this.flow, work, error, this.runtime);
    const both = {
      messages: [...(copies.messages ?? []), ...(undo.messages ?? [])],
      deliveries: [...(copies.deliveries ?? []), ...(undo.deliveries ?? [])],
      states: undo.states ?? [],
    };
    return state === 'invalid' ? { ...both, released: [{ root: work.message.root, flow: this.flow.name }] } : both;
  }

  /** Without waiting for anything itself: what waits is in memory as often as attempts are under way. */
  attempt(work: Work, context: AttemptContext): Promise<Outcome> {
    if (this.requesterIsGone(work)) return this.abandoned(work);
    const standstill = this.runtime.standstills.ofDelivery(work.delivery);
    if (standstill) return Promise.resolve({ kind: 'failed', error: standingStill(standstill) });
    return this.isKeyless(work) ? this.attemptWithKey(work, context) : new Attempt(this.flow, this.runtime, work, context).run();
  }

  /** A message of a flow with order that has no lane: its key could not be told when it came, or the flow had no order then. */
  private isKeyless({ delivery }: Work): boolean {
    return this.flow.order !== undefined && delivery.lane === undefined && delivery.entry === undefined;
  }

  /** Once its key can be told. */
  private async attemptWithKey(work: Work, context: AttemptContext): Promise<Outcome> {
    try {
      await requireKey(this.flow, work.message, this.runtime.blobs);
    } catch (error) {
      return { kind: 'failed', error: toMortiseError(error), revision: this.flow.revision };
    }
    return new Attempt(this.flow, this.runtime, work, context).run();
  }

  private async abandoned(work: Work): Promise<Outcome> {
    const { revision } = this.flow;
    const gone = engineError('MORTISE_DELIVERY_ABANDONED', 'The requester was gone.');
    try {
      return { kind: 'ended', state: 'abandoned', revision, also: await undoOf(this.flow, work, gone, this.runtime) };
    } catch (error) {
      return { kind: 'failed', error: toMortiseError(error), revision };
    }
  }

  /** Of a flow that replies: nobody waits for the answer any more, as after a restart, and the flow does not resume. */
  private requesterIsGone({ delivery, message }: Work): boolean {
    if (!this.flow.replies || this.flow.resume) return false;
    const isRequest = delivery.parent === undefined && message.replayOf === undefined;
    return isRequest && !this.runtime.replies.isAwaited(message.root);
  }
}

/** Copies of a dead letter for the flow's `onDead`: the message as it was, with `$error` in the receiving flow. */
export async function deadLetterCopies(
  flow: CompiledFlow,
  work: Work,
  error: MortiseError,
  runtime: FlowRuntime,
): Promise<Commit> {
  if (flow.onDead.length === 0 || work.message.source.startsWith(deadLetterOrigin)) return {};
  const messages: StoredMessage[] = [];
  const deliveries: StoredDelivery[] = [];
  for (const [index, target] of flow.onDead.entries()) {
    const { message } = work;
    const about = { code: error.code, message: error.message, flow: flow.name, delivery: work.delivery.id };
    // What was tried again and is dead again leaves a copy each time.
    const id = deriveId(message.root, work.delivery.id, 'dead', index, work.delivery.attempts);
    const copy = {
      ...message,
      id,
      parent: message.id,
      source: `${deadLetterOrigin}${flow.name}`,
      variables: { ...message.variables, error: about },
    };
    messages.push(copy);
    deliveries.push(...(await deliveriesOf(target, copy, work, flow, runtime)));
  }
  return { messages, deliveries };
}

async function deliveriesOf(target: ResolvedTarget, copy: StoredMessage, work: Work, flow: CompiledFlow, runtime: FlowRuntime) {
  if (target.kind === 'channel')
    return publish(target.channel, copy, await loadBody(copy.body, runtime.blobs), runtime, work.delivery);
  return [newDelivery(copy, runtime, work.delivery, { destination: target.label, flow: flow.name })];
}
