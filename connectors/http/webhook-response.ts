// What the sender of a webhook is answered: 202 with the ids, a problem (RFC 9457), or the flow's reply.

import { Busy, Unavailable } from '@mortise/sdk';
import type { Accepted, HttpResponse, Refusal, Reply } from '@mortise/sdk';
import { UndecodableBody, acceptEncoding } from './content-coding.ts';
import { httpError } from './errors.ts';
import type { Verifier } from './verify/scheme.ts';

/** Set by the listener itself. */
const framingHeaders = ['connection', 'content-length', 'transfer-encoding'];

export function acceptedResponse(accepted: readonly Accepted[]): HttpResponse {
  const conflict = accepted.find((one) => one.conflict);
  if (conflict) return keyReusedResponse(conflict.id);
  const refused = accepted.find((one) => one.refused);
  if (refused?.refused) return refusedResponse(refused.id, refused.refused, accepted);
  const [only] = accepted;
  const body = accepted.length === 1 && only ? { id: only.id, duplicate: only.duplicate } : { ids: accepted.map(({ id }) => id) };
  return { status: 202, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** 401 without a word about what is wrong: whoever is let in knows. */
export function unverifiedResponse({ challenge }: Verifier): HttpResponse {
  return problem(401, 'Unauthorized', {}, challenge ? { 'www-authenticate': challenge } : {});
}

/** The answer to an `accept` that failed; undefined where the error is not one that the contract knows. */
export function notAcceptedResponse(error: unknown): HttpResponse | undefined {
  if (error instanceof Busy) {
    const retryAfter = Math.max(1, Math.ceil(error.retryAfterMs / 1000));
    return problem(
      503,
      'Service Unavailable',
      { detail: 'Nothing is taken at the moment: come again later.' },
      { 'retry-after': String(retryAfter) },
    );
  }
  if (error instanceof UndecodableBody) {
    return error.isUnknown
      ? problem(415, 'Unsupported Media Type', { detail: error.message }, { 'accept-encoding': acceptEncoding })
      : problem(400, 'Bad Request', { detail: error.message });
  }
  return error instanceof Unavailable ? problem(503, 'Service Unavailable', { detail: 'The engine stops.' }) : undefined;
}

export function replyResponse(reply: Reply): HttpResponse {
  const status = isFinalStatus(reply.status) ? reply.status : 200;
  const headers = Object.entries(reply.headers ?? {}).filter(([name]) => !framingHeaders.includes(name.toLowerCase()));
  if (reply.body === undefined) return { status, headers: Object.fromEntries(headers) };
  const { body, contentType } = encoded(reply);
  return { status, headers: { ...Object.fromEntries(headers), 'content-type': contentType }, body };
}

/** No reply in time. The message is accepted all the same, under this id. */
export function noReplyResponse(id: string): HttpResponse {
  return problem(504, 'Gateway Timeout', { detail: 'The message was accepted, but no reply came in time.', id });
}

/** The first request with this Idempotency-Key is not answered yet (draft-ietf-httpapi-idempotency-key-header-07, section 2.6). */
export function keyInUseResponse(): HttpResponse {
  const error = httpError('MORTISE_HTTP_KEY_IN_USE', 'The first request with this Idempotency-Key is still being answered.');
  return problem(409, 'Conflict', { code: error.code, detail: error.message }, { 'retry-after': '1' });
}

/** What came under an Idempotency-Key is not what came before (the same). */
function keyReusedResponse(id: string): HttpResponse {
  const error = httpError('MORTISE_HTTP_KEY_REUSED', 'Another body came under this Idempotency-Key before.');
  return problem(422, 'Unprocessable Content', { code: error.code, detail: error.message, id });
}

function refusedResponse(id: string, refusal: Refusal, accepted: readonly Accepted[]): HttpResponse {
  const { code, message: detail, position } = refusal;
  const ids = accepted.length > 1 ? { ids: accepted.map((one) => one.id) } : {};
  const facts = { code, detail, ...(position ? { position } : {}), id, ...ids };
  return code.startsWith('MORTISE_FORMAT_') ? problem(400, 'Bad Request', facts) : problem(422, 'Unprocessable Content', facts);
}

function encoded({ body, contentType }: Reply): { body: string | Uint8Array; contentType: string } {
  if (body instanceof Uint8Array) return { body, contentType: contentType ?? 'application/octet-stream' };
  if (typeof body === 'string' && contentType && !/\bjson\b/i.test(contentType)) return { body, contentType };
  return { body: JSON.stringify(body), contentType: contentType ?? 'application/json' };
}

function isFinalStatus(status: number | undefined): status is number {
  return status !== undefined && Number.isInteger(status) && status >= 200 && status <= 599;
}

function problem(status: number, title: string, facts: object, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, ...facts }),
  };
}
