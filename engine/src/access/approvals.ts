// Four eyes: what one person asks for waits until another one approves, and is then done when it is asked for again.

import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './database.ts';
import type { Prepare } from './database.ts';
import { accessError } from './errors.ts';
import { newPublicId } from './random-secret.ts';
import type { AccessObject, Right } from './rights.ts';

export interface Approval {
  readonly id: string;
  readonly who: string;
  /** The operation's name in the API. */
  readonly action: string;
  /** What is asked for, exactly: another request needs another approval. */
  readonly request: string;
  readonly about: Readonly<Record<string, unknown>>;
  /** What the second person needs as well. */
  readonly needs: Right;
  readonly objects: readonly AccessObject[];
  readonly askedAtMs: number;
  readonly approvedBy?: string;
  /** It is not done; asked for again, it waits anew. */
  readonly refusedBy?: string;
  readonly reason?: string;
}

/** One that nobody wanted for a day is asked for again. */
const lastsMs = 24 * 3_600_000;

export class Approvals {
  private readonly prepare: Prepare;

  constructor(database: DatabaseSync) {
    this.prepare = prepared(database);
  }

  /** Gives who approved, once. Throws MORTISE_ACCESS_SECOND_PERSON where nobody has yet: then it waits for somebody. */
  use(asked: Omit<Approval, 'id' | 'askedAtMs' | 'approvedBy' | 'refusedBy' | 'reason'>, nowMs: number): string {
    const earlier = this.list(nowMs).find(({ who, request }) => who === asked.who && request === asked.request);
    if (earlier?.refusedBy !== undefined) this.withdraw(earlier.id);
    const known = earlier?.refusedBy === undefined ? earlier : undefined;
    if (known?.approvedBy !== undefined) {
      this.withdraw(known.id);
      return known.approvedBy;
    }
    const id = known?.id ?? newPublicId();
    if (!known)
      this.prepare('INSERT INTO approvals (id, facts) VALUES (?, ?)').run(id, JSON.stringify({ ...asked, askedAtMs: nowMs }));
    const what = `"${asked.action}" waits for the approval of a second person: ${id}.`;
    throw accessError('MORTISE_ACCESS_SECOND_PERSON', what, { details: { approval: id } });
  }

  list(nowMs: number): readonly Approval[] {
    const rows = this.prepare('SELECT id, facts FROM approvals ORDER BY rowid').all();
    const all = rows.map((row) => ({ ...(JSON.parse(String(row['facts'])) as Omit<Approval, 'id'>), id: String(row['id']) }));
    return all.filter(({ askedAtMs }) => nowMs - askedAtMs < lastsMs);
  }

  approve(id: string, approvedBy: string): void {
    this.prepare("UPDATE approvals SET facts = json_set(facts, '$.approvedBy', ?) WHERE id = ?").run(approvedBy, id);
  }

  refuse(id: string, refusedBy: string, reason: string): void {
    const change = "json_set(json_remove(facts, '$.approvedBy'), '$.refusedBy', ?, '$.reason', ?)";
    this.prepare(`UPDATE approvals SET facts = ${change} WHERE id = ?`).run(refusedBy, reason, id);
  }

  withdraw(id: string): void {
    this.prepare('DELETE FROM approvals WHERE id = ?').run(id);
  }
}
