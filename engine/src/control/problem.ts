// Answers of the API that say no: RFC 9457 problem details, with Mortise's code and remedy.

import { STATUS_CODES } from '../listen/node-http.ts';
import { Busy, MortiseError, Unavailable } from '@mortise/sdk';
import type { Logger } from '@mortise/sdk';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { controlError } from './errors.ts';

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Always about:blank: "code" says what it is.' }),
    title: Type.String({ description: 'The status in words.' }),
    status: Type.Integer(),
    code: Type.String({ description: 'The stable code, as MORTISE_DELIVERY_NOT_FOUND.' }),
    detail: Type.String({ description: 'What was found, and what was expected.' }),
    remedy: Type.String({ description: 'What to do.' }),
  },
  { additionalProperties: true, description: 'A problem (RFC 9457).' },
);
export type Problem = Static<typeof Problem>;

const statuses: Readonly<Record<string, number>> = {
  MORTISE_CONTROL_HOST: 403,
  MORTISE_CONTROL_ORIGIN: 403,
  MORTISE_CONTROL_CONTENT_TYPE: 415,
  MORTISE_CONTROL_REQUEST: 400,
  MORTISE_CONTROL_NO_ROUTE: 404,
  MORTISE_CONTROL_NO_CONSOLE: 404,
  MORTISE_CONTROL_CHANGED: 409,
  MORTISE_CONTROL_PRECONDITION: 412,
  MORTISE_CONTROL_NOT_WRITABLE: 403,
  MORTISE_CONTROL_BODY_TOO_LARGE: 413,
  MORTISE_CONTROL_UNKNOWN: 404,
  MORTISE_CONTROL_BODY: 400,
  MORTISE_CONTROL_NO_REPLY: 504,
  MORTISE_CONTROL_REFUSED: 422,
  MORTISE_CONTROL_STREAMS: 503,
  MORTISE_ACCESS_LOGIN_NEEDED: 401,
  MORTISE_ACCESS_WRONG_LOGIN: 401,
  MORTISE_ACCESS_SECOND_FACTOR: 401,
  MORTISE_ACCESS_SECOND_PERSON: 409,
  MORTISE_ACCESS_SIGN_ON: 403,
  MORTISE_ACCESS_REFUSED: 403,
  MORTISE_ACCESS_CSRF: 403,
  MORTISE_ACCESS_CODE_VOID: 403,
  MORTISE_ACCESS_UNKNOWN: 404,
  MORTISE_ACCESS_TAKEN: 409,
  MORTISE_ACCESS_CHANGED: 412,
  MORTISE_ACCESS_PASSWORD_WEAK: 422,
  MORTISE_ACCESS_THROTTLED: 429,
  MORTISE_ACCESS_SECRETS_KEY: 503,
  MORTISE_DELIVERY_NOT_FOUND: 404,
  MORTISE_DELIVERY_NO_DESTINATION: 404,
  MORTISE_DELIVERY_WRONG_STATE: 409,
  MORTISE_DELIVERY_UNDELIVERED: 409,
  MORTISE_DELIVERY_KEEPS: 409,
  MORTISE_DELIVERY_ERASED: 410,
  MORTISE_STEP_INVALID: 422,
  MORTISE_ENGINE_PROJECT_BROKEN: 422,
  MORTISE_ENGINE_ORPHANS: 409,
  MORTISE_ENGINE_ROUTE_TAKEN: 409,
  MORTISE_PROJECT_MISSING: 422,
  MORTISE_STORE_CONFLICT: 409,
  MORTISE_STORE_SLOW_QUESTION: 503,
  MORTISE_STORE_BACKUP_TARGET: 409,
  MORTISE_STORE_LOG_IN_USE: 503,
  MORTISE_STORE_FAILED: 503,
  MORTISE_STORE_CLOSED: 503,
};

/** Answers whatever was thrown. What nobody foresaw goes to the log, not to the requester. */
export function errorHandler(log: Logger) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void => {
    const known = knownError(error);
    if (!known)
      log.error(
        { event: 'control.failed', err: error, method: request.method, path: request.routeOptions.url },
        'A request to the API could not be answered.',
      );
    const told = known ?? controlError('MORTISE_CONTROL_FAULT', 'The request could not be answered; the log says why.');
    if (error instanceof Busy) reply.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
    const { retryAfterSeconds } = told.details;
    if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds));
    sendProblem(reply, statusOf(told), told);
  };
}

export function noRoute(request: FastifyRequest): never {
  throw controlError('MORTISE_CONTROL_NO_ROUTE', `There is no ${request.method} ${request.url.split('?')[0]?.slice(0, 200)}.`);
}

/** With the type about:blank the title is the status in words (RFC 9457, section 4.2.1). */
function sendProblem(reply: FastifyReply, status: number, { code, message, remedy, details }: MortiseError): void {
  const problem: Problem = {
    ...details,
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail: message,
    remedy,
  };
  void reply.code(status).type('application/problem+json').send(JSON.stringify(problem));
}

function statusOf(error: MortiseError): number {
  if (error instanceof Busy || error instanceof Unavailable) return 503;
  if (error.code.startsWith('MORTISE_FORMAT_')) return 400;
  return statuses[error.code] ?? 500;
}

function knownError(error: FastifyError | Error): MortiseError | undefined {
  if (error instanceof MortiseError) return error;
  const code = 'code' in error ? error.code : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return controlError('MORTISE_CONTROL_BODY_TOO_LARGE', 'The body is longer than 32 MiB.');
  if (!('statusCode' in error) || error.statusCode === undefined || error.statusCode >= 500) return undefined;
  return controlError('MORTISE_CONTROL_REQUEST', error.message);
}
