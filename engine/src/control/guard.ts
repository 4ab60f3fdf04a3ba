// Keeps strangers' pages out: the Host header against DNS rebinding, Origin and content type against forged requests.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { controlError } from './errors.ts';
import { isLoopback } from './loopback.ts';
import type { Tls } from './tls.ts';

export const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What every answer carries: nothing of the API is to be kept, sniffed, framed or run. */
export const answerHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Two years, as browsers' preload lists want at least one (RFC 6797). */
const strictTransport = { 'strict-transport-security': 'max-age=63072000' };

/** Runs before anything of a request is read. Throws what is answered. */
export function guard(tls: Pick<Tls, 'isFor'> | undefined) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.headers(answerHeaders);
    if (tls) reply.headers(strictTransport);
    const { host = '' } = request.headers;
    if (!isLoopback(hostNameOf(host)) && !tls?.isFor(hostNameOf(host))) {
      throw controlError(
        'MORTISE_CONTROL_HOST',
        `The request is for host "${host.slice(0, 100)}"; expected the listener's own address or localhost.`,
      );
    }
    refuseForeign(request, `${tls ? 'https://' : 'http://'}${host}`);
  };
}

function refuseForeign({ headers, method }: FastifyRequest, ownOrigin: string): void {
  const { origin, 'content-type': contentType = '' } = headers;
  if (origin !== undefined && origin !== ownOrigin)
    throw controlError('MORTISE_CONTROL_ORIGIN', `The request comes from ${origin.slice(0, 100)}; expected ${ownOrigin}.`);
  if (!readingMethods.has(method) && !/^application\/json(\s*;|$)/i.test(contentType)) {
    throw controlError(
      'MORTISE_CONTROL_CONTENT_TYPE',
      `The content type is "${contentType.slice(0, 100)}"; expected application/json.`,
    );
  }
}

/** Of a Host header (RFC 9110, section 7.2), without the port: a tunnel may have another one. */
function hostNameOf(host: string): string {
  return host.replace(/:\d*$/, '');
}
