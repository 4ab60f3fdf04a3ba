// Sessions of browsers: found by the hash of a random secret, ended by idleness, by age, or by a person.

import { createHmac } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './database.ts';
import type { Prepare } from './database.ts';
import { hashSecret, newPublicId, newSecret } from './random-secret.ts';

export interface Session {
  /** May be shown. */
  readonly id: string;
  readonly user: string;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  /** Whatever happens, it has ended then. */
  readonly endsAtMs: number;
  readonly address: string;
  readonly browser: string;
}

/** OWASP's session guidance for tools of a workday: half an hour without a request, twelve hours in all. */
export const idleMsMax = 30 * 60_000;
export const ageMsMax = 12 * 3_600_000;
/** Each request is noted at most so often, since each note is a write. */
const seenEveryMs = 60_000;
/** A user who opens more loses the oldest. */
const sessionsMax = 50;

const columns = 'id, user, created_at, seen_at, ends_at, address, browser';

export class Sessions {
  private readonly prepare: Prepare;

  constructor(database: DatabaseSync) {
    this.prepare = prepared(database);
  }

  /** Gives the secret, which is nowhere else. */
  open(user: string, { address, browser }: Pick<Session, 'address' | 'browser'>, nowMs: number): { secret: string; id: string } {
    const [secret, id] = [newSecret(), newPublicId()];
    this.prepare('DELETE FROM sessions WHERE ends_at <= ? OR seen_at <= ?').run(nowMs, nowMs - idleMsMax);
    this.prepare(
      'DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE user = ? ORDER BY seen_at DESC LIMIT -1 OFFSET ?)',
    ).run(user, sessionsMax - 1);
    this.prepare(`INSERT INTO sessions (hash, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`).run(
      hashSecret(secret),
      id,
      user,
      nowMs,
      nowMs,
      nowMs + ageMsMax,
      address.slice(0, 100),
      browser.slice(0, 200),
    );
    return { secret, id };
  }

  /** One that has not ended; counts as a request of it. */
  use(secret: string, nowMs: number): Session | undefined {
    const hash = hashSecret(secret);
    const row = this.prepare(`SELECT ${columns} FROM sessions WHERE hash = ?`).get(hash);
    const session = row && sessionOf(row);
    if (!session || hasEnded(session, nowMs)) return undefined;
    if (nowMs - session.seenAtMs >= seenEveryMs) this.prepare('UPDATE sessions SET seen_at = ? WHERE hash = ?').run(nowMs, hash);
    return session;
  }

  /** Of all users where none is named, the newest first. */
  list(nowMs: number, user?: string): readonly Session[] {
    const rows = this.prepare(`SELECT ${columns} FROM sessions WHERE ? IN (user, '') ORDER BY created_at DESC, id`);
    return rows
      .all(user ?? '')
      .map(sessionOf)
      .filter((session) => !hasEnded(session, nowMs));
  }

  /** Undefined where there was none. */
  end(id: string): Session | undefined {
    const row = this.prepare(`DELETE FROM sessions WHERE id = ? RETURNING ${columns}`).get(id);
    return row && sessionOf(row);
  }

  endAllOf(user: string, except?: string): void {
    this.prepare('DELETE FROM sessions WHERE user = ? AND id != ?').run(user, except ?? '');
  }
}

/** What the page of a session sends along with changes. It follows from the secret, which no page can read. */
export function csrfOf(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}

function hasEnded({ seenAtMs, endsAtMs }: Session, nowMs: number): boolean {
  return nowMs >= endsAtMs || nowMs - seenAtMs >= idleMsMax;
}

function sessionOf(row: Readonly<Record<string, unknown>>): Session {
  return {
    id: String(row['id']),
    user: String(row['user']),
    createdAtMs: Number(row['created_at']),
    seenAtMs: Number(row['seen_at']),
    endsAtMs: Number(row['ends_at']),
    address: String(row['address']),
    browser: String(row['browser']),
  };
}
