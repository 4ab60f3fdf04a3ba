// What an answer, or its absence, means for the delivery: done, Unavailable, Busy, Rejected or InDoubt. Pure.

import { Busy, InDoubt, MortiseError, Rejected, Unavailable } from '@mortise/sdk';
import { isReading } from './request.ts';
import type { Answer, NoAnswer } from './sending.ts';
import { rateLimitMsOf, retryAfterMsOf } from './wait.ts';

/** How much of a refusal is kept for whoever looks into it. */
export const excerptBytesMax = 2048;

/** What was sent, in words: method and address; and the secrets that may not show. */
export interface Sent {
  readonly method: string;
  readonly address: string;
  readonly secrets: readonly string[];
}

/** What the option of an outbound says is the same for all its answers: read once. */
const rangesOf = new WeakMap<readonly string[], readonly (readonly [from: number, to: number])[]>();

/** Whether the status is one of those given: `201`, `2xx`, `200-204`. */
export function isSuccess(status: number, success: readonly string[]): boolean {
  let ranges = rangesOf.get(success);
  if (!ranges) rangesOf.set(success, (ranges = success.map(rangeOf)));
  return ranges.some(([from, to]) => status >= from && status <= to);
}

function rangeOf(given: string): readonly [from: number, to: number] {
  if (given.endsWith('xx')) return [Number(`${given[0]}00`), Number(`${given[0]}99`)];
  const [from = '', to = from] = given.split('-');
  return [Number(from), Number(to)];
}

/** The error for an answer that does not mean success. README.md gives the table. */
export function failureOf(answer: Answer, sent: Sent, nowMs: number): MortiseError {
  const { status } = answer;
  const message = `${sent.method} ${sent.address} was answered with HTTP ${status}.`;
  const details = { details: { status, answer: excerptOf(answer, sent.secrets) } };
  const busyMs = busyMsOf(answer, nowMs);
  if (busyMs !== undefined) return new Busy(message, busyMs, details);
  if (status === 429 || status === 503) return new Unavailable(message, details);
  if (status === 401 || status === 407)
    return new Unavailable(`${message} The credentials of the connection are refused.`, details);
  if (status === 408 || status === 425) return new Unavailable(message, details);
  if (status < 400) return new Rejected(`${message} That redirect is not followed: name the URL that it leads to.`, details);
  if (status < 500 || status === 501 || status === 505) return new Rejected(message, details);
  return isRepeatable(sent.method) ? new Unavailable(message, details) : new InDoubt(message, details);
}

/** The error for no answer at all. */
export function silenceOf({ wasSent, message, cause }: NoAnswer, { method, address }: Sent): MortiseError {
  const sentence = message.replace(/[.\s]*$/, '.');
  if (isInvalidRequest(cause)) return new Rejected(`${method} ${address} cannot be sent: ${sentence}`, { cause });
  const remedy = cause instanceof MortiseError ? { remedy: cause.remedy } : {};
  if (!wasSent) return new Unavailable(`${method} ${address} was not sent: ${sentence}`, { cause, ...remedy });
  if (isReading(method)) return new Unavailable(`${method} ${address} got no answer: ${sentence}`, { cause });
  return new InDoubt(`${method} ${address} was sent, but got no answer: ${sentence}`, { cause });
}

/**
 * How long the system asks to be left alone; undefined where it does not. What `Retry-After` says goes before the rate limits.
 * Some, GitHub among them, answer 403 where a limit is used up.
 */
function busyMsOf({ status, headers }: Answer, nowMs: number): number | undefined {
  if (status !== 429 && status !== 503 && status !== 403) return undefined;
  return retryAfterMsOf(headers['retry-after'], nowMs) ?? rateLimitMsOf(headers, nowMs);
}

/** Methods of which a second one has no second effect (RFC 9110, section 9.2.2). */
function isRepeatable(method: string): boolean {
  return isReading(method) || method === 'PUT' || method === 'DELETE';
}

function excerptOf({ body }: Answer, secrets: readonly string[]): string {
  const text = new TextDecoder().decode(body.subarray(0, excerptBytesMax));
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '(hidden)'), text);
}

/** A header that no header may be: nothing was sent, and nothing else would come of sending it again. */
function isInvalidRequest(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_INVALID_ARG';
}
