// A notice: what receivers are told of the alerts of one rule, as JSON for programs and as text for people.

import type { StoredAlert } from '../access/alert-record.ts';
import type { AlertRule } from '../project/alerts.ts';

export type NoticeType = 'alert.raised' | 'alert.resolved' | 'alert.reminder' | 'alert.test';

export interface Notice {
  readonly type: NoticeType;
  readonly at: string;
  readonly project: string;
  readonly environment?: string;
  readonly rule: { readonly name: string; readonly kind: string; readonly severity: string; readonly description?: string };
  /** How many alerts it is about; of very many not all are told. */
  readonly alertCount: number;
  readonly alerts: readonly {
    readonly subject: string;
    readonly count: number;
    readonly text: string;
    readonly since: string;
    readonly until?: string;
  }[];
  /** Where the console shows it. */
  readonly url?: string;
}

export interface NoticePlace {
  readonly project: string;
  readonly environment?: string;
  readonly consoleUrl?: string;
  readonly nowMs: number;
}

/** A mail of thousands of lines is read by nobody. */
const alertsTold = 20;

export function noticeOf(
  type: NoticeType,
  rule: Pick<AlertRule, 'name' | 'severity' | 'description'> & { readonly kind: string },
  alerts: readonly StoredAlert[],
  { project, environment, consoleUrl, nowMs }: NoticePlace,
): Notice {
  const { name, kind, severity, description } = rule;
  return {
    type,
    at: new Date(nowMs).toISOString(),
    project,
    ...(environment === undefined ? {} : { environment }),
    rule: { name, kind, severity, ...(description === undefined ? {} : { description }) },
    alertCount: alerts.length,
    alerts: alerts.slice(0, alertsTold).map(({ subject, count, text, beganAtMs, endedAtMs }) => ({
      subject,
      count,
      text,
      since: new Date(beganAtMs).toISOString(),
      ...(endedAtMs === undefined ? {} : { until: new Date(endedAtMs).toISOString() }),
    })),
    ...(consoleUrl === undefined ? {} : { url: `${consoleUrl.replace(/\/$/, '')}/alerts` }),
  };
}

const words: Readonly<Record<NoticeType, string>> = {
  'alert.raised': '',
  'alert.resolved': 'over: ',
  'alert.reminder': 'still: ',
  'alert.test': 'test: ',
};

/** Of a mail. */
export function subjectOf({ type, project, environment, rule, alerts, alertCount }: Notice): string {
  const where = environment === undefined ? project : `${project} ${environment}`;
  const [first] = alerts;
  const about = first ? `${first.subject}: ${first.text}${alertCount > 1 ? `, and ${alertCount - 1} more` : ''}` : rule.name;
  // What a certificate's file is called may hold anything.
  return `[${where}] ${words[type]}${rule.severity === 'critical' ? 'critical: ' : ''}${about}`.replace(/\p{Cc}+/gu, ' ');
}

export function textOf(notice: Notice): string {
  const { type, rule, alerts, alertCount, url } = notice;
  const lines = alerts.map(
    ({ subject, text, since, until }) => `- ${subject}: ${text}\n  since ${since}${until === undefined ? '' : ` until ${until}`}`,
  );
  const heads: Readonly<Record<NoticeType, string>> = {
    'alert.raised': `Rule ${rule.name} (${rule.severity}):`,
    'alert.resolved': `Rule ${rule.name}: this is over.`,
    'alert.reminder': `Rule ${rule.name} (${rule.severity}): this lasts.`,
    'alert.test': 'This is a test of the receiver. Nothing is wrong.',
  };
  const more = alertCount > alerts.length ? [`and ${alertCount - alerts.length} more`] : [];
  return [heads[type], '', ...lines, ...more, '', ...[rule.description, url].filter((part) => part !== undefined), ''].join('\n');
}
