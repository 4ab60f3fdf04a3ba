// One-time codes: in a link that is printed, each good for one login or for making the first administrator.

import { hashSecret, newSecret } from './random-secret.ts';

export type CodeUse = 'setup' | 'login';

/** The link of the first start waits for a person; one that was asked for is used at once. */
const lastsMs: Readonly<Record<CodeUse, number>> = { setup: 24 * 3_600_000, login: 15 * 60_000 };

export class Codes {
  private readonly codes = new Map<string, { readonly use: CodeUse; readonly untilMs: number }>();

  make(use: CodeUse, nowMs: number): string {
    const code = newSecret();
    for (const [hash, { untilMs }] of this.codes) if (untilMs <= nowMs) this.codes.delete(hash);
    this.codes.set(keyOf(code), { use, untilMs: nowMs + lastsMs[use] });
    return code;
  }

  /** Whether it is good; it is good no more then. */
  take(code: string, use: CodeUse, nowMs: number): boolean {
    const found = this.codes.get(keyOf(code));
    if (!found || found.use !== use) return false;
    this.codes.delete(keyOf(code));
    return nowMs < found.untilMs;
  }

  /** Whether it would be good. */
  knows(code: string, use: CodeUse, nowMs: number): boolean {
    const found = this.codes.get(keyOf(code));
    return found?.use === use && nowMs < found.untilMs;
  }

  revoke(use: CodeUse): void {
    for (const [hash, code] of this.codes) if (code.use === use) this.codes.delete(hash);
  }
}

function keyOf(code: string): string {
  return Buffer.from(hashSecret(code)).toString('hex');
}
