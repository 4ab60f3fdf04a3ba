// Evidence for an auditor: who may what, what was changed, seen and exported, whether all that came in is accounted for, and what runs.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { AuditEntry } from '../access/audit-chain.ts';
import type { DeliveryState } from '../store/delivery-state.ts';
import { balanceView, BalanceView, dayBalance, DayBalance } from './balance.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import { may, wholeEngine } from './objects.ts';
import { tokenView, TokenView, userView, UserView } from './people-views.ts';
import type { ControlServer } from './server.ts';
import { softwareList } from './software.ts';
import { version } from './version.ts';
import { isoTime } from '../store/iso-time.ts';

const dayMs = 86_400_000;
const daysMax = 400;
const pageRows = 1000;
/** A day of which more did not come out has other problems; its counts are whole. */
const unfinishedMax = 1000;

const Entry = Type.Record(Type.String(), Type.Unknown(), { description: 'An entry of the audit.' });

export const Evidence = Type.Object({
  takenAt: Type.String({ format: 'date-time' }),
  from: Type.String({ description: 'The first day, in UTC.' }),
  to: Type.String({ description: 'The last day.' }),
  users: Type.Array(UserView),
  tokens: Type.Array(TokenView),
  changes: Type.Array(Entry, { description: 'What changed something, or was refused.' }),
  accesses: Type.Array(Entry, { description: 'Looks at bodies, exports, logins.' }),
  balance: BalanceView,
  days: Type.Array(DayBalance),
  reliability: Type.Object({
    starts: Type.Array(Type.String({ format: 'date-time' })),
    stops: Type.Array(Type.String({ format: 'date-time' }), {
      description: 'A start without a stop before it followed a crash.',
    }),
    accepted: Type.Integer({ description: 'Deliveries that came of what was accepted in these days.' }),
    states: Type.Record(Type.String(), Type.Integer(), { description: 'What became of them.' }),
  }),
  configuration: Type.Object({
    version: Type.String(),
    node: Type.String(),
    project: Type.String(),
    revision: Type.String(),
    flows: Type.Record(Type.String(), Type.String(), { description: 'By flow its revision.' }),
    settings: Type.Unknown({ description: 'Of mortise.yaml; secrets are references.' }),
    secrets: Type.Array(Type.String(), { description: 'Names only.' }),
  }),
  software: Type.Array(Type.Object({ name: Type.String(), version: Type.String(), license: Type.Optional(Type.String()) })),
});
export type Evidence = Static<typeof Evidence>;

const Day = Type.String({ format: 'date', description: 'As 2026-11-23, in UTC.' });

export function evidenceRoutes(server: ControlServer, host: ControlHost): void {
  server.get(
    '/api/v1/evidence',
    {
      config: { ...may('audit', wholeEngine), audited: true },
      schema: {
        operationId: 'getEvidence',
        tags: ['audit'],
        summary: 'What an auditor wants to see of some days, in one answer.',
        querystring: Type.Object({ from: Day, to: Day }, { additionalProperties: false }),
        response: { 200: Evidence },
      },
    },
    async ({ query: { from, to }, asker }) => {
      const [fromMs, untilMs] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`) + dayMs];
      const count = (untilMs - fromMs) / dayMs;
      if (!(count >= 1 && count <= daysMax))
        throw controlError('MORTISE_CONTROL_REQUEST', `From ${from} to ${to} are no 1 to ${daysMax} days.`);
      const days = await daysOf(host, fromMs, count, asker);
      return evidenceOf(host, { from, to, fromMs, untilMs }, days);
    },
  );
}

interface Span {
  readonly from: string;
  readonly to: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

async function evidenceOf(host: ControlHost, { from, to, fromMs, untilMs }: Span, days: DayBalance[]): Promise<Evidence> {
  const { access, engine } = host;
  const entries = entriesOf(host, isoTime(fromMs), isoTime(untilMs));
  const isAccess = ({ action }: AuditEntry): boolean => /^(getBody|export|logIn|endSignOn|getEvidence)/.test(action);
  const timesOf = (wanted: string): string[] => entries.filter(({ action }) => action === wanted).map(({ at }) => at);
  return {
    takenAt: isoTime(host.clock.nowMs()),
    from,
    to,
    users: access.users.list().map(userView),
    tokens: access.tokens.list().map(tokenView),
    changes: entries.filter((entry) => !isAccess(entry)).map((entry) => ({ ...entry })),
    accesses: entries.filter(isAccess).map((entry) => ({ ...entry })),
    balance: balanceView(await engine.runtime.store.read.balance()),
    days,
    reliability: { starts: timesOf('start'), stops: timesOf('stop'), ...sumOf(days) },
    configuration: configurationOf(host),
    software: softwareList().map((one) => ({ ...one })),
  };
}

async function daysOf(
  host: ControlHost,
  fromMs: number,
  count: number,
  asker: Parameters<typeof dayBalance>[3],
): Promise<DayBalance[]> {
  const days: DayBalance[] = [];
  for (let n = 0; n < count; n++) {
    const day = isoTime(fromMs + n * dayMs).slice(0, 10);
    days.push(await dayBalance(host, { day, zone: 'UTC', limit: unfinishedMax }, () => true, asker));
  }
  return days;
}

/** Oldest first. */
function entriesOf({ access }: ControlHost, since: string, until: string): readonly AuditEntry[] {
  const found: AuditEntry[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = access.audit.search({ since, until, before, limit: pageRows });
    found.push(...page);
    if (page.length < pageRows) return found.toReversed();
    before = page.at(-1)?.n ?? 0;
  }
}

function sumOf(days: readonly DayBalance[]): Pick<Evidence['reliability'], 'accepted' | 'states'> {
  const rows = days.flatMap((day) => day.rows);
  const states: Partial<Record<DeliveryState, number>> = {};
  for (const row of rows)
    for (const [state, count] of Object.entries(row.states) as [DeliveryState, number][])
      states[state] = (states[state] ?? 0) + count;
  return { accepted: rows.reduce((sum, { created }) => sum + created, 0), states };
}

function configurationOf({ project, access }: ControlHost): Evidence['configuration'] {
  const { settings, revision, compiled } = project();
  return {
    version,
    node: process.version,
    project: settings.name,
    revision,
    flows: Object.fromEntries([...compiled.values()].map((flow) => [flow.name, flow.revision])),
    settings,
    secrets: access.vault.list().map(({ name }) => name),
  };
}
