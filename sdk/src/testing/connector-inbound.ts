// Runs a real inbound without the engine: what it hands over is recorded, and the engine's side of the contract is played.

import type { ConnectorDeclaration, Inbound, InboundContext, OpenInbound } from '../connector.ts';
import type { Json } from '../message.ts';
import type { Clock } from '../runtime.ts';
import { acceptRecorder } from './connector-accept.ts';
import type { AcceptRecorder } from './connector-accept.ts';
import { startTestListener } from './connector-listener.ts';
import type { TestHttpListener } from './connector-listener.ts';
import { realClock, recordingLogger } from './connector-runtime.ts';
import type { RecordingLogger } from './connector-runtime.ts';
import { pause, waitUntil } from './connector-until.ts';
import type { UntilOptions } from './connector-until.ts';
import { readTestValues } from './connector-values.ts';
import type { Secrets } from './connector-values.ts';

/** What `inbound.ts` exports as `inbounds`, of any connector. */
export type InboundImplementations = Readonly<Record<string, OpenInbound<never, never>>>;

export interface InboundForTest {
  readonly connector: ConnectorDeclaration;
  readonly inbounds: InboundImplementations;
  /** Which of the declared inbounds. */
  readonly name: string;
  /** As a user writes them. */
  readonly connection?: unknown;
  readonly options?: unknown;
  readonly secrets?: Secrets;
  readonly cursor?: Json;
  readonly clock?: Clock;
  /** 20 MiB unless told, as in the engine. */
  readonly messageBytesMax?: number;
  /** The inbound is to stop when this is aborted. */
  readonly signal?: AbortSignal;
}

export interface InboundHarness {
  /** What was handed over, and how the next `accept` ends. */
  readonly accepted: AcceptRecorder;
  readonly listener: TestHttpListener;
  readonly log: RecordingLogger;
  readonly secretTexts: readonly string[];
  /** What `poll` rejected with. */
  readonly pollErrors: readonly unknown[];
  /** One poll, as the engine would do it. */
  poll(): Promise<'more' | 'idle'>;
  /** Polls, if it is a polling inbound, until the condition holds; fails at a deadline. */
  until(what: string, condition: () => boolean | Promise<boolean>, options?: UntilOptions): Promise<void>;
  /** Polls often enough for anything that could be handed over to be handed over. */
  settle(): Promise<void>;
  /** Ends the inbound and opens it anew with the cursor of the last commit; what was accepted stays accepted. */
  restart(): Promise<void>;
  /** Aborts the inbound's signal. */
  abort(): void;
  /** Closes the inbound; the listener stays, so that a test can see what stands on it. */
  closeInbound(): Promise<void>;
  /** Closes the inbound and the listener. */
  close(): Promise<void>;
}

const settlePolls = 5;

export async function openInboundForTest(test: InboundForTest): Promise<InboundHarness> {
  const harness = new Harness(test, await startTestListener());
  try {
    await harness.open();
  } catch (error) {
    await harness.close();
    throw error;
  }
  return harness;
}

class Harness implements InboundHarness {
  readonly accepted: AcceptRecorder;
  readonly listener: TestHttpListener;
  readonly log = recordingLogger();
  readonly pollErrors: unknown[] = [];
  readonly secretTexts: readonly string[];
  readonly #test: InboundForTest;
  readonly #connection: Readonly<Record<string, unknown>>;
  readonly #options: Readonly<Record<string, unknown>>;
  #inbound: Inbound | undefined;
  #stop = new AbortController();
  #polling: Promise<void> | undefined;

  constructor(test: InboundForTest, listener: TestHttpListener) {
    const declaration = test.connector.inbounds[test.name];
    if (!declaration) throw new Error(`The connector ${test.connector.name} declares no inbound "${test.name}".`);
    const connection = readTestValues(test.connector.connection, test.connection, test.secrets);
    const options = readTestValues(declaration.options, test.options, test.secrets);
    this.#test = test;
    this.#connection = connection.values;
    this.#options = options.values;
    this.secretTexts = [...connection.secretTexts, ...options.secretTexts];
    this.accepted = acceptRecorder(test.cursor);
    this.listener = listener;
  }

  async open(): Promise<void> {
    this.#stop = new AbortController();
    const implementation = this.#test.inbounds[this.#test.name];
    if (!implementation) throw new Error(`inbound.ts implements no "${this.#test.name}".`);
    // The values were read by the very field specs that the implementation's types come from.
    const open = implementation as OpenInbound<InboundContext['connection'], InboundContext['options']>;
    this.#inbound = await open(this.#context());
  }

  async poll(): Promise<'more' | 'idle'> {
    const inbound = this.#inbound;
    if (!inbound?.poll) throw new Error(`The inbound ${this.#test.name} has no poll: it is listening.`);
    const polled = async () => inbound.poll?.() ?? 'idle';
    return this.#startPoll(this.#polling ? this.#polling.then(polled) : polled());
  }

  async until(what: string, condition: () => boolean | Promise<boolean>, options?: UntilOptions): Promise<void> {
    const pollThenCheck = async () => {
      this.#pollInBackground();
      return condition();
    };
    try {
      await waitUntil(what, pollThenCheck, options);
    } catch (error) {
      const [failure] = this.pollErrors.slice(-1);
      if (!(error instanceof Error) || failure === undefined) throw error;
      const said = `${this.pollErrors.length} polls failed, the last one with: ${failure instanceof Error ? failure.message : JSON.stringify(failure)}`;
      throw new Error(`${error.message} ${said}`, { cause: failure });
    }
    await this.#idle();
  }

  async settle(): Promise<void> {
    for (let polls = 0; polls < settlePolls; polls++) {
      this.#pollInBackground();
      await this.#idle();
      await pause();
    }
  }

  async restart(): Promise<void> {
    await this.closeInbound();
    this.accepted.revive();
    await this.open();
  }

  abort(): void {
    this.#stop.abort();
  }

  async closeInbound(): Promise<void> {
    this.abort();
    this.accepted.release();
    await this.#polling;
    await this.#inbound?.close();
  }

  async close(): Promise<void> {
    await this.closeInbound();
    await this.listener.close();
  }

  #context(): InboundContext {
    const { test, signal } = { test: this.#test, signal: this.#stop.signal };
    return {
      connection: this.#connection,
      options: this.#options,
      system: 'test-system',
      name: test.name,
      accept: this.accepted.accept,
      cursor: this.accepted.cursor,
      signal: test.signal ? AbortSignal.any([test.signal, signal]) : signal,
      log: this.log,
      clock: test.clock ?? realClock,
      http: this.listener,
      messageBytesMax: test.messageBytesMax ?? 20 * 1024 ** 2,
    };
  }

  /** Never two at a time, as the contract says. */
  #pollInBackground(): void {
    if (this.#polling || !this.#inbound?.poll) return;
    this.#startPoll(this.#inbound.poll()).catch((error: unknown) => void this.pollErrors.push(error));
  }

  #startPoll<T>(poll: Promise<T>): Promise<T> {
    const ended = () => {
      if (this.#polling === polling) this.#polling = undefined;
    };
    const polling = poll.then(ended, ended);
    this.#polling = polling;
    return poll;
  }

  /** Waits for the poll under way, unless the test holds it back. */
  async #idle(): Promise<void> {
    if (this.accepted.waiting === 0) await this.#polling;
  }
}
