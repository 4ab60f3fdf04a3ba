// A flow, compiled: what the engine runs.

import type { DurationRange, Message } from '@mortise/sdk';
import type { CompiledSteps, FlowTarget, StepExpression } from '../step/step.ts';
import type { ChannelDefinition, InboundDefinition, OutboundDefinition } from './definitions.ts';

/** The options of an outbound that depend on the message: a value, or a promise; undefined where none do. */
export type OptionsRenderer = (message: Message) => unknown;

interface TargetBase extends FlowTarget {
  /** Makes the body that goes there; the present body where absent. */
  readonly body?: StepExpression;
}

export interface ChannelTarget extends TargetBase {
  readonly kind: 'channel';
  readonly channel: ChannelDefinition;
}

export interface OutboundTarget extends TargetBase {
  readonly kind: 'outbound';
  readonly outbound: OutboundDefinition;
  readonly render: OptionsRenderer | undefined;
}

export type ResolvedTarget = ChannelTarget | OutboundTarget;

export type FlowFrom =
  | { readonly kind: 'channel'; readonly channel: ChannelDefinition }
  | { readonly kind: 'inbound'; readonly inbound: InboundDefinition };

export interface CompiledFlow {
  readonly name: string;
  /** As a destination of deliveries: `flow:NAME`. */
  readonly destination: string;
  readonly description?: string;
  /** A hash of all that decides what the flow does: recorded with every attempt. */
  readonly revision: string;
  readonly from: FlowFrom;
  readonly order?: { readonly by: StepExpression; readonly onDead: 'hold' | 'skip' };
  readonly retry: { readonly forMs: number; readonly backoff: DurationRange };
  readonly concurrency: number;
  readonly backlog?: number;
  readonly resume: boolean;
  readonly steps: CompiledSteps;
  readonly onDead: readonly ResolvedTarget[];
  /** Every target that the flow may reach. */
  readonly targets: readonly ResolvedTarget[];
  /** The ids of steps under which messages may be held. */
  readonly entries: ReadonlySet<string>;
  readonly replies: boolean;
  /** It registers what is to be undone. */
  readonly compensates: boolean;
  /** Its outcome is a function of the message alone, and a repeated send has no second effect: it may send before it settles. */
  readonly sendsFirst: boolean;
}
