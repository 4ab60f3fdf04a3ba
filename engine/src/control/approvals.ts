// Four eyes in the API: what waits for a second person, and that person's approval.

import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Approval } from '../access/approvals.ts';
import { accessError } from '../access/errors.ts';
import { covers, localName } from '../access/rights.ts';
import type { Principal } from '../access/rights.ts';
import type { ControlHost } from './host.ts';
import { own } from './objects.ts';
import { done, Done } from './people-views.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from './views.ts';

/** What a project may put under four eyes. */
export const fourEyesKinds = ['apply', 'bulk-retry'] as const;
export type FourEyesKind = (typeof fourEyesKinds)[number];

declare module 'fastify' {
  interface FastifyContextConfig {
    fourEyes?: FourEyesKind;
  }
}

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

/** The key file is nobody in particular: it may be the same person. */
function mayApprove({ who, needs, objects }: Approval, principal: Principal): boolean {
  if (principal.name === who || principal.name === localName || principal.kind !== 'session') return false;
  return objects.every((object) => covers(principal, needs, object));
}

/** Lets pass what is not under four eyes, and what was approved. Throws MORTISE_ACCESS_SECOND_PERSON. */
export async function requireSecondPerson(request: FastifyRequest, host: ControlHost): Promise<void> {
  const { fourEyes, access: rule } = request.routeOptions.config;
  if (!fourEyes || !rule || !('of' in rule)) return;
  if (!host.project().settings.access?.fourEyes?.includes(fourEyes)) return;
  // What is approved is this content of the project, not whatever its files hold later.
  const about = fourEyes === 'apply' ? { revision: await host.nextRevision() } : { ...(request.body as object) };
  const { operationId: action = '' } = request.routeOptions.schema ?? {};
  const text = createHash('sha256')
    .update(JSON.stringify([action, about]))
    .digest('hex');
  const objects = await rule.of(request, host);
  const asked = { who: request.asker.principal.name, action, request: text, about, needs: rule.needs, objects };
  request.told = { after: { approvedBy: host.access.approvals.use(asked, host.clock.nowMs()) } };
}

function approvalView({ id, who, action, about, askedAtMs, approvedBy }: Approval): Static<typeof ApprovalView> {
  const approved = approvedBy === undefined ? {} : { approvedBy };
  return { id, who, action, about: { ...about }, askedAt: isoTime(askedAtMs), ...approved };
}
