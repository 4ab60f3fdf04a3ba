// What people do with messages and deliveries: retry, replay, discard, send.

import type { Accepted, Json } from '@mortise/sdk';
import type { Dispatcher } from './delivery/dispatcher.ts';
import { engineError } from './delivery/errors.ts';
import { journalOf } from './delivery/settle.ts';
import { erased, loadBody } from './flow/body.ts';
import type { ChannelDefinition } from './flow/definitions.ts';
import { newDelivery, publish } from './flow/outputs.ts';
import { leavingOf } from './flow/leaving.ts';
import type { FlowRuntime } from './flow/runtime.ts';
import { undoLane } from './flow/undo.ts';
import { stepError } from './step/errors.ts';
import type { DeliveryState } from './store/delivery-state.ts';
import type { StoredDelivery, StoredMessage, WaitingDelivery } from './store/store.ts';

export interface OperationsOptions {
  readonly runtime: FlowRuntime;
  readonly dispatcher: Dispatcher;
  readonly newId: (nowMs: number) => string;
  /** Throws where nothing may be taken in. */
  readonly guard: () => void;
  channel(name: string): ChannelDefinition | undefined;
}

export class Operations {
  private readonly options: OperationsOptions;

  constructor(options: OperationsOptions) {
    this.options = options;
  }

  /**
   * Tries a delivery again that is dead, in doubt, or that a step found invalid: under the same ids, so that a receiver that
   * has it does not do it twice.
   */
  async retry(deliveryId: string): Promise<StoredDelivery> {
    const found = await this.find(deliveryId, ['dead', 'in-doubt', 'invalid'], 'retried');
    refuseUnread(found.delivery);
    if (found.message.body.kind === 'erased') throw erased();
    await this.refuseUndone(found);
    const { firstFailedAtMs: _first, ...journal } = journalOf(found.delivery);
    const { seq, state, destination } = found.delivery;
    this.options.dispatcher.announce(destination, seq);
    await this.options.runtime.store.commit({
      changes: [
        { seq, from: [state], state: 'waiting', dueAtMs: null, endedAtMs: null, holdsLane: false, journal: journal as Json },
      ],
    });
    const { dueAtMs: _due, endedAtMs: _ended, holdsLane: _holds, ...delivery } = found.delivery;
    const waiting: StoredDelivery = { ...delivery, state: 'waiting', journal: journal as Json };
    this.options.dispatcher.insert({ ...found, delivery: waiting, suspect: false });
    return waiting;
  }

  /**
   * Ends a delivery that nobody wants any more, with the reason. Its dedupe keys are released, its lane goes on; if it belonged
   * to a group it leaves it, and what it registered to be undone is undone.
   */
  async discard(deliveryId: string, reason: string): Promise<StoredDelivery> {
    const { delivery, message } = await this.find(deliveryId, ['dead', 'in-doubt', 'waiting', 'held'], 'discarded');
    const { runtime, dispatcher } = this.options;
    const endedAtMs = runtime.clock.nowMs();
    const loop = dispatcher.loop(delivery.destination);
    if (delivery.state === 'waiting') loop?.backlog.remove(delivery.seq);
    const change = {
      seq: delivery.seq,
      from: [delivery.state],
      state: 'discarded' as const,
      endedAtMs,
      detail: reason,
      holdsLane: false,
    };
    const { also, session } = await leavingOf({ delivery, message }, runtime);
    const undone = also.deliveries?.length ?? 0;
    const ended = undone === 0 ? change : { ...change, outputs: (delivery.outputs ?? 0) + undone };
    const written = dispatcher.commit({
      ...also,
      changes: [ended, ...(also.changes ?? [])],
      released: [{ root: message.root, flow: delivery.flow }],
    });
    session.handOver(written);
    await written;
    for (const { dueAtMs } of also.changes ?? []) if (dueAtMs) runtime.heldUntil(dueAtMs);
    if (delivery.lane !== undefined) loop?.releaseLane(delivery.lane, delivery.seq);
    return { ...delivery, state: 'discarded', endedAtMs, detail: reason };
  }

  /** Sends a message through again, as a new one: to where it went before, or to one flow of these only. */
  async replay(messageId: string, flow?: string): Promise<{ readonly id: string; readonly deliveries: number }> {
    const { runtime, dispatcher, newId } = this.options;
    const former = await runtime.store.read.message(messageId);
    if (!former) throw notFound(messageId);
    if (former.body.kind === 'erased') throw erased();
    const deliveries = await runtime.store.read.deliveriesOf(messageId);
    const before = deliveries.filter((delivery) => flow === undefined || delivery.flow === flow);
    before.forEach(refuseUnread);
    const nowMs = runtime.clock.nowMs();
    const id = newId(nowMs);
    const { parent: _parent, expiresAtMs: _expires, ...rest } = former;
    const message: StoredMessage = { ...rest, id, root: id, replayOf: messageId, acceptedAtMs: nowMs };
    const again = (await Promise.all(before.map((delivery) => this.again(delivery, message)))).flat();
    if (again.length === 0)
      throw engineError(
        'MORTISE_DELIVERY_WRONG_STATE',
        `Message ${messageId} went nowhere${flow ? ` in flow ${flow}` : ''}: there is nothing to replay.`,
      );
    // Who finds the former by a business key finds this one too: to look at it, to hold it, to erase it.
    const keys = Object.entries(message.keys).map(([name, value]) => ({ name, value, root: id }));
    await dispatcher.commit({ messages: [message], deliveries: again, keys });
    return { id, deliveries: again.length };
  }

  /** Puts a message into a channel, as if a flow had published it. */
  async publish(name: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Accepted> {
    const { runtime, dispatcher, newId } = this.options;
    const channel = this.options.channel(name);
    if (!channel)
      throw engineError('MORTISE_DELIVERY_NO_DESTINATION', `There is no channel "${name}".`, {
        remedy: 'Name a channel or an inbound of the project: mortise flows lists them.',
      });
    this.options.guard();
    const faults = channel.model?.check(body);
    if (faults) {
      const sentence = faults.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
      throw stepError('MORTISE_STEP_INVALID', `Channel ${name} takes ${channel.model?.name}: ${sentence}`);
    }
    const nowMs = runtime.clock.nowMs();
    const id = newId(nowMs);
    const base = {
      id,
      root: id,
      source: `/channels/${name}`,
      type: `${name}.sent`,
      time: new Date(nowMs).toISOString(),
      headers,
      keys: {},
      variables: {},
    };
    const message: StoredMessage = { ...base, acceptedAtMs: nowMs, body: { kind: 'json', text: JSON.stringify(body) } };
    const commit = { messages: [message], deliveries: await publish(channel, message, body, runtime, undefined) };
    await dispatcher.commit(commit);
    return { id, duplicate: false };
  }

  /** What it did was undone: done again under the same ids, it would be swallowed. */
  private async refuseUndone({ delivery, message }: WaitingDelivery): Promise<void> {
    const { store, flow } = this.options.runtime;
    if (!flow(delivery.flow)?.compensates) return;
    const lane = undoLane(delivery.id);
    const { deliveries } = await store.read.journey(message.root);
    if (!deliveries.some((one) => one.lane === lane)) return;
    throw engineError('MORTISE_DELIVERY_WRONG_STATE', `What delivery ${delivery.id} did has been undone.`, {
      remedy: `Replay message ${message.id}: it goes through again as a new one.`,
    });
  }

  private async again(delivery: StoredDelivery, message: StoredMessage): Promise<readonly StoredDelivery[]> {
    const { runtime } = this.options;
    const { destination, flow, lane, options } = delivery;
    if (destination.startsWith('channel:')) {
      const channel = this.options.channel(destination.slice('channel:'.length));
      return channel ? publish(channel, message, await loadBody(message.body, runtime.blobs), runtime, undefined) : [];
    }
    const same = { destination, flow, ...(lane === undefined ? {} : { lane }), ...(options === undefined ? {} : { options }) };
    return [newDelivery(message, runtime, undefined, same)];
  }

  private async find(id: string, states: readonly DeliveryState[], what: string): Promise<WaitingDelivery> {
    const found = await this.options.runtime.store.read.delivery({ id });
    if (!found) throw notFound(id);
    const { state } = found.delivery;
    if (!states.includes(state)) {
      throw engineError('MORTISE_DELIVERY_WRONG_STATE', `Delivery ${id} is ${state}; only ${states.join(', ')} can be ${what}.`);
    }
    return found;
  }
}

/** What was refused when it came was never read: what is kept are raw bytes, which no flow can work on. */
export function refuseUnread({ message, state, attempts, error }: StoredDelivery): void {
  if (state !== 'invalid' || attempts > 0) return;
  throw engineError(
    'MORTISE_DELIVERY_WRONG_STATE',
    // The code, not the text: that may quote what a person wrote, and who retries may not see bodies.
    `Message ${message} was refused when it came: ${error?.code ?? 'it could not be read'}.`,
    {
      remedy:
        'Save its body with "mortise message ID --body", mend it, and send it with "mortise send"; or have its sender mend it.',
    },
  );
}

export function notFound(id: string): Error {
  return engineError('MORTISE_DELIVERY_NOT_FOUND', `There is no message or delivery ${id}.`);
}
