// Reads systems/*.yaml: connections, limits, named inbounds and outbounds.

import { field, readFields } from '@mortise/sdk';
import type { Path } from '@mortise/sdk';
import type { ConnectionDefinition, InboundDefinition, OutboundDefinition, SystemDefinition } from '../flow/definitions.ts';
import { readConnections } from './connections.ts';
import type { ConnectionContext } from './connections.ts';
import { readInbound, readOutbound } from './endpoints.ts';
import type { EndpointContext, Reading } from './endpoints.ts';
import { badNames, unknownName } from './names.ts';
import { isMapping, withoutPlanned } from './planned.ts';
import { fault } from './problems.ts';
import type { Fault, ProblemList, WrittenFile } from './problems.ts';
import { systemParts } from './system-parts.ts';
import { lookForTraps } from './value-traps.ts';
import type { NamedFile } from './yaml-folder.ts';

export type SystemContext = EndpointContext & ConnectionContext;

type Written = Readonly<Record<string, unknown>>;

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
  inbounds: field.record(field.value({ doc: 'One inbound.' }), { doc: 'Where messages come from, by name.', default: {} }),
  outbounds: field.record(field.value({ doc: 'One outbound.' }), { doc: 'Where messages go, by name.', default: {} }),
};

const planned = { maintenance: 'Maintenance windows' };

/** A system, as far as it can be read, and what of it cannot be: flows that name that are not to blame. */
interface SystemReading {
  readonly system: SystemDefinition;
  /** Names of inbounds and outbounds that are written and wrong; `*` where the whole file is. */
  readonly broken: ReadonlySet<string>;
}

function readSystem(name: string, file: WrittenFile, context: SystemContext, problems: ProblemList): SystemReading {
  const { values, problems: found } = readFields(systemFields, withoutPlanned(file, [], planned, problems));
  problems.fields(file, found);
  const { connections, faults } = readConnections(name, isMapping(file.value) ? file.value : {}, context);
  problems.faults(file, faults);
  const inbounds = readEnds(name, 'inbounds', values.inbounds ?? {}, connections, context, readInbound);
  const outbounds = readEnds(name, 'outbounds', values.outbounds ?? {}, connections, context, readOutbound);
  problems.faults(file, [...inbounds.faults, ...outbounds.faults]);
  lookForTraps(file, systemFields, file.value, [], problems);
  for (const { path, fields, written } of systemParts(file.value, context.connectors))
    lookForTraps(file, fields, written, path, problems);
  const isBroken = connections.size === 0 || found.length > 0;
  return {
    system: {
      name,
      file: file.file,
      connections,
      inbounds: inbounds.ends,
      outbounds: outbounds.ends,
      limits: values.limits ?? {},
    },
    broken: new Set([...(isBroken ? ['*'] : []), ...inbounds.broken, ...outbounds.broken]),
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

function readEnds<End extends InboundDefinition | OutboundDefinition>(
  system: string,
  side: 'inbounds' | 'outbounds',
  written: Written,
  connections: ReadonlyMap<string, ConnectionDefinition>,
  context: SystemContext,
  read: ReadEnd<End>,
): ReadEnds<End> {
  const readings = Object.entries(written).map(([name, one]) => ({
    name,
    ...readEnd(system, name, one, connections, context, read),
  }));
  return {
    ends: new Map(readings.flatMap(({ name, definition }) => (definition ? [[name, definition] as const] : []))),
    broken: readings.filter(({ definition }) => !definition).map(({ name }) => name),
    faults: [
      ...badNames(Object.keys(written), [side]),
      ...readings.flatMap(({ name, faults }) => faults.map((one) => ({ ...one, path: [side, name, ...one.path] }))),
    ],
  };
}

function readEnd<End>(
  system: string,
  name: string,
  written: unknown,
  connections: ReadonlyMap<string, ConnectionDefinition>,
  context: SystemContext,
  read: ReadEnd<End>,
): Reading<End> {
  if (!isMapping(written))
    return { faults: [fault('MORTISE_PROJECT_WRONG_VALUE', [], 'Expected a mapping with "uses" and options.')] };
  const { uses, ...rest } = written;
  if (typeof uses !== 'string') {
    return {
      faults: [
        fault(
          'MORTISE_PROJECT_MISSING_OPTION',
          uses === undefined ? [] : ['uses'],
          `"${name}" does not say what it uses.`,
          'Add "uses": what of the connector it is.',
        ),
      ],
    };
  }
  const { connection, faults } = connectionOf(system, rest['on'], connections);
  return connection ? read(name, uses, connection, rest, context) : { faults };
}

/** The connection that `on` names, or the only one. No fault where the connections themselves have some. */
export function connectionOf(
  system: string,
  on: unknown,
  connections: ReadonlyMap<string, ConnectionDefinition>,
): { readonly connection?: ConnectionDefinition; readonly faults: readonly Fault[] } {
  const [only, ...others] = connections.values();
  if (!only) return { faults: [] };
  const path: Path = on === undefined ? [] : ['on'];
  if (typeof on === 'string') {
    const connection = connections.get(on);
    return connection
      ? { connection, faults: [] }
      : { faults: [unknownName(`connection of ${system} called`, on, connections.keys(), path)] };
  }
  if (others.length === 0) return { connection: only, faults: [] };
  const message = `${system} has the connections ${[...connections.keys()].join(', ')}, and it is not said which one is used.`;
  return {
    faults: [fault('MORTISE_PROJECT_CONNECTIONS', path, message, `Add "on": one of ${[...connections.keys()].join(', ')}.`)],
  };
}
