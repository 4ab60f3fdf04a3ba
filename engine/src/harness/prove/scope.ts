// Which flows can be compared with a run without kills, message by message: what a step keeps may join what comes together by chance.

import type { CompiledFlow } from '../../flow/compiled.ts';
import type { FlowSource } from '../../flow/definitions.ts';

/** `each`: message by message. `sums`: all messages together. `alone`: only against what the engine itself says it did. */
export type Compared = 'each' | 'sums' | 'alone';

export interface FlowScope {
  readonly flow: string;
  readonly compared: Compared;
  /** Why it is not each message. */
  readonly because?: string;
}

/** By the step: which of several equal messages passes, or what comes together, depends on when they come. */
const steps: Readonly<Record<string, Compared>> = {
  dedupe: 'sums',
  sequence: 'sums',
  aggregate: 'alone',
  resequence: 'alone',
  throttle: 'alone',
  expire: 'alone',
};
const order: readonly Compared[] = ['each', 'sums', 'alone'];

/** A flow that receives what another one sends into a channel is compared as that one is, at best. */
export function scopesOf(flows: readonly FlowSource[], compiled: ReadonlyMap<string, CompiledFlow>): readonly FlowScope[] {
  const scopes = new Map(flows.filter(({ name }) => compiled.has(name)).map((flow) => [flow.name, scopeOfSteps(flow)]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, scope] of scopes) {
      for (const below of subscribersOf(name, compiled)) {
        const known = scopes.get(below);
        if (!known || order.indexOf(known.compared) >= order.indexOf(scope.compared)) continue;
        scopes.set(below, { flow: below, compared: scope.compared, because: `it receives what flow ${name} sends` });
        changed = true;
      }
    }
  }
  return [...scopes.values()];
}

function subscribersOf(name: string, compiled: ReadonlyMap<string, CompiledFlow>): readonly string[] {
  const flow = compiled.get(name);
  const channels = (flow ? [...flow.targets, ...flow.onDead] : []).flatMap((target) =>
    target.kind === 'channel' ? [target.channel.name] : [],
  );
  return [...compiled.values()].flatMap(({ name: below, from }) =>
    from.kind === 'channel' && channels.includes(from.channel.name) ? [below] : [],
  );
}

function scopeOfSteps({ name, source }: FlowSource): FlowScope {
  const found = keysIn(source.value).filter((key) => Object.hasOwn(steps, key));
  const worst = found.toSorted((a, b) => order.indexOf(steps[b] as Compared) - order.indexOf(steps[a] as Compared))[0];
  if (worst === undefined) return { flow: name, compared: 'each' };
  return {
    flow: name,
    compared: steps[worst] as Compared,
    because: `it has a step "${worst}", and what that does depends on when messages come`,
  };
}

function keysIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [key, ...keysIn(below)]);
}
