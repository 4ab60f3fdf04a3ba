// Tells OpenTelemetry of the way of messages: one trace from what came in to what went out, over channels and restarts.

import { AsyncLocalStorage } from 'node:async_hooks';
import { createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Attributes, Context, Span, Tracer as OpenTracer } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import type { IdGenerator, Sampler } from '@opentelemetry/sdk-trace';
import type { Clock, Receipt, TraceContext } from '@mortise/sdk';
import type { TracedSend, Tracer } from '../delivery/tracer.ts';
import type { Outcome, Work } from '../delivery/work.ts';
import type { StoredMessage } from '../store/store.ts';
import { spanIdOf, traceOf, traceParent } from './trace-context.ts';
import type { MessageTrace } from './trace-context.ts';

/** Gives the ids that were chosen for the span that is about to begin. */
export class ChosenIds implements IdGenerator {
  traceId = '';
  spanId = '';

  generateTraceId(): string {
    return this.traceId;
  }

  generateSpanId(): string {
    return this.spanId;
  }
}

export interface MessageTracerOptions {
  readonly tracer: OpenTracer;
  readonly ids: ChosenIds;
  /** Decides for journeys whose sender decided nothing; by the trace alone, so that it is the same for all their spans. */
  readonly sampler: Sampler;
  readonly clock: Clock;
}

interface SpanFacts {
  readonly name: string;
  readonly kind: SpanKind;
  readonly startedAtMs: number;
  readonly attributes: Attributes;
  readonly spanId: string;
  readonly parent: string | undefined;
}

/** The attempt that is made. */
interface Underway {
  readonly trace: MessageTrace;
  readonly spanId: string;
  readonly message: StoredMessage;
}

export class MessageTracer implements Tracer {
  private readonly options: MessageTracerOptions;
  private readonly underway = new AsyncLocalStorage<Underway>();

  constructor(options: MessageTracerOptions) {
    this.options = options;
  }

  accepted(message: StoredMessage, inbound: string, startedAtMs: number, code?: string): void {
    const own = traceOf(message);
    const span = this.begin(own, {
      name: `receive ${inbound}`,
      kind: SpanKind.CONSUMER,
      startedAtMs,
      attributes: { ...attributesOf(message, 'receive', 'receive'), 'messaging.destination.name': inbound },
      spanId: spanIdOf(message.id),
      parent: own.parent,
    });
    this.end(span, code);
  }

  async attempt(work: Work, attempt: () => Promise<Outcome>): Promise<Outcome> {
    const { delivery, message } = work;
    const isFlow = delivery.destination.startsWith('flow:');
    const number = delivery.attempts + 1;
    const own = traceOf(message);
    // Of an outbound the send itself is the attempt.
    const spanId = isFlow ? spanIdOf(delivery.id, number) : spanIdOf(delivery.id);
    const span =
      isFlow &&
      this.begin(own, {
        name: `process ${delivery.flow}`,
        kind: SpanKind.CONSUMER,
        startedAtMs: this.options.clock.nowMs(),
        attributes: { ...attributesOf(message, 'process', 'process'), ...deliveryAttributes(work), 'mortise.attempt': number },
        spanId,
        parent: spanIdOf(delivery.id),
      });
    const outcome = await this.underway.run({ trace: own, spanId, message }, attempt);
    if (span) this.end(span, outcome.kind === 'failed' ? outcome.error.code : undefined);
    return outcome;
  }

  ended(work: Work, state: string, code?: string): void {
    const { delivery, message } = work;
    const span = this.begin(traceOf(message), {
      name: `deliver ${delivery.destination}`,
      kind: SpanKind.INTERNAL,
      startedAtMs: delivery.createdAtMs,
      attributes: {
        ...attributesOf(message, 'deliver', 'settle'),
        ...deliveryAttributes(work),
        'mortise.state': state,
        'mortise.attempts': delivery.attempts + 1,
      },
      spanId: spanIdOf(delivery.id),
      parent: delivery.parent === undefined ? spanIdOf(message.id) : spanIdOf(delivery.parent),
    });
    this.end(span, code);
  }

  async send(
    { system, outbound, connector, deliveryId, attempt }: TracedSend,
    send: (trace: TraceContext | undefined) => Promise<Receipt>,
  ): Promise<Receipt> {
    const current = this.underway.getStore();
    if (!current) return send(undefined);
    const { trace: own, message } = current;
    const spanId = spanIdOf('send', deliveryId, attempt);
    const span = this.begin(own, {
      name: `send ${system}.${outbound}`,
      kind: SpanKind.CLIENT,
      startedAtMs: this.options.clock.nowMs(),
      attributes: {
        ...attributesOf(message, 'send', 'send'),
        'messaging.destination.name': `outbound:${system}.${outbound}`,
        'mortise.system': system,
        'mortise.connector': connector,
        'mortise.delivery.id': deliveryId,
        'mortise.attempt': attempt,
      },
      spanId,
      parent: current.spanId,
    });
    const told: TraceContext = {
      traceparent: traceParent(own.traceId, spanId, span !== undefined),
      ...(own.state === undefined ? {} : { tracestate: own.state }),
    };
    try {
      const receipt = await send(told);
      this.end(span, undefined);
      return receipt;
    } catch (error) {
      this.end(span, codeOf(error));
      throw error;
    }
  }

  /** Undefined where the trace is not sampled. */
  private begin(own: MessageTrace, { name, kind, startedAtMs, attributes, spanId, parent }: SpanFacts): Span | undefined {
    if (!this.isSampled(own)) return undefined;
    const { tracer, ids } = this.options;
    ids.traceId = own.traceId;
    ids.spanId = spanId;
    return tracer.startSpan(name, { kind, startTime: startedAtMs, attributes }, contextOf(own, parent));
  }

  private end(span: Span | undefined, code: string | undefined): void {
    if (!span) return;
    if (code !== undefined) {
      // Not the error's sentence: it may hold what is personal.
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(this.options.clock.nowMs());
  }

  private isSampled({ isSampled, traceId }: MessageTrace): boolean {
    if (isSampled !== undefined) return isSampled;
    const { decision } = this.options.sampler.shouldSample(ROOT_CONTEXT, traceId, '', SpanKind.INTERNAL, {}, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  }
}

function contextOf({ traceId, state }: MessageTrace, parent: string | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  const traceState = state === undefined ? {} : { traceState: createTraceState(state) };
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: parent,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
    ...traceState,
  });
}

/** OpenTelemetry's semantic conventions for messaging. */
function attributesOf({ id, root, type }: StoredMessage, name: string, kind: string): Attributes {
  return {
    'messaging.system': 'mortise',
    'messaging.operation.name': name,
    'messaging.operation.type': kind,
    'messaging.message.id': id,
    'messaging.message.conversation_id': root,
    'mortise.message.type': type,
  };
}

function deliveryAttributes({ delivery: { id, flow, destination } }: Work): Attributes {
  return { 'messaging.destination.name': destination, 'mortise.flow': flow, 'mortise.delivery.id': id };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
