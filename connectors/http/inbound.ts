// The http connector's inbound: webhooks on the inbound listener.

import { implementInbounds } from '@mortise/sdk';
import type { AcceptOptions, Accepted, HttpRequest, HttpResponse, InboundContextOf } from '@mortise/sdk';
import connector from './connector.ts';
import type { Verifier } from './verify/scheme.ts';
import { verifierOf } from './verify/schemes.ts';
import { decodedBody, keyOf, messageOf, readBody } from './webhook-message.ts';
import type { RequestBody, SenderKey } from './webhook-message.ts';
import {
  acceptedResponse,
  keyInUseResponse,
  noReplyResponse,
  notAcceptedResponse,
  replyResponse,
  unverifiedResponse,
} from './webhook-response.ts';

type Context = InboundContextOf<typeof connector, 'webhook'>;

/** One webhook. */
interface Hook {
  readonly context: Context;
  readonly verifier: Verifier;
  readonly stopping: AbortSignal;
  /** The Idempotency-Keys of requests that are not answered yet. */
  readonly keysInUse: Set<string>;
  /** Requests that are not answered yet. */
  underWay: number;
  /** Called when none is any more. */
  ended(): void;
}

const empty = new Uint8Array();

export const inbounds = implementInbounds(connector, {
  async webhook(context) {
    const { method, path, verify } = context.options;
    const closing = new AbortController();
    const ended = Promise.withResolvers<void>();
    const hook: Hook = {
      context,
      verifier: verifierOf(verify),
      stopping: AbortSignal.any([context.signal, closing.signal]),
      keysInUse: new Set(),
      underWay: 0,
      ended: () => closing.signal.aborted && ended.resolve(),
    };
    const handle = (request: HttpRequest) => respond(hook, request);
    const route = context.http.route({ method, path, bodyBytesMax: context.messageBytesMax, handle });
    return {
      async close() {
        route.close();
        closing.abort();
        if (hook.underWay > 0) await ended.promise;
      },
    };
  },
});

/** One function for all of it: each that waits for another is in memory as often as requests are under way. */
async function respond(hook: Hook, request: HttpRequest): Promise<HttpResponse> {
  const { context, verifier, stopping, keysInUse } = hook;
  const { options, messageBytesMax } = context;
  let ownKey: string | undefined;
  hook.underWay += 1;
  try {
    const body = await verifiedBody(context, verifier, request);
    if (!body) return unverifiedResponse(verifier);
    const key = keyOf(request, body, options.idempotency, verifier);
    if (key?.isIdempotencyKey) {
      if (keysInUse.has(key.key)) return keyInUseResponse();
      keysInUse.add((ownKey = key.key));
    }
    const isCoded = request.headers['content-encoding'] !== undefined;
    const plain = isCoded ? await decodedBody(request, body, messageBytesMax) : body;
    const accepted = await context.accept([messageOf(request, plain, options, verifier)], onceFor(key));
    return await responseTo(accepted, request, options.replyTimeout, stopping);
  } catch (error) {
    const response = notAcceptedResponse(error);
    if (response) return response;
    throw error;
  } finally {
    if (ownKey !== undefined) keysInUse.delete(ownKey);
    hook.underWay -= 1;
    if (hook.underWay === 0) hook.ended();
  }
}

function onceFor(key: SenderKey | undefined): AcceptOptions {
  return key === undefined ? {} : { key: key.key, ...(key.isIdempotencyKey ? { sameBody: true } : {}) };
}

/** The body, once the sender is known; undefined where it is not. What needs no body is verified before any is read. */
function verifiedBody(context: Context, verifier: Verifier, request: HttpRequest): Promise<RequestBody | undefined> | undefined {
  if (verifier.needsBody)
    return request.readBody().then((body) => (isVerified(context, verifier, request, body) ? body : undefined));
  return isVerified(context, verifier, request, empty) ? readBody(request) : undefined;
}

function isVerified({ clock }: Context, verifier: Verifier, request: HttpRequest, body: Uint8Array): boolean {
  const { headers, parameters, query } = request;
  return verifier.verify({ headers, parameters, query, body, nowMs: clock.nowMs() });
}

async function responseTo(
  accepted: readonly Accepted[],
  request: HttpRequest,
  timeoutMs: number,
  stopping: AbortSignal,
): Promise<HttpResponse> {
  const replying = accepted.find((one) => one.reply);
  if (!replying?.reply || accepted.some((one) => one.refused)) return acceptedResponse(accepted);
  const reply = await untilAborted(replying.reply.wait(timeoutMs), [request.signal, stopping]);
  if (!reply && request.signal.aborted) replying.reply.abandon();
  return reply ? replyResponse(reply) : noReplyResponse(replying.id);
}

/** What `waiting` gives; undefined as soon as one of the signals is aborted. */
async function untilAborted<T>(waiting: Promise<T>, signals: readonly AbortSignal[]): Promise<T | undefined> {
  if (signals.some((signal) => signal.aborted)) return undefined;
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const end = () => resolve(undefined);
  for (const signal of signals) signal.addEventListener('abort', end);
  try {
    return await Promise.race([waiting, aborted]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', end);
  }
}
