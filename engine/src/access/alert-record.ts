// What is kept of alerts: which are raised and which were, the notices that are owed to receivers, and what people have muted.

import type { DatabaseSync } from 'node:sqlite';
import { prepared, transaction } from './database.ts';
import type { Prepare } from './database.ts';

export interface AlertFacts {
  readonly rule: string;
  /** What it is about, as `outbound:erp.upsert-order`, `inbound:shop.order-created`, `disk`. */
  readonly subject: string;
  readonly kind: string;
  readonly severity: string;
  /** Of what there is too much; 1 where nothing is counted. */
  readonly count: number;
  readonly text: string;
}

export interface StoredAlert extends AlertFacts {
  /** Ascending. */
  readonly number: number;
  readonly beganAtMs: number;
  /** When it was last found, or its count changed. */
  readonly seenAtMs: number;
  /** When receivers were last told of it. */
  readonly toldAtMs?: number;
  readonly endedAtMs?: number;
}

export interface StoredMute {
  readonly rule: string;
  readonly untilMs: number;
  readonly sinceMs: number;
  readonly who: string;
  readonly reason?: string;
}

/** `given-up`: it was tried for a day. */
export type NoticeState = 'waiting' | 'sent' | 'given-up';

export interface StoredNotice {
  readonly number: number;
  /** The same on every attempt: receivers make it once by it. */
  readonly id: string;
  readonly receiver: string;
  readonly madeAtMs: number;
  /** JSON. */
  readonly payload: string;
  readonly state: NoticeState;
  readonly attempts: number;
  readonly dueAtMs: number;
  readonly endedAtMs?: number;
  readonly error?: string;
}

/** One commit: what was found changed, and who is to be told of that. */
export interface AlertChanges {
  readonly atMs: number;
  readonly raised: readonly AlertFacts[];
  readonly changed: readonly { readonly number: number; readonly count: number; readonly text: string }[];
  readonly ended: readonly number[];
  readonly told: readonly number[];
  readonly notices: readonly Pick<StoredNotice, 'id' | 'receiver' | 'payload'>[];
}

/** History is kept so long. */
const keptMs = 90 * 86_400_000;

export class AlertRecord {
  private readonly database: DatabaseSync;
  private readonly prepare: Prepare;

  constructor(database: DatabaseSync) {
    this.database = database;
    this.prepare = prepared(database);
  }

  /** What is raised now, oldest first. */
  raised(): readonly StoredAlert[] {
    return this.prepare('SELECT * FROM alerts WHERE ended_at IS NULL ORDER BY n').all().map(alertOf);
  }

  /** Newest first, those with a smaller number than `before`. */
  history(limit: number, before = Number.MAX_SAFE_INTEGER): readonly StoredAlert[] {
    return this.prepare('SELECT * FROM alerts WHERE n < ? ORDER BY n DESC LIMIT ?').all(before, limit).map(alertOf);
  }

  /** All or nothing; nothing is written where nothing changes. */
  write({ atMs, raised, changed, ended, told, notices }: AlertChanges): void {
    if ([raised, changed, ended, told, notices].every((list) => list.length === 0)) return;
    transaction(this.database, () => {
      for (const { rule, subject, kind, severity, count, text } of raised)
        this.prepare(
          `INSERT INTO alerts (rule, subject, kind, severity, count, finding, began_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ).run(rule, subject, kind, severity, count, text, atMs, atMs);
      for (const { number, count, text } of changed)
        this.prepare('UPDATE alerts SET count = ?, finding = ?, seen_at = ? WHERE n = ?').run(count, text, atMs, number);
      for (const number of ended) this.prepare('UPDATE alerts SET ended_at = ? WHERE n = ?').run(atMs, number);
      for (const number of told) this.prepare('UPDATE alerts SET told_at = ? WHERE n = ?').run(atMs, number);
      for (const notice of notices) this.insert(notice, atMs, 'waiting');
      this.prepare('DELETE FROM alerts WHERE ended_at < ?').run(atMs - keptMs);
      this.prepare('DELETE FROM alert_notices WHERE ended_at < ?').run(atMs - keptMs);
    });
  }

  /** Notices that wait, due first. */
  waiting(): readonly StoredNotice[] {
    return this.prepare("SELECT * FROM alert_notices WHERE state = 'waiting' ORDER BY due_at, n").all().map(noticeOf);
  }

  /** The newest notices, newest first. */
  notices(limit: number): readonly StoredNotice[] {
    return this.prepare('SELECT * FROM alert_notices ORDER BY n DESC LIMIT ?').all(limit).map(noticeOf);
  }

  sent(number: number, atMs: number): void {
    this.prepare("UPDATE alert_notices SET state = 'sent', attempts = attempts + 1, ended_at = ?, error = NULL WHERE n = ?").run(
      atMs,
      number,
    );
  }

  /** Another attempt is made at `dueAtMs`; none where that is undefined. */
  failed(number: number, error: string, atMs: number, dueAtMs: number | undefined): void {
    this.prepare(
      'UPDATE alert_notices SET state = ?, attempts = attempts + 1, error = ?, due_at = ?, ended_at = ? WHERE n = ?',
    ).run(dueAtMs === undefined ? 'given-up' : 'waiting', error, dueAtMs ?? atMs, dueAtMs === undefined ? atMs : null, number);
  }

  /** One that was sent to try a receiver. */
  tried(notice: Pick<StoredNotice, 'id' | 'receiver' | 'payload'>, atMs: number, error: string | undefined): void {
    const number = this.insert(notice, atMs, 'waiting');
    if (error === undefined) this.sent(number, atMs);
    else this.failed(number, error, atMs, undefined);
  }

  /** What is muted at that time. */
  mutes(nowMs: number): readonly StoredMute[] {
    const rows = this.prepare('SELECT * FROM alert_mutes WHERE until > ? ORDER BY rule').all(nowMs);
    return rows.map((row) => ({
      rule: String(row['rule']),
      untilMs: Number(row['until']),
      sinceMs: Number(row['since']),
      who: String(row['who']),
      ...(row['reason'] === null ? {} : { reason: String(row['reason']) }),
    }));
  }

  mute({ rule, untilMs, sinceMs, who, reason }: StoredMute): void {
    this.prepare('INSERT OR REPLACE INTO alert_mutes (rule, until, since, who, reason) VALUES (?, ?, ?, ?, ?)').run(
      rule,
      untilMs,
      sinceMs,
      who,
      reason ?? null,
    );
  }

  /** False where it was not muted. */
  unmute(rule: string, nowMs: number): boolean {
    const wasMuted = this.mutes(nowMs).some((mute) => mute.rule === rule);
    this.prepare('DELETE FROM alert_mutes WHERE rule = ?').run(rule);
    return wasMuted;
  }

  /** Since when something is watched: since now, where it was not before. */
  watchedSince(name: string, nowMs: number): number {
    const row = this.prepare('SELECT since FROM alert_watches WHERE name = ?').get(name);
    if (row) return Number(row['since']);
    this.prepare('INSERT INTO alert_watches (name, since) VALUES (?, ?)').run(name, nowMs);
    return nowMs;
  }

  private insert(
    { id, receiver, payload }: Pick<StoredNotice, 'id' | 'receiver' | 'payload'>,
    atMs: number,
    state: NoticeState,
  ): number {
    const insert = this.prepare(
      'INSERT INTO alert_notices (id, receiver, made_at, payload, state, attempts, due_at) VALUES (?, ?, ?, ?, ?, 0, ?)',
    );
    return Number(insert.run(id, receiver, atMs, payload, state, atMs).lastInsertRowid);
  }
}

type Row = Readonly<Record<string, unknown>>;

function alertOf(row: Row): StoredAlert {
  return {
    number: Number(row['n']),
    rule: String(row['rule']),
    subject: String(row['subject']),
    kind: String(row['kind']),
    severity: String(row['severity']),
    count: Number(row['count']),
    text: String(row['finding']),
    beganAtMs: Number(row['began_at']),
    seenAtMs: Number(row['seen_at']),
    ...(row['told_at'] === null ? {} : { toldAtMs: Number(row['told_at']) }),
    ...(row['ended_at'] === null ? {} : { endedAtMs: Number(row['ended_at']) }),
  };
}

function noticeOf(row: Row): StoredNotice {
  return {
    number: Number(row['n']),
    id: String(row['id']),
    receiver: String(row['receiver']),
    madeAtMs: Number(row['made_at']),
    payload: String(row['payload']),
    state: row['state'] as NoticeState,
    attempts: Number(row['attempts']),
    dueAtMs: Number(row['due_at']),
    ...(row['ended_at'] === null ? {} : { endedAtMs: Number(row['ended_at']) }),
    ...(typeof row['error'] === 'string' ? { error: row['error'] } : {}),
  };
}
