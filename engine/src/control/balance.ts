// The balance: whether everything that was ever taken, or came on one day, is in exactly one state, and each reason why not.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { Balance, BalanceRow, FileCount } from '../store/balance-rows.ts';
import type { DeliveryState } from '../store/delivery-state.ts';
import type { JournalRow, StoreReader } from '../store/store.ts';
import { deliveryStates } from '../store/delivery-state.ts';
import type { ControlServer } from './server.ts';
import { systemOf } from './upkeep.ts';
import type { Asker } from './authentication.ts';
import { deliveryObject, destinationObject, may, onlyCovered, systemObject } from './objects.ts';
import { hidesPersonal, maskedText } from './personal.ts';
import { everything } from '../access/rights.ts';
import type { ControlHost } from './host.ts';
import { isoTime } from '../store/iso-time.ts';
import { State } from './views.ts';
import { zonedDay } from './zoned-day.ts';

const Row = Type.Object({
  destination: Type.String(),
  created: Type.Integer({ description: 'Counted as deliveries were made.' }),
  states: Type.Record(Type.String(), Type.Integer(), {
    description: 'Counted as they are now; those that retention dropped, as they were then.',
  }),
  dropped: Type.Integer({ description: 'How many of these retention dropped.' }),
});

export const BalanceView = Type.Object({
  even: Type.Boolean(),
  reasons: Type.Array(Type.String(), { description: 'Why it is not even; empty where it is.' }),
  rows: Type.Array(Row),
});
export type BalanceView = Static<typeof BalanceView>;

export const DayBalance = Type.Object({
  day: Type.String(),
  zone: Type.String(),
  from: Type.String({ format: 'date-time' }),
  until: Type.String({ format: 'date-time', description: 'Not included.' }),
  even: Type.Boolean(),
  reasons: Type.Array(Type.String(), { description: 'Why it is not even; empty where it is.' }),
  rows: Type.Array(Row, { description: 'What came in that day, by flow and outbound.' }),
  files: Type.Array(
    Type.Object({
      inbound: Type.String(),
      name: Type.Optional(Type.String()),
      at: Type.String({ format: 'date-time' }),
      read: Type.Integer({ description: 'Records that the format found.' }),
      accepted: Type.Integer(),
      invalid: Type.Integer(),
      whole: Type.Boolean({ description: 'False where it was not read to its end.' }),
    }),
  ),
  unfinished: Type.Array(
    Type.Object({
      message: Type.String(),
      delivery: Type.String(),
      destination: Type.String(),
      state: State,
      at: Type.String({ format: 'date-time' }),
      reason: Type.String({ description: 'What is wrong, or what it waits for.' }),
    }),
    { description: 'What of the day did not come out: everything that is neither done nor filtered; the newest first.' },
  ),
  more: Type.Boolean({ description: 'Whether the list of what did not come out was cut.' }),
});
export type DayBalance = Static<typeof DayBalance>;

const DayQuery = Type.Object(
  {
    day: Type.String({ description: 'As 2026-11-23.' }),
    zone: Type.String({ default: 'UTC', description: 'Where the day is, as Europe/Berlin.' }),
    system: Type.Optional(Type.String({ description: 'Only its outbounds, and flows that receive from it.' })),
    limit: Type.Integer({ minimum: 0, maximum: 10_000, default: 1000, description: 'Of the list of what did not come out.' }),
  },
  { additionalProperties: false },
);

const unfinishedStates: readonly (readonly DeliveryState[])[] = [
  deliveryStates.slice(0, 3),
  ['invalid', 'dead', 'discarded', 'abandoned', 'unclaimed'],
];
const pageRows = 1000;

export function balanceRoutes(server: ControlServer, host: ControlHost): void {
  const { read } = host.engine.runtime.store;
  server.get(
    '/api/v1/balance',
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'getBalance',
        tags: ['messages'],
        summary: 'Adds up what was taken against what became of it.',
        response: { 200: BalanceView },
      },
    },
    async ({ asker }) => balanceView(coveredRows(await read.balance(), asker)),
  );
  server.get(
    '/api/v1/balance/day',
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'getDayBalance',
        tags: ['messages'],
        summary: 'Adds up what came in on one day against what became of it.',
        querystring: DayQuery,
        response: { 200: DayBalance },
      },
    },
    async ({ query, asker }) => {
      const isOfSystem = query.system === undefined ? () => true : ofSystem(host, query.system);
      const isWanted = (destination: string): boolean => isOfSystem(destination) && asker.covers(destinationObject(destination));
      return dayBalance(host, query, isWanted, asker);
    },
  );
}

/** What is counted over everything is for those who may see everything. */
function coveredRows(balance: Balance, asker: Asker): Balance {
  if (asker.covers(everything)) return balance;
  const rows = balance.rows.filter(({ destination }) => asker.covers(destinationObject(destination)));
  return { rows, outputsSaid: 0, outputsFound: 0, strayMessages: 0 };
}

export function balanceView({ rows, outputsSaid, outputsFound, strayMessages }: Balance): BalanceView {
  const reasons = rows.flatMap(unevenRow);
  if (outputsSaid !== outputsFound)
    reasons.push(`Deliveries say that they made ${outputsSaid} others, and ${outputsFound} are there.`);
  if (strayMessages > 0) reasons.push(`${strayMessages} messages are carried by no delivery.`);
  return { even: reasons.length === 0, reasons, rows: rows.map(rowView) };
}

/** Which destinations belong to a system, as the project is now. */
function ofSystem(host: ControlHost, system: string): (destination: string) => boolean {
  systemOf(host, system);
  const { compiled } = host.project();
  const flows = [...compiled.values()].filter(({ from }) => from.kind !== 'channel' && from.inbound.system === system);
  const names = new Set(flows.map(({ name }) => `flow:${name}`));
  return (destination) => names.has(destination) || destination.startsWith(`outbound:${system}.`);
}

export async function dayBalance(
  host: ControlHost,
  { day, zone, system, limit }: Static<typeof DayQuery>,
  isWanted: (destination: string) => boolean,
  asker: Asker,
): Promise<DayBalance> {
  const { read } = host.engine.runtime.store;
  const { fromMs, untilMs } = zonedDay(day, zone);
  const period = await read.period(fromMs, untilMs);
  const rows = period.rows.filter(({ destination }) => isWanted(destination));
  const ofFile = ({ scope }: FileCount): string => scope.split('.')[0] ?? '';
  const files = period.files.filter(
    (file) => (system === undefined || ofFile(file) === system) && asker.covers(systemObject(ofFile(file))),
  );
  const found = await unfinished(read, { sinceMs: fromMs, untilMs: untilMs - 1 }, isWanted, limit + 1);
  const reasons = [...rows.flatMap(unevenRow), ...files.flatMap(unevenFile)];
  return {
    day,
    zone,
    from: isoTime(fromMs),
    until: isoTime(untilMs),
    even: reasons.length === 0,
    reasons,
    rows: rows.map(rowView).sort((a, b) => (a.destination < b.destination ? -1 : 1)),
    files: files.map(({ scope, id: _id, atMs, ...file }) => ({ inbound: scope, at: isoTime(atMs), ...file })),
    unfinished: found
      .slice(0, limit)
      .map((row) => unfinishedView(row, hidesPersonal(deliveryObject(row.delivery, row.message), asker, host.project()))),
    more: found.length > limit,
  };
}

/** At most so many: first of what is open, then of what ended otherwise than well. */
async function unfinished(
  read: StoreReader,
  times: { readonly sinceMs: number; readonly untilMs: number },
  isWanted: (destination: string) => boolean,
  limit: number,
): Promise<readonly JournalRow[]> {
  const found: JournalRow[] = [];
  for (const states of unfinishedStates) {
    let page: readonly JournalRow[];
    let beforeSeq: number | undefined;
    do {
      page = await read.journal({ ...times, states, limit: pageRows, ...(beforeSeq === undefined ? {} : { beforeSeq }) });
      found.push(...page.filter(({ delivery }) => isWanted(delivery.destination)));
      beforeSeq = page.at(-1)?.delivery.seq;
    } while (page.length === pageRows && found.length < limit);
  }
  return found.slice(0, limit);
}

function unfinishedView({ delivery, message }: JournalRow, isMasked: boolean): DayBalance['unfinished'][number] {
  const { id, destination, state, createdAtMs } = delivery;
  const told = isMasked ? maskedOf(delivery) : delivery;
  return { message: message.id, delivery: id, destination, state, at: isoTime(createdAtMs), reason: reasonOf(told) };
}

function maskedOf({ error, detail, ...rest }: JournalRow['delivery']): JournalRow['delivery'] {
  return {
    ...rest,
    ...(error ? { error: { ...error, message: maskedText } } : {}),
    ...(detail === undefined ? {} : { detail: maskedText }),
  };
}

function reasonOf({ state, error, detail, dueAtMs, attempts }: JournalRow['delivery']): string {
  if (state === 'discarded') return detail ?? 'discarded by a person';
  if (error) return `${error.code}: ${error.message}`;
  if (state === 'unclaimed') return 'no flow receives from the channel';
  if (dueAtMs !== undefined) return `due ${isoTime(dueAtMs)}`;
  return detail ?? (attempts === 0 ? 'not tried yet' : `${attempts} attempts`);
}

function rowView({ destination, created, states, dropped }: BalanceRow): Static<typeof Row> {
  return { destination, created, states: { ...states }, dropped };
}

function unevenRow({ destination, created, states }: BalanceRow): string[] {
  const found = Object.values(states).reduce((sum, count) => sum + count, 0);
  return found === created ? [] : [`${destination}: ${created} deliveries were made and ${found} are there.`];
}

function unevenFile({ scope, name, id, read, accepted, invalid, whole }: FileCount): string[] {
  const file = `${scope}: file ${name ?? id}`;
  if (accepted + invalid !== read)
    return [`${file}: ${read} records were read; ${accepted} were accepted and ${invalid} are invalid.`];
  return whole ? [] : [`${file} was not read to its end: ${read} records so far.`];
}
