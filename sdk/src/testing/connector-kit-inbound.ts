// The checks that every inbound passes.

import assert from 'node:assert/strict';
import type { ConnectorDeclaration } from '../connector.ts';
import { Unavailable } from '../errors.ts';
import { comparable } from './connector-body.ts';
import { openInboundForTest } from './connector-inbound.ts';
import type { InboundForTest, InboundHarness, InboundImplementations } from './connector-inbound.ts';
import { needed } from './connector-kit-stage.ts';
import type { Check, InboundStage } from './connector-kit-stage.ts';
import { expectNoSecrets } from './connector-secrets.ts';
import { waitUntil } from './connector-until.ts';

export type InboundCheck =
  | 'handsOver'
  | 'commitFirst'
  | 'rejected'
  | 'repeated'
  | 'lostAcknowledgement'
  | 'resumes'
  | 'half'
  | 'down'
  | 'badCredentials'
  | 'close'
  | 'abort';

export interface InboundCheckContext {
  readonly connector: ConnectorDeclaration;
  readonly inbounds: InboundImplementations;
  readonly name: string;
  readonly stage: InboundStage;
}

export const inboundChecks: Readonly<Record<InboundCheck, Check<InboundCheckContext>>> = {
  handsOver: {
    title: 'hands over what is delivered',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        await stage.deliver(1, inbound);
        await stage.deliver(2, inbound);
        await inbound.until('both deliveries are handed over', () => inbound.accepted.messages.length >= 2);
        assert.deepEqual(sorted(bodies(inbound)), sorted([1, 2].map((n) => comparable(stage.body(n)))));
      }),
  },
  commitFirst: {
    title: 'acknowledges nothing before the commit',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        const acknowledged = needed(stage, 'acknowledged');
        inbound.accepted.hold();
        await stage.deliver(1, inbound);
        await inbound.until('the delivery waits for its commit', () => inbound.accepted.waiting > 0);
        await inbound.settle();
        assert.equal(await acknowledged(1), false, 'acknowledged although nothing is committed');
        inbound.accepted.release();
        await inbound.until('the delivery is acknowledged', () => acknowledged(1));
      }),
  },
  rejected: {
    title: 'does not acknowledge what was not accepted, and takes it when it comes again',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        inbound.accepted.failNext(new Unavailable('The engine stops.'));
        await stage.deliver(1, inbound);
        await inbound.until('accept has failed', () => inbound.accepted.failures > 0);
        await inbound.settle(); // an answer that was already given needs its time to arrive
        if (stage.acknowledged && inbound.accepted.messages.length === 0) {
          assert.equal(await stage.acknowledged(1), false, 'acknowledged although accept failed');
        }
        await stage.redeliver?.(1, inbound);
        await takenOnce(inbound, stage);
      }),
  },
  repeated: {
    title: 'recognises the same delivery when it comes twice',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        const repeat = needed(stage, 'repeat');
        await stage.deliver(1, inbound);
        await takenOnce(inbound, stage);
        await repeat(1, inbound);
        await inbound.settle();
        await takenOnce(inbound, stage);
      }),
  },
  lostAcknowledgement: {
    title: 'recognises a delivery that was committed when the engine died before acknowledging it',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        inbound.accepted.dieAfterNextCommit();
        await stage.deliver(1, inbound);
        await inbound.until('the engine has died', () => inbound.accepted.failures > 0);
        await inbound.restart();
        await stage.redeliver?.(1, inbound);
        await takenOnce(inbound, stage);
      }),
  },
  resumes: {
    title: 'goes on after a restart where it stopped',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        await stage.deliver(1, inbound);
        await takenOnce(inbound, stage);
        await inbound.closeInbound();
        await stage.deliver(2, inbound);
        await inbound.restart();
        await stage.deliver(3, inbound);
        await inbound.until('the rest is handed over', () => inbound.accepted.messages.length >= 3);
        await inbound.settle();
        assert.deepEqual(
          bodies(inbound),
          [1, 2, 3].map((n) => comparable(stage.body(n))),
        );
      }),
  },
  half: {
    title: 'hands over nothing that is half written',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        const rest = await needed(stage, 'half')(1, inbound);
        await inbound.settle();
        assert.deepEqual(bodies(inbound), []);
        await rest.finish?.();
        if (rest.finish) await takenOnce(inbound, stage);
      }),
  },
  down: {
    title: 'survives that the system is down, and loses nothing',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        await stage.deliver(1, inbound);
        await takenOnce(inbound, stage);
        await needed(stage, 'down')();
        await inbound.settle();
        await needed(stage, 'up')();
        await stage.deliver(2, inbound);
        await inbound.until('the second delivery is handed over', () => inbound.accepted.messages.length >= 2);
        assert.deepEqual(
          bodies(inbound),
          [1, 2].map((n) => comparable(stage.body(n))),
        );
      }),
  },
  badCredentials: {
    title: 'says so when the credentials are refused, without showing them',
    run: async (context) => {
      const { stage } = context;
      const connection = needed(stage, 'badConnection');
      const failure = await openAndPoll({ ...opened(context), connection }).catch((error: unknown) => error);
      assert.ok(failure instanceof Error, 'opened and polled in spite of bad credentials');
      expectNoSecrets(Object.values(stage.secrets ?? {}), failure);
    },
  },
  close: {
    title: 'frees everything on close, however often it is called',
    run: (context) =>
      withInbound(context, async (inbound, stage) => {
        await stage.deliver(1, inbound);
        await takenOnce(inbound, stage);
        await Promise.all([inbound.closeInbound(), inbound.closeInbound()]);
        await inbound.closeInbound();
        assert.equal(inbound.listener.routes.length, 0, 'a route is left on the listener');
        await waitUntil('nothing of it is left', () => stage.freed?.() ?? true);
      }),
  },
  abort: {
    title: 'opening ends when its signal is aborted',
    run: async (context) => {
      const inbound = await openInboundForTest({ ...opened(context), signal: AbortSignal.abort() }).catch(
        (error: unknown) => error,
      );
      if (inbound instanceof Error) return expectNoSecrets(Object.values(context.stage.secrets ?? {}), inbound);
      await (inbound as InboundHarness).close();
    },
  },
};

async function withInbound(context: InboundCheckContext, check: (inbound: InboundHarness, stage: InboundStage) => Promise<void>) {
  const inbound = await openInboundForTest(opened(context));
  try {
    await check(inbound, context.stage);
  } finally {
    await inbound.close();
  }
  expectNoSecrets(inbound.secretTexts, inbound.log.lines, inbound.pollErrors);
}

function opened({ connector, inbounds, name, stage }: InboundCheckContext): InboundForTest {
  const { connection, options, secrets, clock } = stage;
  return { connector, inbounds, name, connection, options, ...(secrets ? { secrets } : {}), ...(clock ? { clock } : {}) };
}

async function openAndPoll(test: InboundForTest): Promise<void> {
  const inbound = await openInboundForTest(test);
  try {
    await inbound.poll();
  } finally {
    await inbound.close();
  }
}

/** Delivery 1 is there once and whole, and the other system knows. */
async function takenOnce(inbound: InboundHarness, stage: InboundStage): Promise<void> {
  await inbound.until('delivery 1 is committed', () => inbound.accepted.messages.length >= 1);
  await inbound.until('delivery 1 is acknowledged', () => stage.acknowledged?.(1) ?? true);
  assert.deepEqual(bodies(inbound), [comparable(stage.body(1))]);
}

function bodies(inbound: InboundHarness): unknown[] {
  return inbound.accepted.messages.map((message) => comparable(message.body));
}

function sorted(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value)).toSorted((a, b) => (a < b ? -1 : 1));
}
