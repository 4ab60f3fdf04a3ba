// What "mortise new system" writes: a system's file with everything that its connector takes, needed things filled in.

import type { ConnectorDeclaration, Field, Fields } from '@mortise/sdk';
import { stringify } from 'yaml';

interface Place {
  readonly system: string;
  /** Of the inbound or outbound; empty for the connection. */
  readonly end: string;
}

/** The text of `systems/<name>.yaml`. */
export function systemText(name: string, connector: ConnectorDeclaration): string {
  const connection = optionLines(connector.connection, { system: name, end: '' });
  return [
    `# ${name}. ${connector.doc} An option behind "#" is one that could be said besides.`,
    `connector: ${connector.name}`,
    ...section('connection', connection),
    ...ends('inbounds', name, connector.inbounds),
    ...ends('outbounds', name, connector.outbounds),
    '',
  ].join('\n');
}

/** A section whose every line is a comment would be no mapping: then it is a comment itself. */
function section(name: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const isIdle = lines.every((line) => line.startsWith('#'));
  return [isIdle ? `# ${name}:` : `${name}:`, ...lines.map((line) => (isIdle ? `# ${line.replace(/^# /, '  ')}` : `  ${line}`))];
}

function ends(
  side: string,
  system: string,
  declared: Readonly<Record<string, { doc: string; options: Fields }>>,
): readonly string[] {
  const lines = Object.entries(declared).flatMap(([uses, { doc, options }]) => [
    `# ${doc}`,
    `${uses}:`,
    `  uses: ${uses}`,
    ...optionLines(options, { system, end: uses }).map((line) => `  ${line}`),
  ]);
  return lines.length === 0
    ? []
    : [`${side}: # the names below are yours to choose: flows use them`, ...lines.map((line) => `  ${line}`)];
}

/** One line an option: those that are needed first, then the others as comments. */
function optionLines(fields: Fields, place: Place): readonly string[] {
  const entries = Object.entries(fields).map(([name, spec]) => ({ name, spec, isNeeded: isNeeded(spec) }));
  const line = ({ name, spec, isNeeded: needed }: (typeof entries)[number]): string =>
    `${needed ? '' : '# '}${name}: ${written(sampleOfField(name, spec, place))} # ${spec.doc}`;
  return [...entries.filter((one) => one.isNeeded), ...entries.filter((one) => !one.isNeeded)].map(line);
}

function isNeeded({ optional, default: byDefault }: Field): boolean {
  return !optional && byDefault === undefined;
}

function written(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

/** A value as a user would write it, and one that is valid. */
function sampleOfField(name: string, spec: Field, place: Place): unknown {
  if (typeof spec.example === 'string' && spec.example.startsWith('/') && spec.kind === 'text') {
    return spec.example.includes('$') ? spec.example : `/${place.system}/${place.end || name}`;
  }
  if (spec.kind === 'path' && spec.default === undefined) return `data/${place.system}`;
  return spec.example ?? spec.default ?? byKind(name, spec, place);
}

function byKind(name: string, spec: Field, place: Place): unknown {
  const { kind, choices = [], minimum, of, fields = {}, forms = [] } = spec;
  const simple: Readonly<Record<string, unknown>> = {
    secret: `env:${[place.system, name].join('_').replaceAll('-', '_').toUpperCase()}`,
    expression: '$',
    integer: minimum ?? 1,
    number: minimum ?? 1,
    boolean: false,
    choice: choices[0],
    duration: '30s',
    durationRange: '1s..15m',
    size: '1MiB',
    rate: '50/s',
    model: `${place.system}@1`,
    record: {},
    value: {},
  };
  if (Object.hasOwn(simple, kind)) return simple[kind];
  if (kind === 'list') return of ? [sampleOfField(name, of, place)] : [];
  if (kind === 'group') return groupOf(fields, place);
  const [form] = forms;
  return form ? sampleOfField(name, form, place) : name;
}

function groupOf(fields: Fields, place: Place): unknown {
  const needed = Object.entries(fields).filter(([, spec]) => isNeeded(spec));
  return Object.fromEntries(needed.map(([name, spec]) => [name, sampleOfField(name, spec, place)]));
}
