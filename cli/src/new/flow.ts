// What "mortise new flow" writes: a flow between ends that exist, with a mapping begun where both models are known.

import type { JsonSchema } from '@mortise/sdk';
import type { ModelDefinition, Project } from '@mortise/engine';
import { cliError } from '../errors.ts';
import { knownName } from './ground.ts';

/** One end of a flow. */
interface End {
  /** As it stands in the flow's file. */
  readonly text: string;
  /** As people say it. */
  readonly name: string;
  readonly model?: ModelDefinition;
}

/** The text of `flows/<name>.yaml`. Throws a usage error with the nearest name where an end is not known. */
export function flowText(name: string, from: string | undefined, to: readonly string[], project: Project): string {
  const source = sourceOf(from, project);
  const targets = to.map((one) => targetOf(one, project));
  if (targets.length === 0) throw missing('--to', 'goes', targetNames(project));
  const [target] = targets;
  return [
    `name: ${name}`,
    `description: From ${source.name} to ${targets.map((one) => one.name).join(' and ')}.`,
    `from: ${source.text}`,
    ...stepLines(source.model, target?.model),
    ...(targets.length === 1 ? [`to: ${target?.text}`] : ['to:', ...targets.map(({ text }) => `  - ${text}`)]),
    '',
  ].join('\n');
}

function sourceOf(from: string | undefined, { definitions }: Project): End {
  const { systems, channels } = definitions;
  const inbounds = [...systems.values()].flatMap(({ inbounds: some }) => [...some.values()]);
  const names = inbounds.map((inbound) => `${inbound.system}.${inbound.name}`);
  const given = from ?? (names.length === 1 ? names[0] : undefined);
  if (given === undefined) throw missing('--from', 'comes', [...names, ...channels.keys()]);
  const name = knownName('inbound or channel', given, [...names, ...channels.keys()]);
  const inbound = inbounds[names.indexOf(name)];
  if (!inbound) return channelEnd(name, definitions);
  const text = `{ system: ${inbound.system}, inbound: ${inbound.name} }`;
  return { text, name, ...(inbound.model ? { model: inbound.model } : {}) };
}

function targetOf(given: string, project: Project): End {
  const name = knownName('outbound or channel', given, targetNames(project));
  if (project.definitions.channels.has(name)) return channelEnd(name, project.definitions);
  const [system, outbound] = name.split('.');
  return { text: `{ system: ${system}, outbound: ${outbound} }`, name };
}

function channelEnd(name: string, { channels }: Project['definitions']): End {
  const model = channels.get(name)?.model;
  return { text: `{ channel: ${name} }`, name, ...(model ? { model } : {}) };
}

function targetNames({ definitions: { systems, channels } }: Project): readonly string[] {
  const outbounds = [...systems.values()].flatMap(({ name, outbounds: some }) => [...some.keys()].map((one) => `${name}.${one}`));
  return [...outbounds, ...channels.keys()];
}

function missing(option: string, how: string, known: readonly string[]): Error {
  return cliError('MORTISE_CLI_USAGE', `It is not said where the flow ${how}: ${option} is missing.`, {
    remedy: known.length > 0 ? `Add ${option} with one of: ${known.join(', ')}.` : 'Write a system first: mortise new system.',
  });
}

/** Steps that can be done already; and as comments the ones that a flow often has. */
function stepLines(from: ModelDefinition | undefined, to: ModelDefinition | undefined): readonly string[] {
  const steps = to && to !== from ? [...mapLines(from, to), `  - validate: ${to.name}`] : [];
  const hints = [
    '  # Only what this is true for goes on:',
    '  # - filter: $exists(id)',
    ...(steps.length === 0 ? ['  # Another body; "$" is the one that came:', '  # - map: |', '  #     { "id": id }'] : []),
    '  # What a message is found by: mortise messages --key id=4711',
    '  # - track: { id: id }',
  ];
  return steps.length === 0 ? ['# steps:', ...hints] : ['steps:', ...hints, ...steps];
}

/** Every property of the target: from the property of that name where there is one, else nothing, to be filled in. */
function mapLines(from: ModelDefinition | undefined, to: ModelDefinition): readonly string[] {
  const known = from && propertiesOf(from.schema);
  const names = propertiesOf(to.schema);
  const lines = names.map((name, index) => {
    const isThere = !known || known.includes(name);
    return `        ${JSON.stringify(name)}: ${isThere ? quoted(name) : 'null'}${index < names.length - 1 ? ',' : ''}`;
  });
  const open = known && names.some((name) => !known.includes(name));
  const hint = open ? [`  # Where it says null, say where it comes from; ${from?.name} has: ${known.join(', ')}.`] : [];
  return names.length === 0 ? [] : [...hint, '  - map: |', '      {', ...lines, '      }'];
}

function propertiesOf(schema: JsonSchema): readonly string[] {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** A name as JSONata takes it. */
function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(and|or|in|true|false|null|function)$/.test(name)
    ? name
    : `\`${name.replaceAll('`', '')}\``;
}
