// Entity tags: a change may name the version that it is of, and is refused where that is not the one that is there.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { controlError } from './errors.ts';

/** RFC 9110, section 8.8.3. */
export function tag(reply: FastifyReply, version: number | string): void {
  void reply.header('etag', `"${version}"`);
}

/**
 * RFC 9110, section 13.1.1. A change that names no version is of whatever is there. Throws MORTISE_CONTROL_PRECONDITION. `version` is
 * undefined where there is nothing yet.
 */
export function requireMatch(
  { headers }: Pick<FastifyRequest, 'headers'>,
  what: string,
  version: number | string | undefined,
): void {
  const wanted = headers['if-match'];
  if (wanted === undefined || (wanted.trim() === '*' && version !== undefined)) return;
  if (version !== undefined && wanted.split(',').some((one) => one.trim() === `"${version}"`)) return;
  const there = version === undefined ? 'is not there' : `has the version "${version}"`;
  throw controlError('MORTISE_CONTROL_PRECONDITION', `${what} ${there}; the request is of ${wanted.slice(0, 100)}.`);
}
