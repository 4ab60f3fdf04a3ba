// Four eyes: what a project says so of waits for a second person, exactly as it was asked for, and is done once.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';

const password = 'correct horse battery';
let running: RunningHost;
let base: string;
const pages = new Map<string, Readonly<Record<string, string>>>();

beforeAll(async () => {
  running = await runHost();
  base = `http://${running.host.addresses.control}`;
  running.write({ 'mortise.yaml': 'name: acme\nlimits: { freeDisk: 1KiB }\naccess: { fourEyes: [apply, bulk-retry] }\n' });
  await running.post('/api/v1/reload');
  for (const [name, role] of [
    ['ann', 'admin'],
    ['bob', 'admin'],
    ['cat', 'viewer'],
  ] as const) {
    await running.post('/api/v1/users', { name, password, grants: [{ role }] });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name, password }) };
    const response = await fetch(`${base}/api/v1/login`, init);
    const { csrf } = (await response.json()) as { csrf: string };
    pages.set(name, { cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '', 'x-mortise-csrf': csrf });
  }
});
afterAll(() => running.close());

async function post(who: string, path: string, body: object = {}) {
  const headers = { 'content-type': 'application/json', ...pages.get(who) };
  const response = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as { code?: string; approval?: string } };
}

describe('four eyes', () => {
  it('let a project be applied once another administrator has approved that content of it', async () => {
    const first = await post('ann', '/api/v1/reload');
    expect([first.status, first.body.code]).toEqual([409, 'MORTISE_ACCESS_SECOND_PERSON']);
    const approve = (who: string) => post(who, `/api/v1/approvals/${first.body.approval}/approve`);
    for (const who of ['ann', 'cat']) expect((await approve(who)).body.code).toBe('MORTISE_ACCESS_REFUSED');
    const byKey = await running.post<{ code: string }>(`/api/v1/approvals/${first.body.approval}/approve`);
    expect(byKey.body.code).toBe('MORTISE_ACCESS_REFUSED');
    expect((await post('ann', '/api/v1/reload')).body.approval).toBe(first.body.approval);
    expect((await approve('bob')).status).toBe(200);
    running.write({ 'flows/placed.yaml': 'from: { channel: orders }\nto: { system: console, outbound: line }\n' });
    const other = await post('ann', '/api/v1/reload');
    expect([other.status, other.body.approval === first.body.approval]).toEqual([409, false]);
    await post('bob', `/api/v1/approvals/${other.body.approval}/approve`);
    expect((await post('bob', '/api/v1/reload')).status).toBe(409);
    expect((await post('ann', '/api/v1/reload')).status).toBe(200);
    expect((await post('ann', '/api/v1/reload')).status).toBe(409);
    const { body } = await running.get<{ rows: object[] }>('/api/v1/audit?action=reload&who=ann&result=done');
    expect(body.rows).toMatchObject([{ after: { approvedBy: 'bob' } }]);
  });

  it('let many dead letters be tried again, those that were meant only', async () => {
    const first = await post('ann', '/api/v1/dead-letters/retry', { flow: 'in' });
    expect(first.status).toBe(409);
    await post('bob', `/api/v1/approvals/${first.body.approval}/approve`);
    expect((await post('ann', '/api/v1/dead-letters/retry', {})).status).toBe(409);
    expect((await post('ann', '/api/v1/dead-letters/retry', { flow: 'in' })).status).toBe(200);
    const listed = await fetch(`${base}/api/v1/approvals`, { headers: { cookie: pages.get('cat')?.['cookie'] ?? '' } });
    expect(await listed.json()).toEqual([]);
  });

  it('let many failures be discarded, for the reason that was approved; a preview needs nobody', async () => {
    const asked = { action: 'discard', state: 'dead', flow: 'in', reason: 'sent twice' };
    const preview = await post('ann', '/api/v1/failures/act', { ...asked, preview: true });
    expect([preview.status, preview.body]).toEqual([200, expect.objectContaining({ found: 0, done: 0 })]);
    const first = await post('ann', '/api/v1/failures/act', asked);
    expect([first.status, first.body.code]).toEqual([409, 'MORTISE_ACCESS_SECOND_PERSON']);
    await post('bob', `/api/v1/approvals/${first.body.approval}/approve`);
    expect((await post('ann', '/api/v1/failures/act', { ...asked, reason: 'another' })).status).toBe(409);
    expect((await post('ann', '/api/v1/failures/act', { ...asked, action: 'retry' })).status).toBe(409);
    expect((await post('ann', '/api/v1/failures/act', asked)).status).toBe(200);
    expect((await post('ann', '/api/v1/failures/act', asked)).status).toBe(409);
    const { body } = await running.get<{ rows: object[] }>('/api/v1/audit?action=actOnFailures&who=ann&result=done');
    expect(body.rows).toMatchObject([{ about: { action: 'discard', reason: 'sent twice' }, after: { approvedBy: 'bob' } }, {}]);
  });

  it('let the second person refuse, with a reason, and the first take back; asked again, it waits anew', async () => {
    const first = await post('ann', '/api/v1/dead-letters/retry', { flow: 'out' });
    const refuse = (who: string, body: object = {}) => post(who, `/api/v1/approvals/${first.body.approval}/refuse`, body);
    expect((await refuse('cat')).body.code).toBe('MORTISE_ACCESS_REFUSED');
    expect((await refuse('bob', { reason: 'not on a Friday' })).status).toBe(200);
    const listed = await fetch(`${base}/api/v1/approvals`, { headers: { cookie: pages.get('ann')?.['cookie'] ?? '' } });
    const mine = (await listed.json()) as readonly { id: string }[];
    expect(mine.find(({ id }) => id === first.body.approval)).toMatchObject({
      mine: true,
      refusedBy: 'bob',
      reason: 'not on a Friday',
    });
    expect((await post('bob', `/api/v1/approvals/${first.body.approval}/approve`)).status).toBe(404);
    const second = await post('ann', '/api/v1/dead-letters/retry', { flow: 'out' });
    expect([second.status, second.body.approval === first.body.approval]).toEqual([409, false]);
    expect((await post('ann', `/api/v1/approvals/${second.body.approval}/refuse`)).status).toBe(200);
    expect((await post('bob', `/api/v1/approvals/${second.body.approval}/approve`)).status).toBe(404);
  });
});
