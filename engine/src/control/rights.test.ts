// Every route, for every role, on everything that may be asked about: against a table of who may do what.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../access/rights.ts';
import type { Role } from '../access/rights.ts';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';

/** No role has the last by itself: a dry run changes nothing, and shows bodies. */
type Right = 'see' | 'see-bodies' | 'operate' | 'develop' | 'administer' | 'audit' | 'develop and see-bodies';
/** `engine`: only who was granted everything; `one`: flow `in` or system `shop`; `list`: whoever has the right for anything. */
type About = 'engine' | 'one' | 'list';
type Rule = 'open' | 'own' | readonly [Right, About, body?: object];

/** `ID` is a message that flow `in` took from system `shop`; `DELIVERY` its delivery. */
const table: Readonly<Record<string, Rule>> = {
  'get /health/live': 'open',
  'get /health/ready': 'open',
  'get /api/openapi.json': 'open',
  'get /api/docs': 'open',
  'post /api/v1/login': 'open',
  'get /api/v1/login': 'open',
  'get /api/v1/sign-on': 'open',
  'get /api/v1/sign-on/back': 'open',
  'post /api/v1/setup': 'open',
  'post /api/v1/logout': 'own',
  'post /api/v1/login-links': 'own',
  'get /api/v1/session': 'own',
  'get /api/v1/sessions': 'own',
  'delete /api/v1/sessions/{id}': 'own',
  'post /api/v1/password': 'own',
  'post /api/v1/second-factor': 'own',
  'post /api/v1/second-factor/confirm': 'own',
  'delete /api/v1/users/{name}/second-factor': ['administer', 'engine'],
  'get /api/v1/approvals': 'own',
  'post /api/v1/approvals/{id}/approve': 'own',
  'post /api/v1/approvals/{id}/refuse': 'own',
  'post /api/v1/invitation': 'open',
  'get /api/v1/roles': 'own',
  'get /api/v1/tokens': 'own',
  'post /api/v1/tokens': 'own',
  'delete /api/v1/tokens/{id}': 'own',
  'get /metrics': ['see', 'engine'],
  'get /api/v1/engine': ['see', 'list'],
  'get /api/v1/flows': ['see', 'list'],
  'get /api/v1/systems': ['see', 'list'],
  'get /api/v1/channels': ['see', 'list'],
  'get /api/v1/messages': ['see', 'list'],
  'get /api/v1/messages/{id}': ['see', 'one'],
  'get /api/v1/messages/{id}/body': ['see-bodies', 'one'],
  'get /api/v1/dead-letters': ['see', 'list'],
  'get /api/v1/dead-letters/causes': ['see', 'list'],
  'get /api/v1/balance': ['see', 'list'],
  'get /api/v1/balance/day': ['see', 'list'],
  'get /api/v1/stream': ['see', 'list'],
  'get /api/v1/pauses': ['see', 'list'],
  'get /api/v1/drain': ['see', 'list'],
  'get /api/v1/log': ['see', 'list'],
  'get /api/v1/export': ['see-bodies', 'list'],
  'post /api/v1/dead-letters/retry': ['operate', 'one', { flow: 'in' }],
  'post /api/v1/deliveries/{id}/retry': ['operate', 'one'],
  'post /api/v1/deliveries/{id}/discard': ['operate', 'one', { reason: 'test' }],
  'post /api/v1/messages/{id}/replay': ['operate', 'one'],
  'post /api/v1/deliveries/{id}/again': ['operate', 'one', { preview: true }],
  'post /api/v1/send': ['operate', 'one', { target: 'shop.order', value: { id: 'sent' } }],
  'post /api/v1/import': ['operate', 'one', { file: 'f', flow: 'in', messages: [] }],
  'post /api/v1/pauses': ['operate', 'one', { kind: 'system', name: 'shop' }],
  'post /api/v1/pauses/resume': ['operate', 'one', { kind: 'system', name: 'shop' }],
  'post /api/v1/systems/{name}/ping': ['operate', 'one'],
  'post /api/v1/drain': ['operate', 'engine', { stop: false }],
  'post /api/v1/drain/cancel': ['operate', 'engine'],
  'post /api/v1/log': ['operate', 'engine', { level: 'silent' }],
  'post /api/v1/reload': ['develop', 'engine'],
  'post /api/v1/backup': ['administer', 'engine', { target: 'relative' }],
  'get /api/v1/traffic': ['see', 'list'],
  'get /api/v1/keys': ['see', 'list'],
  'get /api/v1/find': ['see', 'list'],
  'get /api/v1/find/bodies': ['see-bodies', 'list'],
  'get /api/v1/failures': ['see', 'list'],
  'post /api/v1/failures/act': ['operate', 'one', { action: 'retry', state: 'dead', destination: 'flow:in', preview: true }],
  'get /api/v1/deliveries/{id}/trace': ['see-bodies', 'one'],
  'post /api/v1/deliveries/{id}/rehearse': ['see-bodies', 'one', { value: 1 }],
  'get /api/v1/flows/{name}': ['see', 'one'],
  'get /api/v1/models': ['see', 'list'],
  'post /api/v1/models/impact': ['see', 'list', { name: 'none@1', schema: {} }],
  'get /api/v1/project/files': ['see', 'list'],
  'get /api/v1/project/schemas': ['see', 'list'],
  'get /api/v1/project/file': ['see', 'one'],
  'get /api/v1/project/revisions': ['see', 'one'],
  'get /api/v1/project/revision': ['see', 'one'],
  'post /api/v1/project/check': ['develop', 'one', { path: 'flows/in.yaml', text: '' }],
  'post /api/v1/project/apply': ['develop', 'one', { path: 'flows/in.yaml', text: '', base: '0'.repeat(16), reason: 'test' }],
  'post /api/v1/project/dry-run': ['develop and see-bodies', 'one', { path: 'flows/in.yaml', text: '', flow: 'in' }],
  'get /api/v1/alerts': ['see', 'list'],
  'get /api/v1/alerts/rules': ['see', 'list'],
  'post /api/v1/alerts/rules/{name}/mute': ['operate', 'one', { until: '2000-01-01T00:00:00Z' }],
  'post /api/v1/alerts/rules/{name}/unmute': ['operate', 'one'],
  'get /api/v1/alerts/receivers': ['see', 'engine'],
  'post /api/v1/alerts/receivers/{name}/test': ['operate', 'engine'],
  'get /api/v1/audit': ['audit', 'engine'],
  'get /api/v1/audit/export': ['audit', 'engine'],
  'get /api/v1/evidence': ['audit', 'engine'],
  'post /api/v1/audit/checkpoints': ['audit', 'engine'],
  'post /api/v1/audit/verify': ['audit', 'engine'],
  'get /api/v1/secrets': ['administer', 'engine'],
  'put /api/v1/secrets/{name}': ['administer', 'engine', { value: 'x' }],
  'delete /api/v1/secrets/{name}': ['administer', 'engine'],
  'post /api/v1/secrets/rotate': ['administer', 'engine', { what: 'data-key' }],
  'post /api/v1/erase': ['administer', 'engine', { key: 'nothing=x', reason: 'test', preview: true }],
  'get /api/v1/holds': ['administer', 'engine'],
  'post /api/v1/holds': ['administer', 'engine', { key: 'nothing=x', reason: 'test' }],
  'delete /api/v1/holds/{id}': ['administer', 'engine', { reason: 'test' }],
  'get /api/v1/users': ['administer', 'engine'],
  'post /api/v1/users': ['administer', 'engine', { name: 'local', grants: [] }],
  'get /api/v1/users/{name}': ['administer', 'engine'],
  'patch /api/v1/users/{name}': ['administer', 'engine'],
  'delete /api/v1/users/{name}': ['administer', 'engine'],
  'post /api/v1/users/{name}/invitation': ['administer', 'engine'],
  'get /api/v1/sessions/all': ['administer', 'engine'],
  'get /api/v1/tokens/all': ['administer', 'engine'],
  'delete /api/v1/users/{name}/sessions/{id}': ['administer', 'engine'],
  'get /api/v1/users/{name}/sessions': ['administer', 'engine'],
  'post /api/v1/users/{name}/sessions/end': ['administer', 'engine'],
  'get /api/v1/users/{name}/tokens': ['administer', 'engine'],
  'delete /api/v1/users/{name}/tokens/{id}': ['administer', 'engine'],
};

/** What these cannot do without. */
const queries: Readonly<Record<string, string>> = {
  '/api/v1/balance/day': '?day=2026-01-01',
  '/api/v1/evidence': '?from=2026-01-01&to=2026-01-01',
  '/api/v1/find': '?text=A',
  '/api/v1/find/bodies': '?text=A',
  '/api/v1/project/file': '?path=flows/in.yaml',
  '/api/v1/project/revisions': '?path=flows/in.yaml',
  '/api/v1/project/revision': '?path=flows/in.yaml&id=x',
};

const may: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['see'],
  operator: ['see', 'operate'],
  developer: ['see', 'develop'],
  admin: ['see', 'operate', 'develop', 'administer', 'audit'],
  'partner-coordinator': ['see'],
  auditor: ['see', 'audit'],
  'body-reader': ['see-bodies'],
};

const places = {
  everything: {},
  here: { flows: ['in'], systems: ['shop'] },
  elsewhere: { flows: ['price'], systems: ['console'] },
} as const;

let running: RunningHost;
let base: string;
let message: string;
let delivery: string;

beforeAll(async () => {
  running = await runHost();
  base = `http://${running.host.addresses.control}`;
  await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'A' } });
  await running.post('/api/v1/send', { target: 'shop.price', value: { amount: 2 } });
  interface Rows {
    readonly rows: readonly { readonly delivery: { readonly id: string; readonly message: string } }[];
  }
  const { rows } = await running.until<Rows>('/api/v1/messages?destination=flow:in&state=done', (page) => page.rows.length === 1);
  ({ id: delivery, message } = rows[0]?.delivery ?? { id: '', message: '' });
});
afterAll(() => running.close());

async function tokenFor(role: Role, place: object): Promise<string> {
  const { body } = await running.post<{ text: string }>('/api/v1/tokens', { label: role, grants: [{ role, ...place }] });
  return body.text;
}

async function ask(operation: string, headers: Readonly<Record<string, string>>): Promise<{ status: number; code: string }> {
  const [method = '', path = ''] = operation.split(' ');
  const rule = table[operation];
  const filled = path
    .replace('{id}', path.includes('/deliveries/') ? delivery : message)
    .replace(
      '{name}',
      path.includes('/systems/')
        ? 'shop'
        : path.includes('/flows/')
          ? 'in'
          : path.includes('/rules/')
            ? 'shop-is-silent'
            : 'nobody',
    )
    .replace(/$/, queries[path] ?? '');
  const body = method === 'get' ? {} : { body: JSON.stringify((Array.isArray(rule) ? rule[2] : undefined) ?? {}) };
  const type = { 'content-type': 'application/json' };
  const controller = new AbortController();
  const init = { method: method.toUpperCase(), headers: { ...type, ...headers }, signal: controller.signal, ...body };
  const response = await fetch(`${base}${filled}`, init);
  if (response.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('retry-after'))));
    return ask(operation, headers);
  }
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  const text = isStream ? '' : await response.text();
  controller.abort();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  return { status: response.status, code: isProblem ? (JSON.parse(text) as { code: string }).code : '' };
}

function isAllowed(role: Role, place: keyof typeof places, rule: Rule): boolean {
  if (typeof rule === 'string') return true;
  const [right, about] = rule;
  if (!may[role].includes(right)) return false;
  return about === 'list' || place === 'everything' || (about === 'one' && place === 'here');
}

describe('the table', () => {
  it('has every route that there is', async () => {
    const { body } = await running.get<{ paths: Record<string, Record<string, unknown>> }>('/api/openapi.json');
    const described = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((one) => `${one} ${path}`),
    );
    expect(Object.keys(table).toSorted()).toEqual([...described, 'get /api/openapi.json', 'get /api/docs'].toSorted());
  });
});

describe('the list of roles', () => {
  it('says what the table says', async () => {
    const { body } = await running.get<readonly { role: Role; rights: readonly string[] }[]>('/api/v1/roles');
    const told = body.map(({ role, rights }) => [role, rights.filter((right) => right !== 'partners').toSorted()]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(roles.map((role) => [role, may[role].toSorted()])));
  });
});

describe('without a login', () => {
  it('nothing is answered but what is open, also not to a wrong token or with a cookie of somebody else', async () => {
    for (const headers of [{}, { authorization: 'Bearer mortise-token-none' }, { cookie: 'mortise-session-1=x' }]) {
      for (const [operation, rule] of Object.entries(table)) {
        const { code } = await ask(operation, headers);
        expect([operation, code === 'MORTISE_ACCESS_LOGIN_NEEDED']).toEqual([operation, rule !== 'open']);
      }
    }
  });

  it('nobody is told either which other paths there are', async () => {
    for (const path of ['/api/v1/nothing', '/api']) expect((await ask(`get ${path}`, {})).status, path).toBe(401);
  });
});

describe.each(roles)('a token of role %s', (role) => {
  it.each(Object.keys(places) as (keyof typeof places)[])('for %s may do what the table says', async (place) => {
    const authorization = `Bearer ${await tokenFor(role, places[place])}`;
    for (const [operation, rule] of Object.entries(table)) {
      const { code } = await ask(operation, { authorization });
      if (operation === 'post /api/v1/drain') await running.post('/api/v1/drain/cancel');
      // What is about oneself may be refused to a token for another reason.
      const refusal = typeof rule === 'string' ? 'MORTISE_ACCESS_LOGIN_NEEDED' : 'MORTISE_ACCESS_REFUSED';
      expect([operation, code === refusal]).toEqual([operation, !isAllowed(role, place, rule)]);
    }
  });
});

describe('what a list holds', () => {
  it('is what was granted, and no more', async () => {
    const headers = { authorization: `Bearer ${await tokenFor('viewer', places.elsewhere)}` };
    const get = async <Body>(path: string): Promise<Body> => (await (await fetch(`${base}${path}`, { headers })).json()) as Body;
    const names = async (path: string) => (await get<readonly { name: string }[]>(path)).map(({ name }) => name);
    expect(await names('/api/v1/flows')).toEqual(['price']);
    expect(await names('/api/v1/systems')).toEqual(['console']);
    expect(await names('/api/v1/channels')).toEqual([]);
    const { rows } = await get<{ rows: readonly { delivery: { flow: string } }[] }>('/api/v1/messages?limit=1000');
    expect([...new Set(rows.map(({ delivery: { flow } }) => flow))]).toEqual(['price']);
    const balance = await get<{ even: boolean; rows: readonly { destination: string }[] }>('/api/v1/balance');
    expect(balance.rows.map(({ destination }) => destination).toSorted()).toEqual(['flow:price']);
    const day = new Date().toISOString().slice(0, 10);
    const { rows: days } = await get<{ rows: readonly { destination: string }[] }>(`/api/v1/balance/day?day=${day}`);
    expect(days.map(({ destination }) => destination)).toEqual(['flow:price']);
    expect(await get('/api/v1/pauses')).toEqual([]);
  });

  it('is a part of a journey only, where flows of others took part', async () => {
    const headers = { authorization: `Bearer ${await tokenFor('viewer', { systems: ['crm'] })}` };
    const seen = async (path: string): Promise<string> => (await fetch(`${base}${path}`, { headers })).text();
    const { rows } = JSON.parse(await seen('/api/v1/messages')) as { rows: readonly { message: { id: string } }[] };
    const sent = await running.until<{ rows: readonly { message: { id: string; root: string } }[] }>(
      '/api/v1/messages?destination=outbound:crm.put-order',
      (page) => page.rows.length > 0,
    );
    const { id, root } = sent.rows.find((row) => row.message.root === message)?.message ?? { id: '', root: '' };
    expect(rows.map((row) => row.message.id)).toContain(id);
    const journey = JSON.parse(await seen(`/api/v1/messages/${id}`)) as { root: string; messages: readonly { id: string }[] };
    expect(journey.root).toBe(root);
    expect(journey.messages.map((one) => one.id)).toEqual([id]);
    expect((await fetch(`${base}/api/v1/messages/${root}`, { headers })).status).toBe(403);
  });
});

describe('who may not see bodies', () => {
  it('finds none in anything that the API answers to an administrator', async () => {
    await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'A', canary: 'c4n4ry-in-a-body' } });
    const headers = { authorization: `Bearer ${await tokenFor('admin', {})}` };
    for (const [operation, rule] of Object.entries(table)) {
      const [method, path = ''] = operation.split(' ');
      if (method !== 'get' || path === '/api/v1/stream' || typeof rule === 'string') continue;
      const filled = path.replace('{id}', message).replace('/balance/day', '/balance/day?day=2026-01-01');
      expect(await (await fetch(`${base}${filled}`, { headers })).text(), path).not.toContain('c4n4ry');
    }
    const exported = await fetch(`${base}/api/v1/export`, { headers: keyHeader(running.folder) });
    expect(await exported.text()).toContain('c4n4ry');
  });
});
