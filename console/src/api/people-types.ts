// What the control API answers about people: who may what, by which session or token, and what they did.

export type Right = 'see' | 'see-bodies' | 'operate' | 'develop' | 'partners' | 'administer' | 'audit';

export interface Grant {
  readonly role: string;
  readonly flows?: readonly string[];
  readonly systems?: readonly string[];
}

/** A right that is held for everything, or for these flows and systems. */
export interface Reach {
  readonly right: Right;
  readonly everything: boolean;
  readonly flows: readonly string[];
  readonly systems: readonly string[];
}

/** Who is logged in, and what was granted. */
export interface Who {
  readonly kind: 'session' | 'token' | 'key';
  readonly user: string;
  readonly grants: readonly Grant[];
  readonly rights: readonly Reach[];
  readonly hasPassword?: boolean;
  readonly hasSecondFactor?: boolean;
  readonly id?: string;
  readonly csrf?: string;
}

export interface LoginWays {
  readonly signOn: boolean;
  readonly setup: boolean;
}

export interface User {
  readonly name: string;
  readonly version: number;
  readonly hasPassword: boolean;
  readonly hasSecondFactor: boolean;
  readonly disabled: boolean;
  readonly grants: readonly Grant[];
  readonly createdAt: string;
  readonly seenAt?: string;
}

export interface Role {
  readonly role: string;
  readonly rights: readonly Right[];
}

export interface Session {
  readonly id: string;
  readonly user: string;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly endsAt: string;
  readonly address: string;
  readonly browser: string;
  readonly current: boolean;
}

export interface Token {
  readonly id: string;
  readonly user: string;
  readonly label: string;
  readonly grants?: readonly Grant[];
  readonly createdAt: string;
  readonly endsAt: string;
  readonly seenAt?: string;
}

export interface AuditEntry {
  readonly n: number;
  readonly at: string;
  readonly who: string;
  readonly by?: string;
  readonly from?: string;
  readonly action: string;
  readonly about?: Readonly<Record<string, unknown>>;
  readonly result: 'done' | 'refused' | 'failed' | 'unknown';
  readonly code?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditRows {
  readonly rows: readonly AuditEntry[];
  readonly next?: string;
}

export interface AuditState {
  readonly findings: readonly string[];
  readonly entries: number;
  readonly checkpoint: number;
  readonly behind: number;
}

export interface Approval {
  readonly id: string;
  readonly who: string;
  readonly action: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly askedAt: string;
  readonly mine: boolean;
  readonly approvedBy?: string;
  readonly refusedBy?: string;
  readonly reason?: string;
}

export interface Secret {
  readonly name: string;
  readonly version: number;
  readonly changedAt: string;
}

/** One operation of the API, as its description says. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly needs: Right | 'open' | 'own';
}
