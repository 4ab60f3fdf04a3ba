// Four eyes: what a project says so of waits for a second person, exactly as it was asked for, and is done once.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
  running.write({ 'mortise.yaml': 'name: acme\nlimits: { freeDisk: 1KiB }\naccess: { fourEyes: [apply, bulk-retry, erase] }\n' });
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

  it('let a person be erased, as far as was approved; the value of the key is kept nowhere', async () => {
    const canary = 'c4n4ry';
    const send = async (id: string): Promise<void> => {
      await running.post('/api/v1/send', { target: 'shop.order', value: { id } });
      // What is under way would make more of the journey, and another approval would be needed.
      await running.until<{ rows: { states: Record<string, number> }[] }>('/api/v1/balance', ({ rows }) =>
        rows.every(({ states }) => (states['waiting'] ?? 0) === 0),
      );
    };
    await send(canary);
    const asked = { key: `order=${canary}`, reason: 'asked for', undelivered: 'discard' };
    expect((await post('ann', '/api/v1/erase', { ...asked, preview: true })).status).toBe(200);
    const first = await post('ann', '/api/v1/erase', asked);
    expect([first.status, first.body.code]).toEqual([409, 'MORTISE_ACCESS_SECOND_PERSON']);
    const listed = await fetch(`${base}/api/v1/approvals`, { headers: { cookie: pages.get('bob')?.['cookie'] ?? '' } });
    const all = (await listed.json()) as readonly { readonly action: string }[];
    expect(all.filter(({ action }) => action === 'erase')).toMatchObject([
      {
        action: 'erase',
        about: { key: 'order', undelivered: 'discard', journeyCount: 1, journeys: [expect.any(String)] },
      },
    ]);
    await post('bob', `/api/v1/approvals/${first.body.approval}/approve`);
    expect((await post('ann', '/api/v1/erase', { ...asked, reason: 'another' })).status).toBe(409);
    await send(canary);
    const more = await post('ann', '/api/v1/erase', asked);
    expect([more.status, more.body.approval === first.body.approval]).toEqual([409, false]);
    await post('bob', `/api/v1/approvals/${more.body.approval}/approve`);
    expect((await post('ann', '/api/v1/erase', asked)).status).toBe(200);
    expect((await running.get<{ rows: object[] }>(`/api/v1/messages?key=order=${canary}`)).body.rows).toEqual([]);
    const audit = await running.get<{ rows: object[] }>('/api/v1/audit?action=erase&who=ann&result=done');
    expect(audit.body.rows[0]).toMatchObject({ after: { approvedBy: 'bob', preview: false, key: 'order' } });
    const data = join(running.folder, '.mortise/data');
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(data, name)).isFile());
    expect(files.filter((name) => readFileSync(join(data, name)).includes(canary))).toEqual([]);
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
