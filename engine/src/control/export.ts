// Messages out of an engine: one a line, with its body and what became of it, oldest first.

import { Readable } from 'node:stream';
import { Type } from './schema.ts';
import type { BlobFolder } from '../flow/body.ts';
import type { JournalFilter, JournalRow, StoredBody, StoreReader } from '../store/store.ts';
import type { ControlServer } from './server.ts';
import type { ControlHost } from './host.ts';
import { filterFields, filterOf } from './messages.ts';
import type { Asker } from './authentication.ts';
import { deliveryObject, may, onlyCovered } from './objects.ts';
import { bytesOf, deliveryView, messageView } from './views.ts';

const pageRows = 200;
/** Line feeds and carriage returns in JSON stand between its parts only. */
const lineEnds = /[\r\n]/g;

export function exportRoutes(server: ControlServer, { engine: { runtime }, project }: ControlHost): void {
  server.get(
    '/api/v1/export',
    {
      config: may('see-bodies', onlyCovered),
      schema: {
        operationId: 'exportMessages',
        tags: ['messages'],
        summary: 'Messages with their bodies, one JSON value a line, oldest first.',
        querystring: Type.Object(filterFields, { additionalProperties: false }),
        response: { 200: { description: 'NDJSON.', content: { 'application/x-ndjson': { schema: Type.Unknown() } } } },
      },
    },
    async ({ query, asker }, reply) =>
      reply
        .type('application/x-ndjson; charset=utf-8')
        .send(Readable.from(lines(runtime.store.read, runtime.blobs, filterOf(query, project()), asker))),
  );
}

/** A message that several of the deliveries carry is told once. */
async function* lines(
  read: StoreReader,
  blobs: BlobFolder,
  filter: Omit<JournalFilter, 'limit'>,
  asker: Asker,
): AsyncGenerator<string | Uint8Array> {
  /** Until the last of the deliveries that carry a message. */
  const told = new Map<string, number>();
  let page: readonly JournalRow[];
  let afterSeq = 0;
  do {
    page = await read.journal({ ...filter, limit: pageRows, afterSeq });
    asker.renew();
    for (const { message, delivery } of page) {
      if (!asker.covers(deliveryObject(delivery, message))) continue;
      const last = told.get(message.id);
      if (last !== undefined && delivery.seq >= last) told.delete(message.id);
      // What a step of the flow held or made goes on within it: it never came into the flow.
      if (last !== undefined || delivery.entry !== undefined) continue;
      const [stored, deliveries] = [await read.message(message.id), await read.deliveriesOf(message.id)];
      // Retention may have come between.
      if (!stored) continue;
      const lastSeq = deliveries.at(-1)?.seq ?? 0;
      if (lastSeq > delivery.seq) told.set(message.id, lastSeq);
      const facts = {
        message: { ...messageView({ ...stored, bodyBytes: bytesOf(stored.body) }), headers: stored.headers },
        deliveries: deliveries.filter((one) => asker.covers(deliveryObject(one, message))).map(deliveryView),
      };
      yield JSON.stringify(facts).slice(0, -1);
      yield* bodyPart(stored.body, blobs);
      yield '}\n';
    }
    afterSeq = page.at(-1)?.delivery.seq ?? afterSeq;
  } while (page.length === pageRows);
}

/** The last property of a line: the value itself, or bytes as base64; `lost` where the file of a large body is gone. */
async function* bodyPart(body: StoredBody, blobs: BlobFolder): AsyncGenerator<string | Uint8Array> {
  if (body.kind === 'json') yield `,"body":${body.text.replace(lineEnds, ' ')}`;
  else if (body.kind === 'bytes') yield `,"base64":"${Buffer.from(body.bytes).toString('base64')}"`;
  else if (body.kind === 'erased') yield ',"erased":true';
  else yield* blobPart(body, blobs.open(body.blob)[Symbol.asyncIterator]());
}

async function* blobPart(
  { holds }: Extract<StoredBody, { kind: 'blob' }>,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<string> {
  let first: IteratorResult<Uint8Array>;
  try {
    first = await chunks.next();
  } catch (error) {
    yield `,"lost":${JSON.stringify(error instanceof Error ? error.message : String(error))}`;
    return;
  }
  const isJson = holds !== 'bytes';
  const decoder = new TextDecoder();
  let rest: Uint8Array = new Uint8Array();
  yield isJson ? ',"body":' : ',"base64":"';
  for (let next = first; !next.done; next = await chunks.next()) {
    if (isJson) {
      yield decoder.decode(next.value, { stream: true }).replace(lineEnds, ' ');
      continue;
    }
    const bytes = Buffer.concat([rest, next.value]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.subarray(0, whole).toString('base64');
    rest = bytes.subarray(whole);
  }
  yield isJson ? decoder.decode() : `${Buffer.from(rest).toString('base64')}"`;
}
