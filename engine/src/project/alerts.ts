// Reads alerts/*.yaml, and adds the rules that a project has without writing them.

import { readFields } from '@mortise/sdk';
import type { ValuesOf } from '@mortise/sdk';
import type { Settings, SystemDefinition } from '../flow/definitions.ts';
import { alertFields } from './alert-fields.ts';
import type { ProjectFolder } from './folder.ts';
import { unknownName } from './names.ts';
import type { Fault, ProblemList, WrittenFile } from './problems.ts';
import { lookForTraps } from './value-traps.ts';
import { readYamlFolder } from './yaml-folder.ts';

/** What raises an alert. Durations are milliseconds, sizes are bytes. */
export type AlertCondition = ValuesOf<typeof alertFields>['when'];
export type AlertKind = AlertCondition['kind'];

export interface AlertRule {
  readonly name: string;
  readonly description?: string;
  readonly severity: 'warning' | 'critical';
  readonly when: AlertCondition;
  /** Receivers by name; all of them where absent. */
  readonly to?: readonly string[];
  readonly remindMs?: number;
  /** Undefined of a rule that no file says. */
  readonly file?: string;
}

interface Known {
  readonly settings: Settings;
  readonly systems: ReadonlyMap<string, SystemDefinition>;
  /** Those with errors too. */
  readonly flows: ReadonlySet<string>;
}

/** Each is there unless a file says a rule of its kind. */
const defaults: readonly AlertRule[] = [
  {
    name: 'dead-letters',
    description: 'Deliveries are dead. Look at their cause, then retry or discard them.',
    severity: 'warning',
    when: { kind: 'dead-letters', atLeast: 1 },
  },
  {
    name: 'held-lanes',
    description: 'Messages wait behind a dead one of the same key. Retry or discard that one.',
    severity: 'warning',
    when: { kind: 'held-lanes', atLeast: 1 },
  },
  {
    name: 'certificate',
    description: 'A certificate ends soon. Put a new one in its place.',
    severity: 'warning',
    when: { kind: 'certificate', within: 21 * 86_400_000 },
  },
  {
    name: 'disk',
    description: 'There is little room left. When less than limits.freeDisk is free, nothing is accepted.',
    severity: 'critical',
    when: { kind: 'disk' },
  },
];

/** Those of files, then those that no file says, by name. */
export function readAlerts(folder: ProjectFolder, known: Known, problems: ProblemList): readonly AlertRule[] {
  const files = readYamlFolder(folder, 'alerts', problems);
  const written = files.flatMap(({ name, path, file }) => (file ? readAlert(name, path, file, known, problems) : []));
  const kinds = new Set(written.map(({ when }) => when.kind));
  return [...written, ...defaults.filter(({ when }) => !kinds.has(when.kind))];
}

function readAlert(name: string, path: string, file: WrittenFile, known: Known, problems: ProblemList): readonly AlertRule[] {
  const { values, problems: found } = readFields(alertFields, file.value);
  problems.fields(file, found);
  lookForTraps(file, alertFields, file.value, [], problems);
  if (found.length > 0) return [];
  const { description, severity, when, to, remind } = values;
  problems.faults(file, [...unknownPlaces(when, known), ...unknownReceivers(to ?? [], known)]);
  return [
    {
      name,
      severity,
      when,
      file: path,
      ...(description === undefined ? {} : { description }),
      ...(to === undefined ? {} : { to }),
      ...(remind === undefined ? {} : { remindMs: remind }),
    },
  ];
}

function unknownPlaces(when: AlertCondition, { systems, flows }: Known): readonly Fault[] {
  const faults: Fault[] = [];
  if ('flow' in when && when.flow !== undefined && !flows.has(when.flow))
    faults.push(unknownName('flow', when.flow, flows, ['when', 'flow']));
  if (!('system' in when) || when.system === undefined) return faults;
  const system = systems.get(when.system);
  if (!system) return [...faults, unknownName('system', when.system, systems.keys(), ['when', 'system'])];
  if (when.kind === 'silence' && when.inbound !== undefined && !system.inbounds.has(when.inbound))
    faults.push(unknownName('inbound', `${when.system}.${when.inbound}`, system.inbounds.keys(), ['when', 'inbound']));
  return faults;
}

function unknownReceivers(to: readonly string[], { settings }: Known): readonly Fault[] {
  const receivers = Object.keys(settings.alerts.receivers);
  return to.flatMap((name, index) => (receivers.includes(name) ? [] : [unknownName('receiver', name, receivers, ['to', index])]));
}
