// Legal holds: what retention keeps and erasing spares until a person lifts the hold.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { newPublicId } from '../access/random-secret.ts';
import type { HeldAbout, StoredHold } from '../store/store.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import { keyOf } from './key-text.ts';
import { Key, notFound } from './messages.ts';
import { may, wholeEngine } from './objects.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from '../store/iso-time.ts';
import { spanOf, When, Zone } from './zoned-time.ts';

const Reason = Type.String({ minLength: 1, maxLength: 1000 });
const Time = Type.String({ format: 'date-time' });

export const HoldView = Type.Object({
  id: Type.String(),
  setAt: Time,
  setBy: Type.String(),
  reason: Type.String(),
  key: Type.Optional(Type.String({ description: 'All journeys that this business key leads to, now or later.' })),
  journey: Type.Optional(Type.String({ description: 'The journey that began with this message.' })),
  flow: Type.Optional(Type.String({ description: 'Journeys that passed this flow.' })),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
});
export type HoldView = Static<typeof HoldView>;

const Ask = Type.Object(
  {
    reason: Reason,
    key: Type.Optional(Key),
    message: Type.Optional(Type.String({ format: 'uuid', description: 'A message or delivery: its journey is held.' })),
    flow: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    since: Type.Optional(When),
    until: Type.Optional(When),
    zone: Type.Optional(Zone),
  },
  { additionalProperties: false },
);

const tags = ['messages'];

export function holdRoutes(server: ControlServer, { engine, clock }: ControlHost): void {
  const { store } = engine.runtime;
  const config = may('administer', wholeEngine);
  server.get(
    '/api/v1/holds',
    { config, schema: { operationId: 'listHolds', tags, summary: 'Legal holds.', response: { 200: Type.Array(HoldView) } } },
    async () => (await store.read.holds()).map(viewOf),
  );
  server.post(
    '/api/v1/holds',
    {
      config,
      schema: {
        operationId: 'setHold',
        tags,
        summary: 'Holds journeys by a business key, by a message, or by flow and time: neither retention nor erasing takes them.',
        body: Ask,
        response: { 200: HoldView },
      },
    },
    async (request) => {
      const { reason, ...about } = request.body;
      const held = await aboutOf(about, store.read);
      const hold: StoredHold = {
        id: newPublicId(),
        atMs: clock.nowMs(),
        who: request.asker.principal.name,
        reason,
        about: held,
      };
      await store.commit({ holds: [hold] });
      // Of a key its name only: what is never erased holds no value of one.
      const told = 'key' in held ? { key: held.key.name } : held;
      request.told = { after: { hold: hold.id, ...told } };
      return viewOf(hold);
    },
  );
  server.delete(
    '/api/v1/holds/:id',
    {
      config,
      schema: {
        operationId: 'liftHold',
        tags,
        summary: 'Ends a legal hold: retention and erasing take again what no other holds.',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        body: Type.Object({ reason: Reason }, { additionalProperties: false }),
        response: { 200: HoldView },
      },
    },
    async ({ params: { id } }) => {
      const hold = (await store.read.holds()).find((one) => one.id === id);
      if (!hold) throw controlError('MORTISE_CONTROL_UNKNOWN', `There is no legal hold "${id.slice(0, 100)}".`);
      await store.commit({ lifts: [id] });
      return viewOf(hold);
    },
  );
}

/** One of the three ways in which journeys are named. Throws MORTISE_CONTROL_REQUEST, MORTISE_DELIVERY_NOT_FOUND. */
async function aboutOf(
  { key, message, flow, ...span }: Omit<Static<typeof Ask>, 'reason'>,
  read: ControlHost['engine']['runtime']['store']['read'],
): Promise<HeldAbout> {
  const { sinceMs, untilMs } = spanOf(span);
  const hasRange = flow !== undefined || sinceMs !== undefined || untilMs !== undefined;
  if ([key !== undefined, message !== undefined, hasRange].filter(Boolean).length !== 1)
    throw controlError('MORTISE_CONTROL_REQUEST', 'A hold is by "key", or by "message", or by "flow", "since" and "until".');
  if (key !== undefined) return { key: keyOf(key) };
  if (message !== undefined) {
    const found = (await read.message(message)) ?? (await read.delivery({ id: message }))?.message;
    if (!found) throw notFound(message);
    return { journey: found.root };
  }
  return {
    ...(flow === undefined ? {} : { flow }),
    ...(sinceMs === undefined ? {} : { fromMs: sinceMs }),
    ...(untilMs === undefined ? {} : { untilMs: untilMs + 1 }),
  };
}

function viewOf({ id, atMs, who, reason, about }: StoredHold): HoldView {
  const said = { id, setAt: isoTime(atMs), setBy: who, reason };
  if ('key' in about) return { ...said, key: `${about.key.name}=${about.key.value}` };
  if ('journey' in about) return { ...said, journey: about.journey };
  const { flow, fromMs, untilMs } = about;
  return {
    ...said,
    ...(flow === undefined ? {} : { flow }),
    ...(fromMs === undefined ? {} : { since: isoTime(fromMs) }),
    ...(untilMs === undefined ? {} : { until: isoTime(untilMs - 1) }),
  };
}
