// Messages: the journal's rows, the journey of one, its body.

import { Readable } from 'node:stream';
import { keptChunks } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { everything } from '../access/rights.ts';
import { engineError } from '../delivery/errors.ts';
import { erased } from '../flow/body.ts';
import { groupTroubles } from '../flow/group-trouble.ts';
import type { GroupTrouble } from '../flow/group-trouble.ts';
import type { Project } from '../project/load.ts';
import type {
  Joined,
  JournalFilter,
  JournalRow,
  StoredDelivery,
  StoredJourney,
  StoredMessage,
  StoreReader,
} from '../store/store.ts';
import type { ControlServer } from './server.ts';
import type { ControlHost } from './host.ts';
import { keyOf } from './key-text.ts';
import type { Asker } from './authentication.ts';
import { withoutPersonal, withoutPersonalTexts } from './personal.ts';
import { spanOf, When, Zone } from './zoned-time.ts';
import { destinationsOf } from './known-names.ts';
import { deliveryObject, may, messageInPath, messageObject, onlyCovered } from './objects.ts';
import { bytesOf, deliveryView, DeliveryView, JourneyMessage, messageView, MessageView, State } from './views.ts';

export const Journey = Type.Object({
  root: Type.String({ description: 'The message with which it began.' }),
  messages: Type.Array(JourneyMessage, {
    description: 'The root first. Each has its deliveries, and each of those names the messages that it made: a tree.',
  }),
  next: Type.Optional(
    Type.String({
      description: 'There are more messages: the cursor of the next page. The one that was asked for is on the first.',
    }),
  ),
});
export type Journey = Static<typeof Journey>;

export const MessageRow = Type.Object({ message: MessageView, delivery: DeliveryView });
export type MessageRow = Static<typeof MessageRow>;

export const MessageRows = Type.Object({
  rows: Type.Array(MessageRow, { description: 'A row a delivery, newest first.' }),
  next: Type.Optional(Type.String({ description: 'The cursor of the next page; absent on the last.' })),
});
export type MessageRows = Static<typeof MessageRows>;

export const Limit = Type.Integer({ minimum: 1, maximum: 1000, default: 100 });
export const Cursor = Type.String({ pattern: '^[0-9]{1,15}$', description: 'The "next" of the page before.' });

export const Key = Type.String({ pattern: '^[^=]+=', description: 'A business key: NAME=VALUE.' });

/** What rows of the journal are chosen by. */
export const filterFields = {
  flow: Type.Optional(Type.String()),
  destination: Type.Optional(Type.String({ description: 'flow:NAME, outbound:SYSTEM.OUTBOUND or channel:NAME.' })),
  system: Type.Optional(Type.String({ description: 'What goes to this system, and what comes from it to flows.' })),
  state: Type.Optional(Type.Array(State, { description: 'May be given several times.' })),
  key: Type.Optional(Key),
  since: Type.Optional(When),
  until: Type.Optional(When),
  zone: Type.Optional(Zone),
};
const Filter = Type.Object(filterFields);

const Query = Type.Object({ ...filterFields, limit: Limit, cursor: Type.Optional(Cursor) }, { additionalProperties: false });

export const Id = Type.Object({ id: Type.String({ format: 'uuid' }) });

const api = '/api/v1';

export function messageRoutes(server: ControlServer, host: ControlHost): void {
  const { runtime } = host.engine;
  const tags = ['messages'];
  const { read } = runtime.store;
  server.get(
    `${api}/messages`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listMessages',
        tags,
        summary: 'What went where, newest first.',
        querystring: Query,
        response: { 200: MessageRows },
      },
    },
    async ({ query, asker }) => rowsOf(host, pageOf(query, host.project()), asker),
  );
  server.get(
    `${api}/messages/:id`,
    {
      config: may('see', messageInPath),
      schema: {
        operationId: 'getJourney',
        tags,
        summary: 'The whole journey that a message or delivery belongs to.',
        params: Id,
        querystring: Type.Object(
          {
            limit: Type.Integer({ minimum: 1, maximum: 1000, default: 1000 }),
            cursor: Type.Optional(Type.String({ format: 'uuid' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Journey },
      },
    },
    async ({ params, query: { limit, cursor }, asker }) => {
      const asked = await askedFor(read, params.id);
      const page = await read.journey(asked.root, { limit, ...(cursor === undefined ? {} : { after: cursor }) });
      const part = coveredPart(cursor === undefined ? await withAsked(read, asked, page) : page, asker);
      const troubles = await groupTroubles(part.deliveries, read, host.clock.nowMs());
      return withoutPersonalParts(journeyView(asked.root, part, troubles), part, asker, host.project());
    },
  );
  server.get(
    `${api}/messages/:id/body`,
    {
      config: may('see-bodies', messageInPath),
      schema: {
        operationId: 'getBody',
        tags,
        summary: 'The body as it is stored.',
        params: Id,
        response: { 200: { content: { '*/*': { schema: Type.Unknown() } } } },
      },
    },
    async ({ params }, reply) => {
      const message = await messageOf(read, params.id);
      const { type, content } = contentOf(message, (blob) => Readable.from(keptChunks(runtime.blobs.open(blob))));
      return reply.type(type).header('content-disposition', `attachment; filename="${message.id}"`).send(content);
    },
  );
}

/** One page, without what the asker may not see: it may be shorter than the limit. */
export async function rowsOf({ engine, project }: ControlHost, filter: JournalFilter, asker: Asker): Promise<MessageRows> {
  const found = await engine.runtime.store.read.journal(filter);
  const rows = found
    .filter(({ delivery, message }) => asker.covers(deliveryObject(delivery, message)))
    .map((row) => rowView(row, asker, project()));
  const last = found.at(-1);
  return { rows, ...(last && found.length === filter.limit ? { next: String(last.delivery.seq) } : {}) };
}

/** What a list shows of a delivery and its message. */
export function rowView({ delivery, message }: JournalRow, asker: Asker, project: Project): MessageRow {
  const object = deliveryObject(delivery, message);
  return {
    delivery: withoutPersonalTexts(deliveryView(delivery), object, asker, project),
    message: withoutPersonal(messageView(message), object, asker, project),
  };
}

function withoutPersonalParts(
  journey: Journey,
  { messages, deliveries }: StoredJourney,
  asker: Asker,
  project: Project,
): Journey {
  const objects = new Map(
    messages.map((message) => [
      message.id,
      messageObject(
        message,
        deliveries.filter((one) => one.message === message.id),
      ),
    ]),
  );
  const sources = new Map(messages.map((message) => [message.id, message]));
  const masked = journey.messages.map((view) => ({
    ...withoutPersonal(view, objects.get(view.id) ?? everything, asker, project),
    deliveries: view.deliveries.map((delivery) =>
      withoutPersonalTexts(delivery, deliveryObject(delivery, sources.get(view.id) ?? { source: '' }), asker, project),
    ),
  }));
  return { ...journey, messages: masked };
}

function pageOf({ limit, cursor, ...wanted }: Static<typeof Query>, project: Project): JournalFilter {
  return { ...filterOf(wanted, project), limit, ...(cursor === undefined ? {} : { beforeSeq: Number(cursor) }) };
}

/** Throws MORTISE_CONTROL_UNKNOWN where the project has no such system. */
export function filterOf(
  { flow, destination, system, state, key, ...span }: Static<typeof Filter>,
  project: Project,
): Omit<JournalFilter, 'limit'> {
  return {
    ...(flow === undefined ? {} : { flow }),
    ...(destination === undefined ? {} : { destination }),
    ...(system === undefined ? {} : { destinations: destinationsOf(system, project) }),
    ...(state === undefined ? {} : { states: state }),
    ...(key === undefined ? {} : { key: keyOf(key) }),
    ...spanOf(span),
  };
}

/** The message of that id, or the one that the delivery of that id carries. */
async function askedFor(read: StoreReader, id: string): Promise<StoredMessage> {
  const message = (await read.message(id)) ?? (await read.delivery({ id }))?.message;
  if (!message) throw notFound(id);
  return message;
}

/** One of a million may stand on any page: whoever asks for it sees it at once. */
async function withAsked(read: StoreReader, asked: StoredMessage, page: StoredJourney): Promise<StoredJourney> {
  if (page.messages.some(({ id }) => id === asked.id)) return page;
  const deliveries = await read.deliveriesOf(asked.id);
  return { ...page, messages: [...page.messages, asked], deliveries: [...page.deliveries, ...deliveries] };
}

/** Others' parts of a journey stay with them. */
function coveredPart(page: StoredJourney, asker: Asker): StoredJourney {
  const byMessage = Map.groupBy(page.deliveries, ({ message }) => message);
  const messages = page.messages.filter((message) => asker.covers(messageObject(message, byMessage.get(message.id) ?? [])));
  const known = new Map(messages.map((message) => [message.id, message]));
  const deliveries = page.deliveries.filter((delivery) => {
    const message = known.get(delivery.message);
    return message && asker.covers(deliveryObject(delivery, message));
  });
  return { ...page, messages, deliveries };
}

async function messageOf(read: StoreReader, id: string): Promise<StoredMessage> {
  const message = await read.message(id);
  if (!message) throw notFound(id);
  return message;
}

export function notFound(id: string): Error {
  return engineError('MORTISE_DELIVERY_NOT_FOUND', `There is no message or delivery ${id}.`);
}

function journeyView(
  root: string,
  { messages, deliveries, joined, next }: StoredJourney,
  troubles: ReadonlyMap<string, GroupTrouble>,
): Journey {
  const made = madeOf(messages, deliveries, joined);
  const byMessage = Map.groupBy(deliveries, ({ message }) => message);
  const views = messages.map((message) => {
    const members = joined.filter(({ into }) => into === message.id);
    return {
      ...messageView({ ...message, bodyBytes: bytesOf(message.body) }),
      headers: { ...message.headers },
      ...(message.body.kind === 'erased' ? { erased: true as const } : {}),
      deliveries: (byMessage.get(message.id) ?? []).map((delivery) => ({
        ...deliveryView(delivery),
        messages: made.get(delivery.id) ?? [],
        ...intoOf(message.id, joined),
        ...troubles.get(delivery.id),
      })),
      ...(members.length > 0
        ? { members: members.map(({ member, memberRoot }) => ({ message: member, root: memberRoot })) }
        : {}),
    };
  });
  return { root, messages: views, ...(next === undefined ? {} : { next }) };
}

/** By delivery, what it made. What a delivery of another journey made hangs on the first message that became a part of it. */
function madeOf(
  messages: readonly StoredMessage[],
  deliveries: readonly StoredDelivery[],
  joined: readonly Joined[],
): ReadonlyMap<string, string[]> {
  const made = new Map<string, string[]>();
  const own = new Set(deliveries.map(({ id }) => id));
  const ids = new Set(messages.map(({ id }) => id));
  const add = (parent: string, message: string): void => {
    const children = made.get(parent) ?? [];
    if (!children.includes(message)) made.set(parent, [...children, message]);
  };
  for (const { parent, message } of deliveries) {
    if (parent === undefined) continue;
    const first = own.has(parent) ? undefined : joined.find(({ into, member }) => into === message && ids.has(member));
    add(deliveries.find((delivery) => delivery.message === first?.member)?.id ?? parent, message);
  }
  return made;
}

function intoOf(
  message: string,
  joined: readonly Joined[],
): { readonly into?: { readonly message: string; readonly root: string } } {
  const found = joined.find(({ member }) => member === message);
  return found ? { into: { message: found.into, root: found.intoRoot } } : {};
}

/** Values are stored as JSON, whatever they came as; bytes keep the type that they came with. */
function contentOf(
  { body, dataContentType }: StoredMessage,
  open: (blob: string) => Readable,
): { type: string; content: unknown } {
  const bytesType =
    dataContentType !== undefined && /^[\w.+-]+\/[\w.+-]+(\s*;[\x20-\x7e]*)?$/.test(dataContentType)
      ? dataContentType
      : 'application/octet-stream';
  if (body.kind === 'json') return { type: jsonType, content: body.text };
  if (body.kind === 'bytes') return { type: bytesType, content: Buffer.from(body.bytes) };
  if (body.kind === 'erased') throw erased();
  return { type: body.holds === 'json' ? jsonType : bytesType, content: open(body.blob) };
}

const jsonType = 'application/json; charset=utf-8';
