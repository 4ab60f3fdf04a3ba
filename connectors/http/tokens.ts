// OAuth 2.0 access tokens (RFC 6749): asked for once for all who wait, kept while they are good, shown to nobody.

import { Busy, MortiseError, Rejected, Unavailable } from '@mortise/sdk';
import type { Clock, ConnectionValuesOf } from '@mortise/sdk';
import { excerptBytesMax } from './answer.ts';
import type connector from './connector.ts';
import { httpError } from './errors.ts';
import { addressOf } from './request.ts';
import { NoAnswer } from './sending.ts';
import type { Address, Answer, HttpClient, Request } from './sending.ts';
import { retryAfterMsOf } from './wait.ts';

type Auth = NonNullable<ConnectionValuesOf<typeof connector>['auth']>;
export type OAuth2 = Extract<Auth, { readonly oauth2: unknown }>['oauth2'];

/** How long before its end a token is no longer used: a request must arrive with it while it is good. */
const marginMsMax = 60_000;
/** Where the endpoint names no end (section 5.1), the token is asked for again after so long. */
const lifeMsUnlessNamed = 5 * 60_000;
const tokensHiddenMax = 8;
const askingMsMax = 30_000;
const answerBytesMax = 64 * 1024;
/** What the endpoint says where the configuration is at fault, and no waiting helps (section 5.2). */
const faultsOfConfiguration: readonly unknown[] = [
  'invalid_request',
  'invalid_scope',
  'unsupported_grant_type',
  'invalid_target',
];

interface Token {
  readonly text: string;
  readonly goodUntilMs: number;
}

export class Tokens {
  readonly #given: OAuth2;
  readonly #client: HttpClient;
  readonly #clock: Pick<Clock, 'nowMs'>;
  #token: Token | undefined;
  #asking: Promise<Token> | undefined;
  #refreshToken: string | undefined;
  #got: readonly string[] = [];

  /** Throws MORTISE_HTTP_URL_INVALID. */
  constructor(given: OAuth2, client: HttpClient, clock: Pick<Clock, 'nowMs'>) {
    checkUrl(given.tokenUrl);
    this.#given = given;
    this.#client = client;
    this.#clock = clock;
    this.#refreshToken = given.refreshToken;
  }

  /** Every text that may never show: of the configuration, and what was got since. */
  get secrets(): readonly string[] {
    const { clientSecret, refreshToken } = this.#given;
    return [clientSecret, refreshToken, this.#refreshToken, ...this.#got].filter((text): text is string => Boolean(text));
  }

  /** A token that is good. Throws `Unavailable`, `Busy` or `Rejected`: whatever waits for it has not been sent. */
  async get(signal: AbortSignal): Promise<string> {
    if (this.#token && this.#token.goodUntilMs > this.#clock.nowMs()) return this.#token.text;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    const { text } = await untilAborted(this.#asking, signal);
    return text;
  }

  /** The system did not take this token: the next one is asked for, unless that was done already. */
  refused(text: string): void {
    if (this.#token?.text === text) this.#token = undefined;
  }

  /** Asks for all who wait; none of them, when he goes, takes it from the others. */
  async #ask(): Promise<Token> {
    const request = requestFor(this.#given, this.#refreshToken);
    const answer = await this.#client
      .send(request, AbortSignal.timeout(askingMsMax), () => answerBytesMax)
      .catch((error: unknown) => {
        if (!(error instanceof NoAnswer)) throw error;
        throw new Unavailable(`${addressOf(request.url)} gave no token: ${error.message}`, remedyOf(error.cause));
      });
    const said = fieldsOf(answer);
    if (answer.status !== 200) throw refusalOf(answer, said, request.url, this.secrets, this.#clock.nowMs());
    const { access_token: text, refresh_token: next, token_type: type } = said;
    if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text) || (typeof type === 'string' && !/^bearer$/i.test(type))) {
      throw new Unavailable(`${addressOf(request.url)} answered without a bearer token that can be used.`);
    }
    if (typeof next === 'string' && next !== '' && this.#given.refreshToken !== undefined) this.#refreshToken = next;
    // Requests may still be under way with one that was replaced.
    this.#got = [text, ...this.#got].slice(0, tokensHiddenMax);
    this.#token = { text, goodUntilMs: this.#clock.nowMs() + lifeMsOf(said['expires_in']) };
    return this.#token;
  }
}

function requestFor(given: OAuth2, refreshToken: string | undefined): Request {
  const { tokenUrl, clientId, clientSecret, scope, parameters, clientAuth } = given;
  const isBasic = clientAuth === 'basic' && clientSecret !== undefined;
  const credentials = clientSecret === undefined ? { client_id: clientId } : { client_id: clientId, client_secret: clientSecret };
  const form = new URLSearchParams({
    ...parameters,
    ...(refreshToken === undefined ? { grant_type: 'client_credentials' } : { grant_type: 'refresh_token' }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(scope === undefined ? {} : { scope }),
    ...(isBasic ? {} : credentials),
  });
  // Both are encoded as in a form before they are joined (section 2.3.1).
  const basic = () => Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret ?? '')}`).toString('base64');
  return {
    method: 'POST',
    url: new URL(tokenUrl),
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(isBasic ? { authorization: `Basic ${basic()}` } : {}),
    },
    body: Buffer.from(form.toString()),
  };
}

function checkUrl(tokenUrl: string): void {
  const url = URL.parse(tokenUrl);
  if (url && !url.username && !url.password) return;
  throw httpError(
    'MORTISE_HTTP_URL_INVALID',
    'The "tokenUrl" is no URL, or holds credentials: expected that of a token endpoint.',
  );
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function fieldsOf({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Seconds, as a number or, against the standard, as text. A tenth of a short life is kept back, so that some of it is used. */
function lifeMsOf(expiresIn: unknown): number {
  const seconds = Number(typeof expiresIn === 'string' && expiresIn.trim() === '' ? Number.NaN : expiresIn);
  const lifeMs = expiresIn !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : lifeMsUnlessNamed;
  return lifeMs - Math.min(marginMsMax, lifeMs / 10);
}

function refusalOf(
  { status, headers }: Answer,
  said: Readonly<Record<string, unknown>>,
  url: Address,
  secrets: readonly string[],
  nowMs: number,
): MortiseError {
  const { error, error_description: description } = said;
  const words = [error, description].filter((text) => typeof text === 'string').join(': ');
  const shown = secrets.reduce((text, secret) => text.replaceAll(secret, '(hidden)'), words).slice(0, excerptBytesMax);
  const message = `${addressOf(url)} gave no token, but HTTP ${status}${shown ? ` (${shown})` : ''}.`;
  const retryAfterMs = status === 429 || status === 503 ? retryAfterMsOf(headers['retry-after'], nowMs) : undefined;
  if (retryAfterMs !== undefined) return new Busy(message, retryAfterMs);
  if (status === 400 && faultsOfConfiguration.includes(error))
    return new Rejected(`${message} The connection asks for what is not given.`);
  // Refused credentials are no fault of the message: it waits until they are mended.
  return new Unavailable(status >= 400 && status < 500 && status !== 429 ? `${message} The credentials are refused.` : message);
}

function remedyOf(cause: unknown): { readonly cause: unknown; readonly remedy?: string } {
  return cause instanceof MortiseError ? { cause, remedy: cause.remedy } : { cause };
}

async function untilAborted<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const end = () => reject(new NoAnswer(false, signal.reason));
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  try {
    return await Promise.race([waiting, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
