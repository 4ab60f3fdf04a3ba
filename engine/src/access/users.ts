// Users: names, passwords as hashes, and what each was granted. Every change makes a new version.

import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './database.ts';
import type { Prepare } from './database.ts';
import { accessError } from './errors.ts';
import { hashPassword, isPassword, refuseWeak } from './password.ts';
import type { Grant } from './rights.ts';
import { localName } from './rights.ts';

export interface User {
  readonly name: string;
  /** Counts the changes. */
  readonly version: number;
  readonly hasPassword: boolean;
  readonly hasSecondFactor: boolean;
  readonly disabled: boolean;
  readonly grants: readonly Grant[];
  readonly createdAtMs: number;
  /** The last login. */
  readonly seenAtMs?: number;
}

export interface UserChange {
  readonly grants?: readonly Grant[];
  readonly disabled?: boolean;
  readonly password?: string;
}

const columns = 'name, version, password, totp_step, disabled, grants, created_at, seen_at';

export class Users {
  private readonly prepare: Prepare;

  constructor(database: DatabaseSync) {
    this.prepare = prepared(database);
  }

  count(): number {
    return Number(this.prepare('SELECT count(*) AS count FROM users').get()?.['count']);
  }

  list(): readonly User[] {
    return this.prepare(`SELECT ${columns} FROM users ORDER BY name`).all().map(userOf);
  }

  find(name: string): User | undefined {
    const row = this.prepare(`SELECT ${columns} FROM users WHERE name = ?`).get(name);
    return row && userOf(row);
  }

  /** Throws MORTISE_ACCESS_UNKNOWN. */
  get(name: string): User {
    const user = this.find(name);
    if (!user) throw accessError('MORTISE_ACCESS_UNKNOWN', `There is no user "${name}".`);
    return user;
  }

  /** Without a password nobody logs in by one. Throws MORTISE_ACCESS_TAKEN, MORTISE_ACCESS_PASSWORD_WEAK. */
  async add(name: string, { password, grants = [], disabled = false }: UserChange, nowMs: number): Promise<User> {
    const hash = password === undefined ? null : await strongHash(password, name);
    if (name === localName || this.find(name)) throw accessError('MORTISE_ACCESS_TAKEN', `There is a user "${name}" already.`);
    this.prepare('INSERT INTO users (name, version, password, disabled, grants, created_at) VALUES (?, 1, ?, ?, ?, ?)').run(
      name,
      hash,
      Number(disabled),
      JSON.stringify(grants),
      nowMs,
    );
    return this.get(name);
  }

  /** `expected`: the version that it was read in. Throws MORTISE_ACCESS_UNKNOWN, MORTISE_ACCESS_CHANGED, MORTISE_ACCESS_PASSWORD_WEAK. */
  async change(name: string, { password, grants, disabled }: UserChange, expected?: number): Promise<User> {
    const hash = password === undefined ? null : await strongHash(password, name);
    const { version } = this.get(name);
    refuseChanged(`User "${name}"`, version, expected);
    this.prepare(
      `UPDATE users SET version = version + 1, password = coalesce(?, password), disabled = coalesce(?, disabled),
         grants = coalesce(?, grants) WHERE name = ?`,
    ).run(hash, disabled === undefined ? null : Number(disabled), grants ? JSON.stringify(grants) : null, name);
    return this.get(name);
  }

  /** Throws MORTISE_ACCESS_UNKNOWN, MORTISE_ACCESS_CHANGED. */
  remove(name: string, expected?: number): User {
    const user = this.get(name);
    refuseChanged(`User "${name}"`, user.version, expected);
    this.prepare('DELETE FROM users WHERE name = ?').run(name);
    return user;
  }

  /**
   * Whoever comes by single sign-on: made at the first time, and granted what the provider says at each. Undefined where the user
   * is disabled. Throws MORTISE_ACCESS_TAKEN where somebody else has the name: a provider cannot take over a user of ours.
   */
  signOn(subject: string, name: string, grants: readonly Grant[], nowMs: number): User | undefined {
    const known = this.prepare('SELECT name FROM users WHERE subject = ?').get(subject)?.['name'];
    if (typeof known === 'string') {
      this.prepare('UPDATE users SET grants = ?, version = version + 1 WHERE name = ? AND grants != ?').run(
        JSON.stringify(grants),
        known,
        JSON.stringify(grants),
      );
      const user = this.get(known);
      return user.disabled ? undefined : user;
    }
    if (name === localName || this.find(name)) throw accessError('MORTISE_ACCESS_TAKEN', `There is another user "${name}".`);
    this.prepare('INSERT INTO users (name, version, disabled, grants, created_at, subject) VALUES (?, 1, 0, ?, ?, ?)').run(
      name,
      JSON.stringify(grants),
      nowMs,
      subject,
    );
    return this.get(name);
  }

  /** Takes as long for names that there are not. */
  async withPassword(name: string, password: string): Promise<User | undefined> {
    const row = this.prepare('SELECT password FROM users WHERE name = ? AND disabled = 0').get(name);
    const isRight = await isPassword(password, typeof row?.['password'] === 'string' ? row['password'] : undefined);
    const user = isRight ? this.find(name) : undefined;
    return user?.disabled ? undefined : user;
  }

  seen(name: string, nowMs: number): void {
    this.prepare('UPDATE users SET seen_at = ? WHERE name = ?').run(nowMs, name);
  }
}

function strongHash(password: string, user: string): Promise<string> {
  refuseWeak(password, user);
  return hashPassword(password);
}

function refuseChanged(what: string, version: number, expected: number | undefined): void {
  if (expected === undefined || expected === version) return;
  throw accessError('MORTISE_ACCESS_CHANGED', `${what} is at version ${version}; expected ${expected}.`);
}

function userOf(row: Readonly<Record<string, unknown>>): User {
  const seenAt = row['seen_at'];
  return {
    name: String(row['name']),
    version: Number(row['version']),
    hasPassword: row['password'] !== null,
    hasSecondFactor: row['totp_step'] !== null,
    disabled: row['disabled'] === 1,
    // Written by this class.
    grants: JSON.parse(String(row['grants'])) as readonly Grant[],
    createdAtMs: Number(row['created_at']),
    ...(typeof seenAt === 'number' ? { seenAtMs: seenAt } : {}),
  };
}
