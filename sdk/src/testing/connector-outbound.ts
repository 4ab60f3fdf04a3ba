// Runs a real outbound without the engine: sends to a real system, with options read as the engine reads them.

import type { ConnectorDeclaration, OutboundContext, OpenOutbound, Receipt } from '../connector.ts';
import type { Message } from '../message.ts';
import type { Clock } from '../runtime.ts';
import { realClock, recordingLogger } from './connector-runtime.ts';
import type { RecordingLogger } from './connector-runtime.ts';
import { readTestValues, renderedFields } from './connector-values.ts';
import type { Secrets } from './connector-values.ts';

/** What `outbound.ts` exports as `outbounds`, of any connector. */
export type OutboundImplementations = Readonly<Record<string, OpenOutbound<never, never>>>;

export interface OutboundForTest {
  readonly connector: ConnectorDeclaration;
  readonly outbounds: OutboundImplementations;
  /** Which of the declared outbounds. */
  readonly name: string;
  /** As a user writes it. */
  readonly connection?: unknown;
  readonly secrets?: Secrets;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

export interface SendForTest {
  /** One of its own for each send, unless told. */
  readonly deliveryId?: string;
  readonly attempt?: number;
  /** The attempt's signal is aborted after so long; 10 s unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Attributes of the message besides its body. */
  readonly message?: Partial<Omit<Message, 'body'>>;
}

export interface OutboundHarness {
  readonly log: RecordingLogger;
  readonly secretTexts: readonly string[];
  /** Sends. `options` as a user writes them, expressions already evaluated. Text as a body goes as its UTF-8 bytes where the outbound takes bytes. */
  send(body: unknown, options?: unknown, send?: SendForTest): Promise<Receipt>;
  close(): Promise<void>;
}

export async function openOutboundForTest(test: OutboundForTest): Promise<OutboundHarness> {
  const declaration = test.connector.outbounds[test.name];
  if (!declaration) throw new Error(`The connector ${test.connector.name} declares no outbound "${test.name}".`);
  const connection = readTestValues(test.connector.connection, test.connection, test.secrets);
  const fields = renderedFields(declaration.options);
  const log = recordingLogger();
  const stop = new AbortController();
  const secretTexts = [...connection.secretTexts];
  const outbound = await implementationOf(test)({
    connection: connection.values,
    system: 'test-system',
    name: test.name,
    signal: test.signal ? AbortSignal.any([test.signal, stop.signal]) : stop.signal,
    log,
    clock: test.clock ?? realClock,
  });
  return {
    log,
    secretTexts,
    async send(body, options, { deliveryId = nextId(), attempt = 1, timeoutMs = 10_000, signal, message } = {}) {
      const read = readTestValues(fields, options, test.secrets);
      secretTexts.push(...read.secretTexts);
      const outgoing = testMessage(declaration.takes === 'bytes' ? toBytes(body) : body, message);
      const time = AbortSignal.timeout(timeoutMs);
      return outbound.send(outgoing, {
        options: read.values,
        deliveryId,
        attempt,
        signal: signal ? AbortSignal.any([signal, time]) : time,
      });
    },
    async close() {
      stop.abort();
      await outbound.close();
    },
  };
}

/** A message with this body, and attributes that a test does not care for. */
export function testMessage<Body>(body: Body, attributes: Partial<Omit<Message, 'body'>> = {}): Message<Body> {
  const id = attributes.id ?? nextId();
  return {
    id,
    source: '/systems/test-system/test-inbound',
    type: 'test',
    time: '2026-01-01T00:00:00Z',
    headers: {},
    properties: { root: id, acceptedAtMs: Date.UTC(2026, 0, 1), keys: {}, variables: {} },
    ...attributes,
    body,
  };
}

function implementationOf({
  outbounds,
  name,
}: OutboundForTest): OpenOutbound<OutboundContext['connection'], Readonly<Record<string, unknown>>> {
  const implementation = outbounds[name];
  if (!implementation) throw new Error(`outbound.ts implements no "${name}".`);
  // The values were read by the very field specs that the implementation's types come from.
  return implementation as unknown as OpenOutbound<OutboundContext['connection'], Readonly<Record<string, unknown>>>;
}

let lastId = 0;

function nextId(): string {
  return `00000000-0000-7000-8000-${String(++lastId).padStart(12, '0')}`;
}

function toBytes(body: unknown): unknown {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}
