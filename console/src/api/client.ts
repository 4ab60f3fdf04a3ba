// The console's one way to the engine: every call of the API, and what happens when there is no session.

import type {
  Again,
  AgainAsk,
  ActionCounts,
  Alert,
  AlertReceiver,
  AlertRule,
  Channel,
  DayBalance,
  Delivery,
  Drain,
  DryRun,
  Engine,
  Failures,
  Flow,
  FlowDetail,
  Journey,
  MessageRows,
  Model,
  Pause,
  Ping,
  ProjectFile,
  ProjectProblem,
  Revision,
  State,
  System,
  Trace,
  Traffic,
} from './types.ts';
import type { Who } from './people-types.ts';

/** A problem of the API (RFC 9457), or that nobody answered. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, told: Readonly<Record<string, unknown>>) {
    super(typeof told['detail'] === 'string' ? told['detail'] : `The engine answered ${status}.`);
    this.status = status;
    this.code = typeof told['code'] === 'string' ? told['code'] : '';
    this.remedy = typeof told['remedy'] === 'string' ? told['remedy'] : '';
    this.details = told;
  }
}

/** Called once for each answer 401: the page shows the login. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

/** Called where a right is missing that the page believed in: it was taken away meanwhile. */
let onRefused: () => void = () => undefined;
export function whenRefused(tell: () => void): void {
  onRefused = tell;
}

/** What a page of ours sends along with changes: no other page knows it. It comes with the session. */
let csrf = '';
const csrfHeader = 'x-mortise-csrf';

/** Where one is not yet logged in, and may be refused. */
const entries = new Set(['/login', '/setup', '/invitation', '/password']);

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

interface Asked {
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** The version of what is changed, as it was read: sent in If-Match. */
  readonly version?: number | undefined;
}

export async function ask<Answer>(method: string, path: string, { body, signal, version }: Asked = {}): Promise<Answer> {
  const match = version === undefined ? {} : { 'if-match': `"${version}"` };
  const response = await fetch(`/api/v1${path}`, {
    method,
    ...(signal ? { signal } : {}),
    ...(method === 'GET'
      ? {}
      : { headers: { 'content-type': 'application/json', [csrfHeader]: csrf, ...match }, body: JSON.stringify(body ?? {}) }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, { detail: 'The engine does not answer.', remedy: 'Look whether its process still runs.' });
  });
  if (response.status === 401 && !entries.has(path)) onSignedOut();
  if (response.status === 403) onRefused();
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const value: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  if (!response.ok && response.status !== 422) throw new ApiProblem(response.status, isRecord(value) ? value : {});
  if (response.status === 422 && isRecord(value) && typeof value['code'] === 'string') throw new ApiProblem(422, value);
  return value as Answer;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function search(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    return Array.isArray(value) ? value.map((one) => [name, String(one)]) : [[name, String(value)]];
  });
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

export const get = <Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> =>
  ask<Answer>('GET', path + search(query), { signal });
export const post = <Answer>(path: string, body?: unknown): Promise<Answer> => ask<Answer>('POST', path, { body });

export interface MessageFilter {
  readonly flow?: string;
  readonly destination?: string;
  readonly system?: string;
  readonly state?: readonly State[];
  readonly key?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface FailureAction {
  readonly action: 'retry' | 'replay' | 'discard';
  readonly destination?: string;
  readonly code?: string;
  readonly state: State;
  readonly reason?: string;
  readonly limit?: number;
  readonly stopAfter?: number;
  readonly perSecond?: number;
  readonly preview?: boolean;
}

export interface Body {
  readonly type: string;
  readonly text: string;
  readonly bytes: number;
  /** Too long, or no text: only its size is told. */
  readonly isShown: boolean;
}

const bodyBytesShown = 512 * 1024;

async function readBody(id: string): Promise<Body> {
  const response = await fetch(`/api/v1/messages/${id}/body`);
  if (response.status === 401) onSignedOut();
  if (!response.ok) throw new ApiProblem(response.status, (await response.json()) as Readonly<Record<string, unknown>>);
  const type = response.headers.get('content-type') ?? '';
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes.subarray(0, bodyBytesShown));
  const isShown = bytes.length <= bodyBytesShown && !text.includes('\0');
  return { type, text, bytes: bytes.length, isShown };
}

export const api = {
  engine: () => get<Engine>('/engine'),
  flows: () => get<readonly Flow[]>('/flows'),
  flow: (name: string) => get<FlowDetail>(`/flows/${encodeURIComponent(name)}`),
  systems: () => get<readonly System[]>('/systems'),
  channels: () => get<readonly Channel[]>('/channels'),
  traffic: () => get<Traffic>('/traffic'),
  keyNames: () => get<{ readonly names: readonly string[] }>('/keys'),
  find: (text: string, signal?: AbortSignal) => get<MessageRows>('/find', { text }, signal),
  findInBodies: (text: string, query: MessageFilter, signal?: AbortSignal) =>
    get<MessageRows & { readonly looked: number }>('/find/bodies', { text, ...query }, signal),
  messages: (filter: MessageFilter, signal?: AbortSignal) => get<MessageRows>('/messages', { ...filter }, signal),
  journey: (id: string, cursor?: string) => get<Journey>(`/messages/${id}`, { cursor }),
  body: readBody,
  trace: (delivery: string) => get<Trace>(`/deliveries/${delivery}/trace`),
  rehearse: (delivery: string, value: unknown) => post<Trace>(`/deliveries/${delivery}/rehearse`, { value }),
  send: (target: string, text: string) =>
    post<{ readonly messages: readonly { readonly id: string }[] }>('/send', { target, text }),
  retry: (delivery: string) => post<Delivery>(`/deliveries/${delivery}/retry`),
  again: (delivery: string, asked: AgainAsk) => post<Again>(`/deliveries/${delivery}/again`, asked),
  discard: (delivery: string, reason: string) => post<Delivery>(`/deliveries/${delivery}/discard`, { reason }),
  replay: (message: string, flow?: string) =>
    post<{ readonly id: string; readonly deliveries: number }>(`/messages/${message}/replay`, flow === undefined ? {} : { flow }),
  failures: () => get<Failures>('/failures'),
  actOnFailures: (action: FailureAction) => post<ActionCounts>('/failures/act', action),
  balanceOfDay: (day: string, zone: string) => get<DayBalance>('/balance/day', { day, zone, limit: 200 }),
  pauses: () => get<readonly Pause[]>('/pauses'),
  pause: (kind: Pause['kind'], name?: string, reason?: string) =>
    post<Pause>('/pauses', { kind, ...(name ? { name } : {}), ...(reason ? { reason } : {}) }),
  drainFlow: (name: string) => post<Pause>('/pauses', { kind: 'flow', name, drain: true }),
  resume: (kind: Pause['kind'], name?: string) => post('/pauses/resume', { kind, ...(name ? { name } : {}) }),
  drain: () => get<Drain>('/drain'),
  beginDrain: () => post<Drain>('/drain'),
  cancelDrain: () => post<Drain>('/drain/cancel'),
  log: () => get<{ readonly level: string }>('/log'),
  setLog: (level: string) => post('/log', { level }),
  backup: (target: string) => post<{ readonly target: string; readonly files?: number }>('/backup', { target }),
  ping: (system: string) => post<Ping>(`/systems/${encodeURIComponent(system)}/ping`),
  reload: () => post<{ readonly applied: boolean; readonly problems: readonly ProjectProblem[] }>('/reload'),
  files: () => get<{ readonly files: readonly string[] }>('/project/files'),
  file: (path: string) => get<ProjectFile>('/project/file', { path }),
  schemas: () => get<Readonly<Record<string, unknown>>>('/project/schemas'),
  check: (path: string, text: string) => post<{ readonly problems: readonly ProjectProblem[] }>('/project/check', { path, text }),
  dryRun: (path: string, text: string, flow: string, last: number) =>
    post<DryRun>('/project/dry-run', { path, text, flow, last }),
  apply: (path: string, text: string, base: string, reason: string) =>
    post<{ readonly applied: boolean; readonly problems: readonly ProjectProblem[]; readonly revision?: Revision }>(
      '/project/apply',
      { path, text, base, reason },
    ),
  revisions: (path: string) => get<{ readonly revisions: readonly Revision[] }>('/project/revisions', { path }),
  revision: (path: string, id: string) => get<{ readonly text: string }>('/project/revision', { path, id }),
  models: () => get<readonly Model[]>('/models'),
  impact: (name: string, schema: unknown) =>
    post<{ readonly flows: readonly { readonly flow: string; readonly problems: readonly ProjectProblem[] }[] }>(
      '/models/impact',
      { name, schema },
    ),
  alertRules: () => get<readonly AlertRule[]>('/alerts/rules'),
  alerts: (cursor?: string) => get<{ readonly rows: readonly Alert[]; readonly next?: string }>('/alerts', { cursor }),
  alertReceivers: () => get<readonly AlertReceiver[]>('/alerts/receivers'),
  muteAlerts: (rule: string, until: string, reason: string) =>
    post<AlertRule>(`/alerts/rules/${encodeURIComponent(rule)}/mute`, { until, ...(reason === '' ? {} : { reason }) }),
  unmuteAlerts: (rule: string) => post(`/alerts/rules/${encodeURIComponent(rule)}/unmute`),
  testAlertReceiver: (name: string) =>
    post<{ readonly sent: boolean; readonly error?: string }>(`/alerts/receivers/${encodeURIComponent(name)}/test`),
};

/** Of whoever is logged in now. */
export function remembered(who: Who): Who {
  csrf = who.csrf ?? '';
  return who;
}
