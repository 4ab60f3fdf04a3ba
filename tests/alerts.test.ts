// Alerts, from a project's files to mails and webhooks: each kind of rule raises and ends, is told once, over a restart too.

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAuthority } from '@mortise/sdk/testing';
import type { AlertPage, AlertRuleView } from '../engine/src/control/alerts.ts';
import { runHost } from '../engine/src/control/host.fixture.ts';
import type { RunningHost } from '../engine/src/control/host.fixture.ts';
import { openMailServer, openWebhookServer } from './alert-receivers.ts';
import type { MailServer, WebhookServer } from './alert-receivers.ts';
import { ForwardClock } from './forward-clock.ts';

const password = 'correct-horse-of-the-mail';
const secret = `whsec_${Buffer.from('a secret of alerts').toString('base64')}`;
process.env['ALERT_MAIL'] = password;
process.env['ALERT_HOOK'] = secret;

let clock: ForwardClock;
let running: RunningHost;
let mail: MailServer | undefined;
let hook: WebhookServer | undefined;
afterEach(async () => {
  await running.close();
  await mail?.close();
  await hook?.close();
  mail = undefined;
  hook = undefined;
});

type Files = Readonly<Record<string, string>>;

async function start(files: Files = {}): Promise<void> {
  clock = new ForwardClock();
  running = await runHost(files, { clock });
}

/** With a mail server and a receiver of webhooks. */
async function startWithReceivers(files: Files = {}): Promise<{ readonly mail: MailServer; readonly hook: WebhookServer }> {
  const servers = { mail: await openMailServer(password), hook: await openWebhookServer() };
  ({ mail, hook } = servers);
  const receivers = `alerts:
  consoleUrl: https://mortise.example.com/
  receivers:
    operations: { kind: mail, to: [ops@example.com], from: mortise@example.com, host: 127.0.0.1, port: ${mail.port}, tls: none, user: mortise, password: "env:ALERT_MAIL" }
    on-call: { kind: webhook, url: "${hook.url}", secret: "env:ALERT_HOOK" }
`;
  await start({ 'mortise.yaml': `name: acme\nlimits: { freeDisk: 1KiB }\n${receivers}`, ...files });
  return servers;
}

/** Lets the engine look at its rules until something is as wanted; each look is a quarter of a minute of its clock. */
async function lookUntil(holds: () => boolean | Promise<boolean>, told: () => unknown = () => ''): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not become as wanted: ${JSON.stringify(await told())}`);
    clock.forward(15_000);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

const rulesNow = async (): Promise<readonly AlertRuleView[]> =>
  (await running.get<readonly AlertRuleView[]>('/api/v1/alerts/rules')).body;
const raisedNow = async (rule: string) => (await rulesNow()).find(({ name }) => name === rule)?.raised ?? [];
const untilRaised = (rule: string) => lookUntil(async () => (await raisedNow(rule)).length > 0, rulesNow);
const untilOver = (rule: string) => lookUntil(async () => (await raisedNow(rule)).length === 0, rulesNow);

/** Orders that the CRM refuses for good. */
async function makeDead(count: number, first = 0): Promise<void> {
  running.answerWith(422);
  for (let number = first; number < first + count; number += 1)
    await running.post('/api/v1/send', { target: 'shop.order', value: { id: `D${number}` } });
  await running.until<{ rows: readonly unknown[] }>(
    '/api/v1/dead-letters?limit=1000',
    ({ rows }) => rows.length >= first + count,
  );
  running.answerWith(200);
}

const discardAll = () =>
  running.post('/api/v1/failures/act', {
    action: 'discard',
    state: 'dead',
    destination: 'outbound:crm.put-order',
    reason: 'test',
  });

const hooked = (type: string): readonly Notice[] =>
  (hook?.received ?? []).map(({ body }) => JSON.parse(body) as Notice).filter((notice) => notice.type === type);

interface Notice {
  readonly type: string;
  readonly rule: { readonly name: string };
  readonly alertCount: number;
  readonly alerts: readonly { readonly subject: string; readonly count: number; readonly until?: string }[];
  readonly url: string;
}

describe('mail over TLS', () => {
  const authority = makeAuthority('mail of acme');
  /** A receiver of a server with a certificate of `signer`; TLS by `tls`, and `more` of its settings. */
  async function startWithTls(
    tls: 'implicit' | 'starttls',
    signer = authority,
    host = '127.0.0.1',
    more = 'caFile: mail-ca.pem',
  ): Promise<void> {
    mail = await openMailServer(password, { ...signer.issue('mail'), isImplicit: tls === 'implicit' });
    const { port } = mail;
    const receiver = `{ kind: mail, to: [ops@example.com], from: m@example.com, host: ${host}, port: ${port}, tls: ${tls}, user: mortise, password: "env:ALERT_MAIL", ${more} }`;
    const settings = `name: acme\nlimits: { freeDisk: 1KiB }\nalerts: { receivers: { operations: ${receiver} } }\n`;
    await start({ 'mortise.yaml': settings, 'mail-ca.pem': authority.cert, 'other.pem': 'none' });
  }
  const deliveries = async () =>
    (await running.get<readonly { readonly name: string; readonly error?: string }[]>('/api/v1/alerts/receivers')).body;
  const tried = async () =>
    (await running.post<{ readonly sent: boolean; readonly error?: string }>('/api/v1/alerts/receivers/operations/test')).body;

  it.each(['implicit', 'starttls'] as const)('of a private authority arrives: %s', async (tls) => {
    await startWithTls(tls);
    expect(await tried()).toEqual({ sent: true });
    await makeDead(1);
    await lookUntil(() => mail?.mails.length === 2);
    expect(mail?.mails[1]).toMatch(/^Subject: \[acme\] outbound:crm\.put-order: 1 delivery is dead\r$/m);
  });

  it.each(['implicit', 'starttls'] as const)('is not sent to who has a certificate of another authority: %s', async (tls) => {
    await startWithTls(tls, makeAuthority('somebody else'));
    await makeDead(1);
    const error = expect.stringMatching(
      /^The certificate of 127\.0\.0\.1:\d+ is not trusted: .+\. Have its authority in mail-ca\.pem\.$/,
    );
    await lookUntil(async () => (await deliveries())[0]?.error !== undefined, deliveries);
    expect((await deliveries())[0]).toMatchObject({ name: 'operations', error });
    expect(await tried()).toEqual({ sent: false, error });
    expect(mail?.mails).toEqual([]);
  });

  it.each([
    [
      'a certificate for another host',
      'localhost',
      'caFile: mail-ca.pem',
      /^The certificate of localhost:.+altnames.+\. Write the host as the certificate names it\.$/,
    ],
    ['a private authority that is not named', '127.0.0.1', '', /Have its authority in a file that caFile names\.$/],
    ['authorities that are none', '127.0.0.1', 'caFile: other.pem', /^caFile: other\.pem holds no certificate: expected/],
    ['authorities that are not there', '127.0.0.1', 'caFile: gone.pem', /^caFile: gone\.pem cannot be read: ENOENT/],
  ])('is not sent with %s', async (_what, host, more, error) => {
    await startWithTls('implicit', authority, host, more);
    expect(await tried()).toEqual({ sent: false, error: expect.stringMatching(error) });
    expect(mail?.mails).toEqual([]);
  });

  it('is not sent in the clear where the server has no STARTTLS', async () => {
    mail = await openMailServer(password);
    const receiver = `{ kind: mail, to: [ops@example.com], from: m@example.com, host: 127.0.0.1, port: ${mail.port}, user: mortise, password: "env:ALERT_MAIL" }`;
    await start({
      'mortise.yaml': `name: acme\nlimits: { freeDisk: 1KiB }\nalerts: { receivers: { operations: ${receiver} } }\n`,
    });
    expect(await tried()).toEqual({ sent: false, error: expect.stringContaining('STARTTLS') });
    expect(mail.mails).toEqual([]);
  });
});

describe('dead letters', () => {
  it('are told once, all together, by mail and by a signed webhook; and that it is over', async () => {
    await startWithReceivers();
    await makeDead(25);
    await lookUntil(() => mail?.mails.length === 1 && hook?.received.length === 1);
    expect(mail?.mails[0]).toMatch(/^Subject: \[acme\] outbound:crm\.put-order: 25 deliveries are dead\r$/m);
    expect(mail?.mails[0]).toMatch(/^To: ops@example\.com\r$/m);
    expect(mail?.mails[0]).toContain('https://mortise.example.com/alerts');
    const { headers, body } = hook?.received[0] ?? { headers: {}, body: '' };
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(JSON.parse(body)).toMatchObject({
      type: 'alert.raised',
      project: 'acme',
      rule: { name: 'dead-letters', kind: 'dead-letters', severity: 'warning' },
      alertCount: 1,
      alerts: [{ subject: 'outbound:crm.put-order', count: 25 }],
    });

    await makeDead(5, 25);
    await lookUntil(async () => (await raisedNow('dead-letters'))[0]?.count === 30);
    await discardAll();
    await untilOver('dead-letters');
    await lookUntil(() => mail?.mails.length === 2 && hook?.received.length === 2);
    expect(mail?.mails[1]).toMatch(/^Subject: \[acme\] over: outbound:crm\.put-order: 30 deliveries are dead\r$/m);
    expect(hooked('alert.resolved')).toMatchObject([{ alerts: [{ count: 30, until: expect.any(String) }] }]);
  });

  it('that were told are not told again by the next process, which tells that it is over', async () => {
    await startWithReceivers();
    await makeDead(1);
    await lookUntil(() => hook?.received.length === 1 && mail?.mails.length === 1);
    await running.restart();
    await lookUntil(async () => (await raisedNow('dead-letters')).length === 1);
    for (let look = 0; look < 5; look += 1) clock.forward(15_000);
    await discardAll();
    await lookUntil(() => hooked('alert.resolved').length === 1);
    expect(hook?.received.length).toBe(2);
  });

  it('of another flow or system than a rule names raise nothing', async () => {
    await start({
      'alerts/of-notes.yaml': 'when: { kind: dead-letters, flow: notes }\n',
      'alerts/of-shop.yaml': 'when: { kind: dead-letters, system: shop }\n',
      'alerts/of-out.yaml': 'when: { kind: dead-letters, flow: out, atLeast: 2 }\nseverity: critical\n',
    });
    await makeDead(1);
    await untilLooked();
    expect(await raisedNow('of-out')).toEqual([]);
    await makeDead(1, 1);
    await untilRaised('of-out');
    expect((await rulesNow()).filter(({ raised }) => raised.length > 0).map(({ name }) => name)).toEqual(['of-out']);
    expect((await rulesNow()).some(({ name }) => name === 'dead-letters')).toBe(false);
  });
});

/** A rule that always holds is raised by a look: what did not raise before was looked at. */
async function untilLooked(): Promise<void> {
  running.write({ 'alerts/always.yaml': 'when: { kind: disk, below: 1000000GiB }\nto: []\n' });
  await running.post('/api/v1/reload');
  await untilRaised('always');
  running.write({ 'alerts/always.yaml': 'when: { kind: disk, below: 1KiB }\nto: []\n' });
  await running.post('/api/v1/reload');
  await untilOver('always');
}

describe('what a project does not say', () => {
  it('is watched all the same: dead letters, held lanes, certificates, disk; shown, and told to nobody', async () => {
    await start();
    expect((await rulesNow()).map(({ name, to, file }) => [name, to, file])).toEqual([
      ['shop-is-silent', [], 'alerts/shop-is-silent.yaml'],
      ['dead-letters', [], undefined],
      ['held-lanes', [], undefined],
      ['certificate', [], undefined],
      ['disk', [], undefined],
    ]);
    await makeDead(1);
    await untilRaised('dead-letters');
  });
});

describe('a held lane', () => {
  it('is raised while a dead delivery holds it', async () => {
    await start({ 'flows/out.yaml': 'from: { channel: orders }\norder: { by: id }\nto: { system: crm, outbound: put-order }\n' });
    await makeDead(1);
    await untilRaised('held-lanes');
    expect(await raisedNow('held-lanes')).toMatchObject([
      { subject: 'outbound:crm.put-order', text: '1 lane waits for a person' },
    ]);
    await discardAll();
    await untilOver('held-lanes');
  });
});

describe('a backlog', () => {
  it('is raised when it has been too long for long enough, and is over when it is shorter', async () => {
    await start({ 'alerts/slow.yaml': 'when: { kind: backlog, system: crm, above: 2, for: 10m }\n' });
    await running.post('/api/v1/pauses', { kind: 'system', name: 'crm' });
    for (let number = 0; number < 3; number += 1)
      await running.post('/api/v1/send', { target: 'shop.order', value: { id: `B${number}` } });
    await untilLooked();
    expect(await raisedNow('slow')).toEqual([]);
    await untilRaised('slow');
    expect(await raisedNow('slow')).toMatchObject([{ subject: 'outbound:crm.put-order', count: 3 }]);
    await running.post('/api/v1/pauses/resume', { kind: 'system', name: 'crm' });
    await untilOver('slow');
  });
});

describe('silence', () => {
  it('is raised when nothing comes for so long, and is over with the next message', async () => {
    await start();
    await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'A' } });
    await untilLooked();
    expect(await raisedNow('shop-is-silent')).toEqual([]);
    const from = clock.nowMs();
    await untilRaised('shop-is-silent');
    expect(clock.nowMs() - from).toBeGreaterThan(12 * 60_000);
    expect(await raisedNow('shop-is-silent')).toMatchObject([{ subject: 'inbound:shop', kind: 'silence' }]);

    await running.restart();
    await untilLooked();
    expect(await raisedNow('shop-is-silent')).toHaveLength(1);
    await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'B' } });
    await untilOver('shop-is-silent');
    const { rows } = (await running.get<AlertPage>('/api/v1/alerts')).body;
    expect(rows.filter(({ rule }) => rule === 'shop-is-silent')).toHaveLength(1);
  });

  it('of a system that is paused is none', async () => {
    await start();
    await running.post('/api/v1/pauses', { kind: 'system', name: 'shop' });
    const until = clock.nowMs() + 3_600_000;
    await lookUntil(() => clock.nowMs() > until);
    await untilLooked();
    expect(await raisedNow('shop-is-silent')).toEqual([]);
    await running.post('/api/v1/pauses/resume', { kind: 'system', name: 'shop' });
    await untilRaised('shop-is-silent');
  });
});

describe('an error rate', () => {
  it('is raised when too many attempts fail, and is over when they succeed', async () => {
    await start({ 'alerts/failing.yaml': 'when: { kind: error-rate, system: crm, above: 20, over: 2m, atLeast: 3 }\n' });
    running.answerWith(503);
    for (let number = 0; number < 3; number += 1)
      await running.post('/api/v1/send', { target: 'shop.order', value: { id: `E${number}` } });
    await untilRaised('failing');
    expect(await raisedNow('failing')).toMatchObject([{ subject: 'outbound:crm.put-order', kind: 'error-rate' }]);
    running.answerWith(200);
    await untilOver('failing');
  });
});

describe('a certificate', () => {
  it('is raised when it ends soon, wherever it is, and is over when there is a new one', async () => {
    const { cert, key } = makeAuthority('authority').issue('soon');
    const server = createServer({ cert, key }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tls = 'tls: { certificateFile: deploy/soon.pem, keyFile: deploy/key.pem, caFile: deploy/soon.pem }';
    await start({
      'deploy/soon.pem': cert,
      'systems/partner.yaml': `connector: http\nconnection: { url: "https://${host}", ${tls} }\noutbounds: { put: { uses: request } }\n`,
      'alerts/certificates.yaml': `when: { kind: certificate, within: 30d, files: [deploy/soon.pem], hosts: ["${host}"] }\n`,
    });
    await untilRaised('certificates');
    expect((await raisedNow('certificates')).map(({ subject }) => subject).toSorted()).toEqual([
      `certificate:${host}`,
      'certificate:deploy/soon.pem',
      'certificate:partner',
    ]);
    server.close();
    writeFileSync(join(running.folder, 'deploy/soon.pem'), 'none any more');
    await untilOver('certificates');
  });
});

describe('the disk', () => {
  it('is raised below so much, and is over above', async () => {
    await start({ 'alerts/room.yaml': 'when: { kind: disk, below: 1000000GiB }\nseverity: critical\n' });
    await untilRaised('room');
    expect(await raisedNow('room')).toMatchObject([{ subject: 'disk', severity: 'critical' }]);
    running.write({ 'alerts/room.yaml': 'when: { kind: disk, below: 1KiB }\n' });
    await running.post('/api/v1/reload');
    await untilOver('room');
  });
});

interface ReceiverView {
  readonly name: string;
  readonly address: string;
  readonly waiting: number;
  readonly error?: string;
  readonly lastSentAt?: string;
}

const receiversNow = async (): Promise<readonly ReceiverView[]> =>
  (await running.get<readonly ReceiverView[]>('/api/v1/alerts/receivers')).body;

describe('a receiver that fails', () => {
  it('is tried again and shown, holds up no other, and gets its notice under the same id; over a restart too', async () => {
    await startWithReceivers();
    mail?.refuse(true);
    hook?.answerWith(500);
    await makeDead(1);
    await lookUntil(async () => (await receiversNow()).every(({ error }) => error !== undefined), receiversNow);
    expect(await receiversNow()).toMatchObject([
      { name: 'operations', address: 'ops@example.com', waiting: 1, error: expect.stringContaining('The mailbox is full.') },
      { name: 'on-call', waiting: 1, error: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ answered 500\.$/) },
    ]);
    hook?.answerWith(204);
    await lookUntil(() => hook?.received.length === 1);
    expect(new Set(hook?.refused)).toEqual(new Set([hook?.received[0]?.headers['webhook-id']]));
    expect(mail?.mails).toEqual([]);
    await running.restart();
    mail?.refuse(false);
    await lookUntil(() => mail?.mails.length === 1);
    await lookUntil(async () => (await receiversNow()).every(({ error, waiting }) => error === undefined && waiting === 0));
    expect(hook?.received).toHaveLength(1);
  });

  it('never shows its secrets: not the password that a server repeats, not the path of a webhook', async () => {
    await startWithReceivers();
    running.write({
      'mortise.yaml': `name: acme\nlimits: { freeDisk: 1KiB }\nalerts: { receivers: { operations: { kind: mail, to: [a@b.example], from: m@b.example, host: 127.0.0.1, port: ${mail?.port}, tls: none, user: stranger, password: "env:ALERT_MAIL" }, on-call: { kind: webhook, url: "${hook?.url}", secret: "env:ALERT_HOOK" } } }\n`,
    });
    await running.post('/api/v1/reload');
    const { body } = await running.post<{ sent: boolean; error: string }>('/api/v1/alerts/receivers/operations/test');
    expect(body).toMatchObject({ sent: false, error: expect.stringContaining('[secret]') });
    const shown = JSON.stringify([body, await receiversNow(), (await running.get('/api/v1/audit')).body]);
    expect(shown).not.toContain(password);
    expect(shown).not.toContain('4n-address-that-is-secret');
  });
});

describe('a test of a receiver', () => {
  it('arrives at once, and says that it is one', async () => {
    await startWithReceivers();
    expect((await running.post('/api/v1/alerts/receivers/operations/test')).body).toEqual({ sent: true });
    expect((await running.post('/api/v1/alerts/receivers/on-call/test')).body).toEqual({ sent: true });
    expect(mail?.mails[0]).toMatch(/^Subject: \[acme\] test: test\r$/m);
    expect(hooked('alert.test')).toHaveLength(1);
    expect((await running.post('/api/v1/alerts/receivers/nobody/test')).status).toBe(404);
  });
});

describe('muting', () => {
  it('tells nobody for a time, keeps the history, is in the audit, and tells afterwards what still lasts', async () => {
    await startWithReceivers();
    const until = new Date(clock.nowMs() + 3_600_000).toISOString();
    const muted = await running.post<AlertRuleView>('/api/v1/alerts/rules/dead-letters/mute', { until, reason: 'migration' });
    expect(muted.body.muted).toMatchObject({ until, who: 'local', reason: 'migration' });
    await makeDead(1);
    await untilRaised('dead-letters');
    await untilLooked();
    const told = () => hooked('alert.raised').filter(({ rule }) => rule.name === 'dead-letters');
    expect(told()).toEqual([]);
    await lookUntil(() => told().length === 1);
    expect(clock.nowMs()).toBeGreaterThan(Date.parse(until));

    await running.post('/api/v1/alerts/rules/dead-letters/mute', { until: new Date(clock.nowMs() + 3_600_000).toISOString() });
    expect((await running.post('/api/v1/alerts/rules/dead-letters/unmute')).body).toEqual({ unmuted: true });
    expect((await running.post('/api/v1/alerts/rules/dead-letters/unmute')).body).toEqual({ unmuted: false });
    const { body: audit } = await running.get<{ rows: readonly { action: string; about: unknown }[] }>('/api/v1/audit');
    expect(audit.rows).toContainEqual(
      expect.objectContaining({ action: 'muteAlerts', about: { name: 'dead-letters', until, reason: 'migration' } }),
    );
  });

  it('in the past, for years, or of no rule is refused', async () => {
    await start();
    const mute = async (rule: string, ms: number) =>
      (await running.post(`/api/v1/alerts/rules/${rule}/mute`, { until: new Date(clock.nowMs() + ms).toISOString() })).status;
    expect(await mute('disk', -1000)).toBe(400);
    expect(await mute('disk', 400 * 86_400_000)).toBe(400);
    expect(await mute('none', 1000)).toBe(404);
  });
});

describe('the history', () => {
  it('goes on by cursor, newest first', async () => {
    await start({
      'alerts/room.yaml': 'when: { kind: disk, below: 1000000GiB }\n',
      'alerts/room-too.yaml': 'when: { kind: disk, below: 1000000GiB }\n',
    });
    await lookUntil(async () => (await running.get<AlertPage>('/api/v1/alerts')).body.rows.length === 2);
    const first = (await running.get<AlertPage>('/api/v1/alerts?limit=1')).body;
    const second = (await running.get<AlertPage>(`/api/v1/alerts?limit=1&cursor=${first.next}`)).body;
    expect([...first.rows, ...second.rows].map(({ rule }) => rule).toSorted()).toEqual(['room', 'room-too']);
    expect(first.rows[0]?.number).toBeGreaterThan(second.rows[0]?.number ?? 0);
  });
});
