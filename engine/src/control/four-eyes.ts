// Four eyes: which requests wait for a second person, and who that may be.

import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Approval } from '../access/approvals.ts';
import { covers, localName } from '../access/rights.ts';
import type { Principal } from '../access/rights.ts';
import type { ControlHost } from './host.ts';
import { keyOf } from './key-text.ts';

/** What a project may put under four eyes. */
export type FourEyesKind = 'apply' | 'bulk-retry' | 'erase';

/** So many journeys are shown to the second person; all of them are approved. */
const shownMax = 100;

declare module 'fastify' {
  interface FastifyContextConfig {
    fourEyes?: FourEyesKind;
  }
}

/** The key file is nobody in particular: it may be the same person. */
export function mayApprove({ who, needs, objects }: Approval, principal: Principal): boolean {
  if (principal.name === who || principal.name === localName || principal.kind !== 'session') return false;
  return objects.every((object) => covers(principal, needs, object));
}

/** Lets pass what is not under four eyes, and what was approved. Throws MORTISE_ACCESS_SECOND_PERSON. */
export async function requireSecondPerson(request: FastifyRequest, host: ControlHost): Promise<void> {
  const { fourEyes, access: rule } = request.routeOptions.config;
  if (!fourEyes || !rule || !('of' in rule)) return;
  if (!host.project().settings.access?.fourEyes?.includes(fourEyes)) return;
  const body: Readonly<Record<string, unknown>> = { ...(request.body as object) };
  if (body['preview'] === true) return;
  const { about, exactly } = await askedFor(fourEyes, body, host);
  const { operationId: action = '' } = request.routeOptions.schema ?? {};
  const text = createHash('sha256')
    .update(JSON.stringify([action, exactly]))
    .digest('hex');
  const objects = await rule.of(request, host);
  const asked = { who: request.asker.principal.name, action, request: text, about, needs: rule.needs, objects };
  request.told = { after: { approvedBy: host.access.approvals.use(asked, host.clock.nowMs()) } };
}

/** What the second person is shown, and what exactly that person approves. */
async function askedFor(
  fourEyes: FourEyesKind,
  body: Readonly<Record<string, unknown>>,
  host: ControlHost,
): Promise<{ readonly about: Readonly<Record<string, unknown>>; readonly exactly: unknown }> {
  if (fourEyes === 'erase') return erasureAsked(body, host);
  // What is approved is this content of the project, not whatever its files hold later.
  const about = fourEyes === 'apply' && body['base'] === undefined ? { revision: await host.nextRevision() } : body;
  return { about, exactly: about };
}

/** The value of the key names the person and is kept nowhere: what is approved are the journeys that it leads to. */
async function erasureAsked({ key, undelivered, reason }: Readonly<Record<string, unknown>>, { erasure }: ControlHost) {
  const asked = keyOf(String(key));
  const { journeys } = await erasure.preview(asked);
  const facts = journeys.map(({ root, messages, spared, holds }) => ({ root, messages: messages.length, spared, holds }));
  const about = { key: asked.name, undelivered, reason, journeyCount: facts.length };
  return { about: { ...about, journeys: facts.slice(0, shownMax).map(({ root }) => root) }, exactly: { ...about, facts } };
}
