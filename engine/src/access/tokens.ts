// API tokens: for programs, of one user, with an end, and with no more rights than the user has at that moment.

import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './database.ts';
import type { Prepare } from './database.ts';
import { hashSecret, newPublicId, newSecret } from './random-secret.ts';
import type { Grant } from './rights.ts';

export interface Token {
  /** May be shown. */
  readonly id: string;
  readonly user: string;
  /** What it is for, in the words of who made it. */
  readonly label: string;
  /** Absent: all that the user may. */
  readonly grants?: readonly Grant[];
  readonly createdAtMs: number;
  readonly endsAtMs: number;
  readonly seenAtMs?: number;
}

/** By it scanners of repositories and logs find one that was lost. */
export const tokenPrefix = 'mortise-token-';
const seenEveryMs = 60_000;

const columns = 'id, user, label, grants, created_at, ends_at, seen_at';

export class Tokens {
  private readonly prepare: Prepare;

  constructor(database: DatabaseSync) {
    this.prepare = prepared(database);
  }

  /** Gives the text of the token, which is nowhere else. */
  add(token: Omit<Token, 'id' | 'createdAtMs' | 'seenAtMs'>, nowMs: number): { readonly text: string; readonly token: Token } {
    const [text, id] = [`${tokenPrefix}${newSecret()}`, newPublicId()];
    const { user, label, grants, endsAtMs } = token;
    this.prepare('INSERT INTO tokens (id, hash, user, label, grants, created_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)').run(
      id,
      hashSecret(text),
      user,
      label,
      grants ? JSON.stringify(grants) : null,
      nowMs,
      endsAtMs,
    );
    return { text, token: { ...token, id, createdAtMs: nowMs } };
  }

  /** One that has not ended; counts as a request of it. */
  use(text: string, nowMs: number): Token | undefined {
    const row = this.prepare(`SELECT ${columns} FROM tokens WHERE hash = ?`).get(hashSecret(text));
    const token = row && tokenOf(row);
    if (!token || nowMs >= token.endsAtMs) return undefined;
    if (nowMs - (token.seenAtMs ?? 0) >= seenEveryMs)
      this.prepare('UPDATE tokens SET seen_at = ? WHERE id = ?').run(nowMs, token.id);
    return token;
  }

  /** Of all users where none is named. Those that have ended are among them. */
  list(user?: string): readonly Token[] {
    const rows = this.prepare(`SELECT ${columns} FROM tokens WHERE ? IN (user, '') ORDER BY created_at DESC, id`);
    return rows.all(user ?? '').map(tokenOf);
  }

  find(id: string): Token | undefined {
    const row = this.prepare(`SELECT ${columns} FROM tokens WHERE id = ?`).get(id);
    return row && tokenOf(row);
  }

  remove(id: string): void {
    this.prepare('DELETE FROM tokens WHERE id = ?').run(id);
  }

  removeAllOf(user: string): void {
    this.prepare('DELETE FROM tokens WHERE user = ?').run(user);
  }
}

function tokenOf(row: Readonly<Record<string, unknown>>): Token {
  const { grants, seen_at: seenAt } = row;
  return {
    id: String(row['id']),
    user: String(row['user']),
    label: String(row['label']),
    // Written by this class.
    ...(typeof grants === 'string' ? { grants: JSON.parse(grants) as readonly Grant[] } : {}),
    createdAtMs: Number(row['created_at']),
    endsAtMs: Number(row['ends_at']),
    ...(typeof seenAt === 'number' ? { seenAtMs: seenAt } : {}),
  };
}
