// Reads systems/*.yaml: connections, limits, named inbounds and outbounds.

import { field, readFields } from '@mortise/sdk';
import type { ConnectionDefinition, SystemDefinition } from '../flow/definitions.ts';
import { readConnections } from './connections.ts';
import type { ConnectionContext } from './connections.ts';
import { readInbound, readOutbound } from './endpoints.ts';
import type { EndpointContext, Reading } from './endpoints.ts';
import { badNames, unknownName } from './names.ts';
import { readMaintenance } from './maintenance.ts';
import { isMapping } from './planned.ts';
import { fault } from './problems.ts';
import type { Fault, ProblemList, WrittenFile } from './problems.ts';
import { systemParts } from './system-parts.ts';
import { lookForTraps } from './value-traps.ts';
import type { NamedFile } from './yaml-folder.ts';

export type SystemContext = EndpointContext & ConnectionContext;

type Written = Readonly<Record<string, unknown>>;

const maintenanceForm = field.group(
  {
    cron: field.text({ doc: 'When a window opens, as a cron pattern of five parts.', example: '0 2 * * SUN' }),
    for: field.duration({ doc: 'How long it stays open.', example: '2h' }),
    zone: field.text({ doc: 'The time zone of the pattern.', default: 'UTC', example: 'Europe/Berlin' }),
  },
  { doc: 'One maintenance window.' },
);

export const systemFields = {
  connector: field.text({ doc: 'The connector, where the system has one connection.', optional: true }),
  connection: field.value({ doc: 'What the connector needs to reach the system.', optional: true }),
  connections: field.record(field.value({ doc: 'One connection, with its connector.' }), {
    doc: 'Several connections by name.',
    optional: true,
  }),
  limits: field.group(
    {
      concurrency: field.integer({
        doc: 'How many sends may be under way to this system at the same time.',
        optional: true,
        minimum: 1,
      }),
      rate: field.rate({ doc: 'How many sends may begin in a time.', optional: true, example: '50/s' }),
    },
    { doc: 'What the system can bear.', default: {} },
  ),
  maintenance: field.oneOf([maintenanceForm, field.list(maintenanceForm, { doc: 'Several windows.' })], {
    doc: 'When it wants to be left alone: nothing is sent to it then, and nothing is fetched.',
    optional: true,
  }),
  inbounds: field.record(field.value({ doc: 'One inbound.' }), { doc: 'Where messages come from, by name.', default: {} }),
  outbounds: field.record(field.value({ doc: 'One outbound.' }), { doc: 'Where messages go, by name.', default: {} }),
};

/** A system, as far as it can be read, and what of it cannot be: flows that name that are not to blame. */
interface SystemReading {
  readonly system: SystemDefinition;
  /** Names of inbounds and outbounds that are written and wrong; `*` where the whole file is. */
  readonly broken: ReadonlySet<string>;
}

function readSystem(name: string, file: WrittenFile, context: SystemContext, problems: ProblemList): SystemReading {
  const { values, problems: found } = readFields(systemFields, file.value);
  problems.fields(file, found);
  const { connections, isBroken, faults } = readConnections(name, isMapping(file.value) ? file.value : {}, context);
  const place: EndPlace = { system: name, connections, isBroken, context };
  const inbounds = readEnds('inbounds', values.inbounds ?? {}, place, readInbound);
  const outbounds = readEnds('outbounds', values.outbounds ?? {}, place, readOutbound);
  const maintenance = readMaintenance(values.maintenance);
  problems.faults(file, [...faults, ...inbounds.faults, ...outbounds.faults, ...maintenance.faults]);
  lookForTraps(file, systemFields, file.value, [], problems);
  const parts = systemParts(file.value, context.connectors);
  for (const { path, fields, written } of parts) lookForTraps(file, fields, written, path, problems);
  return {
    system: {
      name,
      file: file.file,
      connections,
      inbounds: inbounds.ends,
      outbounds: outbounds.ends,
      limits: values.limits ?? {},
      ...(maintenance.windows.length > 0 ? { maintenance: maintenance.windows } : {}),
    },
    broken: new Set([...(isBroken || found.length > 0 ? ['*'] : []), ...inbounds.broken, ...outbounds.broken]),
  };
}

export interface ReadSystems {
  readonly systems: ReadonlyMap<string, SystemDefinition>;
  readonly broken: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A system whose file cannot be read is there all the same, without anything: flows that name it are not to blame. */
export function readSystems(files: readonly NamedFile[], context: SystemContext, problems: ProblemList): ReadSystems {
  const readings = files.map(({ name, path, file }): SystemReading => {
    if (file) return readSystem(name, file, context, problems);
    const nothing = { connections: new Map(), inbounds: new Map(), outbounds: new Map(), limits: {} };
    return { system: { name, file: path, ...nothing }, broken: new Set(['*']) };
  });
  return {
    systems: new Map(readings.map(({ system }) => [system.name, system])),
    broken: new Map(readings.map(({ system, broken }) => [system.name, broken])),
  };
}

/** What the ends of a system are read with. */
interface EndPlace {
  readonly system: string;
  readonly connections: ReadonlyMap<string, ConnectionDefinition>;
  /** Some connection could not be read. */
  readonly isBroken: boolean;
  readonly context: SystemContext;
}

type ReadEnd<End> = (
  name: string,
  uses: string,
  connection: ConnectionDefinition,
  written: Written,
  context: EndpointContext,
) => Reading<End>;

interface ReadEnds<End> {
  readonly ends: ReadonlyMap<string, End>;
  readonly broken: readonly string[];
  readonly faults: readonly Fault[];
}

function readEnds<End>(side: 'inbounds' | 'outbounds', written: Written, place: EndPlace, read: ReadEnd<End>): ReadEnds<End> {
  const readings = Object.entries(written).map(([name, one]) => ({ name, ...readEnd(name, one, place, read) }));
  return {
    ends: new Map(readings.flatMap(({ name, definition }) => (definition ? [[name, definition] as const] : []))),
    broken: readings.filter(({ definition }) => !definition).map(({ name }) => name),
    faults: [
      ...badNames(Object.keys(written), [side]),
      ...readings.flatMap(({ name, faults }) => faults.map((one) => ({ ...one, path: [side, name, ...one.path] }))),
    ],
  };
}

function readEnd<End>(name: string, written: unknown, place: EndPlace, read: ReadEnd<End>): Reading<End> {
  const { uses, ...rest } = isMapping(written) ? written : {};
  if (typeof uses !== 'string') {
    const path = uses === undefined ? [] : ['uses'];
    const message = `"${name}" does not say what it uses.`;
    return { faults: [fault('MORTISE_PROJECT_MISSING_OPTION', path, message, 'Add "uses": what of the connector it is.')] };
  }
  const { connection, faults } = connectionOf(place.system, rest['on'], place.connections);
  if (connection && !(place.isBroken && rest['on'] === undefined)) return read(name, uses, connection, rest, place.context);
  return { faults: place.isBroken ? [] : faults };
}

/** The connection that `on` names, or the only one. Where there is none, that was told. */
export function connectionOf(
  system: string,
  on: unknown,
  connections: ReadonlyMap<string, ConnectionDefinition>,
): { readonly connection?: ConnectionDefinition; readonly faults: readonly Fault[] } {
  const names = [...connections.keys()];
  if (names.length === 0) return { faults: [] };
  const name = on ?? (names.length === 1 ? names[0] : undefined);
  const connection = typeof name === 'string' ? connections.get(name) : undefined;
  if (connection) return { connection, faults: [] };
  if (typeof name === 'string') return { faults: [unknownName(`connection of ${system} called`, name, names, ['on'])] };
  const message = `${system} has the connections ${names.join(', ')}, and it is not said which one is used.`;
  const path = on === undefined ? [] : ['on'];
  return { faults: [fault('MORTISE_PROJECT_CONNECTIONS', path, message, `Add "on": one of ${names.join(', ')}.`)] };
}
