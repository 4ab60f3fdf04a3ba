// Single sign-on against a real provider of OpenID Connect: a browser goes there, comes back, and has the roles of its groups.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts, ownEngines } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { startProvider } from './oidc-provider.ts';
import type { OidcProvider } from './oidc-provider.ts';

const engines = ownEngines('all');
let engine: EngineProcess;
let provider: OidcProvider;
let issuer: string;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-sign-on-'));
  const ports = await freePorts();
  provider = await startProvider(ports);
  ({ issuer } = provider);
  const settings = `name: acme\nlimits: { freeDisk: 1KiB }\naccess: { singleSignOn: ${provider.settings} }\n`;
  writeFileSync(join(folder, 'mortise.yaml'), settings);
  engine = await engines.start({ folder, ports, environment: provider.environment });
  await engine.ready();
});
afterAll(() => provider.stop());

/** A browser with a jar of cookies for each origin, that follows redirects. */
class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  async go(url: string, form?: Readonly<Record<string, string>>): Promise<{ url: string; status: number; text: string }> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form ? { method: 'POST', body: new URLSearchParams(form) } : {};
    const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...body });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]?.split('=') ?? [];
      jar.set(name, value);
    }
    const next = response.headers.get('location');
    if (next !== null && !next.endsWith('/')) return this.go(new URL(next, url).href);
    return { url: next ?? url, status: response.status, text: await response.text() };
  }

  /** Logs in at the provider as who it is told, and agrees to what it asks. */
  async signOn(login: string): Promise<{ url: string; status: number; text: string }> {
    let page = await this.go(`${engine.control}/api/v1/sign-on`);
    for (const form of [{ prompt: 'login', login, password: 'any' }, { prompt: 'consent' }]) {
      const action = /action="([^"]+)"/.exec(page.text)?.[1];
      if (action !== undefined) page = await this.go(new URL(action, issuer).href, form);
    }
    return page;
  }

  async who(): Promise<unknown> {
    return JSON.parse((await this.go(`${engine.control}/api/v1/session`)).text);
  }
}

describe('single sign-on', () => {
  it('makes a user of who the provider says it is, with the roles of the groups', async () => {
    expect(JSON.parse((await new Browser().go(`${engine.control}/api/v1/login`)).text)).toMatchObject({ signOn: true });
    const browser = new Browser();
    expect(await browser.signOn('opal')).toMatchObject({ status: 302, url: '/' });
    expect(await browser.who()).toMatchObject({ kind: 'session', user: 'opal', grants: [{ role: 'operator' }] });
    const users = await engine.get<readonly object[]>('/api/v1/users');
    expect(users).toMatchObject([{ name: 'opal', hasPassword: false }]);
    const { rows } = await engine.get<{ rows: readonly object[] }>('/api/v1/audit?action=endSignOn');
    expect(rows).toMatchObject([{ who: 'opal', result: 'done' }]);
    expect(await new Browser().signOn('opal')).toMatchObject({ status: 302 });
    expect(await engine.get<readonly object[]>('/api/v1/users')).toHaveLength(1);
  });

  it('lets nobody in whose groups grant nothing, or who has the name of another user', async () => {
    const stranger = new Browser();
    expect(await stranger.signOn('eve')).toMatchObject({ status: 403, text: expect.stringContaining('MORTISE_ACCESS_SIGN_ON') });
    expect(await stranger.who()).toMatchObject({ code: 'MORTISE_ACCESS_LOGIN_NEEDED' });
    const headers = { 'content-type': 'application/json', ...engine.keyHeader() };
    const body = JSON.stringify({ name: 'operations', grants: [{ role: 'admin' }] });
    await fetch(`${engine.control}/api/v1/users`, { method: 'POST', headers, body });
    expect(await new Browser().signOn('operations')).toMatchObject({ status: 409 });
  });

  it('is refused to a user who was disabled here, and to a browser that did not begin it', async () => {
    const headers = { 'content-type': 'application/json', ...engine.keyHeader() };
    await fetch(`${engine.control}/api/v1/users/opal`, { method: 'PATCH', headers, body: '{"disabled":true}' });
    expect(await new Browser().signOn('opal')).toMatchObject({ status: 401 });
    const began = await fetch(`${engine.control}/api/v1/sign-on`, { redirect: 'manual' });
    expect(began.headers.getSetCookie()[0]).toMatch(
      /^mortise-sign-on-\d+=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
    );
    const state = new URL(began.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const back = `${engine.control}/api/v1/sign-on/back?code=x&state=${state}&iss=${encodeURIComponent(issuer)}`;
    expect((await fetch(back, { redirect: 'manual' })).status).toBe(403);
    const cookie = began.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await fetch(back, { redirect: 'manual', headers: { cookie } })).status).toBe(403);
  });
});
