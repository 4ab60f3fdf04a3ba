// What the API shows of messages and deliveries.

import { isoTime } from '../store/iso-time.ts';
import type { JournalRow, StoredBody, StoredDelivery } from '../store/store.ts';
import { deliveryStates } from '../store/delivery-state.ts';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';

const Time = Type.String({ format: 'date-time', description: 'RFC 3339, in UTC.' });
const Texts = Type.Record(Type.String(), Type.String());

export const State = Type.Enum([...deliveryStates]);

export const DeliveryError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  remedy: Type.String(),
  details: Type.Optional(Type.Unknown()),
});

export const DeliveryView = Type.Object({
  id: Type.String(),
  message: Type.String({ description: 'The id of the message that it carries.' }),
  destination: Type.String({ description: 'flow:NAME, outbound:SYSTEM.OUTBOUND or channel:NAME.' }),
  flow: Type.String({ description: 'The flow whose rules it follows.' }),
  state: State,
  attempts: Type.Integer({ description: 'Attempts that were counted.' }),
  createdAt: Time,
  dueAt: Type.Optional(Time),
  endedAt: Type.Optional(Time),
  lane: Type.Optional(Type.String({ description: 'The key of its order.' })),
  holdsLane: Type.Optional(Type.Boolean({ description: 'What follows in its lane waits for a person.' })),
  entry: Type.Optional(Type.String({ description: 'The step behind which it goes on.' })),
  revision: Type.Optional(Type.String({ description: 'The revision of the flow that ran it.' })),
  detail: Type.Optional(Type.String({ description: 'What the receiving system said, or why a person discarded it.' })),
  error: Type.Optional(DeliveryError),
  journal: Type.Optional(Type.Unknown({ description: 'Timings, and the attempts that failed.' })),
});
export type DeliveryView = Static<typeof DeliveryView>;

export const MessageView = Type.Object({
  id: Type.String(),
  root: Type.String({ description: 'The message with which the journey began.' }),
  parent: Type.Optional(Type.String({ description: 'The message that it was made from.' })),
  replayOf: Type.Optional(Type.String()),
  source: Type.String({ description: 'As /systems/shop/order-created or /channels/orders.' }),
  type: Type.String(),
  subject: Type.Optional(Type.String()),
  time: Type.String({ description: 'As the sender said it, or the time of accepting.' }),
  contentType: Type.Optional(Type.String()),
  model: Type.Optional(Type.String({ description: 'The model that it fits, as order@1.' })),
  keys: Type.Record(Type.String(), Type.String(), { description: 'Business keys.' }),
  acceptedAt: Time,
  expiresAt: Type.Optional(Time),
  bodyBytes: Type.Integer(),
});
export type MessageView = Static<typeof MessageView>;

const Part = Type.Object({ message: Type.String(), root: Type.String({ description: 'The journey of that message.' }) });

export const JourneyDelivery = Type.Interface([DeliveryView], {
  messages: Type.Array(Type.String(), { description: 'The ids of the messages that it made.' }),
  into: Type.Optional(Type.Object(Part.properties, { description: 'The message of which it became a part, as in a group.' })),
  othersHeld: Type.Optional(
    Type.Integer({ description: 'It is dead, and so many others of its group wait until a person decides.' }),
  ),
  heldBy: Type.Optional(
    Type.Object(
      { delivery: Type.String(), message: Type.String() },
      { description: 'The dead one of its group: it is held until a person has retried or discarded that.' },
    ),
  ),
});
export const JourneyMessage = Type.Interface([MessageView], {
  headers: Texts,
  deliveries: Type.Array(JourneyDelivery),
  erased: Type.Optional(Type.Literal(true, { description: 'A person had it erased: body, headers, subject, keys.' })),
  members: Type.Optional(Type.Array(Part, { description: 'The messages that became a part of it; at most 1000.' })),
});
export type JourneyMessage = Static<typeof JourneyMessage>;

export function deliveryView(delivery: StoredDelivery): DeliveryView {
  const { id, message, destination, flow, state, attempts, lane, holdsLane, entry, revision, detail, error, journal } = delivery;
  return {
    id,
    message,
    destination,
    flow,
    state,
    attempts,
    createdAt: isoTime(delivery.createdAtMs),
    ...optional('dueAt', delivery.dueAtMs, isoTime),
    ...optional('endedAt', delivery.endedAtMs, isoTime),
    ...optional('lane', lane),
    ...(holdsLane ? { holdsLane } : {}),
    ...optional('entry', entry),
    ...optional('revision', revision),
    ...optional('detail', detail),
    ...optional('error', error),
    ...optional('journal', journal),
  };
}

export function messageView(message: JournalRow['message']): MessageView {
  const { id, root, parent, replayOf, source, type, subject, time, dataContentType, dataSchema, keys, bodyBytes } = message;
  return {
    id,
    root,
    ...optional('parent', parent),
    ...optional('replayOf', replayOf),
    source,
    type,
    ...optional('subject', subject),
    time,
    ...optional('contentType', dataContentType),
    ...optional('model', dataSchema),
    keys: { ...keys },
    acceptedAt: isoTime(message.acceptedAtMs),
    ...optional('expiresAt', message.expiresAtMs, isoTime),
    bodyBytes,
  };
}

export function bytesOf(body: StoredBody): number {
  if (body.kind === 'json') return Buffer.byteLength(body.text);
  if (body.kind === 'erased') return 0;
  return body.kind === 'bytes' ? body.bytes.length : body.sizeBytes;
}

/** The property, where it has a value. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value };
function optional<Name extends string, From, Value>(
  name: Name,
  value: From | undefined,
  change: (value: From) => Value,
): { readonly [N in Name]?: Value };
function optional(name: string, value: unknown, change: (value: never) => unknown = (same) => same): object {
  return value === undefined ? {} : { [name]: change(value as never) };
}
