// Finding messages by what a person has in hand: an id, the value of a business key, a piece of a body.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { JournalRow, StoredMessage, StoreReader } from '../store/store.ts';
import type { ControlHost } from './host.ts';
import { Cursor, filterFields, filterOf, MessageRows, rowView } from './messages.ts';
import type { ControlServer } from './server.ts';
import { bytesOf } from './views.ts';
import type { Asker } from './authentication.ts';
import { deliveryObject, may, onlyCovered } from './objects.ts';

const rowsMax = 200;
/** So many rows are looked at for one piece of text: reading bodies is slow, and nothing is indexed. */
const bodiesLookedMax = 5000;
/** Reading a row without its body is quick: this many are looked through in a moment. */
const rowsLookedMax = 20_000;
const pageRows = 1000;
const bodyTextMax = 256 * 1024;
const bodiesAtOnce = 250;

const Text = Type.String({ minLength: 1, maxLength: 200 });

const KeyNames = Type.Object({ names: Type.Array(Type.String(), { description: 'Of business keys that flows track.' }) });

const FoundInBodies = Type.Object({
  ...MessageRows.properties,
  looked: Type.Integer({ description: 'At how many rows was looked.' }),
});

const api = '/api/v1';
const tags = ['messages'];

export function findRoutes(server: ControlServer, host: ControlHost): void {
  const { read } = host.engine.runtime.store;
  server.get(
    `${api}/keys`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listKeyNames',
        tags,
        summary: 'The names of the business keys that flows track.',
        response: { 200: KeyNames },
      },
    },
    async () => ({ names: keyNames(host) }),
  );
  server.get(
    `${api}/find`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'findMessages',
        tags,
        summary:
          'What has this id, or this value under any business key; newest first. Where nothing has, what of late has it as a part of one.',
        querystring: Type.Object({ text: Text, cursor: Type.Optional(Cursor) }, { additionalProperties: false }),
        response: { 200: MessageRows },
      },
    },
    async ({ query: { text, cursor }, asker }) => {
      const viewOf = (row: JournalRow): RowView => rowView(row, asker, host.project());
      const found = await find(read, keyNames(host), text.trim(), cursor === undefined ? {} : { beforeSeq: Number(cursor) });
      if (found.length === 0 && cursor === undefined) return { rows: await findPart(read, text.trim(), viewOf, asker) };
      const rows = found.filter((row) => isCovered(row, asker)).map(viewOf);
      return { rows, ...nextOf(found.length === rowsMax ? found : []) };
    },
  );
  server.get(
    `${api}/find/bodies`,
    {
      config: may('see-bodies', onlyCovered),
      schema: {
        operationId: 'findInBodies',
        tags,
        summary: 'What holds this text in its body, among the newest rows that fit the filter.',
        querystring: Type.Object({ text: Text, ...filterFields, cursor: Type.Optional(Cursor) }, { additionalProperties: false }),
        response: { 200: FoundInBodies },
      },
    },
    async ({ query: { text, cursor, ...filter }, asker }) => findInBodies(host, filter, text, asker, cursor),
  );
}

/** In every `track` of every flow, wherever it stands. */
function keyNames({ project }: ControlHost): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'track' && typeof inner === 'object' && inner !== null) for (const key of Object.keys(inner)) found.add(key);
      walk(inner);
    }
  };
  for (const { source } of project().flows) walk(source.value);
  return [...found].sort();
}

type RowView = ReturnType<typeof rowView>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function find(
  read: StoreReader,
  names: readonly string[],
  text: string,
  page: { readonly beforeSeq?: number },
): Promise<readonly JournalRow[]> {
  if (uuid.test(text)) return findId(read, text.toLowerCase());
  const [, name, value] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
  const keys = name !== undefined && value !== undefined ? [{ name, value }] : names.map((one) => ({ name: one, value: text }));
  const found = await Promise.all(keys.map((key) => read.journal({ key, limit: rowsMax, ...page })));
  const bySeq = new Map(found.flat().map((row) => [row.delivery.seq, row]));
  return [...bySeq.values()].sort((a, b) => b.delivery.seq - a.delivery.seq).slice(0, rowsMax);
}

/** Customers say 4711 where the key is LI-4711. Keys are indexed as wholes: only the newest rows are looked through. */
async function findPart(read: StoreReader, text: string, viewOf: (row: JournalRow) => RowView, asker: Asker): Promise<RowView[]> {
  const sought = text.toLowerCase();
  const rows: RowView[] = [];
  let beforeSeq: number | undefined;
  for (let looked = 0; looked < rowsLookedMax && rows.length < rowsMax; ) {
    const page = await read.journal({ limit: pageRows, ...(beforeSeq === undefined ? {} : { beforeSeq }) });
    const fitting = page.filter((row) => isCovered(row, asker)).map(viewOf);
    rows.push(
      ...fitting.filter(({ message: { keys } }) => Object.values(keys).some((key) => key.toLowerCase().includes(sought))),
    );
    if (page.length < pageRows) break;
    looked += page.length;
    beforeSeq = page.at(-1)?.delivery.seq;
  }
  return rows.slice(0, rowsMax);
}

async function findId(read: StoreReader, id: string): Promise<readonly JournalRow[]> {
  const message = (await read.message(id)) ?? (await read.delivery({ id }))?.message;
  if (!message) return [];
  const deliveries = await read.deliveriesOf(message.id);
  return deliveries.map((delivery) => ({ delivery, message: { ...message, bodyBytes: bytesOf(message.body) } }));
}

async function findInBodies(
  { engine, project }: ControlHost,
  filter: Parameters<typeof filterOf>[0],
  text: string,
  asker: Asker,
  cursor: string | undefined,
): Promise<Static<typeof FoundInBodies>> {
  const { read } = engine.runtime.store;
  const rows: JournalRow[] = [];
  const sought = text.toLowerCase();
  let looked = 0;
  let beforeSeq = cursor === undefined ? undefined : Number(cursor);
  let last: JournalRow | undefined;
  while (looked < bodiesLookedMax && rows.length < rowsMax) {
    const page = await read.journal({
      ...filterOf(filter, project()),
      limit: bodiesAtOnce,
      ...(beforeSeq === undefined ? {} : { beforeSeq }),
    });
    looked += page.length;
    const messages = await Promise.all(page.map(({ message }) => read.message(message.id)));
    rows.push(...page.filter((row, index) => isCovered(row, asker) && textOf(messages[index]).includes(sought)));
    last = page.length < bodiesAtOnce ? undefined : page.at(-1);
    beforeSeq = last?.delivery.seq;
    if (!last) break;
  }
  return { rows: rows.map((row) => rowView(row, asker, project())), looked, ...nextOf(last ? [last] : []) };
}

function isCovered({ delivery, message }: JournalRow, asker: Asker): boolean {
  return asker.covers(deliveryObject(delivery, message));
}

/** Long bodies lie in files of their own, and are not looked at. */
function textOf(message: StoredMessage | undefined): string {
  const body = message?.body;
  if (body?.kind === 'json') return body.text.slice(0, bodyTextMax).toLowerCase();
  if (body?.kind === 'bytes') return Buffer.from(body.bytes.subarray(0, bodyTextMax)).toString().toLowerCase();
  return '';
}

function nextOf(found: readonly JournalRow[]): { readonly next?: string } {
  const last = found.at(-1);
  return last ? { next: String(last.delivery.seq) } : {};
}
