// Four eyes in the API: what waits for a second person, and that person's approval.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { Approval } from '../access/approvals.ts';
import { accessError } from '../access/errors.ts';
import { mayApprove } from './four-eyes.ts';
import type { ControlHost } from './host.ts';
import { own } from './objects.ts';
import { done, Done } from './people-views.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from './views.ts';

const ApprovalView = Type.Object({
  id: Type.String(),
  who: Type.String({ description: 'Who asked for it.' }),
  action: Type.String({ description: 'The operation, as reload.' }),
  about: Type.Record(Type.String(), Type.Unknown()),
  askedAt: Type.String({ format: 'date-time' }),
  approvedBy: Type.Optional(Type.String()),
});

export function approvalRoutes(server: ControlServer, { access, clock }: ControlHost): void {
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
        .map(approvalView),
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
      const { id } = request.params;
      const approval = access.approvals.list(clock.nowMs()).find((one) => one.id === id);
      if (!approval) throw accessError('MORTISE_ACCESS_UNKNOWN', `Nothing waits for an approval "${id}".`);
      const { principal } = request.asker;
      if (!mayApprove(approval, principal)) {
        const why = `"${principal.name}" cannot approve it: that takes another person, with a login, and the right to ${approval.needs}.`;
        throw accessError('MORTISE_ACCESS_REFUSED', why);
      }
      access.approvals.approve(id, principal.name);
      request.told = { after: { who: approval.who, action: approval.action, about: approval.about } };
      return done;
    },
  );
}

function approvalView({ id, who, action, about, askedAtMs, approvedBy }: Approval): Static<typeof ApprovalView> {
  const approved = approvedBy === undefined ? {} : { approvedBy };
  return { id, who, action, about: { ...about }, askedAt: isoTime(askedAtMs), ...approved };
}
