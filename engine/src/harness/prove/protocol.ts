// What the prover and the engine that it kills say to each other.

import type { Answer, Given } from '../test-file.ts';

/** One message that is fed in, as often as it takes until it is acknowledged. */
export type Input =
  | { readonly kind: 'given'; readonly number: number; readonly flow: string; readonly given: Given }
  | {
      readonly kind: 'exported';
      readonly number: number;
      readonly target: { readonly flow: string } | { readonly channel: string };
      readonly message: ExportedMessage;
    };

/** A message as an export has it; bytes as base64. */
export interface ExportedMessage {
  readonly type: string;
  readonly subject?: string;
  readonly time?: string;
  readonly contentType?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly base64?: string;
}

/** Where a process dies by its own hand: at its n-th send, before the recorder has noted it, or after that and before the receipt. */
export interface SendKill {
  readonly at: 'before-arrival' | 'before-receipt';
  readonly send: number;
}

/** One life of the engine: from its start until it is killed, or stopped. */
export interface Life {
  readonly number: number;
  readonly folder: string;
  readonly environment?: string;
  /** Holds the data folder and what the recorders noted. */
  readonly workFolder: string;
  readonly seed: number;
  readonly sendKill?: SendKill;
  /** Whether sends fail now and then, by the seed. */
  readonly sendsFail: boolean;
  /** What outbounds reply, by `system.outbound`. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** How far the clock is ahead of the real one: what the lives before have skipped. */
  readonly aheadMs: number;
}

/** First the life, then inputs; `end` when no more of them come in this life; `stop` to end in order. */
export type ToEngine = { readonly life: Life } | { readonly input: Input } | { readonly end: true } | { readonly stop: true };

export type FromEngine =
  | { readonly ready: true }
  | { readonly acknowledged: number; readonly ids: readonly string[] }
  /** Nothing was stored: it did not fit, and its sender was told. */
  | { readonly refused: number; readonly why: string }
  | { readonly aheadMs: number }
  /** A person would have been asked, and says: again. */
  | { readonly retried: string; readonly state: string }
  /** Everything that was fed in has come to its end. */
  | { readonly drained: true };
