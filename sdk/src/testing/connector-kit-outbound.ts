// The checks that every outbound passes.

import assert from 'node:assert/strict';
import type { ConnectorDeclaration, Receipt } from '../connector.ts';
import { Busy, InDoubt, Rejected, Unavailable } from '../errors.ts';
import { bodyStreamOf, comparable } from './connector-body.ts';
import { needed } from './connector-kit-stage.ts';
import type { Check, OutboundStage } from './connector-kit-stage.ts';
import { openOutboundForTest } from './connector-outbound.ts';
import type { OutboundForTest, OutboundHarness, OutboundImplementations, SendForTest } from './connector-outbound.ts';
import { expectNoSecrets } from './connector-secrets.ts';
import { waitUntil } from './connector-until.ts';

export type OutboundCheck =
  | 'sends'
  | 'stream'
  | 'twice'
  | 'down'
  | 'refused'
  | 'busy'
  | 'stallBeforeSend'
  | 'stallAnswer'
  | 'cutWhileSending'
  | 'cutBeforeAnswer'
  | 'badCredentials'
  | 'concurrent'
  | 'abortedBefore'
  | 'close'
  | 'abort';

export interface OutboundCheckContext {
  readonly connector: ConnectorDeclaration;
  readonly outbounds: OutboundImplementations;
  readonly name: string;
  readonly stage: OutboundStage;
}

/** How a send ended: with a receipt, or with one of the four errors of the contract. */
type Outcome =
  | { readonly kind: 'done'; readonly receipt: Receipt }
  | { readonly kind: 'Unavailable' | 'Busy' | 'Rejected' | 'InDoubt' | 'an error outside the contract'; readonly error: unknown };

/** How long a send is waited for that can never begin. */
const shortMs = 400;
const concurrentSends = 20;

export const outboundChecks: Readonly<Record<OutboundCheck, Check<OutboundCheckContext>>> = {
  sends: {
    title: 'sends, with one effect each',
    run: (context) =>
      withOutbound(context, async ({ send, stage }) => {
        for (const n of [1, 2]) expectDone(await send(n));
        assert.equal(await stage.effects(), 2);
      }),
  },
  stream: {
    title: 'sends a body that is a stream',
    run: (context) =>
      withOutbound(context, async ({ send, stage, declaration }) => {
        if (declaration.takes === 'value') return 'it takes values';
        const text = comparable(stage.body(1));
        const body = bodyStreamOf(Buffer.from(String(text)), 7);
        expectDone(await send(1, {}, body));
        assert.equal(comparable(await needed(stage, 'received')()), text);
      }),
  },
  twice: {
    title: 'has one effect where the same delivery is sent twice',
    run: (context) =>
      withOutbound(context, async ({ send, stage, repeats }) => {
        if (repeats === 'unsafe') return 'repeating is declared unsafe';
        expectDone(await send(1, { deliveryId: 'the-same' }));
        expectDone(await send(1, { deliveryId: 'the-same', attempt: 2 }));
        assert.equal(await stage.effects(), 1);
      }),
  },
  down: {
    title: 'is Unavailable while the system is down, and works when it is up again',
    run: (context) =>
      withOutbound(context, async ({ send, stage }) => {
        expectDone(await send(1));
        await needed(stage, 'down')();
        const outcome = await send(2);
        await needed(stage, 'up')();
        expectKind(outcome, ['Unavailable']);
        assert.equal(await stage.effects(), 1);
        expectDone(await send(3));
        assert.equal(await stage.effects(), 2);
      }),
  },
  refused: {
    title: 'is Rejected when the system refuses for good',
    run: (context) =>
      withOutbound(context, async ({ harness, stage }) => {
        const { options = stage.options, body = stage.body(1) } = (await needed(stage, 'refuse')()) ?? {};
        const outcome = await outcomeOf(harness.send(body, options));
        expectKind(outcome, ['Rejected']);
        assert.equal(await stage.effects(), 0);
      }),
  },
  busy: {
    title: 'is Busy, with the time, when the system asks to be left alone',
    run: (context) =>
      withOutbound(context, async ({ send, stage }) => {
        await needed(stage, 'busy')();
        const outcome = await send(1);
        expectKind(outcome, ['Busy']);
        assert.ok(outcome.kind === 'Busy' && (outcome.error as Busy).retryAfterMs > 0, 'Busy names a time');
        assert.equal(await stage.effects(), 0);
      }),
  },
  stallBeforeSend: {
    title: 'is Unavailable when time is up before anything could be sent',
    run: (context) => faulty(context, 'stallBeforeSend', ['Unavailable'], { timeoutMs: shortMs }),
  },
  stallAnswer: {
    title: 'is InDoubt when it was sent and time is up before the answer',
    run: (context) => faulty(context, 'stallAnswer', ['InDoubt'], { signal: abortedAtEffect(context.stage) }),
  },
  cutWhileSending: {
    title: 'is InDoubt or Unavailable, truthfully, when the connection is cut while sending',
    run: (context) => faulty(context, 'cutWhileSending', ['InDoubt', 'Unavailable']),
  },
  cutBeforeAnswer: {
    title: 'is InDoubt when the connection is cut after sending, before the answer',
    run: (context) => faulty(context, 'cutBeforeAnswer', ['InDoubt']),
  },
  badCredentials: {
    title: 'says so when the credentials are refused, without showing them',
    run: async (context) => {
      const { stage } = context;
      const connection = needed(stage, 'badConnection');
      const outcome = await outcomeOf(openAndSend({ ...opened(context), connection }, stage));
      expectKind(outcome, ['Unavailable', 'Rejected', 'an error outside the contract']);
      expectNoSecrets(Object.values(stage.secrets ?? {}), outcome);
      assert.equal(await stage.effects(), 0);
    },
  },
  concurrent: {
    title: 'sends concurrently',
    run: (context) =>
      withOutbound(context, async ({ send, stage }) => {
        const outcomes = await Promise.all(Array.from({ length: concurrentSends }, (_, index) => send(index + 1)));
        for (const outcome of outcomes) expectDone(outcome);
        assert.equal(await stage.effects(), concurrentSends);
      }),
  },
  abortedBefore: {
    title: 'sends nothing when the signal was aborted before',
    run: (context) =>
      withOutbound(context, async ({ send, stage }) => {
        const outcome = await send(1, { signal: AbortSignal.abort() });
        expectKind(outcome, ['Unavailable']);
        assert.equal(await stage.effects(), 0);
      }),
  },
  close: {
    title: 'frees everything on close, however often it is called',
    run: (context) =>
      withOutbound(context, async ({ harness, send, stage }) => {
        expectDone(await send(1));
        await Promise.all([harness.close(), harness.close()]);
        await harness.close();
        await waitUntil('nothing of it is left', () => stage.freed?.() ?? true);
      }),
  },
  abort: {
    title: 'opening ends when its signal is aborted',
    run: async (context) => {
      const outbound = await openOutboundForTest({ ...opened(context), signal: AbortSignal.abort() }).catch(
        (error: unknown) => error,
      );
      if (outbound instanceof Error) return expectNoSecrets(Object.values(context.stage.secrets ?? {}), outbound);
      await (outbound as OutboundHarness).close();
    },
  },
};

interface Running {
  readonly harness: OutboundHarness;
  readonly stage: OutboundStage;
  readonly declaration: ConnectorDeclaration['outbounds'][string];
  readonly repeats: 'safe' | 'unsafe';
  /** Sends body `n` of the stage, or another one. */
  readonly send: (n: number, options?: SendForTest, body?: unknown) => Promise<Outcome>;
}

async function withOutbound(
  context: OutboundCheckContext,
  check: (running: Running) => Promise<string | void>,
): Promise<string | void> {
  const { stage } = context;
  const declaration = context.connector.outbounds[context.name];
  if (!declaration) throw new Error(`No outbound "${context.name}" is declared.`);
  const written = (stage.options ?? {}) as Readonly<Record<string, unknown>>;
  const repeats = typeof declaration.repeats === 'function' ? declaration.repeats(written) : declaration.repeats;
  const harness = await openOutboundForTest(opened(context));
  const outcomes: Outcome[] = [];
  const send: Running['send'] = async (n, options, body = stage.body(n)) => {
    const outcome = await outcomeOf(harness.send(body, stage.options, options));
    outcomes.push(outcome);
    return outcome;
  };
  try {
    return await check({ harness, stage, declaration, repeats, send });
  } finally {
    await harness.close();
    expectNoSecrets(harness.secretTexts, harness.log.lines, outcomes);
  }
}

type FaultName = 'stallBeforeSend' | 'stallAnswer' | 'cutWhileSending' | 'cutBeforeAnswer';

/** Sends into a fault: the outcome must be one of `expected`, and true; afterwards the outbound works again. */
function faulty(context: OutboundCheckContext, fault: FaultName, expected: readonly Outcome['kind'][], options?: SendForTest) {
  return withOutbound(context, async ({ send, stage, repeats }) => {
    await needed(stage, fault)();
    const outcome = await send(1, options);
    await needed(stage, 'restore')();
    // Where a second send has no second effect, "try again" is as good as "in doubt".
    expectKind(outcome, repeats === 'safe' ? [...expected, 'Unavailable'] : expected);
    await expectTruthful(outcome, repeats, stage);
    const before = await stage.effects();
    expectDone(await send(2));
    assert.equal(await stage.effects(), before + 1);
  });
}

/** Time is up when the other system has acted: from then on only the answer is missing. */
function abortedAtEffect(stage: OutboundStage): AbortSignal {
  const time = new AbortController();
  const up = () => time.abort();
  waitUntil('the send has its effect', async () => (await stage.effects()) > 0).then(up, up);
  return time.signal;
}

/** Who says "nothing was done" must be right: another attempt would do it twice. */
async function expectTruthful(outcome: Outcome, repeats: 'safe' | 'unsafe', stage: OutboundStage): Promise<void> {
  const effectsMax = outcome.kind !== 'InDoubt' && repeats === 'unsafe' ? 0 : 1;
  const effects = await stage.effects();
  assert.ok(effects <= effectsMax, `${effects} effects, although it says: ${explain(outcome)}`);
}

function opened({ connector, outbounds, name, stage }: OutboundCheckContext): OutboundForTest {
  const { connection, secrets, clock } = stage;
  return { connector, outbounds, name, connection, ...(secrets ? { secrets } : {}), ...(clock ? { clock } : {}) };
}

async function openAndSend(test: OutboundForTest, stage: OutboundStage): Promise<Receipt> {
  const harness = await openOutboundForTest(test);
  try {
    return await harness.send(stage.body(1), stage.options);
  } finally {
    await harness.close();
  }
}

async function outcomeOf(sending: Promise<Receipt>): Promise<Outcome> {
  try {
    return { kind: 'done', receipt: await sending };
  } catch (error) {
    return { kind: kindOf(error), error };
  }
}

function kindOf(error: unknown) {
  if (error instanceof Unavailable) return 'Unavailable';
  if (error instanceof Busy) return 'Busy';
  if (error instanceof Rejected) return 'Rejected';
  return error instanceof InDoubt ? 'InDoubt' : 'an error outside the contract';
}

function expectDone(outcome: Outcome): void {
  expectKind(outcome, ['done']);
}

function expectKind(outcome: Outcome, kinds: readonly Outcome['kind'][]): void {
  assert.ok(kinds.includes(outcome.kind), `Expected ${kinds.join(' or ')}, found ${outcome.kind}: ${explain(outcome)}`);
}

function explain(outcome: Outcome): string {
  return outcome.kind === 'done' ? `it was sent: ${outcome.receipt.detail ?? ''}` : String(outcome.error);
}
