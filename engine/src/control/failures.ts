// What did not come out, by cause: dead, in doubt, invalid and unclaimed; and what is done about many at once.

import { setTimeout as sleep } from 'node:timers/promises';
import { MortiseError } from '@mortise/sdk';
import type { Clock } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { groupTroubleOf } from '../flow/group-trouble.ts';
import type { DeliveryState } from '../store/delivery-state.ts';
import type { JournalRow, StoreReader } from '../store/store.ts';
import type { Project } from '../project/load.ts';
import type { ControlHost, ControlOperations } from './host.ts';
import type { ControlServer } from './server.ts';
import { controlError } from './errors.ts';
import { requireKnown } from './known-names.ts';
import { hidesPersonal, maskedText } from './personal.ts';
import { isoTime } from '../store/iso-time.ts';
import type { Asker } from './authentication.ts';
import { deadLettersNamed, deliveryObject, may, onlyCovered } from './objects.ts';

const failedStates = ['dead', 'in-doubt', 'invalid', 'unclaimed'] as const satisfies readonly DeliveryState[];
/** More than this is not read for one answer: groups say then that they are not all. */
const rowsGroupedMax = 20_000;
const pageRows = 1000;
/** What took longer than this to count is kept for so many times as long: however many ask, counting takes a twentieth of the time. */
const keptFromMs = 50;
const keptTimes = 20;

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
  const counting = keptCount(() => count(read, host.clock.nowMs()), host.clock);
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
    async ({ asker }) => groups(await counting.counted(), asker, host.project()),
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
      return act(read, engine.operations, body).finally(counting.forget);
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

interface Counted {
  /** By cause and by what they are about, so that each asker gets what they may see. */
  readonly groups: readonly {
    readonly newest: JournalRow;
    readonly oldestAtMs: number;
    readonly count: number;
    readonly othersHeld: number;
  }[];
  readonly complete: boolean;
}

async function count(read: StoreReader, nowMs: number): Promise<Counted> {
  const found = new Map<string, Counted['groups'][number]>();
  let rows = 0;
  for await (const row of failures(read, {})) {
    if (++rows > rowsGroupedMax) break;
    const { delivery, message } = row;
    const key = JSON.stringify([causeOf(row), deliveryObject(delivery, message)]);
    const known = found.get(key);
    const { othersHeld = 0 } = await groupTroubleOf(delivery, read, nowMs);
    found.set(key, {
      newest: row,
      oldestAtMs: known?.oldestAtMs ?? delivery.createdAtMs,
      count: (known?.count ?? 0) + 1,
      othersHeld: othersHeld + (known?.othersHeld ?? 0),
    });
  }
  return { groups: [...found.values()], complete: rows <= rowsGroupedMax };
}

/** Those who ask while it is counted get the same answer. */
function keptCount(make: () => Promise<Counted>, clock: Clock): { counted(): Promise<Counted>; forget(): void } {
  let kept: { readonly answer: Promise<Counted>; readonly beganMs: number; forMs: number } | undefined;
  return {
    counted() {
      const nowMs = clock.nowMs();
      // A clock that was set back ends it as well.
      if (kept && nowMs >= kept.beganMs && nowMs - kept.beganMs < kept.forMs) return kept.answer;
      const own = { answer: make(), beganMs: nowMs, forMs: Infinity };
      kept = own;
      const end = (): void => {
        const tookMs = clock.nowMs() - nowMs;
        own.forMs = tookMs < keptFromMs ? 0 : tookMs * (keptTimes + 1);
      };
      own.answer.then(end, end);
      return own.answer;
    },
    forget: () => void (kept = undefined),
  };
}

function groups({ groups: counted, complete }: Counted, asker: Asker, project: Project): Static<typeof FailureGroups> {
  const found = new Map<string, FailureGroup>();
  for (const { newest, oldestAtMs, count: rows, othersHeld } of counted) {
    const object = deliveryObject(newest.delivery, newest.message);
    if (!asker.covers(object)) continue;
    const key = causeOf(newest);
    const known = found.get(key);
    const latest =
      known && known.newestAt > isoTime(newest.delivery.createdAtMs)
        ? known
        : groupOf(newest, hidesPersonal(object, asker, project));
    const oldestAt = [isoTime(oldestAtMs), ...(known ? [known.oldestAt] : [])].sort()[0] ?? '';
    const sum = othersHeld + (known?.othersHeld ?? 0);
    found.set(key, { ...latest, count: rows + (known?.count ?? 0), oldestAt, othersHeld: sum });
  }
  return { groups: [...found.values()].sort((a, b) => b.count - a.count), complete };
}

function causeOf({ delivery: { error, destination, state } }: JournalRow): string {
  return JSON.stringify([error?.code ?? '', destination, state]);
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
