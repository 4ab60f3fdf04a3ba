// The conformance kit of connectors: registers the tests that every connector passes.

/* oxlint-disable vitest/expect-expect, vitest/no-conditional-tests, vitest/no-disabled-tests, vitest/valid-title --
   Tests are registered from a table here: their titles are its values, their assertions stand in the checks. */

import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { ConnectorDeclaration } from '../connector.ts';
import type { InboundImplementations } from './connector-inbound.ts';
import { expectCompleteDeclaration, expectFreshReadme, expectImplemented } from './connector-kit-declaration.ts';
import { inboundChecks } from './connector-kit-inbound.ts';
import type { InboundCheck } from './connector-kit-inbound.ts';
import { outboundChecks } from './connector-kit-outbound.ts';
import type { OutboundCheck } from './connector-kit-outbound.ts';
import { pingChecks } from './connector-kit-ping.ts';
import type { PingCheck, PingImplementation } from './connector-kit-ping.ts';
import type { Check, InboundStage, OutboundStage, PingStage, Scenario } from './connector-kit-stage.ts';
import type { OutboundImplementations } from './connector-outbound.ts';

export type InboundScenario = Scenario<InboundStage, InboundCheck>;
export type OutboundScenario = Scenario<OutboundStage, OutboundCheck>;
export type PingScenario = Scenario<PingStage, PingCheck>;

export interface ConnectorKit {
  readonly connector: ConnectorDeclaration;
  /** The connector's folder: `import.meta.dirname` of its test. */
  readonly folder: string;
  readonly inbounds?: InboundImplementations;
  readonly outbounds?: OutboundImplementations;
  readonly ping?: PingImplementation;
  /** One scenario, or several, for every declared inbound and outbound, and for `ping` where there is one. */
  readonly scenarios: {
    readonly inbounds?: Readonly<Record<string, InboundScenario | readonly InboundScenario[]>>;
    readonly outbounds?: Readonly<Record<string, OutboundScenario | readonly OutboundScenario[]>>;
    readonly ping?: PingScenario | readonly PingScenario[];
  };
}

/** Servers may take their time: more than a runner waits where nobody told it otherwise. */
const checkMs = 60_000;

/** Registers the tests. What a scenario skips is a skipped test, named with its reason. */
export function connectorKit({ connector, folder, inbounds = {}, outbounds = {}, ping, scenarios }: ConnectorKit): void {
  describe(`connector ${connector.name}`, () => {
    it('declares everything, with docs', () => expectCompleteDeclaration(connector, folder));
    it('implements every inbound that it declares', () => expectImplemented(connector.inbounds, inbounds));
    it('implements every outbound that it declares', () => expectImplemented(connector.outbounds, outbounds));
    it('has a README whose option tables are fresh', () => expectFreshReadme(connector, folder));
    for (const name of Object.keys(connector.inbounds)) {
      register(`inbound ${name}`, scenarios.inbounds?.[name], inboundChecks, (stage) => ({ connector, inbounds, name, stage }));
    }
    for (const name of Object.keys(connector.outbounds)) {
      register(`outbound ${name}`, scenarios.outbounds?.[name], outboundChecks, (stage) => ({
        connector,
        outbounds,
        name,
        stage,
      }));
    }
    if (ping) register('ping', scenarios.ping, pingChecks, (stage) => ({ connector, ping, stage }));
  });
}

function register<S extends InboundStage | OutboundStage | PingStage, Name extends string, Context>(
  what: string,
  given: Scenario<S, Name> | readonly Scenario<S, Name>[] | undefined,
  checks: Readonly<Record<Name, Check<Context>>>,
  contextOf: (stage: S) => Context,
): void {
  if (!given) {
    it(`${what} has a scenario`, () => assert.fail(`Give scenarios for ${what}.`));
    return;
  }
  for (const scenario of isList(given) ? given : [given]) {
    describe(scenario.called ? `${what}, ${scenario.called}` : what, () => {
      for (const name of Object.keys(checks) as Name[]) registerCheck(scenario, name, checks[name], contextOf);
    });
  }
}

function registerCheck<S extends PingStage, Name extends string, Context>(
  scenario: Scenario<S, Name>,
  name: Name,
  check: Check<Context>,
  contextOf: (stage: S) => Context,
): void {
  const reason = scenario.skip?.[name];
  if (reason !== undefined) {
    it.skip(`${check.title} (${reason})`, () => undefined);
    return;
  }
  it(check.title, { timeout: checkMs }, async (test) => {
    const stage = await scenario.setUp();
    try {
      const notMade = await check.run(contextOf(stage));
      if (notMade) test.skip(notMade);
    } finally {
      await stage.close();
    }
  });
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}
