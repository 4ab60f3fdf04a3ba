// An outbound of a system as a destination of deliveries.

import type { Json, MortiseError } from '@mortise/sdk';
import { InDoubt } from '@mortise/sdk';
import type { Breaker } from '../delivery/breaker.ts';
import type { RetryPolicy } from '../delivery/retry.ts';
import { toMortiseError } from '../delivery/settle.ts';
import type { AttemptContext, Destination, Outcome, Work } from '../delivery/work.ts';
import type { Commit, StoredDelivery } from '../store/store.ts';
import { loadBody, toMessage } from './body.ts';
import type { OutboundDefinition } from './definitions.ts';
import { deadLetterCopies } from './destination.ts';
import type { FlowRuntime } from './runtime.ts';
import type { Systems } from './systems.ts';

/** Where the flow that made the delivery is gone, it is retried as long as flows are by default. */
const defaultRetry: RetryPolicy = { forMs: 86_400_000, backoff: { fromMs: 1000, toMs: 300_000 } };

export class OutboundDestination implements Destination {
  readonly name: string;
  readonly concurrency: number;
  readonly breaker: Breaker;
  readonly suspects: 'run' | 'doubt';
  private readonly outbound: OutboundDefinition;
  private readonly systems: Systems;
  private readonly runtime: FlowRuntime;

  constructor(label: string, outbound: OutboundDefinition, systems: Systems, runtime: FlowRuntime) {
    this.name = label;
    this.outbound = outbound;
    this.systems = systems;
    this.runtime = runtime;
    this.concurrency = outbound.concurrency;
    this.breaker = systems.breaker(outbound.connection);
    this.suspects = outbound.onInDoubt === 'retry' ? 'run' : 'doubt';
  }

  standsStill(): boolean {
    return this.runtime.standstills.ofSystem(this.outbound.system) !== undefined;
  }

  retryPolicy({ flow }: StoredDelivery): RetryPolicy {
    return this.runtime.flow(flow)?.retry ?? defaultRetry;
  }

  holdsLane({ flow }: StoredDelivery): boolean {
    return this.runtime.flow(flow)?.order?.onDead === 'hold';
  }

  staysInDoubt(error: MortiseError): boolean {
    return this.suspects === 'doubt' && (error instanceof InDoubt || error.code === 'MORTISE_DELIVERY_POSSIBLY_SENT');
  }

  async onEnd(work: Work, state: 'dead' | 'invalid', error: MortiseError): Promise<Commit> {
    const flow = this.runtime.flow(work.delivery.flow);
    return flow && state === 'dead' ? deadLetterCopies(flow, work, error, this.runtime) : {};
  }

  async attempt(work: Work, context: AttemptContext): Promise<Outcome> {
    const { delivery, message } = work;
    try {
      const body = await loadBody(message.body, this.runtime.blobs);
      const { detail } = await this.systems.send({
        outbound: this.outbound,
        message: toMessage(message, body),
        deliveryId: delivery.id,
        attempt: delivery.attempts + 1,
        options: asOptions(delivery.options),
        signal: context.signal,
        begin: () => context.begin(),
      });
      const { flow } = delivery;
      const revision = this.runtime.flow(flow)?.revision;
      return {
        kind: 'ended',
        state: 'done',
        ...(detail === undefined ? {} : { detail }),
        ...(revision === undefined ? {} : { revision }),
      };
    } catch (error) {
      return { kind: 'failed', error: toMortiseError(error) };
    }
  }
}

function asOptions(options: Json | undefined): Readonly<Record<string, unknown>> | undefined {
  return options as Readonly<Record<string, unknown>> | undefined;
}
