// What an operator does with a running engine, over HTTP: pause, resume, drain, the level of the log, the floor of the disk.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditRows } from './audit.ts';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { FlowView, SystemView } from './mesh.ts';
import type { MessageRows } from './messages.ts';
import type { Problem } from './problem.ts';
import type { DrainView, PauseView } from './running.ts';
import type { Sent } from './send.ts';

interface Ready {
  readonly state: string;
  readonly takes: boolean;
  readonly reasons: readonly string[];
}

let running: RunningHost;
beforeEach(async () => {
  running = await runHost();
});
afterEach(() => running.close());

const api = '/api/v1';
const mebibytes = 1024 ** 2;

async function send(id: string): Promise<void> {
  const { status, body } = await running.post<Sent>(`${api}/send`, { target: 'shop.order', value: { id } });
  expect(status, JSON.stringify(body)).toBe(200);
}

const postOrder = (id: string): Promise<Response> =>
  fetch(`http://${running.host.addresses.inbound}/orders`, { method: 'POST', body: JSON.stringify({ id }) });
const ready = async (): Promise<Ready> => (await running.get<Ready>('/health/ready')).body;
const puts = (): readonly string[] => running.received.filter((request) => request.startsWith('PUT'));
const rows = (destination: string, holds: (found: MessageRows['rows']) => boolean): Promise<MessageRows> =>
  running.until<MessageRows>(`${api}/messages?destination=${destination}`, (page) => holds(page.rows));

async function untilReceived(count: number): Promise<void> {
  await rows('outbound:crm.put-order', (found) => found.filter(({ delivery }) => delivery.state === 'done').length === count);
  expect(puts()).toHaveLength(count);
}

describe('a pause', () => {
  it('of a system is listed, shown where it is missed, and ends when it is resumed; nothing is counted', async () => {
    const paused = await running.post<PauseView>(`${api}/pauses`, { kind: 'system', name: 'crm', reason: 'upgrade' });
    expect(paused).toMatchObject({ status: 200, body: { kind: 'system', name: 'crm', reason: 'upgrade' } });
    await send('p1');
    const waiting = await rows('outbound:crm.put-order', (found) => found.length === 1);
    expect(waiting.rows[0]?.delivery).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(puts()).toEqual([]);
    expect((await running.get<PauseView[]>(`${api}/pauses`)).body).toEqual([paused.body]);
    const crm = (await running.get<SystemView[]>(`${api}/systems`)).body.find(({ name }) => name === 'crm');
    expect(crm?.standstill).toEqual({ reason: 'System crm is paused: upgrade.' });
    expect(await ready()).toEqual({ state: 'ready', takes: true, reasons: ['System crm is paused: upgrade.'] });
    expect((await running.get<string>('/metrics')).body).toMatch(/^mortise_paused\{kind="system",name="crm"\} \d+$/m);
    expect((await running.post(`${api}/pauses/resume`, { kind: 'system', name: 'crm' })).body).toEqual({ resumed: true });
    await untilReceived(1);
    expect((await running.post(`${api}/pauses/resume`, { kind: 'system', name: 'crm' })).body).toEqual({ resumed: false });
  });

  it('of a flow lets its webhook accept; what came waits', async () => {
    await running.post(`${api}/pauses`, { kind: 'flow', name: 'in' });
    expect((await postOrder('p2')).status).toBe(202);
    await rows('flow:in', (found) => found[0]?.delivery.state === 'waiting');
    const flow = (await running.get<FlowView[]>(`${api}/flows`)).body.find(({ name }) => name === 'in');
    expect(flow).toMatchObject({ waiting: 1, standstill: { reason: 'Flow in is paused.' } });
    await running.post(`${api}/pauses/resume`, { kind: 'flow', name: 'in' });
    await untilReceived(1);
  });

  it('that drains a flow: senders are told to come again, what it has goes on, and how much is left is told', async () => {
    running.answerWith(503);
    await send('w1');
    const asked = { kind: 'flow', name: 'out', reason: 'upgrade', drain: true };
    await rows('outbound:crm.put-order', (found) => (found[0]?.delivery.attempts ?? 0) > 0);
    const drained = await running.post<PauseView>(`${api}/pauses`, { ...asked, name: 'in' });
    expect(drained).toMatchObject({
      status: 200,
      body: { kind: 'flow', name: 'in', drain: { state: 'drained', waiting: 0, held: 0 } },
    });
    expect((await running.post<PauseView>(`${api}/pauses`, asked)).body.drain).toEqual({
      state: 'draining',
      waiting: 1,
      held: 0,
    });
    const refused = await postOrder('w2');
    expect({ status: refused.status, retryAfter: refused.headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '30' });
    expect(await ready()).toMatchObject({
      takes: true,
      reasons: expect.arrayContaining(['Flow in takes nothing more in: upgrade.']),
    });
    const drainOf = (views: readonly FlowView[]) => views.find(({ name }) => name === 'out')?.drain;
    expect(drainOf((await running.get<FlowView[]>(`${api}/flows`)).body)).toMatchObject({ state: 'draining' });
    running.answerWith(200);
    await running.until<FlowView[]>(`${api}/flows`, (views) => drainOf(views)?.state === 'drained');
    const { body } = await running.get<AuditRows>(`${api}/audit?action=pause&limit=1`);
    expect(body.rows[0]).toMatchObject({ action: 'pause', about: asked });
    expect((await running.post(`${api}/pauses/resume`, { kind: 'flow', name: 'in' })).body).toEqual({ resumed: true });
    expect((await postOrder('w3')).status).toBe(202);
    expect(await running.post(`${api}/pauses`, { kind: 'system', name: 'crm', drain: true })).toMatchObject({
      status: 400,
      body: { code: 'MORTISE_CONTROL_REQUEST', remedy: 'Drain the flows that receive from it, or pause it.' },
    });
  });

  it('of the engine stops all flows and all systems', async () => {
    await running.post(`${api}/pauses`, { kind: 'engine' });
    expect((await postOrder('p3')).status).toBe(202);
    expect(await ready()).toMatchObject({ takes: true, reasons: ['The engine is paused.'] });
    await rows('flow:in', (found) => found[0]?.delivery.state === 'waiting');
    await running.post(`${api}/pauses/resume`, { kind: 'engine' });
    await untilReceived(1);
  });

  it('of something that is not there is refused, and says what may have been meant', async () => {
    for (const path of ['/pauses', '/pauses/resume']) {
      const { status, body } = await running.post<Problem>(`${api}${path}`, { kind: 'system', name: 'crn' });
      expect({ status, code: body.code, remedy: body.remedy }).toEqual({
        status: 404,
        code: 'MORTISE_CONTROL_UNKNOWN',
        remedy: 'Did you mean "crm"?',
      });
    }
    expect(await running.post(`${api}/pauses`, { kind: 'house', name: 'x' })).toMatchObject({ status: 400 });
  });
});

describe('draining', () => {
  it('answers senders 503 with Retry-After, ends what is there, says so, and is cancelled', async () => {
    running.answerWith(503);
    await send('d1');
    await rows('outbound:crm.put-order', (found) => (found[0]?.delivery.attempts ?? 0) > 0);
    expect((await running.post<DrainView>(`${api}/drain`)).body).toMatchObject({
      state: 'draining',
      stops: false,
      left: [{ name: 'outbound:crm.put-order' }],
    });
    const refused = await postOrder('d2');
    expect({ status: refused.status, retryAfter: refused.headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '30' });
    for (const target of ['shop.order', 'channel:orders'])
      expect(await running.post(`${api}/send`, { target, value: { id: 'd3' } })).toMatchObject({ status: 503 });
    expect(await running.get('/health/ready')).toMatchObject({ status: 503, body: { state: 'draining', takes: false } });
    expect((await running.get<string>('/metrics')).body).toMatch(/^mortise_draining 1$/m);
    running.answerWith(200);
    await running.until<DrainView>(`${api}/drain`, ({ state, left }) => state === 'drained' && left.length === 0);
    expect(puts().every((request) => request.includes('d1'))).toBe(true);
    expect((await running.post<DrainView>(`${api}/drain/cancel`)).body).toMatchObject({ state: 'off' });
    expect((await postOrder('d4')).status).toBe(202);
    expect(await ready()).toMatchObject({ state: 'ready', takes: true });
  });

  it('says what stands still, since that does not end by itself', async () => {
    await running.post(`${api}/pauses`, { kind: 'system', name: 'crm' });
    await send('d5');
    await rows('outbound:crm.put-order', (found) => found.length === 1);
    await running.post(`${api}/drain`, { stop: true });
    const { left, stops } = await running.until<DrainView>(`${api}/drain`, (view) => view.left.length === 1);
    expect({ left, stops }).toEqual({
      left: [{ name: 'outbound:crm.put-order', waiting: 1, running: 0, standsStill: 'System crm is paused.' }],
      stops: true,
    });
    await running.post(`${api}/pauses/resume`, { kind: 'system', name: 'crm' });
    await running.host.drained;
  });
});

describe('the floor of the free disk', () => {
  it('closes intake and lets outbounds go on; intake opens where there is room again', async () => {
    await running.post(`${api}/pauses`, { kind: 'system', name: 'crm' });
    await send('f1');
    running.write({ 'mortise.yaml': `name: acme\nlimits: { freeDisk: 1000000GiB }\n` });
    await running.post(`${api}/reload`);
    const refused = await postOrder('f2');
    expect({ status: refused.status, retryAfter: refused.headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '30' });
    expect(await running.get('/health/ready')).toMatchObject({ status: 503, body: { state: 'ready', takes: false } });
    expect((await ready()).reasons[0]).toMatch(/^The disk has \d+.* free; below 1000000GiB nothing is accepted\.$/);
    const { body } = await running.get<string>('/metrics');
    expect(body).toMatch(/^mortise_disk_full 1$/m);
    expect(body).toMatch(/^mortise_ready 0$/m);
    expect(Number(/^mortise_disk_free_bytes (\d+)$/m.exec(body)?.[1])).toBeGreaterThan(mebibytes);
    await running.post(`${api}/pauses/resume`, { kind: 'system', name: 'crm' });
    await untilReceived(1);
    running.write({ 'mortise.yaml': `name: acme\nlimits: { freeDisk: 1KiB }\n` });
    await running.post(`${api}/reload`);
    expect((await postOrder('f3')).status).toBe(202);
    expect(await running.get('/health/ready')).toMatchObject({ status: 200 });
  });
});

describe('a maintenance window', () => {
  it('is shown with its end', async () => {
    const crm = (windows: string) => `connector: http
connection: { url: http://127.0.0.1:9 }
limits: { concurrency: 3, rate: 120/m }
maintenance: ${windows}
outbounds:
  put-order: { uses: request, method: PUT, path: "/orders/\${id}", rate: 5/s }
  add-note: { uses: request, method: POST, path: /notes }
`;
    mkdirSync(join(running.folder, 'systems'), { recursive: true });
    writeFileSync(join(running.folder, 'systems', 'crm.yaml'), crm('[{ cron: "* * * * *", for: 2m, zone: Europe/Berlin }]'));
    await running.post(`${api}/reload`);
    const system = (await running.get<SystemView[]>(`${api}/systems`)).body.find(({ name }) => name === 'crm');
    expect(system?.limits).toEqual({ concurrency: 3, ratePerSecond: 2 });
    expect(system?.standstill?.reason).toMatch(/^System crm is in maintenance until 20.+Z\.$/);
    expect(system?.maintenance?.until).toBe(system?.standstill?.until);
    expect((await running.get<string>('/metrics')).body).toMatch(/^mortise_maintenance\{system="crm"\} 1$/m);
    writeFileSync(join(running.folder, 'systems', 'crm.yaml'), crm('{ cron: "0 3 29 2 *", for: 1h }'));
    await running.post(`${api}/reload`);
    const later = (await running.get<SystemView[]>(`${api}/systems`)).body.find(({ name }) => name === 'crm');
    expect(later?.standstill).toBeUndefined();
    expect(later?.maintenance?.from).toMatch(/^20\d\d-02-29T03:00:00\.000Z$/);
  });
});

describe('the level of the log', () => {
  it('is shown and changed, and a level that is none is refused', async () => {
    expect((await running.get(`${api}/log`)).body).toEqual({ level: 'silent' });
    expect((await running.post(`${api}/log`, { level: 'error' })).body).toEqual({ level: 'error' });
    expect((await running.get(`${api}/log`)).body).toEqual({ level: 'error' });
    expect(await running.post(`${api}/log`, { level: 'loud' })).toMatchObject({ status: 400 });
  });

  it('follows the project, when that says something new', async () => {
    running.write({ 'mortise.yaml': 'name: acme\nlimits: { freeDisk: 1KiB }\nlog: { level: error, format: structured }\n' });
    await running.post(`${api}/reload`);
    expect((await running.get(`${api}/log`)).body).toEqual({ level: 'error' });
  });
});
