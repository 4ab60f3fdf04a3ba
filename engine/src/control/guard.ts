// Keeps strangers' pages out: the Host header against DNS rebinding, Origin and content type against forged requests.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { controlError } from './errors.ts';
import { isLoopback } from './loopback.ts';

export const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What every answer carries: nothing of the API is to be kept, sniffed, framed or run. */
const answerHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Runs before anything of a request is read. Throws what is answered. */
export async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.headers(answerHeaders);
  const { host = '', origin, 'content-type': contentType = '' } = request.headers;
  if (!isLoopback(hostNameOf(host))) {
    throw controlError(
      'MORTISE_CONTROL_HOST',
      `The request is for host "${host.slice(0, 100)}"; expected the listener's own address or localhost.`,
    );
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw controlError('MORTISE_CONTROL_ORIGIN', `The request comes from ${origin.slice(0, 100)}; expected http://${host}.`);
  }
  if (!readingMethods.has(request.method) && !/^application\/json(\s*;|$)/i.test(contentType)) {
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
