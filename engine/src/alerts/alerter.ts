// Looks again and again whether the rules of the project hold, and keeps what it finds: raised, changed, over, and who is to be told.

import type { Clock, Logger } from '@mortise/sdk';
import type { AlertChanges, AlertFacts, AlertRecord, StoredAlert } from '../access/alert-record.ts';
import { newPublicId } from '../access/random-secret.ts';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import type { Standstills } from '../flow/standstills.ts';
import type { AlertRule } from '../project/alerts.ts';
import type { Project } from '../project/load.ts';
import { lookAtCertificates } from './certificates.ts';
import type { ResolveSecrets } from './certificates.ts';
import { findingsOf } from './conditions.ts';
import type { Finding, Sample, SeenCertificate, Sight } from './conditions.ts';
import { Heard } from './heard.ts';
import { noticeOf } from './notice.ts';
import type { Notice, NoticeType } from './notice.ts';
import { NoticeSender } from './sender.ts';
import type { SenderOptions } from './sender.ts';

export interface AlerterOptions {
  readonly record: AlertRecord;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dispatcher: Dispatcher;
  readonly standstills: Standstills;
  /** When something last came since the start, by inbound. */
  readonly heardAtMs: ReadonlyMap<string, number>;
  disk(): { readonly freeBytes?: number; readonly floorBytes: number };
  /** As it runs now. */
  project(): Project;
  readonly resolve: ResolveSecrets;
  readonly secret: SenderOptions['secret'];
  readonly redact: SenderOptions['redact'];
}

/** Soon enough for a person, and seldom enough to cost nothing. */
const everyMs = 15_000;
/** A burst is told with its number: it is waited for until it stops growing, but no longer than this. */
const gatherMs = 60_000;
/** Certificates end by the day, and servers are not to be asked all the time. */
const certificatesEveryMs = 3_600_000;

export class Alerter {
  private readonly options: AlerterOptions;
  private readonly sender: NoticeSender;
  private readonly heard: Heard;
  private samples: readonly Sample[] = [];
  private readonly longSince = new Map<string, number>();
  private certificates: readonly SeenCertificate[] = [];
  /** Of what `certificates` are, and when they were looked at. */
  private certificatesOf: { readonly revision: string; readonly atMs: number } | undefined;
  private timer: { cancel(): void } | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(options: AlerterOptions) {
    this.options = options;
    const { record, clock, log, secret, redact, project } = options;
    this.sender = new NoticeSender({
      record,
      clock,
      log,
      secret,
      redact,
      folder: () => project().folder,
      receivers: () => project().settings.alerts.receivers,
    });
    const { read } = options.dispatcher.store;
    this.heard = new Heard({ record, clock, read, heardAtMs: options.heardAtMs, flows: () => project().compiled });
  }

  start(): void {
    this.sender.wake();
    this.again(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.looking;
    await this.sender.stop();
  }

  /** Sends a receiver a notice that says it is a test. Gives what went wrong; undefined where it was taken. */
  test(receiver: string): Promise<string | undefined> {
    const to = this.options.project().settings.alerts.receivers[receiver];
    if (!to) return Promise.resolve('There is no such receiver.');
    const rule = { name: 'test', kind: 'test', severity: 'warning' as const };
    return this.sender.try(receiver, to, this.notice('alert.test', rule, []));
  }

  private again(delayMs: number): void {
    if (this.stopped) return;
    this.timer = this.options.clock.after(delayMs, () => {
      this.looking = this.look().then(() => this.again(everyMs));
    });
  }

  /** What goes wrong here stops no message, and is tried again. */
  private async look(): Promise<void> {
    const { record, project, clock, log } = this.options;
    try {
      const rules = project().alerts;
      const sight = await this.sight(rules);
      if (this.stopped) return;
      const raised = record.raised();
      const changes = changesOf(
        rules,
        raised,
        (rule, own) => findingsOf(rule.when, this.sightOf(rule, sight, own)),
        clock.nowMs(),
      );
      const over = raised.filter(({ number }) => changes.ended.includes(number));
      record.write({ ...changes, notices: this.overNotices(rules, over) });
      for (const { rule, subject, text } of changes.raised)
        log.warn({ event: 'alert.raised', rule, subject }, `Alert ${rule}, ${subject}: ${text}.`);
      for (const { rule, subject } of over)
        log.info({ event: 'alert.resolved', rule, subject }, `Alert ${rule}, ${subject}: over.`);
      this.tell(rules, changes.atMs);
      this.sender.wake();
    } catch (error) {
      log.error({ event: 'alert.failed', err: error }, 'The rules of alerts could not be looked at.');
    }
  }

  private async sight(rules: readonly AlertRule[]): Promise<Omit<Sight, 'isRaised' | 'raised' | 'longSince'>> {
    const { dispatcher, clock, disk, project, standstills } = this.options;
    await this.lookAtCertificates(rules);
    for (const { when } of rules) {
      if (when.kind !== 'silence') continue;
      await this.heard.remember(when.system, when.inbound, when.for);
      if (standstills.ofSystem(when.system)) this.heard.stoodStill(when.system, clock.nowMs());
    }
    const counts = rules.some(({ when }) => when.kind === 'dead-letters' || when.kind === 'held-lanes');
    const troubles = counts ? await dispatcher.store.read.troubles() : [];
    const nowMs = clock.nowMs();
    this.sample(rules, nowMs);
    const names = dispatcher.destinations().map(({ destination }) => destination.name);
    return {
      nowMs,
      troubles,
      waiting: new Map(names.map((name) => [name, dispatcher.waiting(name)])),
      samples: this.samples,
      flows: project().compiled,
      disk: disk(),
      certificates: this.certificates,
      heard: (system, inbound) => this.heard.at(system, inbound),
    };
  }

  private sightOf(
    { name, when }: AlertRule,
    sight: Omit<Sight, 'isRaised' | 'raised' | 'longSince'>,
    own: readonly StoredAlert[],
  ): Sight {
    if (when.kind === 'backlog') this.noteBacklogs(name, when.above, sight);
    return {
      ...sight,
      raised: own,
      isRaised: (subject) => own.some((alert) => alert.subject === subject),
      longSince: (subject) => this.longSince.get(`${name} ${subject}`) ?? sight.nowMs,
    };
  }

  private noteBacklogs(rule: string, above: number, { waiting, nowMs }: Pick<Sight, 'waiting' | 'nowMs'>): void {
    for (const [subject, count] of waiting) {
      const key = `${rule} ${subject}`;
      if (count <= above) this.longSince.delete(key);
      else if (!this.longSince.has(key)) this.longSince.set(key, nowMs);
    }
  }

  private sample(rules: readonly AlertRule[], atMs: number): void {
    const overMs = Math.max(0, ...rules.map(({ when }) => (when.kind === 'error-rate' ? when.over : 0)));
    if (overMs === 0) return;
    const { made, failures } = this.options.dispatcher.traffic;
    const kept = this.samples.filter((sample) => atMs - sample.atMs <= overMs + everyMs);
    this.samples = [...kept, { atMs, made: new Map(made), failures: new Map(failures) }];
  }

  private async lookAtCertificates(rules: readonly AlertRule[]): Promise<void> {
    const { project, clock, resolve } = this.options;
    const { revision } = project();
    const atMs = clock.nowMs();
    const former = this.certificatesOf;
    if (former?.revision === revision && atMs - former.atMs < certificatesEveryMs) return;
    this.certificatesOf = { revision, atMs };
    this.certificates = await lookAtCertificates(rules, project(), resolve);
  }

  /** Makes the notices that are due: of each rule one at a time, about all that it raised. What is muted is told when it is not any more. */
  private tell(rules: readonly AlertRule[], nowMs: number): void {
    const { record } = this.options;
    const raised = record.raised();
    for (const rule of rules.filter(({ name }) => !this.isMuted(name))) {
      const own = raised.filter((alert) => alert.rule === rule.name);
      const fresh = own.filter((alert) => alert.toldAtMs === undefined && hasGathered(alert, nowMs));
      const lasting = own.filter(({ toldAtMs }) => toldAtMs !== undefined && nowMs - toldAtMs >= (rule.remindMs ?? Infinity));
      const notices = [...this.notices('alert.raised', rule, fresh), ...this.notices('alert.reminder', rule, lasting)];
      // Where there is nobody to tell, a receiver that is added later is told.
      const told = notices.length === 0 ? [] : [...fresh, ...lasting].map(({ number }) => number);
      record.write({ ...noChanges(nowMs), told, notices });
    }
  }

  /** Of what nobody was told nobody is told that it is over. */
  private overNotices(rules: readonly AlertRule[], over: readonly StoredAlert[]): AlertChanges['notices'] {
    const endedAtMs = this.options.clock.nowMs();
    return rules.flatMap((rule) => {
      const own = over.filter((alert) => alert.rule === rule.name && alert.toldAtMs !== undefined);
      if (this.isMuted(rule.name)) return [];
      return this.notices(
        'alert.resolved',
        rule,
        own.map((alert) => ({ ...alert, endedAtMs })),
      );
    });
  }

  private isMuted(rule: string): boolean {
    const { record, clock } = this.options;
    return record.mutes(clock.nowMs()).some((mute) => mute.rule === rule);
  }

  /** One for each receiver. */
  private notices(type: NoticeType, rule: AlertRule, alerts: readonly StoredAlert[]): AlertChanges['notices'] {
    if (alerts.length === 0) return [];
    const payload = JSON.stringify(this.notice(type, { ...rule, kind: rule.when.kind }, alerts));
    const receivers = rule.to ?? Object.keys(this.options.project().settings.alerts.receivers);
    return receivers.map((receiver) => ({ id: newPublicId(), receiver, payload }));
  }

  private notice(type: NoticeType, rule: Parameters<typeof noticeOf>[1], alerts: readonly StoredAlert[]): Notice {
    const { project, clock } = this.options;
    const { settings, environment } = project();
    const { consoleUrl } = settings.alerts;
    return noticeOf(type, rule, alerts, {
      project: settings.name,
      nowMs: clock.nowMs(),
      ...(environment === undefined ? {} : { environment }),
      ...(consoleUrl === undefined ? {} : { consoleUrl }),
    });
  }
}

/** It was found before, and is no more than it was then; or it has grown for long enough. */
function hasGathered({ seenAtMs, beganAtMs }: StoredAlert, nowMs: number): boolean {
  return seenAtMs < nowMs || nowMs - beganAtMs >= gatherMs;
}

function noChanges(atMs: number): AlertChanges {
  return { atMs, raised: [], changed: [], ended: [], told: [], notices: [] };
}

/** What is found now against what was raised. What belongs to a rule that is gone is over. */
function changesOf(
  rules: readonly AlertRule[],
  raised: readonly StoredAlert[],
  find: (rule: AlertRule, own: readonly StoredAlert[]) => readonly Finding[],
  atMs: number,
): AlertChanges {
  const fresh: AlertFacts[] = [];
  const changed: { number: number; count: number; text: string }[] = [];
  const lasting = new Set<number>();
  for (const rule of rules) {
    const own = raised.filter((alert) => alert.rule === rule.name && alert.kind === rule.when.kind);
    for (const { subject, count, text } of find(rule, own)) {
      const known = own.find((alert) => alert.subject === subject);
      if (!known) fresh.push({ rule: rule.name, subject, kind: rule.when.kind, severity: rule.severity, count, text });
      else lasting.add(known.number);
      if (known && known.text !== text) changed.push({ number: known.number, count, text });
    }
  }
  const ended = raised.filter(({ number }) => !lasting.has(number)).map(({ number }) => number);
  return { ...noChanges(atMs), raised: fresh, changed, ended };
}
