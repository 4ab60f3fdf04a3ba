// What did not come out, by cause: dead, in doubt, invalid and unclaimed; and what is done about many at once.

import { setTimeout as sleep } from 'node:timers/promises';
import { MortiseError } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { groupTroubleOf } from '../flow/group-trouble.ts';
import type { DeliveryState } from '../store/delivery-state.ts';
import type { JournalRow, StoreReader } from '../store/store.ts';
import type { ControlHost, ControlOperations } from './host.ts';
import type { ControlServer } from './server.ts';
import { controlError } from './errors.ts';
import { requireKnown } from './known-names.ts';
import { hidesPersonal, maskedText } from './personal.ts';
import { isoTime } from './views.ts';
import type { Asker } from './authentication.ts';
import { deadLettersNamed, deliveryObject, may, onlyCovered } from './objects.ts';

const failedStates = ['dead', 'in-doubt', 'invalid', 'unclaimed'] as const satisfies readonly DeliveryState[];
/** More than this is not read for one answer: groups say then that they are not all. */
const rowsGroupedMax = 20_000;
const pageRows = 1000;

const FailedState = Type.Enum([...failedStates]);

export const FailureGroup = Type.Object({
  code: Type.String({ description: 'Empty where there is none: nobody claimed it.' }),
  destination: Type.String(),
  state: FailedState,
  count: Type.Integer(),
  oldestAt: Type.String({ format: 'date-time' }),
  newestAt: Type.String({ format: 'date-time' }),
  othersHeld: Type.Integer({
    description: 'So many others are held, since their group cannot go on before a person has decided about these.',
  }),
  newest: Type.Object({ delivery: Type.String(), message: Type.String(), error: Type.String(), remedy: Type.String() }),
});
type FailureGroup = Static<typeof FailureGroup>;

const FailureGroups = Type.Object({
  groups: Type.Array(FailureGroup, { description: 'The largest first.' }),
  complete: Type.Boolean({ description: 'Whether all were looked at.' }),
});

const Action = Type.Object(
  {
    action: Type.Enum(['retry', 'replay', 'discard'], {
      description: 'Retry: dead and in doubt, under the same ids. Replay: as new messages. Discard: ends them, with a reason.',
    }),
    state: FailedState,
    flow: Type.Optional(Type.String()),
    destination: Type.Optional(Type.String()),
    code: Type.Optional(Type.String()),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'Why they are discarded: a discard needs it, and the journal keeps it.',
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 }),
    perSecond: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'How many a second at most.' }),
    stopAfter: Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'So many refusals end it.' }),
    preview: Type.Boolean({ default: false, description: 'Counts, and does nothing.' }),
  },
  { additionalProperties: false },
);
type Action = Static<typeof Action>;

export const ActionCounts = Type.Object({
  found: Type.Integer({ description: 'How many fit, up to the limit.' }),
  done: Type.Integer(),
  failed: Type.Array(Type.Object({ id: Type.String(), code: Type.String(), detail: Type.String() })),
  more: Type.Boolean({ description: 'Whether the limit left some.' }),
  stopped: Type.Boolean({ description: 'Whether too many refusals ended it.' }),
});
export type ActionCounts = Static<typeof ActionCounts>;

const tags = ['deliveries'];

export function failureRoutes(server: ControlServer, host: ControlHost): void {
  const { engine } = host;
  const { read } = engine.runtime.store;
  server.get(
    '/api/v1/failures',
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'groupFailures',
        tags,
        summary: 'What is dead, in doubt, invalid or unclaimed, counted by cause.',
        response: { 200: FailureGroups },
      },
    },
    async ({ asker }) => groups(host, asker),
  );
  server.post(
    '/api/v1/failures/act',
    {
      config: { ...may('operate', deadLettersNamed), fourEyes: 'bulk-retry' },
      schema: {
        operationId: 'actOnFailures',
        tags,
        summary: 'Tries many again, replays or discards them; or says what it would do.',
        body: Action,
        response: { 200: ActionCounts },
      },
    },
    async ({ body }) => {
      if (body.action === 'discard' && body.reason === undefined)
        throw controlError('MORTISE_CONTROL_REQUEST', 'body.reason is missing: what is discarded is discarded for a reason.');
      await requireKnown(host, body);
      return act(read, engine.operations, body);
    },
  );
}

/** All rows, page by page, the oldest first: those that change meanwhile are met at most once. */
async function* failures(
  read: StoreReader,
  { state, flow, destination, code }: Partial<Pick<Action, 'state' | 'flow' | 'destination' | 'code'>>,
): AsyncGenerator<JournalRow> {
  const where = {
    states: state ? [state] : failedStates,
    ...(flow === undefined ? {} : { flow }),
    ...(destination === undefined ? {} : { destination }),
  };
  let afterSeq = 0;
  for (;;) {
    const page = await read.journal({ ...where, limit: pageRows, afterSeq });
    yield* page.filter(({ delivery }) => code === undefined || (delivery.error?.code ?? '') === code);
    if (page.length < pageRows) return;
    afterSeq = page.at(-1)?.delivery.seq ?? 0;
  }
}

async function groups({ engine, project, clock }: ControlHost, asker: Asker): Promise<Static<typeof FailureGroups>> {
  const found = new Map<string, FailureGroup>();
  let count = 0;
  const { read } = engine.runtime.store;
  for await (const row of failures(read, {})) {
    if (++count > rowsGroupedMax) break;
    const object = deliveryObject(row.delivery, row.message);
    if (!asker.covers(object)) continue;
    const group = groupOf(row, hidesPersonal(object, asker, project()));
    const key = JSON.stringify([group.code, group.destination, group.state]);
    const known = found.get(key);
    const { othersHeld = 0 } = await groupTroubleOf(row.delivery, read, clock.nowMs());
    const sum = othersHeld + (known?.othersHeld ?? 0);
    const earlier = known ? { count: known.count + 1, oldestAt: known.oldestAt } : {};
    found.set(key, { ...group, ...earlier, othersHeld: sum });
  }
  return { groups: [...found.values()].sort((a, b) => b.count - a.count), complete: count <= rowsGroupedMax };
}

function groupOf({ delivery }: JournalRow, isMasked: boolean): FailureGroup {
  const { id, message, destination, error, state, createdAtMs } = delivery;
  const at = isoTime(createdAtMs);
  return {
    code: error?.code ?? '',
    destination,
    state: state as FailureGroup['state'],
    count: 1,
    oldestAt: at,
    newestAt: at,
    othersHeld: 0,
    newest: {
      delivery: id,
      message,
      error: error && isMasked ? maskedText : (error?.message ?? ''),
      remedy: error?.remedy ?? '',
    },
  };
}

/** One after the other, the oldest first, as lanes go on; at most so many a second: what was down may have come back just now. */
async function act(read: StoreReader, operations: ControlOperations, asked: Action): Promise<ActionCounts> {
  const chosen: JournalRow['delivery'][] = [];
  for await (const { delivery } of failures(read, asked)) {
    if (chosen.push(delivery) > asked.limit) break;
  }
  const more = chosen.length > asked.limit;
  const found = chosen.slice(0, asked.limit);
  const counts = { found: found.length, done: 0, failed: [] as ActionCounts['failed'], more, stopped: false };
  if (asked.preview) return counts;
  for (const { id, message } of found) {
    if (counts.failed.length >= asked.stopAfter) return { ...counts, stopped: true };
    try {
      await actOn(operations, asked, id, message);
      counts.done += 1;
    } catch (error) {
      if (!(error instanceof MortiseError)) throw error;
      counts.failed.push({ id, code: error.code, detail: error.message });
    }
    if (counts.done > 0 && counts.done % asked.perSecond === 0 && counts.done < found.length) await sleep(1000);
  }
  return counts;
}

function actOn(operations: ControlOperations, { action, reason }: Action, id: string, message: string): Promise<unknown> {
  if (action === 'retry') return operations.retry(id);
  return action === 'replay' ? operations.replay(message) : operations.discard(id, reason ?? 'discarded by a person');
}
