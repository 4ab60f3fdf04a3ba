// What people do about deliveries: dead letters, retry, discard, replay.

import { MortiseError } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { groupTroubleOf } from '../flow/group-trouble.ts';
import type { DeliveryState } from '../store/delivery-state.ts';
import type { JournalFilter, JournalRow, StoredDelivery, StoreReader } from '../store/store.ts';
import type { ControlServer } from './server.ts';
import type { ControlHost } from './host.ts';
import { requireKnown } from './known-names.ts';
import type { Asker } from './authentication.ts';
import { Cursor, Id, Limit, MessageRows, rowsOf } from './messages.ts';
import { deadLettersNamed, deliveryInPath, deliveryObject, may, onlyCovered, replayInPath } from './objects.ts';
import { hidesPersonal, maskedText, withoutPersonalTexts } from './personal.ts';
import { isoTime } from '../store/iso-time.ts';
import { deliveryView, DeliveryView } from './views.ts';

const states: readonly DeliveryState[] = ['dead', 'in-doubt'];
/** More than this is not read for one answer: groups say then that they are not all. */
const rowsGroupedMax = 10_000;
const pageRows = 1000;

const Where = Type.Object(
  { flow: Type.Optional(Type.String()), destination: Type.Optional(Type.String()), limit: Limit, cursor: Type.Optional(Cursor) },
  { additionalProperties: false },
);

export const CauseGroup = Type.Object({
  code: Type.String(),
  destination: Type.String(),
  state: Type.Enum(['dead', 'in-doubt']),
  count: Type.Integer(),
  oldestAt: Type.String({ format: 'date-time' }),
  newestAt: Type.String({ format: 'date-time' }),
  othersHeld: Type.Integer({
    description: 'So many others are held, since their group cannot go on before a person has decided about these.',
  }),
  newest: Type.Object({ delivery: Type.String(), message: Type.String(), error: Type.String(), remedy: Type.String() }),
});
export type CauseGroup = Static<typeof CauseGroup>;

export const CauseGroups = Type.Object({
  groups: Type.Array(CauseGroup, { description: 'The largest first.' }),
  complete: Type.Boolean({ description: 'Whether all dead letters were looked at.' }),
});
export type CauseGroups = Static<typeof CauseGroups>;

const BulkRetry = Type.Object(
  {
    flow: Type.Optional(Type.String()),
    destination: Type.Optional(Type.String()),
    code: Type.Optional(Type.String({ description: 'Only those that ended with this code.' })),
    inDoubt: Type.Boolean({
      default: false,
      description: 'Those in doubt too: they may have taken effect, and may do so twice.',
    }),
    limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 }),
  },
  { additionalProperties: false },
);

export const RetryCounts = Type.Object({
  retried: Type.Integer(),
  failed: Type.Array(Type.Object({ id: Type.String(), code: Type.String(), detail: Type.String() })),
  more: Type.Boolean({ description: 'Whether the limit left some.' }),
});
export type RetryCounts = Static<typeof RetryCounts>;

export const Replayed = Type.Object({ id: Type.String({ description: 'Of the new message.' }), deliveries: Type.Integer() });

const api = '/api/v1';
const tags = ['deliveries'];

export function deliveryRoutes(server: ControlServer, host: ControlHost): void {
  deadLetterRoutes(server, host);
  const { operations } = host.engine;
  server.post(
    `${api}/deliveries/:id/retry`,
    {
      config: may('operate', deliveryInPath),
      schema: {
        operationId: 'retryDelivery',
        tags,
        summary: 'Tries one that is dead or in doubt again, under the same ids.',
        params: Id,
        response: { 200: DeliveryView },
      },
    },
    async ({ params, asker }) => shown(host, await operations.retry(params.id), asker),
  );
  server.post(
    `${api}/deliveries/:id/discard`,
    {
      config: may('operate', deliveryInPath),
      schema: {
        operationId: 'discardDelivery',
        tags,
        summary: 'Ends one that nobody wants any more.',
        params: Id,
        body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1000 }) }, { additionalProperties: false }),
        response: { 200: DeliveryView },
      },
    },
    async ({ params, body, asker }) => shown(host, await operations.discard(params.id, body.reason), asker),
  );
  server.post(
    `${api}/messages/:id/replay`,
    {
      config: may('operate', replayInPath),
      schema: {
        operationId: 'replayMessage',
        tags,
        summary: 'Sends a message through again, as a new one with new ids.',
        params: Id,
        body: Type.Object({ flow: Type.Optional(Type.String()) }, { additionalProperties: false }),
        response: { 200: Replayed },
      },
    },
    async ({ params, body }) => operations.replay(params.id, body.flow),
  );
}

async function shown({ engine, project }: ControlHost, delivery: StoredDelivery, asker: Asker): Promise<DeliveryView> {
  const message = await engine.runtime.store.read.message(delivery.message);
  const object = deliveryObject(delivery, message ?? { source: '' });
  return withoutPersonalTexts(deliveryView(delivery), object, asker, project());
}

function deadLetterRoutes(server: ControlServer, host: ControlHost): void {
  const { engine } = host;
  const { read } = engine.runtime.store;
  server.get(
    `${api}/dead-letters`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listDeadLetters',
        tags,
        summary: 'Deliveries that are dead or in doubt, newest first.',
        querystring: Where,
        response: { 200: MessageRows },
      },
    },
    async ({ query: { flow, destination, limit, cursor }, asker }) => {
      const before = cursor === undefined ? {} : { beforeSeq: Number(cursor) };
      return rowsOf(host, { ...whereOf(flow, destination), limit, ...before }, asker);
    },
  );
  server.get(
    `${api}/dead-letters/causes`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'groupDeadLetters',
        tags,
        summary: 'Deliveries that are dead or in doubt, counted by cause.',
        querystring: Type.Omit(Where, ['limit', 'cursor']),
        response: { 200: CauseGroups },
      },
    },
    async ({ query: { flow, destination }, asker }) => groupsOf(host, whereOf(flow, destination), asker),
  );
  server.post(
    `${api}/dead-letters/retry`,
    {
      config: { ...may('operate', deadLettersNamed), fourEyes: 'bulk-retry' },
      schema: {
        operationId: 'retryDeadLetters',
        tags,
        summary: 'Tries many again.',
        body: BulkRetry,
        response: { 200: RetryCounts },
      },
    },
    async ({ body }) => {
      await requireKnown(host, body);
      return retryMany(read, engine.operations.retry.bind(engine.operations), body);
    },
  );
}

type Where = Omit<JournalFilter, 'limit'>;

function whereOf(flow: string | undefined, destination: string | undefined): Where {
  return { states, ...(flow === undefined ? {} : { flow }), ...(destination === undefined ? {} : { destination }) };
}

/** All rows, page by page: those that change meanwhile are met at most once. */
async function* rowsWhere(read: StoreReader, where: Where): AsyncGenerator<JournalRow> {
  let beforeSeq: number | undefined;
  for (;;) {
    const page = await read.journal({ ...where, limit: pageRows, ...(beforeSeq === undefined ? {} : { beforeSeq }) });
    yield* page;
    if (page.length < pageRows) return;
    beforeSeq = page.at(-1)?.delivery.seq;
  }
}

async function groupsOf({ engine, project, clock }: ControlHost, where: Where, asker: Asker): Promise<CauseGroups> {
  const groups = new Map<string, CauseGroup>();
  let count = 0;
  const { read } = engine.runtime.store;
  for await (const { delivery, message } of rowsWhere(read, where)) {
    const object = deliveryObject(delivery, message);
    if (!asker.covers(object)) continue;
    if (++count > rowsGroupedMax) break;
    const { destination, error, createdAtMs } = delivery;
    const state = delivery.state === 'dead' ? 'dead' : 'in-doubt';
    const code = error?.code ?? '';
    const atText = isoTime(createdAtMs);
    const key = JSON.stringify([code, destination, state]);
    const known = groups.get(key);
    const text = error && hidesPersonal(object, asker, project()) ? maskedText : (error?.message ?? '');
    const newest = { delivery: delivery.id, message: delivery.message, error: text, remedy: error?.remedy ?? '' };
    const { othersHeld = 0 } = await groupTroubleOf(delivery, read, clock.nowMs());
    const group = known ?? { code, destination, state, count: 0, newestAt: atText, othersHeld: 0, newest };
    groups.set(key, { ...group, count: group.count + 1, oldestAt: atText, othersHeld: group.othersHeld + othersHeld });
  }
  return { groups: [...groups.values()].sort((a, b) => b.count - a.count), complete: count <= rowsGroupedMax };
}

async function retryMany(
  read: StoreReader,
  retry: (id: string) => Promise<unknown>,
  asked: Static<typeof BulkRetry>,
): Promise<RetryCounts> {
  const { flow, destination, code, inDoubt, limit } = asked;
  const failed: RetryCounts['failed'] = [];
  let retried = 0;
  const where = { ...whereOf(flow, destination), states: inDoubt ? states : (['dead'] as const) };
  for await (const { delivery } of rowsWhere(read, where)) {
    if (code !== undefined && delivery.error?.code !== code) continue;
    if (retried + failed.length === limit) return { retried, failed, more: true };
    try {
      await retry(delivery.id);
      retried += 1;
    } catch (error) {
      if (!(error instanceof MortiseError)) throw error;
      failed.push({ id: delivery.id, code: error.code, detail: error.message });
    }
  }
  return { retried, failed, more: false };
}
