// Resolves what a flow writes where it receives and sends: channels, inbounds, outbounds.

import { MortiseError, nearest } from '@mortise/sdk';
import type { Expression, Path } from '@mortise/sdk';
import type { Lookup } from '../step/expression.ts';
import type { StepExpression } from '../step/step.ts';
import type { FlowFrom, ResolvedTarget } from './compiled.ts';
import type { Definitions, Inline, OutboundDefinition, SystemDefinition } from './definitions.ts';
import { compileOptions } from './options.ts';
import type { Place, ProblemList } from './problems.ts';

/** What the resolver needs of the flow's compiler. */
export interface TargetContext {
  readonly definitions: Definitions;
  readonly problems: ProblemList;
  expression(written: Expression, path: Path): StepExpression;
  /** Told once for each outbound whose options are not a function of the message alone. */
  notDeterministic(): void;
  readVariables(variables: readonly string[], path: Path): void;
  readLookups(lookups: readonly Lookup[], placeOf: (lookup: Lookup) => Place): void;
}

type Written = Readonly<Record<string, unknown>>;

/** Where the flow receives. */
export function resolveFrom(written: unknown, path: Path, context: TargetContext): FlowFrom | undefined {
  const place = asMapping(written, path, context);
  if (!place) return undefined;
  if (typeof place['channel'] === 'string') {
    const channel = channelOf(place, ['channel'], path, context);
    return channel && { kind: 'channel', channel };
  }
  const system = systemOf(place, 'inbound', path, context);
  if (!system) return undefined;
  const name = place['inbound'] as string;
  const { system: _system, inbound: _inbound, ...options } = place;
  const inbound = system.inbounds.get(name);
  if (inbound && Object.keys(options).length === 0) return { kind: 'inbound', inbound };
  const definition = inline(
    context.definitions.inlineInbound(system, name, options),
    name,
    path,
    context,
    system.inbounds.keys(),
  );
  return definition && { kind: 'inbound', inbound: { ...definition, inPlace: true } };
}

/** Where a flow sends: one target or a list of them. */
export function resolveTargets(written: unknown, path: Path, context: TargetContext): readonly ResolvedTarget[] {
  if (!Array.isArray(written)) return [resolveTarget(written, path, context)].filter((target) => target !== undefined);
  return written
    .map((one: unknown, index) => resolveTarget(one, [...path, index], context))
    .filter((target) => target !== undefined);
}

export function resolveTarget(written: unknown, path: Path, context: TargetContext): ResolvedTarget | undefined {
  const place = asMapping(written, path, context);
  if (!place) return undefined;
  const body = place['with'] === undefined ? {} : { body: context.expression(place['with'] as Expression, [...path, 'with']) };
  if (typeof place['channel'] === 'string') {
    const channel = channelOf(place, ['channel', 'with'], path, context);
    return channel && { kind: 'channel', label: `channel:${channel.name}`, channel, ...body };
  }
  const system = systemOf(place, 'outbound', path, context);
  const outbound = system && outboundOf(system, place, path, context);
  if (!outbound) return undefined;
  return {
    kind: 'outbound',
    label: `outbound:${outbound.system}.${outbound.name}`,
    outbound,
    render: renderer(outbound, path, context),
    ...body,
  };
}

function outboundOf(
  system: SystemDefinition,
  place: Written,
  path: Path,
  context: TargetContext,
): OutboundDefinition | undefined {
  const name = place['outbound'] as string;
  const { system: _system, outbound: _outbound, with: _with, ...options } = place;
  const outbound = system.outbounds.get(name);
  if (outbound && Object.keys(options).length === 0) return outbound;
  const definition = inline(
    context.definitions.inlineOutbound(system, name, options),
    name,
    path,
    context,
    system.outbounds.keys(),
  );
  return definition && { ...definition, name: inPlaceName(name, definition) };
}

/** What flows write in place shares one destination, since the options travel with each delivery; but not what must not be repeated. */
function inPlaceName(uses: string, { onInDoubt }: OutboundDefinition): string {
  return onInDoubt === 'retry' ? `${uses}-in-place` : `${uses}-in-place-once`;
}

function renderer(outbound: OutboundDefinition, path: Path, context: TargetContext): ReturnType<typeof compileOptions>['render'] {
  try {
    const options = compileOptions(outbound.declaration.options, outbound.options, context.definitions.tables);
    if (!options.deterministic) context.notDeterministic();
    context.readVariables(options.variables, path);
    context.readLookups(options.lookups, () => ({ path, offset: 0 }));
    if (!outbound.name.includes('-in-place')) return options.render;
    const { render } = options;
    // All options travel with the delivery, also those that are the same for every message.
    return async (message) => ({ ...outbound.options, ...((await render?.(message)) as object | undefined) });
  } catch (error) {
    if (!(error instanceof MortiseError)) throw error;
    context.problems.add(
      'MORTISE_FLOW_EXPRESSION',
      path,
      `In the options of ${outbound.system}.${outbound.name}: ${error.message}`,
    );
    return undefined;
  }
}

function inline<D>(
  result: Inline<D>,
  name: string,
  path: Path,
  { problems }: TargetContext,
  known: Iterable<string>,
): D | undefined {
  for (const { path: inner, at, message, remedy } of result.problems)
    problems.add('MORTISE_FLOW_OPTION', [...path, ...inner], message, remedy, at);
  if (result.definition || result.problems.length > 0) return result.definition;
  problems.add('MORTISE_FLOW_UNKNOWN_NAME', path, `"${name}" is not defined there.`, didYouMean(name, known));
  return undefined;
}

function asMapping(written: unknown, path: Path, { problems }: TargetContext): Written | undefined {
  if (typeof written === 'object' && written !== null && !Array.isArray(written)) return written as Written;
  problems.add('MORTISE_FLOW_TARGET', path, `Found ${JSON.stringify(written)}; expected a mapping.`);
  return undefined;
}

function channelOf(place: Written, allowed: readonly string[], path: Path, { definitions, problems }: TargetContext) {
  for (const name of Object.keys(place)) {
    if (allowed.includes(name)) continue;
    problems.add(
      'MORTISE_FLOW_TARGET',
      [...path, name],
      `"${name}" does not belong beside "channel".`,
      `Remove "${name}".`,
      'key',
    );
  }
  const name = place['channel'] as string;
  const channel = definitions.channels.get(name);
  if (!channel) unknown('channel', name, definitions.channels.keys(), [...path, 'channel'], problems);
  return channel;
}

function systemOf(place: Written, part: 'inbound' | 'outbound', path: Path, { definitions, problems }: TargetContext) {
  const { system: name, [part]: endpoint } = place;
  if (typeof name !== 'string' || typeof endpoint !== 'string') {
    const found = Object.keys(place).join(', ') || 'nothing';
    problems.add('MORTISE_FLOW_TARGET', path, `Found ${found}; expected { channel } or { system, ${part} }.`);
    return undefined;
  }
  const system = definitions.systems.get(name);
  if (!system) unknown('system', name, definitions.systems.keys(), [...path, 'system'], problems);
  return system;
}

function unknown(kind: string, name: string, known: Iterable<string>, path: Path, problems: ProblemList): void {
  problems.add('MORTISE_FLOW_UNKNOWN_NAME', path, `There is no ${kind} "${name}".`, didYouMean(name, known));
}

/** The remedy for a name that is not known. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const all = [...known];
  const near = nearest(name, all);
  if (near) return `Did you mean "${near}"?`;
  return all.length > 0 ? `Known are: ${all.join(', ')}.` : 'None is defined in this project.';
}
