// OAuth 2.0 against a real token endpoint: when tokens are asked for, how often, and what becomes of requests without one.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MortiseError } from '@mortise/sdk';
import { expectNoSecrets, manualClock, openOutboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { ManualClock, OutboundHarness } from '@mortise/sdk/testing';
import { ping } from './client.ts';
import connector from './connector.ts';
import { outbounds } from './outbound.ts';
import { startTestSystem } from './test-system.fixture.ts';
import type { TestAnswer, TestSystem } from './test-system.fixture.ts';

const secrets = { SECRET: 'client:sécret+', REFRESH: 'refresh-token-1' };

let system: TestSystem;
let clock: ManualClock;
let opened: OutboundHarness[];
/** The one token that the system takes. */
let good: string;
let issued: number;
/** What the token endpoint answers; a new token each time unless set. */
let tokenAnswer: () => TestAnswer;

beforeEach(async () => {
  [system, clock, opened, issued, good] = [await startTestSystem(), manualClock(), [], 0, 'token-1'];
  tokenAnswer = () => json({ access_token: `token-${++issued}`, token_type: 'Bearer', expires_in: 3600 });
  system.answer = ({ url, headers }) => {
    if (url === '/token') return tokenAnswer();
    return headers.authorization === `Bearer ${good}` ? { status: 200 } : { status: 401, body: `not ${headers.authorization}` };
  };
});

afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await system.close();
});

function json(body: object, status = 200, headers: Record<string, string> = {}): TestAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

async function outbound(given: object = {}): Promise<OutboundHarness> {
  const oauth2 = { tokenUrl: `${system.proxy.url}/token`, clientId: 'us & them', clientSecret: 'env:SECRET', ...given };
  const connection = { url: `${system.url}/api`, auth: { oauth2 } };
  const one = await openOutboundForTest({ connector, outbounds, name: 'request', connection, secrets, clock });
  opened.push(one);
  return one;
}

async function failure(sending: Promise<unknown>): Promise<MortiseError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MortiseError)) throw new Error(`Expected a failure of the contract, found ${String(error)}.`);
  expectNoSecrets([...Object.values(secrets), 'token-1', 'token-2'], error, ...opened.map(({ log }) => log.lines));
  return error;
}

const asked = () => system.received.filter(({ url }) => url === '/token');
const sent = () => system.received.filter(({ url }) => url !== '/token');

describe('a token', () => {
  it('is asked for with client credentials, and shown to the system', async () => {
    const one = await outbound({ scope: 'orders:write', parameters: { audience: 'crm' } });
    expect((await one.send('{}', {})).detail).toBe('HTTP 200');
    const [request] = asked();
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'orders:write',
      audience: 'crm',
    });
    // Encoded as in a form first: RFC 6749, section 2.3.1.
    const basic = Buffer.from('us+%26+them:client%3As%C3%A9cret%2B').toString('base64');
    expect(request?.headers).toMatchObject({
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    });
  });

  it('is asked for with the credentials in the body where that is said, or where there is no secret', async () => {
    await (await outbound({ clientAuth: 'body' })).send('', {});
    good = 'token-2';
    await (await outbound({ clientSecret: undefined })).send('', {});
    const bodies = asked().map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(bodies).toEqual([
      { grant_type: 'client_credentials', client_id: 'us & them', client_secret: secrets.SECRET },
      { grant_type: 'client_credentials', client_id: 'us & them' },
    ]);
    for (const { headers } of asked()) expect(headers).not.toHaveProperty('authorization');
  });

  it('is asked for with the refresh token, and with the next one that came with it', async () => {
    tokenAnswer = () => json({ access_token: `token-${++issued}`, expires_in: 60, refresh_token: `refresh-token-${issued + 1}` });
    const one = await outbound({ refreshToken: 'env:REFRESH' });
    await one.send('', {});
    clock.advance(60_000);
    good = 'token-2';
    await one.send('', {});
    const forms = asked().map(({ body }) => new URLSearchParams(body));
    expect(forms.map((form) => form.get('refresh_token'))).toEqual(['refresh-token-1', 'refresh-token-2']);
    expect(forms.map((form) => form.get('grant_type'))).toEqual(['refresh_token', 'refresh_token']);
  });

  it('is kept until shortly before its end', async () => {
    const one = await outbound();
    await one.send('', {});
    clock.advance(3_539_000);
    await one.send('', {});
    expect(asked()).toHaveLength(1);
    clock.advance(1000);
    good = 'token-2';
    await one.send('', {});
    expect(asked()).toHaveLength(2);
  });

  it.each([
    [30, 27_000],
    ['30', 27_000],
    [undefined, 270_000],
    ['soon', 270_000],
    [-1, 270_000],
    ['', 270_000],
  ])('that is good for %j s is used for %i ms', async (life, usedMs) => {
    tokenAnswer = () => json({ access_token: `token-${++issued}`, expires_in: life });
    const one = await outbound();
    await one.send('', {});
    clock.advance(usedMs - 1);
    await one.send('', {});
    expect(issued).toBe(1);
    clock.advance(1);
    good = 'token-2';
    await one.send('', {});
    expect(issued).toBe(2);
  });

  it('is asked for once, however many wait', async () => {
    const one = await outbound();
    await Promise.all(Array.from({ length: 20 }, (_, n) => one.send(String(n), {})));
    expect([asked().length, sent().length]).toEqual([1, 20]);
  });

  it('is still asked for when one of those who wait goes', async () => {
    await system.proxy.set({ mode: 'stall', direction: 'toClient', afterBytes: 0 });
    const one = await outbound();
    const going = new AbortController();
    const [gone, staying] = [failure(one.send('1', {}, { signal: going.signal })), one.send('2', {})];
    await waitUntil('the token is asked for', () => asked().length === 1);
    going.abort();
    expect((await gone).name).toBe('Unavailable');
    await system.proxy.set({ mode: 'pass' });
    await staying;
    expect(sent().map(({ body }) => body)).toEqual(['2']);
    expect(asked()).toHaveLength(1);
  });

  it('that the system refuses is asked for anew, once, for all', async () => {
    const one = await outbound();
    await one.send('first', {});
    good = 'token-2';
    await Promise.all(['a', 'b', 'c'].map((body) => one.send(body, {})));
    expect(asked()).toHaveLength(2);
    expect(
      system.taken
        .filter(({ url }) => url !== '/token')
        .map(({ body }) => body)
        .toSorted(),
    ).toEqual(['a', 'b', 'c', 'first']);
  });

  it('that is refused again is Unavailable, and no secret shows', async () => {
    good = 'none';
    const error = await failure((await outbound()).send('', {}));
    expect([error.name, error.message]).toEqual(['Unavailable', expect.stringContaining('credentials')]);
    expect(error.details['answer']).toBe('not Bearer (hidden)');
    expect([asked().length, sent().length]).toEqual([2, 2]);
  });

  it('is asked for by whoever asks after the system', async () => {
    const oauth2 = {
      tokenUrl: `${system.url}/token`,
      clientId: 'us',
      clientSecret: 's',
      parameters: {},
      clientAuth: 'basic',
    } as const;
    const limits = { allowLinkLocal: false, allowPrivate: true, keepAlive: 1000, connectTimeout: 5000, headers: {} };
    const said = await ping({ ...limits, url: system.url, auth: { oauth2 } }, AbortSignal.timeout(5000));
    expect(said).toBe(`${system.url}/ answers with HTTP 200`);
  });
});

describe('without a token', () => {
  const cases: readonly (readonly [number, object, Record<string, string>, string])[] = [
    [400, { error: 'invalid_client' }, {}, 'Unavailable'],
    [401, { error: 'invalid_client' }, {}, 'Unavailable'],
    [400, { error: 'invalid_grant', error_description: `${secrets.REFRESH} is over` }, {}, 'Unavailable'],
    [400, { error: 'unauthorized_client' }, {}, 'Unavailable'],
    [400, { error: 'invalid_scope' }, {}, 'Rejected'],
    [400, { error: 'unsupported_grant_type' }, {}, 'Rejected'],
    [403, {}, {}, 'Unavailable'],
    [404, {}, {}, 'Unavailable'],
    [429, {}, {}, 'Unavailable'],
    [429, {}, { 'retry-after': '7' }, 'Busy'],
    [503, {}, { 'retry-after': '7' }, 'Busy'],
    [500, {}, {}, 'Unavailable'],
    [302, {}, { location: '/other' }, 'Unavailable'],
    [200, {}, {}, 'Unavailable'],
    [200, { access_token: '' }, {}, 'Unavailable'],
    [200, { access_token: 'a\r\nb: c' }, {}, 'Unavailable'],
    [200, { access_token: 1 }, {}, 'Unavailable'],
    [200, { access_token: 'token-1', token_type: 'mac' }, {}, 'Unavailable'],
    [200, [], {}, 'Unavailable'],
  ];

  it.each(cases)('%i with %j %j means %s, and nothing is sent', async (status, body, headers, meaning) => {
    tokenAnswer = () => json(body, status, headers);
    const error = await failure((await outbound({ refreshToken: 'env:REFRESH' })).send('', {}));
    expect(error.name).toBe(meaning);
    expect(error).toMatchObject(meaning === 'Busy' ? { retryAfterMs: 7000 } : {});
    expect(sent()).toHaveLength(0);
  });

  it('no answer means Unavailable, and the next request asks again', async () => {
    const one = await outbound();
    await system.proxy.set({ mode: 'cut', direction: 'toClient', afterBytes: 0 });
    expect((await failure(one.send('', {}))).name).toBe('Unavailable');
    await system.proxy.set({ mode: 'pass' });
    good = 'token-2';
    expect((await one.send('', {})).detail).toBe('HTTP 200');
  });

  it('nobody is there means Unavailable', async () => {
    await system.proxy.set({ mode: 'refuse' });
    expect((await failure((await outbound()).send('', {}))).name).toBe('Unavailable');
  });

  it('an endpoint at a refused address is not asked', async () => {
    const error = await failure((await outbound({ tokenUrl: 'http://169.254.169.254/token' })).send('', {}));
    expect([error.name, error.message]).toEqual(['Unavailable', expect.stringContaining('169.254.169.254')]);
  });

  it.each(['http://', 'http://us:pass@login.example'])('there is none at %s', async (tokenUrl) => {
    expect((await failure(outbound({ tokenUrl }))).code).toBe('MORTISE_HTTP_URL_INVALID');
  });
});
