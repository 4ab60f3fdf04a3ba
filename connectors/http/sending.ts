// What is sent, what comes back, and who does it: types that all parts of the outbound share.

import type { BodyStream } from '@mortise/sdk';

export type RequestMethod = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Where a request goes: a URL, or the parts of one that nobody had to parse. */
export interface Address {
  readonly origin: string;
  readonly hostname: string;
  readonly pathname: string;
  /** With its "?", or empty. */
  readonly search: string;
}

/** A request, ready to be sent. */
export interface Request {
  readonly method: RequestMethod;
  readonly url: Address;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | BodyStream;
  /** Another host has sent us here: it may not choose where our credentials are shown. */
  readonly isAnonymous?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body is longer than was to be read; the rest was not read. */
  readonly isCut: boolean;
}

/** No answer came. */
export class NoAnswer extends Error {
  /** Whether a part of the request may have left. */
  readonly wasSent: boolean;

  constructor(wasSent: boolean, cause: unknown) {
    super(reasonOf(cause), { cause });
    this.name = 'NoAnswer';
    this.wasSent = wasSent;
  }
}

export interface HttpClient {
  /** Sends, and reads as much of the answer's body as `bytesMaxOf` its status says. Throws `NoAnswer`. */
  send(request: Request, signal: AbortSignal, bytesMaxOf: (status: number) => number): Promise<Answer>;
  close(): Promise<void>;
}

/** What several attempts at several addresses failed with is several errors, under an empty message. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  return cause instanceof Error && cause.message ? cause.message : String(cause);
}
