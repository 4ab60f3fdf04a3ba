// What the crash test of a project came to: everything that a report of it tells.

import type { Project } from '../../project/load.ts';
import type { Campaign, KillAt } from './campaign.ts';
import type { Case } from './cases.ts';
import { abandonedInputs } from './differences.ts';
import type { Evidence } from './evidence.ts';
import { faultKinds } from './faults.ts';
import type { FaultKind, ProofFault } from './faults.ts';
import { byDelivery } from './find-faults.ts';
import type { FlowScope } from './scope.ts';

export interface OutboundProof {
  readonly to: string;
  /** Different delivery ids that arrived. */
  readonly deliveries: number;
  readonly arrivals: number;
  /** Delivery ids that arrived more than once: allowed, as receivers know them by their id. */
  readonly repeated: readonly string[];
}

export interface Proof {
  readonly proven: boolean;
  readonly project: string;
  readonly revision: string;
  readonly environment?: string;
  readonly version: string;
  readonly seed: number;
  readonly began: string;
  readonly tookMs: number;
  readonly kills: Readonly<Record<KillAt | 'total', number>>;
  readonly messages: {
    /** Different ones, from tests or an export. */
    readonly cases: number;
    readonly given: number;
    readonly acknowledged: number;
    /** Not accepted, and the sender was told: what for, and how often. */
    readonly refused: readonly { readonly case: string; readonly why: string; readonly times: number }[];
  };
  /** Deliveries in the journal, by how they ended. */
  readonly deliveries: Readonly<Record<string, number>>;
  readonly outbounds: readonly OutboundProof[];
  /** Deliveries about which a person would have been asked after a kill; "again" was said. */
  readonly asked: readonly { readonly delivery: string; readonly state: string }[];
  /** Inputs whose requester was gone when the process died. */
  readonly abandoned: readonly number[];
  readonly flows: readonly (FlowScope & { readonly deliveries: number })[];
  /** Outbounds that replied what a test says. */
  readonly answered: readonly string[];
  /** Whether sends failed now and then. */
  readonly sendsFailed: boolean;
  readonly counts: Readonly<Record<FaultKind, number>>;
  readonly faults: readonly ProofFault[];
}

export interface ProofFacts {
  readonly project: Project;
  readonly version: string;
  readonly seed: number;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly cases: readonly Case[];
  readonly answers: Readonly<Record<string, unknown>>;
  readonly sendsFail: boolean;
}

export function proofOf(
  { project, version, seed, beganMs, endedMs, cases, answers, sendsFail }: ProofFacts,
  campaign: Campaign,
  evidence: Evidence,
  scopes: readonly FlowScope[],
  faults: readonly ProofFault[],
): Proof {
  const { environment } = project;
  return {
    proven: faults.length === 0,
    project: project.settings.name,
    revision: project.revision,
    ...(environment === undefined ? {} : { environment }),
    version,
    seed,
    began: new Date(beganMs).toISOString(),
    tookMs: endedMs - beganMs,
    kills: killCounts(campaign.kills),
    messages: {
      cases: cases.length,
      given: campaign.inputs.length,
      acknowledged: campaign.acknowledged.size,
      refused: refusedCases(campaign, cases),
    },
    deliveries: counted(evidence.deliveries.map(({ state }) => state)),
    outbounds: outboundsOf(evidence),
    asked: [...campaign.retried].map(([delivery, state]) => ({ delivery, state })),
    abandoned: [...abandonedInputs(evidence)],
    flows: scopes.map((scope) => ({
      ...scope,
      deliveries: evidence.deliveries.filter(({ flow }) => flow === scope.flow).length,
    })),
    answered: Object.keys(answers),
    sendsFailed: sendsFail,
    counts: faultCounts(faults),
    faults,
  };
}

function killCounts(kills: readonly KillAt[]): Proof['kills'] {
  return { total: kills.length, 'before-arrival': 0, 'before-receipt': 0, 'any-moment': 0, ...counted(kills) };
}

function faultCounts(faults: readonly ProofFault[]): Proof['counts'] {
  const none = Object.fromEntries(Object.keys(faultKinds).map((kind) => [kind, 0])) as Record<FaultKind, number>;
  return { ...none, ...counted(faults.map(({ kind }) => kind)) };
}

function refusedCases({ refused }: Campaign, cases: readonly Case[]): Proof['messages']['refused'] {
  const texts = [...refused].map(([number, why]) => JSON.stringify([cases[number % cases.length]?.name ?? '', why]));
  return Object.entries(counted(texts)).map(([text, times]) => {
    const [name, why] = JSON.parse(text) as [string, string];
    return { case: name, why, times };
  });
}

function outboundsOf({ arrivals }: Evidence): readonly OutboundProof[] {
  const sent = arrivals.filter(({ isCall }) => !isCall);
  const byOutbound = [...Map.groupBy(sent, ({ to }) => to)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byOutbound.map(([to, all]) => {
    const deliveries = byDelivery(all);
    const repeated = [...deliveries].filter(([, times]) => times.length > 1).map(([id]) => id);
    return { to, deliveries: deliveries.size, arrivals: all.length, repeated };
  });
}

function counted(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}
