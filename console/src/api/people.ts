// The calls of the API about people: logging in, users, roles, sessions, tokens, approvals, audit, secrets.

import { ask, get, post, remembered } from './client.ts';
import type {
  Approval,
  AuditRows,
  AuditState,
  Grant,
  LoginWays,
  Operation,
  Role,
  Secret,
  Session,
  Token,
  User,
  Who,
} from './people-types.ts';

export interface AuditQuery {
  readonly who?: string | undefined;
  readonly action?: string | undefined;
  readonly result?: string | undefined;
  readonly text?: string | undefined;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

type Change = Partial<Pick<User, 'grants' | 'disabled'>>;
const named = (user: string): string => `/users/${encodeURIComponent(user)}`;
const withCode = (totp: string): { readonly totp?: string } => (totp === '' ? {} : { totp });

export const people = {
  ways: () => get<LoginWays>('/login'),
  session: () => get<Who>('/session').then(remembered),
  login: (name: string, password: string, totp: string) =>
    post<Who>('/login', { name, password, ...withCode(totp) }).then(remembered),
  loginByCode: (code: string) => post<Who>('/login', { code }).then(remembered),
  setUp: (code: string, name: string, password: string) => post<Who>('/setup', { code, name, password }).then(remembered),
  acceptInvitation: (code: string, password: string, totp: string) =>
    post<Who>('/invitation', { code, password, ...withCode(totp) }).then(remembered),
  logout: () => post('/logout'),
  changePassword: (current: string, next: string, totp: string) => post('/password', { current, next, ...withCode(totp) }),
  beginSecondFactor: () => post<{ readonly secret: string; readonly uri: string }>('/second-factor'),
  confirmSecondFactor: (totp: string) => post('/second-factor/confirm', { totp }),

  users: () => get<readonly User[]>('/users'),
  addUser: (name: string, grants: readonly Grant[]) => post<User>('/users', { name, grants }),
  changeUser: ({ name, version }: User, body: Change) => ask<User>('PATCH', named(name), { body, version }),
  removeUser: ({ name, version }: User) => ask('DELETE', named(name), { version }),
  invite: (name: string) => post<{ readonly code: string; readonly endsAt: string }>(`${named(name)}/invitation`),
  removeSecondFactor: (name: string) => ask('DELETE', `${named(name)}/second-factor`),
  roles: () => get<readonly Role[]>('/roles'),

  sessions: () => get<readonly Session[]>('/sessions'),
  allSessions: () => get<readonly Session[]>('/sessions/all'),
  endSession: (id: string) => ask('DELETE', `/sessions/${id}`),
  endSessionOf: (user: string, id: string) => ask('DELETE', `${named(user)}/sessions/${id}`),
  endSessionsOf: (user: string) => post(`${named(user)}/sessions/end`),

  tokens: () => get<readonly Token[]>('/tokens'),
  allTokens: () => get<readonly Token[]>('/tokens/all'),
  makeToken: (label: string, days: number, grants?: readonly Grant[]) =>
    post<{ readonly text: string; readonly token: Token }>('/tokens', { label, days, ...(grants ? { grants } : {}) }),
  removeToken: (id: string) => ask('DELETE', `/tokens/${id}`),
  removeTokenOf: (user: string, id: string) => ask('DELETE', `${named(user)}/tokens/${id}`),

  approvals: () => get<readonly Approval[]>('/approvals'),
  approve: (id: string) => post(`/approvals/${id}/approve`),
  refuse: (id: string, reason: string) => post(`/approvals/${id}/refuse`, reason === '' ? {} : { reason }),
  /** What was approved, asked for again just as it was. */
  askAgain: ({ action, about }: Approval) => post(pathOf[action] ?? '', action === 'reload' ? {} : about),

  audit: (query: AuditQuery, signal?: AbortSignal) => get<AuditRows>('/audit', { ...query }, signal),
  verifyAudit: () => post<AuditState>('/audit/verify'),
  makeCheckpoint: () => post<unknown>('/audit/checkpoints'),

  secrets: () => get<readonly Secret[]>('/secrets'),
  setSecret: (name: string, value: string) => ask<Secret>('PUT', `/secrets/${encodeURIComponent(name)}`, { body: { value } }),
  removeSecret: (name: string) => ask('DELETE', `/secrets/${encodeURIComponent(name)}`),
  rotateSecrets: (what: 'data-key' | 'wrapping-key') => post('/secrets/rotate', { what }),
  operations,
};

/** What a project may put under four eyes. */
const pathOf: Readonly<Record<string, string>> = {
  reload: '/reload',
  applyFile: '/project/apply',
  actOnFailures: '/failures/act',
  retryDeadLetters: '/dead-letters/retry',
};

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
}

/** From the description of the API, which says of each operation what it needs. */
async function operations(): Promise<readonly Operation[]> {
  const response = await fetch('/api/openapi.json');
  // Ours, by its own description.
  const { paths } = (await response.json()) as Described;
  return Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .map((one) => ({
      id: one['operationId'] ?? '',
      summary: one['summary'] ?? '',
      needs: (one['x-needs'] ?? 'own') as Operation['needs'],
    }));
}
