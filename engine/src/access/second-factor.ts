// Who has a second factor: its secret is sealed as other secrets are, and each code is good once.

import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './database.ts';
import type { Prepare } from './database.ts';
import { accessError } from './errors.ts';
import { newTotpSecret, totpStep, totpUri } from './totp.ts';
import type { Vault } from './vault.ts';

export class SecondFactor {
  private readonly prepare: Prepare;
  private readonly vault: Vault;
  /** Shown, and not yet confirmed by a code. */
  private readonly shown = new Map<string, string>();

  constructor(database: DatabaseSync, vault: Vault) {
    this.prepare = prepared(database);
    this.vault = vault;
  }

  /** A secret for an authenticator program; it counts once a code of it was given to `confirm`. */
  begin(user: string, issuer: string): { readonly secret: string; readonly uri: string } {
    const secret = newTotpSecret();
    this.shown.set(user, secret);
    return { secret, uri: totpUri(secret, user, issuer) };
  }

  /** Throws MORTISE_ACCESS_WRONG_LOGIN. */
  confirm(user: string, code: string, nowMs: number): void {
    const secret = this.shown.get(user);
    const step = secret === undefined ? undefined : totpStep(secret, code, nowMs, 0);
    if (secret === undefined || step === undefined) throw accessError('MORTISE_ACCESS_WRONG_LOGIN', 'The code is wrong.');
    this.shown.delete(user);
    this.vault.set(nameOf(user), secret, nowMs);
    this.note(user, step);
  }

  has(user: string): boolean {
    return typeof this.prepare('SELECT totp_step FROM users WHERE name = ?').get(user)?.['totp_step'] === 'number';
  }

  /** Lets pass who has none. Throws MORTISE_ACCESS_SECOND_FACTOR where a code is missing, MORTISE_ACCESS_WRONG_LOGIN where it is wrong. */
  require(user: string, code: string | undefined, nowMs: number): void {
    const used = this.prepare('SELECT totp_step FROM users WHERE name = ?').get(user)?.['totp_step'];
    if (typeof used !== 'number') return;
    if (code === undefined) throw accessError('MORTISE_ACCESS_SECOND_FACTOR', `User "${user}" has a second factor.`);
    const step = totpStep(this.vault.text(nameOf(user)) ?? '', code, nowMs, used);
    if (step === undefined)
      throw accessError('MORTISE_ACCESS_WRONG_LOGIN', `The code of the second factor is wrong, or was used.`);
    this.note(user, step);
  }

  remove(user: string): void {
    this.shown.delete(user);
    this.prepare('UPDATE users SET totp_step = NULL, version = version + 1 WHERE name = ?').run(user);
    this.prepare('DELETE FROM secrets WHERE name = ?').run(nameOf(user));
  }

  private note(user: string, step: number): void {
    this.prepare('UPDATE users SET totp_step = ? WHERE name = ?').run(step, user);
  }
}

/** No name of a secret that somebody sets has a slash. */
function nameOf(user: string): string {
  return `totp/${user}`;
}
