// What flows need of the engine while they run.

import type { Clock, Logger, Message, Receipt } from '@mortise/sdk';
import type { Store } from '../store/store.ts';
import type { BlobFolder } from './body.ts';
import type { CompiledFlow } from './compiled.ts';
import type { OutboundDefinition } from './definitions.ts';
import type { Replies } from './replies.ts';
import type { Reservations } from './reservations.ts';
import type { Standstills } from './standstills.ts';
import type { States } from './states.ts';

export interface SendRequest {
  readonly outbound: OutboundDefinition;
  readonly message: Message;
  readonly deliveryId: string;
  readonly attempt: number;
  /** The options that were rendered for this message. */
  readonly options: Readonly<Record<string, unknown>> | undefined;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
  /** Called when the limits have let it through, right before it is sent; waited for where it gives a promise. */
  readonly begin?: () => Promise<unknown> | undefined;
}

export interface FlowRuntime {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly blobs: BlobFolder;
  readonly reservations: Reservations;
  readonly states: States;
  readonly replies: Replies;
  readonly standstills: Standstills;
  /** The flows that receive from a channel now. */
  subscribers(channel: string): readonly CompiledFlow[];
  /** The flow of that name, as it is now. */
  flow(name: string): CompiledFlow | undefined;
  /** Sends, once. Throws as an outbound does; `Unavailable` with `details.untilMs` where the system is left alone. */
  send(request: SendRequest): Promise<Receipt>;
  /** Told of each call that is answered by what an earlier attempt recorded. */
  recalled?(outbound: OutboundDefinition, request: unknown, reply: unknown): void;
  /** Told that a message is held, so that it is looked for then. */
  heldUntil(dueAtMs: number): void;
}
