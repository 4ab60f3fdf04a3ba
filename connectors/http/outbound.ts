// The http connector's outbound: one request for each message, or one for each page of a list.

import { Rejected, implementOutbounds } from '@mortise/sdk';
import type { Clock, ConnectionValuesOf, Logger, Outgoing, Receipt, SendContext } from '@mortise/sdk';
import { refuseAddress } from './address.ts';
import { excerptBytesMax, failureOf, isSuccess, silenceOf } from './answer.ts';
import { openClient } from './client.ts';
import connector from './connector.ts';
import { authorizing, credentialsOf, follow, redirected } from './exchange.ts';
import type { Credentials, Send } from './exchange.ts';
import type { Paging } from './page.ts';
import { readPages } from './pages.ts';
import { addressOf, addressesOf, baseUrlOf, bodyOf, headersOf, hrefOf, isReading, secretsOf } from './request.ts';
import type { RequestOptions } from './request.ts';
import { NoAnswer } from './sending.ts';
import type { Address, Answer, Request } from './sending.ts';
import { readTls } from './tls.ts';

/** What an answer says to whoever asked, or of the connection that it came by: not for the flow. */
const withheldHeaders = new Set(['set-cookie', 'connection', 'keep-alive', 'transfer-encoding']);

/** What all sends of an outbound share. */
interface Wiring {
  readonly connection: ConnectionValuesOf<typeof connector>;
  readonly addressAt: (path: string) => Address;
  readonly send: Send;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: Logger;
}

export const outbounds = implementOutbounds(connector, {
  async request({ connection, clock, log }) {
    const base = baseUrlOf(connection);
    refuseAddress(base.hostname, connection);
    const client = openClient(connection, await readTls(connection.tls));
    const credentials = credentialsOf(connection, client, clock);
    const send = authorizing(client.send, base.origin, credentials);
    const wiring: Wiring = { connection, addressAt: addressesOf(base), send, credentials, clock, log };
    return {
      send: (message, context) => deliver(wiring, message, context),
      close: () => client.close(),
    };
  },
});

async function deliver(wiring: Wiring, message: Outgoing, context: SendContext<RequestOptions>): Promise<Receipt> {
  const request = requestOf(wiring, message, context);
  const { paging } = context.options;
  if (paging) return listOf(wiring, request, paging, context);
  const answer = await successOf(wiring, request, context, context.options.replyBytesMax);
  return answer.isCut ? receiptOfCut(wiring, request, answer, context) : receiptOf(answer);
}

function requestOf(wiring: Wiring, message: Outgoing, { options, deliveryId, trace }: SendContext<RequestOptions>): Request {
  const url = wiring.addressAt(options.path ?? '');
  const own = headersOf(wiring.connection, options, message, deliveryId);
  return { method: options.method, url, headers: trace ? { ...trace, ...own } : own, ...bodyOf(options, message) };
}

/** The answer, where it is one of success. Rejects with what the contract says of every other. */
function successOf(wiring: Wiring, request: Request, context: SendContext<RequestOptions>, bytesMax: number): Promise<Answer> {
  const { connection, credentials, send, clock } = wiring;
  const { success, redirectsMax } = context.options;
  const { signal } = context;
  const sent = () => ({
    method: request.method,
    address: addressOf(request.url),
    secrets: [...secretsOf(connection), ...(credentials.tokens?.secrets ?? [])],
  });
  const bytesMaxOf = (status: number) => (isSuccess(status, success) ? bytesMax : excerptBytesMax);
  const silent = (error: unknown): never => {
    throw error instanceof NoAnswer ? silenceOf(error, sent()) : error;
  };
  const successful = (answer: Answer): Answer => {
    if (!isSuccess(answer.status, success)) throw failureOf(answer, sent(), clock.nowMs());
    return answer;
  };
  return send(request, signal, bytesMaxOf).then((answer) => {
    const next = redirectsMax > 0 ? redirected(request, answer) : undefined;
    if (!next) return successful(answer);
    return follow(send, redirectsMax, request, next, signal, bytesMaxOf).then(successful, silent);
  }, silent);
}

async function listOf(wiring: Wiring, request: Request, paging: Paging, context: SendContext<RequestOptions>): Promise<Receipt> {
  if (request.method !== 'GET') throw new Rejected(`Pages cannot be read with ${request.method}: expected the method GET.`);
  const { replyBytesMax } = context.options;
  const read = async (url: URL, bytesMax: number) => {
    const answer = await successOf(wiring, { ...request, url }, context, bytesMax);
    if (answer.isCut) throw tooLong(request, replyBytesMax);
    return answer;
  };
  const { body, pages, items, status } = await readPages(read, new URL(hrefOf(request.url)), paging, replyBytesMax);
  const contentType = 'application/json';
  return {
    detail: `HTTP ${status}, ${items} items on ${pages} pages`,
    reply: { body, status, contentType, headers: { 'content-type': contentType } },
  };
}

/** Of what was only to be read, a part is of no use; what was done is done. */
function receiptOfCut(
  { log }: Wiring,
  request: Request,
  { status }: Answer,
  { options: { replyBytesMax }, deliveryId }: SendContext<RequestOptions>,
): Receipt {
  if (isReading(request.method)) throw tooLong(request, replyBytesMax);
  log.warn({ delivery: deliveryId, status, replyBytesMax }, 'The answer is too long for a reply and was dropped.');
  return { detail: `HTTP ${status}, its answer too long to be kept` };
}

function tooLong({ method, url }: Request, replyBytesMax: number): Rejected {
  return new Rejected(`${method} ${addressOf(url)} gave more than ${replyBytesMax} bytes: raise "replyBytesMax".`);
}

function receiptOf({ status, headers, body }: Answer): Receipt {
  const contentType = headers['content-type'];
  const shown: Record<string, string> = {};
  for (const name in headers) if (!withheldHeaders.has(name)) shown[name] = headers[name] as string;
  return {
    detail: `HTTP ${status}`,
    reply: { body, status, headers: shown, ...(contentType ? { contentType } : {}) },
  };
}
