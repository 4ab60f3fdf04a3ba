// The checks that every ping passes.

import assert from 'node:assert/strict';
import type { ConnectorDeclaration } from '../connector.ts';
import { needed } from './connector-kit-stage.ts';
import type { Check, PingStage } from './connector-kit-stage.ts';
import { expectNoSecrets } from './connector-secrets.ts';
import { readTestValues } from './connector-values.ts';

/** The `ping` of any connector's `client.ts`. */
export type PingImplementation = (connection: never, signal: AbortSignal) => Promise<string>;

export type PingCheck = 'answers' | 'down' | 'badCredentials' | 'abort';

export interface PingCheckContext {
  readonly connector: ConnectorDeclaration;
  readonly ping: PingImplementation;
  readonly stage: PingStage;
}

export const pingChecks: Readonly<Record<PingCheck, Check<PingCheckContext>>> = {
  answers: {
    title: 'says in a few words that the system answers',
    async run(context) {
      const said = await pinged(context);
      assert.ok(said.length > 0 && said.length < 200, `It said: ${said}`);
    },
  },
  down: {
    title: 'throws while the system is down',
    async run(context) {
      await needed(context.stage, 'down')();
      await expectFailure(context, pinged(context));
    },
  },
  badCredentials: {
    title: 'throws when the credentials are refused, without showing them',
    run: (context) => expectFailure(context, pinged(context, needed(context.stage, 'badConnection'))),
  },
  abort: {
    title: 'throws when its signal is aborted',
    run: (context) => expectFailure(context, pinged(context, context.stage.connection, AbortSignal.abort())),
  },
};

async function pinged(
  { connector, ping, stage }: PingCheckContext,
  connection = stage.connection,
  signal = AbortSignal.timeout(10_000),
): Promise<string> {
  const { values, secretTexts } = readTestValues(connector.connection, connection, stage.secrets);
  // The values were read by the very field specs that the parameter's type comes from.
  const said = await ping(values as never, signal);
  expectNoSecrets(secretTexts, said);
  return said;
}

async function expectFailure({ stage }: PingCheckContext, pinging: Promise<string>): Promise<void> {
  const outcome = await pinging.catch((error: unknown) => ({ error }));
  assert.ok(typeof outcome === 'object', 'it answered');
  expectNoSecrets(Object.values(stage.secrets ?? {}), outcome);
}
