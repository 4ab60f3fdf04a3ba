// The http connector's inbound: webhooks on the inbound listener.

import { implementInbounds } from '@mortise/sdk';
import type { Accepted, HttpRequest, HttpResponse, InboundContextOf } from '@mortise/sdk';
import connector from './connector.ts';
import type { Verifier } from './verify/scheme.ts';
import { verifierOf } from './verify/schemes.ts';
import { keyOf, messageOf, readBody } from './webhook-message.ts';
import type { RequestBody } from './webhook-message.ts';
import { acceptedResponse, noReplyResponse, notAcceptedResponse, replyResponse, unverifiedResponse } from './webhook-response.ts';

type Context = InboundContextOf<typeof connector, 'webhook'>;

const empty = new Uint8Array();

export const inbounds = implementInbounds(connector, {
  async webhook(context) {
    const { method, path, verify } = context.options;
    const verifier = verifierOf(verify);
    const closing = new AbortController();
    const stopping = AbortSignal.any([context.signal, closing.signal]);
    const underWay = new Set<Promise<HttpResponse>>();
    const handle = async (request: HttpRequest) => {
      const response = respond(context, verifier, request, stopping);
      underWay.add(response);
      return response.finally(() => underWay.delete(response));
    };
    const route = context.http.route({ method, path, bodyBytesMax: context.messageBytesMax, handle });
    return {
      async close() {
        route.close();
        closing.abort();
        await Promise.allSettled(underWay);
      },
    };
  },
});

async function respond(context: Context, verifier: Verifier, request: HttpRequest, stopping: AbortSignal): Promise<HttpResponse> {
  const body = await verifiedBody(context, verifier, request);
  if (!body) return unverifiedResponse(verifier);
  try {
    const key = keyOf(request, body, context.options.idempotency, verifier);
    const message = messageOf(request, body, context.options, verifier);
    const accepted = await context.accept([message], key === undefined ? {} : { key });
    return await responseTo(accepted, request, context.options.replyTimeout, stopping);
  } catch (error) {
    const response = notAcceptedResponse(error);
    if (response) return response;
    throw error;
  }
}

/** The body, once the sender is known; undefined where it is not. What needs no body is verified before any is read. */
async function verifiedBody({ clock }: Context, verifier: Verifier, request: HttpRequest): Promise<RequestBody | undefined> {
  const { headers, parameters, query } = request;
  const isVerified = (body: Uint8Array) => verifier.verify({ headers, parameters, query, body, nowMs: clock.nowMs() });
  if (!verifier.needsBody) return isVerified(empty) ? readBody(request) : undefined;
  const body = await request.readBody();
  return isVerified(body) ? body : undefined;
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
