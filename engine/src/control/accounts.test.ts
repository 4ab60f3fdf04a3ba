// Logging in: the first administrator, passwords, sessions and their cookies, forged requests, tokens, and what ends when.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statSync } from 'node:fs';
import { totpCode } from '../access/totp.ts';
import { join } from 'node:path';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { UserView, WhoView } from './people-views.ts';

const password = 'correct horse battery';
let running: RunningHost;
let base: string;

beforeEach(async () => {
  running = await runHost();
  base = `http://${running.host.addresses.control}`;
});
afterEach(() => running.close());

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

async function ask<Body = { code?: string }>(path: string, { method, headers = {}, body }: Asked = {}) {
  const response = await fetch(`${base}${path}`, {
    method: method ?? (body ? 'POST' : 'GET'),
    headers: { 'content-type': 'application/json', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as Body };
}

/** What a browser sends after such an answer. */
function pageOf({ headers, body }: { readonly headers: Headers; readonly body: WhoView }) {
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { cookie, 'x-mortise-csrf': body.csrf ?? '' };
}

async function addUser(name: string, grants: object[]): Promise<void> {
  const added = await running.post('/api/v1/users', { name, password, grants });
  expect(added.status).toBe(200);
}

async function logIn(name: string) {
  return pageOf(await ask<WhoView>('/api/v1/login', { body: { name, password } }));
}

function codeOf(link: string | undefined): string {
  return link?.split('=')[1] ?? '';
}

describe('the first start', () => {
  it('gives a link by which the first administrator is made, once', async () => {
    const link = running.host.setupLink();
    expect(link).toMatch(new RegExp(`^${base}/#setup=[\\w-]{43}$`));
    const code = codeOf(link);
    const weak = await ask('/api/v1/setup', { body: { code, name: 'ann', password: 'ann-ann-ann-ann' } });
    expect([weak.status, weak.body.code]).toEqual([422, 'MORTISE_ACCESS_PASSWORD_WEAK']);
    const both = ['ann', 'ann'].map((name) => ask<WhoView>('/api/v1/setup', { body: { code, name, password } }));
    const answers = (await Promise.all(both)).toSorted((a, b) => a.status - b.status);
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
    const [made] = answers as [(typeof answers)[number]];
    expect(made.body).toMatchObject({ kind: 'session', user: 'ann', grants: [{ role: 'admin' }, { role: 'body-reader' }] });
    expect((await ask('/api/v1/users', { headers: pageOf(made) })).status).toBe(200);
    const again = await ask('/api/v1/setup', { body: { code, name: 'bob', password } });
    expect([again.status, again.body.code]).toEqual([403, 'MORTISE_ACCESS_CODE_VOID']);
    expect(running.host.setupLink()).toBeUndefined();
  });

  it('has no account, and takes no guessed code', async () => {
    expect((await running.get<UserView[]>('/api/v1/users')).body).toEqual([]);
    for (const name of ['admin', 'local', 'root'])
      expect((await ask('/api/v1/login', { body: { name, password: '' } })).status).toBe(401);
    expect((await ask('/api/v1/setup', { body: { code: 'guess', name: 'bob', password } })).status).toBe(403);
  });

  it('writes a key file for its owner alone, which only the running engine takes', async () => {
    const file = join(running.folder, '.mortise/data/control.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = keyHeader(running.folder);
    expect((await ask<WhoView>('/api/v1/session', { headers: key })).body).toMatchObject({ kind: 'key', user: 'local' });
    const changed = { authorization: `${key.authorization.slice(0, -1)}${key.authorization.endsWith('A') ? 'B' : 'A'}` };
    const refused = await ask('/api/v1/session', { headers: changed });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain(`key-file="${encodeURI(file)}"`);
    const forwarded = await ask('/api/v1/session', { headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(forwarded.headers.get('www-authenticate')).toBe('Bearer realm="mortise"');
  });

  it('gives links that log in, once, to whoever has the key file', async () => {
    const { body } = await running.post<{ code: string }>('/api/v1/login-links');
    for (const code of [codeOf(running.host.loginLink()), body.code]) {
      const first = await ask<WhoView>('/api/v1/login', { body: { code } });
      expect(first.body).toMatchObject({ kind: 'session', user: 'local' });
      const page = pageOf(first);
      expect((await ask('/api/v1/login', { body: { code } })).body.code).toBe('MORTISE_ACCESS_CODE_VOID');
      const link = await ask('/api/v1/login-links', { headers: page, body: {} });
      expect(link.body.code).toBe('MORTISE_ACCESS_REFUSED');
    }
  });
});

describe('a login', () => {
  beforeEach(() => addUser('ann', [{ role: 'viewer' }]));

  it('opens a session in a cookie that no script reads and no other page sends', async () => {
    const { headers, body } = await ask<WhoView>('/api/v1/login', { body: { name: 'ann', password } });
    const port = base.split(':').at(-1);
    const form = `^mortise-session-${port}=[\\w-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict$`;
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(new RegExp(form))]);
    const page = pageOf({ headers, body });
    expect((await ask('/api/v1/flows', { headers: page })).status).toBe(200);
    const out = await ask('/api/v1/logout', { headers: page, body: {} });
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect((await ask('/api/v1/flows', { headers: page })).status).toBe(401);
  });

  it('says the same of a wrong name and a wrong password, and of a user who is disabled', async () => {
    await running.post('/api/v1/users', { name: 'cat', password, grants: [], disabled: true });
    const wrong = { name: 'ann', password: 'wrong horse battery' };
    const answers = [wrong, { name: 'nobody', password }, { name: 'cat', password }].map(async (body) => {
      const { status, body: problem } = await ask<Record<string, string>>('/api/v1/login', { body });
      return [status, { ...problem, detail: problem['detail']?.replace(/"\w+"/, 'X') }];
    });
    const [first, ...others] = await Promise.all(answers);
    expect(first).toMatchObject([401, { code: 'MORTISE_ACCESS_WRONG_LOGIN' }]);
    for (const other of others) expect(other).toEqual(first);
  });

  it('is held back behind many that failed, however many are sent at once', async () => {
    const guesses = Array.from({ length: 15 }, (_, n) => ask('/api/v1/login', { body: { name: 'ann', password: `guess ${n}` } }));
    const codes = (await Promise.all(guesses)).map(({ body }) => body.code);
    expect(codes.filter((code) => code === 'MORTISE_ACCESS_WRONG_LOGIN')).toHaveLength(10);
    expect(codes.filter((code) => code === 'MORTISE_ACCESS_THROTTLED')).toHaveLength(5);
    const right = await ask('/api/v1/login', { body: { name: 'ann', password } });
    expect([right.status, Number(right.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });

  it('lets a page change nothing without the token of the session', async () => {
    await running.post('/api/v1/users', { name: 'bob', password, grants: [{ role: 'operator' }] });
    const page = await logIn('bob');
    const other = await logIn('ann');
    const level = { level: 'silent' };
    for (const csrf of ['', 'guess', other['x-mortise-csrf']]) {
      const forged = await ask('/api/v1/log', { headers: { ...page, 'x-mortise-csrf': csrf }, body: level });
      expect([forged.status, forged.body.code]).toEqual([403, 'MORTISE_ACCESS_CSRF']);
    }
    expect((await ask('/api/v1/log', { headers: page, body: level })).status).toBe(200);
    const { body } = await ask<WhoView>('/api/v1/session', { headers: { cookie: page.cookie } });
    expect(body.csrf).toBe(page['x-mortise-csrf']);
  });

  it("shows one's own sessions, and ends them", async () => {
    const [one, two] = [await logIn('ann'), await logIn('ann')];
    const { body: sessions } = await ask<{ id: string; current: boolean }[]>('/api/v1/sessions', { headers: one });
    expect(sessions.map(({ current }) => current).toSorted()).toEqual([false, true]);
    const other = sessions.find(({ current }) => !current)?.id ?? '';
    await addUser('bob', []);
    const foreign = await ask(`/api/v1/sessions/${other}`, { method: 'DELETE', headers: await logIn('bob') });
    expect(foreign.body.code).toBe('MORTISE_ACCESS_UNKNOWN');
    expect((await ask(`/api/v1/sessions/${other}`, { method: 'DELETE', headers: one })).status).toBe(200);
    expect((await ask('/api/v1/session', { headers: two })).status).toBe(401);
    expect((await ask('/api/v1/session', { headers: one })).status).toBe(200);
  });

  it('with a new password ends all other sessions, and needs the old one', async () => {
    const [one, two] = [await logIn('ann'), await logIn('ann')];
    const next = 'another horse battery';
    const wrong = await ask('/api/v1/password', { headers: one, body: { current: 'no such password', next } });
    expect(wrong.body.code).toBe('MORTISE_ACCESS_WRONG_LOGIN');
    const changed = await ask('/api/v1/password', { headers: one, body: { current: password, next } });
    expect(changed.status).toBe(200);
    for (const page of [one, two]) expect((await ask('/api/v1/session', { headers: page })).status).toBe(401);
    expect((await ask('/api/v1/login', { body: { name: 'ann', password } })).status).toBe(401);
    expect((await ask('/api/v1/login', { body: { name: 'ann', password: next } })).status).toBe(200);
  });
});

describe('what is taken away', () => {
  beforeEach(() => addUser('ann', [{ role: 'operator' }]));

  const change = (body: object, headers = {}) =>
    ask<UserView & { code?: string }>('/api/v1/users/ann', {
      method: 'PATCH',
      headers: { ...keyHeader(running.folder), ...headers },
      body,
    });

  it('is gone with the next request, of sessions, of tokens, and of streams that are open', async () => {
    const page = await logIn('ann');
    const { body: made } = await ask<{ text: string }>('/api/v1/tokens', { headers: page, body: { label: 'monitor' } });
    const token = { authorization: `Bearer ${made.text}` };
    const stream = await fetch(`${base}/api/v1/stream`, { headers: token });
    for (const headers of [page, token]) expect((await ask('/api/v1/flows', { headers })).status).toBe(200);
    await change({ grants: [{ role: 'body-reader' }] });
    for (const headers of [page, token])
      expect((await ask('/api/v1/flows', { headers })).body.code).toBe('MORTISE_ACCESS_REFUSED');
    expect(await stream.text()).toContain('event: figures');
    await change({ disabled: true });
    for (const headers of [page, token]) expect((await ask('/api/v1/session', { headers })).status).toBe(401);
  });

  it('is not taken by a change that did not know of another one', async () => {
    const read = await ask('/api/v1/users/ann', { headers: keyHeader(running.folder) });
    const tag = read.headers.get('etag') ?? '';
    expect(tag).toBe('"1"');
    expect((await change({ grants: [] }, { 'if-match': tag })).body).toMatchObject({ version: 2, grants: [] });
    for (const stale of [tag, '"x"', 'W/"2"']) {
      const { status, body } = await change({ grants: [{ role: 'admin' }] }, { 'if-match': stale });
      expect([status, body.code]).toEqual([412, 'MORTISE_ACCESS_CHANGED']);
    }
    expect((await change({}, { 'if-match': '*' })).status).toBe(200);
  });

  it('goes with the user', async () => {
    const page = await logIn('ann');
    const { body: made } = await ask<{ text: string }>('/api/v1/tokens', { headers: page, body: { label: 'monitor' } });
    await ask('/api/v1/users/ann', { method: 'DELETE', headers: keyHeader(running.folder) });
    const headers = { authorization: `Bearer ${made.text}` };
    expect([
      (await ask('/api/v1/session', { headers: page })).status,
      (await ask('/api/v1/session', { headers })).status,
    ]).toEqual([401, 401]);
    await addUser('ann', [{ role: 'viewer' }]);
    expect((await ask('/api/v1/session', { headers })).status).toBe(401);
    expect((await running.post<{ code: string }>('/api/v1/users', { name: 'ann', grants: [] })).body.code).toBe(
      'MORTISE_ACCESS_TAKEN',
    );
  });
});

describe('a second factor', () => {
  it('counts once a code confirms it, and then every login needs one', async () => {
    await addUser('ann', [{ role: 'viewer' }]);
    const page = await logIn('ann');
    const { body: begun } = await ask<{ secret: string; uri: string }>('/api/v1/second-factor', { headers: page, body: {} });
    expect(begun.uri).toContain('otpauth://totp/Mortise%20acme:ann?secret=');
    expect((await ask('/api/v1/login', { body: { name: 'ann', password } })).status).toBe(200);
    const step = Math.floor(Date.now() / 30_000);
    const code = (ahead: number): string => totpCode(begun.secret, step + ahead);
    const confirm = (totp: string) => ask('/api/v1/second-factor/confirm', { headers: page, body: { totp } });
    expect((await confirm(code(5))).body.code).toBe('MORTISE_ACCESS_WRONG_LOGIN');
    expect((await confirm(code(0))).status).toBe(200);
    const enter = async (totp?: string) =>
      (await ask('/api/v1/login', { body: { name: 'ann', password, ...(totp && { totp }) } })).body.code;
    expect(await enter()).toBe('MORTISE_ACCESS_SECOND_FACTOR');
    expect(await enter(code(0))).toBe('MORTISE_ACCESS_WRONG_LOGIN');
    expect(await enter(code(1))).toBeUndefined();
    const administrator = { headers: keyHeader(running.folder) };
    expect((await ask('/api/v1/users/ann', administrator)).body).toMatchObject({ hasSecondFactor: true });
    expect((await ask('/api/v1/secrets', administrator)).body).toEqual([]);
    await ask('/api/v1/users/ann/second-factor', { method: 'DELETE', ...administrator });
    expect(await enter()).toBeUndefined();
  });
});

describe('a token', () => {
  it('does what both it and its user may, is shown once, and makes no other', async () => {
    await addUser('ann', [{ role: 'operator', flows: ['in'] }]);
    const page = await logIn('ann');
    const grants = [{ role: 'viewer' }, { role: 'admin' }];
    const { body: made } = await ask<{ text: string; token: { id: string } }>('/api/v1/tokens', {
      headers: page,
      body: { label: 'monitor', grants },
    });
    const headers = { authorization: `Bearer ${made.text}` };
    const { body: flows } = await ask<{ name: string }[]>('/api/v1/flows', { headers });
    expect(flows.map(({ name }) => name)).toEqual(['in']);
    expect((await ask('/api/v1/users', { headers })).body.code).toBe('MORTISE_ACCESS_REFUSED');
    expect((await ask('/api/v1/tokens', { headers, body: { label: 'x' } })).body.code).toBe('MORTISE_ACCESS_REFUSED');
    const listed = await ask<object[]>('/api/v1/tokens', { headers: page });
    expect(JSON.stringify(listed.body)).not.toContain(made.text);
    expect(listed.body).toMatchObject([{ id: made.token.id, label: 'monitor', user: 'ann' }]);
    await ask(`/api/v1/tokens/${made.token.id}`, { method: 'DELETE', headers: page });
    expect((await ask('/api/v1/session', { headers })).status).toBe(401);
  });
});

describe('an invitation', () => {
  it('lets its user set a password, once, and is void when a newer one is made', async () => {
    const grants = [{ role: 'operator', flows: ['in'] }];
    await running.post('/api/v1/users', { name: 'ann', grants });
    const invite = async () => (await running.post<{ code: string }>('/api/v1/users/ann/invitation')).body.code;
    const [older, code] = [await invite(), await invite()];
    const accept = (given: string, word = password) =>
      ask<WhoView>('/api/v1/invitation', { body: { code: given, password: word } });
    expect((await accept(older)).status).toBe(403);
    expect((await accept(code, 'short')).status).toBe(422);
    const both = (await Promise.all([accept(code), accept(code)])).toSorted((a, b) => a.status - b.status);
    expect(both.map(({ status }) => status)).toEqual([200, 403]);
    expect(both[0]?.body).toMatchObject({
      user: 'ann',
      rights: [
        { right: 'see', everything: false, flows: ['in'], systems: [] },
        { right: 'operate', everything: false, flows: ['in'], systems: [] },
      ],
    });
    expect((await ask('/api/v1/login', { body: { name: 'ann', password } })).status).toBe(200);
  });

  it('lets nobody in who was disabled, and does not go around a second factor', async () => {
    await addUser('ann', []);
    const page = await logIn('ann');
    const { body } = await ask<{ secret: string }>('/api/v1/second-factor', { headers: page, body: {} });
    const codeAt = (ms: number) => totpCode(body.secret, Math.floor(ms / 30_000));
    await ask('/api/v1/second-factor/confirm', { headers: page, body: { totp: codeAt(Date.now()) } });
    const { code } = (await running.post<{ code: string }>('/api/v1/users/ann/invitation')).body;
    const accept = (more: object = {}) => ask('/api/v1/invitation', { body: { code, password, ...more } });
    expect((await accept()).body.code).toBe('MORTISE_ACCESS_SECOND_FACTOR');
    const patch = { method: 'PATCH', headers: keyHeader(running.folder), body: { disabled: true } };
    expect((await ask('/api/v1/users/ann', patch)).status).toBe(200);
    expect((await accept({ totp: codeAt(Date.now() + 30_000) })).body.code).toBe('MORTISE_ACCESS_CODE_VOID');
  });
});

describe('the sessions and tokens of everybody', () => {
  it('are listed for an administrator, who ends one', async () => {
    await addUser('ann', []);
    await addUser('bob', []);
    const [ann, bob] = [await logIn('ann'), await logIn('bob')];
    await ask('/api/v1/tokens', { headers: ann, body: { label: 'nightly', days: 1 } });
    const sessions = (await running.get<{ id: string; user: string }[]>('/api/v1/sessions/all')).body;
    expect(sessions.map(({ user }) => user).toSorted()).toEqual(['ann', 'bob']);
    expect((await running.get('/api/v1/tokens/all')).body).toMatchObject([{ user: 'ann', label: 'nightly' }]);
    const id = sessions.find(({ user }) => user === 'ann')?.id;
    const end = (user: string) =>
      ask(`/api/v1/users/${user}/sessions/${id}`, { method: 'DELETE', headers: keyHeader(running.folder), body: {} });
    expect((await end('bob')).status).toBe(404);
    expect((await end('ann')).status).toBe(200);
    expect((await ask('/api/v1/session', { headers: ann })).status).toBe(401);
    expect((await ask('/api/v1/session', { headers: bob })).status).toBe(200);
  });
});
