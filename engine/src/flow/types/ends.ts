// The outbound that a flow writes: one that the system names, or one of the connector with its options in place.

import type { Definitions, OutboundDefinition } from '../definitions.ts';
import { expressionsIn } from '../options.ts';
import type { OptionExpression } from '../options.ts';

type Written = Readonly<Record<string, unknown>>;

export interface WrittenEnd {
  readonly outbound: OutboundDefinition;
  /** `crm.get-customer`. */
  readonly name: string;
  /** The flow itself wrote its options. */
  readonly isInPlace: boolean;
}

/** What `call` and targets say themselves; everything else is an option of the outbound. */
const ownNames: ReadonlySet<string> = new Set(['system', 'outbound', 'channel', 'with', 'into', 'timeout']);

/** Undefined where there is none: the compiler of the flow has told that. */
export function writtenEnd(written: Written, { systems, inlineOutbound }: Definitions): WrittenEnd | undefined {
  const system = systems.get(String(written['system']));
  const name = String(written['outbound']);
  if (!system) return undefined;
  const options = Object.fromEntries(Object.entries(written).filter(([option]) => !ownNames.has(option)));
  const named = system.outbounds.get(name);
  const isInPlace = !named || Object.keys(options).length > 0;
  const outbound = isInPlace ? inlineOutbound(system, name, options).definition : named;
  return outbound && { outbound, name: `${system.name}.${name}`, isInPlace };
}

/** The expressions and templates among its options. */
export function optionExpressions({ outbound }: WrittenEnd): readonly OptionExpression[] {
  return expressionsIn(outbound.declaration.options, outbound.options);
}
