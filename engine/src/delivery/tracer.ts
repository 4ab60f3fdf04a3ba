// What tells a tracing system of the way of messages, where the project has one; absent, it costs nothing.

import type { Receipt, TraceContext } from '@mortise/sdk';
import type { StoredMessage } from '../store/store.ts';
import type { Outcome, Work } from './work.ts';

/** One send: of an outbound's delivery, or of a step of a flow. */
export interface TracedSend {
  readonly system: string;
  readonly outbound: string;
  readonly connector: string;
  readonly deliveryId: string;
  readonly attempt: number;
}

export interface Tracer {
  /** A message is on disk. `code`: why it was refused. */
  accepted(message: StoredMessage, inbound: string, startedAtMs: number, code?: string): void;
  /** Makes an attempt. What is sent while it is made belongs to it. */
  attempt(work: Work, attempt: () => Promise<Outcome>): Promise<Outcome>;
  /** A delivery has ended, or waits for a person. */
  ended(work: Work, state: string, code?: string): void;
  /** Sends. What the receiving system is told of the trace is handed over. */
  send(what: TracedSend, send: (trace: TraceContext | undefined) => Promise<Receipt>): Promise<Receipt>;
}
