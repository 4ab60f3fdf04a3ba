// What the audit says of what was done by the API; and what it never says.

import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Access } from '../access/access.ts';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { AuditRows } from './audit.ts';

const password = 'c4n4ry horse battery';
let running: RunningHost;
let base: string;
beforeAll(async () => {
  running = await runHost();
  base = `http://${running.host.addresses.control}`;
  await running.post('/api/v1/users', { name: 'ann', password, grants: [{ role: 'viewer' }] });
});
afterAll(() => running.close());

const found = async (query: string): Promise<AuditRows['rows']> =>
  (await running.get<AuditRows>(`/api/v1/audit?${query}`)).body.rows;

const textOf = async (path: string): Promise<string> =>
  (await fetch(`${base}${path}`, { headers: keyHeader(running.folder) })).text();

const logIn = (given: object): Promise<Response> =>
  fetch(`${base}/api/v1/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(given) });

describe('the audit', () => {
  it('says who changed what, from where, before and after', async () => {
    const change = await fetch(`${base}/api/v1/users/ann`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', ...keyHeader(running.folder) },
      body: JSON.stringify({ grants: [{ role: 'auditor', flows: ['in'] }] }),
    });
    expect(change.status).toBe(200);
    expect((await found('action=changeUser'))[0]).toMatchObject({
      who: 'local',
      by: 'key',
      from: '127.0.0.1',
      about: { name: 'ann' },
      result: 'done',
      before: { version: 1, grants: [{ role: 'viewer' }] },
      after: { version: 2, grants: [{ role: 'auditor', flows: ['in'] }] },
    });
    expect((await found('action=addUser&text=AUDITOR')).length).toBe(0);
    expect((await found('action=start'))[0]).toMatchObject({ who: 'engine', about: { project: 'acme' } });
  });

  it('says who saw a body and who exported, and not who looked at lists', async () => {
    const { body } = await running.post<{ messages: { id: string }[] }>('/api/v1/send', {
      target: 'shop.order',
      value: { id: 'A' },
    });
    const id = body.messages[0]?.id ?? '';
    await running.get(`/api/v1/messages/${id}/body`);
    await textOf('/api/v1/export?key=customer=c4n4ry&flow=in');
    await running.get('/api/v1/messages');
    expect((await found('action=getBody'))[0]).toMatchObject({ who: 'local', about: { id }, result: 'done' });
    expect((await found('action=exportMessages'))[0]?.about).toEqual({ flow: 'in' });
    expect(await found('action=listMessages')).toEqual([]);
  });

  it('says who logged in, who failed to, and who was refused', async () => {
    const session = await logIn({ name: 'ann', password });
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    await logIn({ name: 'ann', password: 'c4n4ry wrong one' });
    expect((await fetch(`${base}/api/v1/users`, { headers: { cookie } })).status).toBe(403);
    const [wrong, right] = await found('action=logIn');
    expect(right).toMatchObject({ who: 'ann', about: { name: 'ann' }, result: 'done' });
    expect(wrong).toMatchObject({ who: '-', about: { name: 'ann' }, result: 'refused', code: 'MORTISE_ACCESS_WRONG_LOGIN' });
    expect((await found('who=ann&result=refused'))[0]).toMatchObject({
      action: 'listUsers',
      by: expect.stringMatching(/^session /),
      code: 'MORTISE_ACCESS_REFUSED',
    });
    const failed = await running.post('/api/v1/send', { target: 'nowhere', text: 'c4n4ry' });
    expect(failed.status).toBe(404);
    expect((await found('action=sendMessage&result=failed'))[0]).toMatchObject({ code: 'MORTISE_CONTROL_UNKNOWN' });
  });

  it('never holds passwords, bodies, keys by which people are found, or codes', async () => {
    await running.post('/api/v1/send', { target: 'shop.order', key: 'c4n4ry', subject: 'c4n4ry', value: { id: 'c4n4ry' } });
    await logIn({ code: 'c4n4ry' });
    await running.post('/api/v1/password', { current: password, next: password });
    const text = await textOf('/api/v1/audit/export');
    const lines = text.trim().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => line.includes('c4n4ry'))).toEqual([]);
  });

  it('is checked up to its newest checkpoint for whoever may see it', async () => {
    await running.post('/api/v1/audit/checkpoints');
    const { body } = await running.post<Record<string, number | string[]>>('/api/v1/audit/verify');
    expect(body).toMatchObject({ findings: [], checkpoint: expect.any(Number) });
    expect(Number(body['behind'])).toBe(Number(body['entries']) - Number(body['checkpoint']));
  });

  it('is given page by page, and signs the newest entry', async () => {
    const all = await found('limit=1000');
    const paged: AuditRows['rows'] = [];
    for (let cursor = ''; ; ) {
      const { body } = await running.get<AuditRows>(`/api/v1/audit?limit=3${cursor}`);
      paged.push(...body.rows);
      if (body.next === undefined) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(paged.map(({ n }) => n)).toEqual(all.map(({ n }) => n));
    const { body } = await running.post<{ checkpoint: { n: number } }>('/api/v1/audit/checkpoints');
    expect(body.checkpoint.n).toBe(all[0]?.n);
  });

  it('tells of what was begun when the process died', () => {
    const folder = `${running.folder}/died`;
    const clock = { nowMs: () => 0 };
    const first = new Access(folder, clock);
    first.audit.begin({ who: 'ann', action: 'discardDelivery', about: { id: 'd' } });
    first.close();
    const again = new Access(folder, clock);
    expect(again.audit.search({ limit: 10 })).toMatchObject([{ who: 'ann', action: 'discardDelivery', result: 'unknown' }]);
    again.close();
    expect(new Access(folder, clock).audit.search({ limit: 10 })).toHaveLength(1);
    const database = new DatabaseSync(`${folder}/access.db`);
    expect(database.prepare('SELECT count(*) AS left FROM audit_begun').get()).toMatchObject({ left: 0 });
    database.close();
  });
});
