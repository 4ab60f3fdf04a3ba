// Four eyes in the API: what waits for a second person, and that person's approval.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { Approval } from '../access/approvals.ts';
import { accessError } from '../access/errors.ts';
import type { Principal } from '../access/rights.ts';
import { mayApprove } from './four-eyes.ts';
import type { ControlHost } from './host.ts';
import { own } from './objects.ts';
import { done, Done } from './people-views.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from '../store/iso-time.ts';

const ApprovalView = Type.Object({
  id: Type.String(),
  who: Type.String({ description: 'Who asked for it.' }),
  action: Type.String({ description: 'The operation, as reload.' }),
  about: Type.Record(Type.String(), Type.Unknown()),
  askedAt: Type.String({ format: 'date-time' }),
  approvedBy: Type.Optional(Type.String()),
  refusedBy: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String({ description: 'Of the refusal.' })),
  mine: Type.Boolean({ description: 'Whether oneself asked for it; others may be approved.' }),
});

export function approvalRoutes(server: ControlServer, host: ControlHost): void {
  const { access, clock } = host;
  server.get(
    '/api/v1/approvals',
    {
      config: own,
      schema: {
        operationId: 'listApprovals',
        tags: ['accounts'],
        summary: 'What waits for a second person: what oneself asked for, and what one may approve.',
        response: { 200: Type.Array(ApprovalView) },
      },
    },
    async ({ asker: { principal } }) =>
      access.approvals
        .list(clock.nowMs())
        .filter((approval) => approval.who === principal.name || mayApprove(approval, principal))
        .map((approval) => approvalView(approval, principal.name)),
  );
  server.post(
    '/api/v1/approvals/:id/approve',
    {
      config: own,
      schema: {
        operationId: 'approve',
        tags: ['accounts'],
        summary: 'Approves what another person asked for: it is done when that person asks again.',
        params: Type.Object({ id: Type.String() }),
        response: { 200: Done },
      },
    },
    async (request) => {
      const approval = waiting(host, request.params.id);
      refuseUnlessSecond(approval, request.asker.principal);
      access.approvals.approve(approval.id, request.asker.principal.name);
      request.told = { after: toldOf(approval) };
      return done;
    },
  );
  server.post(
    '/api/v1/approvals/:id/refuse',
    {
      config: own,
      schema: {
        operationId: 'refuse',
        tags: ['accounts'],
        summary: 'Refuses what another person asked for; or takes back what oneself asked for.',
        params: Type.Object({ id: Type.String() }),
        body: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 1000 })) }, { additionalProperties: false }),
        response: { 200: Done },
      },
    },
    async (request) => {
      const approval = waiting(host, request.params.id);
      const { principal } = request.asker;
      if (approval.who === principal.name && principal.kind === 'session') access.approvals.withdraw(approval.id);
      else {
        refuseUnlessSecond(approval, principal);
        access.approvals.refuse(approval.id, principal.name, request.body.reason ?? '');
      }
      request.told = { after: toldOf(approval) };
      return done;
    },
  );
}

/** Throws MORTISE_ACCESS_UNKNOWN. */
function waiting({ access, clock }: ControlHost, id: string): Approval {
  const approval = access.approvals.list(clock.nowMs()).find((one) => one.id === id && one.refusedBy === undefined);
  if (!approval) throw accessError('MORTISE_ACCESS_UNKNOWN', `Nothing waits for an approval "${id}".`);
  return approval;
}

/** Throws MORTISE_ACCESS_REFUSED. */
function refuseUnlessSecond(approval: Approval, principal: Principal): void {
  if (mayApprove(approval, principal)) return;
  const why = `"${principal.name}" cannot decide it: that takes another person, with a login, and the right to ${approval.needs}.`;
  throw accessError('MORTISE_ACCESS_REFUSED', why);
}

function toldOf({ who, action, about }: Approval): object {
  return { who, action, about };
}

function approvalView({ id, who, action, about, askedAtMs, ...rest }: Approval, asker: string): Static<typeof ApprovalView> {
  const { approvedBy, refusedBy, reason } = rest;
  return {
    id,
    who,
    action,
    about: { ...about },
    askedAt: isoTime(askedAtMs),
    mine: who === asker,
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...(refusedBy === undefined ? {} : { refusedBy, reason: reason ?? '' }),
  };
}
