// What is live, as server-sent events (HTML standard, section 9.2): the engine's figures once a second.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { controlError } from './errors.ts';
import { engineStates } from './host.ts';
import type { Asker } from './authentication.ts';
import type { ControlHost } from './host.ts';
import { deliveryObject, destinationObject, may, onlyCovered } from './objects.ts';
import type { ControlServer } from './server.ts';
import { rowView } from './messages.ts';
import { isoTime } from '../store/iso-time.ts';

export const Figures = Type.Object({
  at: Type.String({ format: 'date-time' }),
  state: Type.Enum([...engineStates]),
  accepted: Type.Optional(Type.Integer({ description: 'Messages that were accepted since the start.' })),
  queuedBytes: Type.Integer({ description: 'Bytes that are not on disk yet.' }),
  destinations: Type.Array(Type.Object({ name: Type.String(), waiting: Type.Integer(), running: Type.Integer() })),
});
export type Figures = Static<typeof Figures>;

const everyMs = 1000;
/** Nobody reads more in a second. */
const tailRowsMax = 100;
/** Each page of a console has one; more is a page that opens them without end. */
const streamsMax = 100;

export function streamRoutes(server: ControlServer, host: ControlHost): void {
  let streams = 0;
  server.get(
    '/api/v1/stream',
    {
      exposeHeadRoute: false,
      config: may('see', onlyCovered),
      schema: {
        operationId: 'streamFigures',
        tags: ['mesh'],
        summary:
          'The figures of the engine once a second, as events named "figures"; and deliveries as they are made, named "journal".',
        querystring: Type.Object(
          {
            journal: Type.Boolean({ default: false, description: 'With new deliveries: each a row as GET /messages gives it.' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: { content: { 'text/event-stream': { schema: Figures } } } },
      },
    },
    async ({ asker, query: { journal } }, reply) => {
      if (streams >= streamsMax) throw controlError('MORTISE_CONTROL_STREAMS', `${streams} streams are open already.`);
      streams += 1;
      reply.hijack();
      const { raw } = reply;
      // What the guard set is carried over: a hijacked reply has no headers of its own.
      raw.writeHead(200, { ...reply.getHeaders(), 'content-type': 'text/event-stream' } as Record<string, string>);
      const tell = (): void => {
        if (!isStillAllowed(asker)) raw.end();
        else if (!raw.writableNeedDrain) raw.write(`event: figures\ndata: ${JSON.stringify(figuresOf(host, asker))}\n\n`);
      };
      tell();
      const timer = setInterval(tell, everyMs);
      const tail = journal ? tailOf(host, asker, (rows) => raw.write(rows)) : undefined;
      raw.once('close', () => {
        clearInterval(timer);
        tail?.end();
        streams -= 1;
      });
    },
  );
}

/** New rows of the journal, oldest first, as events. Those who are slower than the engine miss some: it is a look, and no record. */
function tailOf({ engine, project }: ControlHost, asker: Asker, write: (text: string) => void): { end(): void } {
  const { read } = engine.runtime.store;
  let afterSeq: number | undefined;
  let hasEnded = false;
  const look = async (): Promise<void> => {
    const [newest] = await read.journal({ limit: 1 });
    const last = newest?.delivery.seq ?? 0;
    const rows = afterSeq === undefined || last <= afterSeq ? [] : await read.journal({ afterSeq, limit: tailRowsMax });
    afterSeq = last;
    const covered = rows.filter(({ delivery, message }) => asker.covers(deliveryObject(delivery, message)));
    if (!hasEnded)
      write(covered.map((row) => `event: journal\ndata: ${JSON.stringify(rowView(row, asker, project()))}\n\n`).join(''));
  };
  const timer = setInterval(() => void look().catch(() => undefined), everyMs);
  void look().catch(() => undefined);
  return {
    end: () => {
      hasEnded = true;
      clearInterval(timer);
    },
  };
}

/** A right that was taken away ends the stream at its next figures. */
function isStillAllowed(asker: Asker): boolean {
  try {
    asker.renew();
    return true;
  } catch {
    return false;
  }
}

function figuresOf({ engine, clock, state }: ControlHost, asker: Asker): Figures {
  const { dispatcher, runtime, acceptedCount } = engine;
  return {
    at: isoTime(clock.nowMs()),
    state: state(),
    ...(acceptedCount === undefined ? {} : { accepted: acceptedCount }),
    queuedBytes: runtime.store.queuedBytes,
    destinations: dispatcher
      .destinations()
      .filter(({ destination: { name } }) => asker.covers(destinationObject(name)))
      .map(({ destination: { name } }) => ({
        name,
        waiting: dispatcher.waiting(name),
        running: dispatcher.running(name),
      })),
  };
}
