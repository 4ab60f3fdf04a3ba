// Whether flows and destinations that are named were ever there: a choice of nothing is most often a name that was mistyped.

import { nearest } from '@mortise/sdk';
import { controlError } from './errors.ts';
import type { Project } from '../project/load.ts';
import type { ControlHost } from './host.ts';

/** Throws MORTISE_CONTROL_UNKNOWN where neither the project nor the journal knows the name. */
export async function requireKnown(
  { engine, project }: ControlHost,
  { flow, destination }: { readonly flow?: string | undefined; readonly destination?: string | undefined },
): Promise<void> {
  const { read } = engine.runtime.store;
  const flows = [...project().compiled.keys()];
  const destinations = (await read.balance()).rows.map((row) => row.destination);
  if (flow !== undefined && !flows.includes(flow) && (await read.journal({ flow, limit: 1 })).length === 0)
    throw unknown('flow', flow, flows);
  const known = [...destinations, ...flows.map((name) => `flow:${name}`), ...outboundsOf(project())];
  if (destination !== undefined && !known.includes(destination)) throw unknown('destination', destination, known);
}

/** Where what goes to a system goes, and what comes from it: its outbounds, and the flows that receive from it. Throws MORTISE_CONTROL_UNKNOWN. */
export function destinationsOf(system: string, { definitions, compiled }: Project): readonly string[] {
  if (!definitions.systems.has(system)) throw unknown('system', system, [...definitions.systems.keys()]);
  const found = new Set<string>();
  for (const name of definitions.systems.get(system)?.outbounds.keys() ?? []) found.add(`outbound:${system}.${name}`);
  for (const { name, from, targets } of compiled.values()) {
    if (from.kind === 'inbound' && from.inbound.system === system) found.add(`flow:${name}`);
    for (const { kind, label } of targets) if (kind === 'outbound' && label.startsWith(`outbound:${system}.`)) found.add(label);
  }
  return [...found];
}

function outboundsOf({ definitions }: ReturnType<ControlHost['project']>): readonly string[] {
  return [...definitions.systems.values()].flatMap((system) =>
    [...system.outbounds.keys()].map((name) => `outbound:${system.name}.${name}`),
  );
}

function unknown(kind: string, name: string, known: readonly string[]): Error {
  const near = nearest(name, known);
  const some = known.slice(0, 20).join(', ');
  return controlError('MORTISE_CONTROL_UNKNOWN', `There is no ${kind} "${name.slice(0, 200)}".`, {
    remedy: near === undefined ? `There are: ${some || 'none'}.` : `Did you mean "${near}"?`,
  });
}
