// Warns of what is defined and used by no flow, and of channels that nobody receives from; of sound projects only: what a broken
// flow would use is not known.

import type { Definitions, FlowSource, SystemDefinition } from '../flow/definitions.ts';
import { startOf } from './problems.ts';
import type { ProblemList } from './problems.ts';
import { referencesIn } from './references.ts';
import type { Reference } from './references.ts';
import type { NamedFile } from './yaml-folder.ts';

export interface UsageContext {
  readonly flows: readonly FlowSource[];
  /** Flows that could not be looked into, with their text: a name that stands there counts as used. */
  readonly unread: ReadonlyMap<string, string>;
  readonly definitions: Definitions;
  readonly systemFiles: readonly NamedFile[];
}

export function reportUnused(context: UsageContext, problems: ProblemList): void {
  const references = context.flows.flatMap(({ source }) => referencesIn(source.value));
  const isUnread = (name: string): boolean => [...context.unread.values()].some((text) => text.includes(name));
  reportChannels(references, isUnread, context, problems);
  for (const system of context.definitions.systems.values()) reportEnds(system, references, isUnread, context, problems);
  reportModels(references, isUnread, context, problems);
}

type IsUnread = (name: string) => boolean;

function reportChannels(
  references: readonly Reference[],
  isUnread: IsUnread,
  { definitions }: UsageContext,
  problems: ProblemList,
): void {
  const uses = references.filter((reference) => reference.kind === 'channel');
  for (const name of definitions.channels.keys()) {
    const own = uses.filter((use) => use.name === name);
    const place = startOf(`channels/${name}.yaml`);
    if (isUnread(name) || own.some(({ receives }) => receives)) continue;
    if (own.length === 0) problems.warn('MORTISE_PROJECT_UNUSED', place, `No flow uses the channel "${name}".`);
    else problems.warn('MORTISE_PROJECT_NO_SUBSCRIBER', place, `No flow receives from the channel "${name}".`);
  }
}

function reportEnds(
  system: SystemDefinition,
  references: readonly Reference[],
  isUnread: IsUnread,
  context: UsageContext,
  problems: ProblemList,
): void {
  for (const side of ['inbound', 'outbound'] as const) {
    for (const name of system[`${side}s`].keys()) {
      const isUsed = references.some(
        (one) => one.kind === 'end' && one.side === side && one.system === system.name && one.name === name,
      );
      if (isUsed || isUnread(name)) continue;
      const place =
        context.systemFiles.find(({ name: file }) => file === system.name)?.file?.place([`${side}s`, name], 'key') ??
        startOf(system.file);
      problems.warn('MORTISE_PROJECT_UNUSED', place, `No flow uses the ${side} "${name}" of ${system.name}.`);
    }
  }
}

/** A model is used where a flow, a channel, an inbound or an outbound names it, or another model that is used refers to it. */
function reportModels(
  references: readonly Reference[],
  isUnread: IsUnread,
  { definitions }: UsageContext,
  problems: ProblemList,
): void {
  const named = new Set<string | undefined>(references.map(({ name }) => name));
  for (const { model } of definitions.channels.values()) named.add(model?.name);
  for (const { inbounds, outbounds } of definitions.systems.values()) {
    for (const { model } of inbounds.values()) named.add(model?.name);
    for (const { model, reply } of outbounds.values()) named.add(model?.name).add(reply?.name);
  }
  const schemas = JSON.stringify([...definitions.models.values()].map(({ schema }) => schema));
  for (const { name, file } of definitions.models.values()) {
    const isReferred = ['"', '#'].some((end) => schemas.includes(`"$ref":"${name}${end}`));
    if (!named.has(name) && !isReferred && !isUnread(name))
      problems.warn('MORTISE_PROJECT_UNUSED', startOf(file), `Nothing names the model ${name}.`);
  }
}
