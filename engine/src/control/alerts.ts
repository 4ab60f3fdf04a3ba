// Alerts in the API: the rules and what they raised, the history, who is told, and what people mute.

import { nearest } from '@mortise/sdk';
import type { FastifyRequest } from 'fastify';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { StoredAlert, StoredNotice } from '../access/alert-record.ts';
import { everything } from '../access/rights.ts';
import type { AccessObject } from '../access/rights.ts';
import type { AlertReceiver } from '../flow/definitions.ts';
import type { AlertRule } from '../project/alerts.ts';
import type { ObjectsAsked } from './authentication.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import { destinationObject, flowObject, may, onlyCovered, systemObject, wholeEngine } from './objects.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from '../store/iso-time.ts';

const Time = Type.String({ format: 'date-time' });
const Severity = Type.Enum(['warning', 'critical']);

export const AlertView = Type.Object({
  number: Type.Integer(),
  rule: Type.String(),
  kind: Type.String({ description: 'As dead-letters, silence, disk.' }),
  severity: Severity,
  subject: Type.String({ description: 'What it is about, as outbound:SYSTEM.OUTBOUND, inbound:SYSTEM.INBOUND, disk.' }),
  count: Type.Integer({ description: 'Of what there is too much; 1 where nothing is counted.' }),
  text: Type.String(),
  since: Time,
  until: Type.Optional(Time),
  told: Type.Optional(Type.String({ format: 'date-time', description: 'When receivers were last told of it.' })),
});
export type AlertView = Static<typeof AlertView>;

const MuteView = Type.Object({
  until: Time,
  since: Time,
  who: Type.String(),
  reason: Type.Optional(Type.String()),
});

export const AlertRuleView = Type.Object({
  name: Type.String(),
  kind: Type.String(),
  severity: Severity,
  description: Type.Optional(Type.String()),
  when: Type.Record(Type.String(), Type.Unknown(), { description: 'Durations in milliseconds, sizes in bytes.' }),
  to: Type.Array(Type.String(), { description: 'The receivers that are told.' }),
  file: Type.Optional(Type.String({ description: 'Absent of a rule that is there without being written.' })),
  muted: Type.Optional(MuteView),
  raised: Type.Array(AlertView, { description: 'What it has raised now.' }),
});
export type AlertRuleView = Static<typeof AlertRuleView>;

export const AlertPage = Type.Object({
  rows: Type.Array(AlertView, { description: 'Newest first. A page may be short: what may not be seen is left out.' }),
  next: Type.Optional(Type.String({ description: 'The cursor of the next page; absent on the last.' })),
});
export type AlertPage = Static<typeof AlertPage>;

const ReceiverView = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['mail', 'webhook']),
  address: Type.String({ description: 'The addresses of a mail; of a webhook the server only: the rest may be secret.' }),
  waiting: Type.Integer({ description: 'Notices that have not arrived yet.' }),
  lastSentAt: Type.Optional(Time),
  error: Type.Optional(Type.String({ description: 'What went wrong with the last notice, if it did not arrive.' })),
});

const Tested = Type.Object({ sent: Type.Boolean(), error: Type.Optional(Type.String()) });

const api = '/api/v1';
const tags = ['alerts'];
const InPath = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) });
/** So many notices are looked at for the state of receivers. */
const noticesLooked = 1000;
const muteMsMax = 90 * 86_400_000;

export function alertRoutes(server: ControlServer, host: ControlHost): void {
  listRoutes(server, host);
  muteRoutes(server, host);
  receiverRoutes(server, host);
}

function listRoutes(server: ControlServer, host: ControlHost): void {
  const { access } = host;
  server.get(
    `${api}/alerts/rules`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listAlertRules',
        tags,
        summary: 'The rules that raise alerts, with what each has raised now.',
        response: { 200: Type.Array(AlertRuleView) },
      },
    },
    async ({ asker }) => {
      const raised = access.alerts.raised().filter(({ subject }) => asker.covers(subjectObject(subject)));
      return host
        .project()
        .alerts.filter((rule) => asker.covers(ruleObject(rule)) || raised.some((alert) => alert.rule === rule.name))
        .map((rule) => ruleView(host, rule, raised));
    },
  );
  server.get(
    `${api}/alerts`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listAlerts',
        tags,
        summary: 'What was raised in the last 90 days, newest first.',
        querystring: Type.Object(
          {
            limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
            cursor: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: AlertPage },
      },
    },
    async ({ query: { limit, cursor }, asker }) => {
      const rows = access.alerts.history(limit, cursor === undefined ? undefined : Number(cursor));
      const last = rows.at(-1);
      return {
        rows: rows.filter(({ subject }) => asker.covers(subjectObject(subject))).map(alertView),
        ...(last && rows.length === limit ? { next: String(last.number) } : {}),
      };
    },
  );
}

function muteRoutes(server: ControlServer, host: ControlHost): void {
  const { access, clock } = host;
  server.post(
    `${api}/alerts/rules/:name/mute`,
    {
      config: may('operate', ruleInPath),
      schema: {
        operationId: 'muteAlerts',
        tags,
        summary: 'Tells nobody of what a rule raises, until a time. It is in the history all the same.',
        params: InPath,
        body: Type.Object(
          { until: Time, reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })) },
          { additionalProperties: false },
        ),
        response: { 200: AlertRuleView },
      },
    },
    async ({ params, body, asker }) => {
      const rule = ruleOf(host, params.name);
      const nowMs = clock.nowMs();
      const untilMs = Date.parse(body.until);
      if (!(untilMs > nowMs && untilMs - nowMs <= muteMsMax))
        throw controlError('MORTISE_CONTROL_REQUEST', `${body.until} is not within the next 90 days.`);
      const { reason } = body;
      access.alerts.mute({
        rule: rule.name,
        untilMs,
        sinceMs: nowMs,
        who: asker.principal.name,
        ...(reason === undefined ? {} : { reason }),
      });
      return ruleView(host, rule, access.alerts.raised());
    },
  );
  server.post(
    `${api}/alerts/rules/:name/unmute`,
    {
      config: may('operate', ruleInPath),
      schema: {
        operationId: 'unmuteAlerts',
        tags,
        summary: 'Tells again: what is still raised and was not told is told.',
        params: InPath,
        response: { 200: Type.Object({ unmuted: Type.Boolean({ description: 'False where it was not muted.' }) }) },
      },
    },
    async ({ params }) => ({ unmuted: access.alerts.unmute(ruleOf(host, params.name).name, clock.nowMs()) }),
  );
}

function receiverRoutes(server: ControlServer, host: ControlHost): void {
  const { access } = host;
  server.get(
    `${api}/alerts/receivers`,
    {
      config: may('see', wholeEngine),
      schema: {
        operationId: 'listAlertReceivers',
        tags,
        summary: 'Who is told of alerts, and whether notices arrive.',
        response: { 200: Type.Array(ReceiverView) },
      },
    },
    async () => {
      const notices = access.alerts.notices(noticesLooked);
      return Object.entries(host.project().settings.alerts.receivers).map(([name, receiver]) =>
        receiverView(
          name,
          receiver,
          notices.filter((notice) => notice.receiver === name),
        ),
      );
    },
  );
  server.post(
    `${api}/alerts/receivers/:name/test`,
    {
      config: may('operate', wholeEngine),
      schema: {
        operationId: 'testAlertReceiver',
        tags,
        summary: 'Sends a receiver a notice that says it is a test, and tells whether it was taken.',
        params: InPath,
        response: { 200: Tested },
      },
    },
    async (request) => {
      const { receivers } = host.project().settings.alerts;
      const { name } = request.params;
      if (!Object.hasOwn(receivers, name)) throw unknown('receiver', name, Object.keys(receivers));
      const error = await host.testAlerts(name);
      request.told = { after: { sent: error === undefined } };
      return error === undefined ? { sent: true } : { sent: false, error };
    },
  );
}

/** What a rule is about, as it says itself: a rule for all flows and systems belongs to everything. */
function ruleObject({ when }: AlertRule): AccessObject {
  if ('flow' in when && when.flow !== undefined) return flowObject(when.flow);
  return 'system' in when && when.system !== undefined ? systemObject(when.system) : everything;
}

function ruleInPath(request: FastifyRequest, { project }: ControlHost): ObjectsAsked {
  const { name } = request.params as Static<typeof InPath>;
  const rule = project().alerts.find((one) => one.name === name);
  return [rule ? ruleObject(rule) : everything];
}

function subjectObject(subject: string): AccessObject {
  const inbound = /^inbound:([^.]+)/.exec(subject)?.[1];
  return inbound === undefined ? destinationObject(subject) : systemObject(inbound);
}

function ruleOf({ project }: ControlHost, name: string): AlertRule {
  const rules = project().alerts;
  const rule = rules.find((one) => one.name === name);
  if (rule) return rule;
  throw unknown(
    'alert rule',
    name,
    rules.map((one) => one.name),
  );
}

function unknown(what: string, name: string, known: readonly string[]): Error {
  const near = nearest(name, known);
  const remedy = near === undefined ? {} : { remedy: `Did you mean "${near}"?` };
  return controlError('MORTISE_CONTROL_UNKNOWN', `There is no ${what} "${name}".`, remedy);
}

function ruleView({ access, clock, project }: ControlHost, rule: AlertRule, raised: readonly StoredAlert[]): AlertRuleView {
  const { name, severity, description, when, to, file } = rule;
  const mute = access.alerts.mutes(clock.nowMs()).find((one) => one.rule === name);
  return {
    name,
    kind: when.kind,
    severity,
    ...(description === undefined ? {} : { description }),
    when: { ...when },
    to: [...(to ?? Object.keys(project().settings.alerts.receivers))],
    ...(file === undefined ? {} : { file }),
    ...(mute
      ? {
          muted: {
            until: isoTime(mute.untilMs),
            since: isoTime(mute.sinceMs),
            who: mute.who,
            ...(mute.reason === undefined ? {} : { reason: mute.reason }),
          },
        }
      : {}),
    raised: raised.filter((alert) => alert.rule === name).map(alertView),
  };
}

function alertView({
  beganAtMs,
  endedAtMs,
  toldAtMs,
  number,
  rule,
  kind,
  severity,
  subject,
  count,
  text,
}: StoredAlert): AlertView {
  return {
    number,
    rule,
    kind,
    severity: severity === 'critical' ? 'critical' : 'warning',
    subject,
    count,
    text,
    since: isoTime(beganAtMs),
    ...(endedAtMs === undefined ? {} : { until: isoTime(endedAtMs) }),
    ...(toldAtMs === undefined ? {} : { told: isoTime(toldAtMs) }),
  };
}

/** `notices` are the newest of it, newest first. */
function receiverView(name: string, receiver: AlertReceiver, notices: readonly StoredNotice[]): Static<typeof ReceiverView> {
  const lastSent = notices.find(({ state }) => state === 'sent')?.endedAtMs;
  const last = notices.find(({ attempts }) => attempts > 0);
  return {
    name,
    kind: receiver.kind,
    address: receiver.kind === 'mail' ? receiver.to.join(', ') : new URL(receiver.url).origin,
    waiting: notices.filter(({ state }) => state === 'waiting').length,
    ...(lastSent === undefined ? {} : { lastSentAt: isoTime(lastSent) }),
    ...(last?.error === undefined ? {} : { error: last.error }),
  };
}
