// What differs between two readings of a project, after everything is resolved: settings and systems. Secrets stay references.

import type { Json } from '@mortise/sdk';
import type { InboundDefinition, OutboundDefinition, SystemDefinition } from '../flow/definitions.ts';
import type { Project } from './load.ts';

export interface Difference {
  /** As `systems.crm.connection.url`. */
  readonly path: string;
  /** Absent where it is only in the other one. */
  readonly left?: Json;
  readonly right?: Json;
}

/** Sorted by path. */
export function differences(left: Project, right: Project): readonly Difference[] {
  const [a, b] = [leavesOf(left), leavesOf(right)];
  const paths = [...new Set([...a.keys(), ...b.keys()])].toSorted();
  return paths
    .filter((path) => JSON.stringify(a.get(path)) !== JSON.stringify(b.get(path)))
    .map((path) => ({ path, ...part('left', a.get(path)), ...part('right', b.get(path)) }));
}

function part<Name extends string>(name: Name, value: Json | undefined): { readonly [N in Name]?: Json } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Json };
}

/** Every single value, by its path. Lists are one value: what stands where in them matters. */
function leavesOf({ settings, definitions }: Project): ReadonlyMap<string, Json> {
  const leaves = new Map<string, Json>();
  const systems = Object.fromEntries([...definitions.systems].map(([name, system]) => [name, systemFacts(system)]));
  // Through JSON, since what is compared is what a file could say.
  collect(JSON.parse(JSON.stringify({ ...settings, systems })) as Json, '', leaves);
  return leaves;
}

function collect(value: Json, path: string, leaves: Map<string, Json>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    leaves.set(path, value);
    return;
  }
  for (const [name, inner] of Object.entries(value)) collect(inner as Json, path === '' ? name : `${path}.${name}`, leaves);
}

function systemFacts({ connections, limits, maintenance, inbounds, outbounds }: SystemDefinition): object {
  const facts = [...connections.values()].map(({ name, connector, values }) => [name, { connector, ...values }] as const);
  const isSingle = connections.size === 1 && connections.has('default');
  return {
    ...(isSingle ? { connection: facts[0]?.[1] } : { connections: Object.fromEntries(facts) }),
    limits,
    ...(maintenance ? { maintenance } : {}),
    inbounds: byName(inbounds, inboundFacts),
    outbounds: byName(outbounds, outboundFacts),
  };
}

function byName<End>(ends: ReadonlyMap<string, End>, factsOf: (end: End) => object): object {
  return Object.fromEntries([...ends].map(([name, end]) => [name, factsOf(end)]));
}

function inboundFacts({ uses, options, everyMs, format, model }: InboundDefinition): object {
  return { uses, ...options, everyMs, format: format?.name, model: model?.name };
}

function outboundFacts({ uses, options, format, reply, onInDoubt, timeoutMs, concurrency, rate }: OutboundDefinition): object {
  return { uses, ...options, format: format?.name, reply: reply?.name, onInDoubt, timeoutMs, concurrency, rate };
}
