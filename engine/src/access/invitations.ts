// Invitations: links by which a user sets a password without anybody else knowing it. Each is good once, and for some days.

import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './database.ts';
import type { Prepare } from './database.ts';
import { hashSecret, newSecret } from './random-secret.ts';

/** Whoever is invited on a Friday may be back a week later. */
const lastsMs = 7 * 24 * 3_600_000;

export class Invitations {
  private readonly prepare: Prepare;

  constructor(database: DatabaseSync) {
    this.prepare = prepared(database);
  }

  /** Gives the code, which is nowhere else. An earlier one of the user is void. */
  make(user: string, nowMs: number): { readonly code: string; readonly endsAtMs: number } {
    const [code, endsAtMs] = [newSecret(), nowMs + lastsMs];
    this.prepare('INSERT OR REPLACE INTO invitations (user, hash, ends_at) VALUES (?, ?, ?)').run(
      user,
      hashSecret(code),
      endsAtMs,
    );
    return { code, endsAtMs };
  }

  /** Whom the code is for, if it is good. */
  userOf(code: string, nowMs: number): string | undefined {
    const row = this.prepare('SELECT user FROM invitations WHERE hash = ? AND ends_at > ?').get(hashSecret(code), nowMs);
    return row && String(row['user']);
  }

  /** Whether it was still good: of two requests at once one gets it. */
  take(code: string, nowMs: number): boolean {
    const { changes } = this.prepare('DELETE FROM invitations WHERE hash = ? AND ends_at > ?').run(hashSecret(code), nowMs);
    return changes > 0;
  }

  revoke(user: string): void {
    this.prepare('DELETE FROM invitations WHERE user = ?').run(user);
  }
}
