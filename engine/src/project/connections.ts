// Reads what a system is connected by: one connection, or several with names.

import { readFields } from '@mortise/sdk';
import type { ConnectorDeclaration, Path } from '@mortise/sdk';
import type { ConnectionDefinition } from '../flow/definitions.ts';
import { badNames, unknownName } from './names.ts';
import { isMapping } from './planned.ts';
import { fault, faultOf } from './problems.ts';
import type { Fault } from './problems.ts';

export interface ConnectionContext {
  /** Declarations of the connectors that the project mentions. */
  readonly connectors: ReadonlyMap<string, ConnectorDeclaration>;
  readonly connectorNames: readonly string[];
  /** Connectors that are there and were not, or could not be, loaded: that was told already. */
  readonly unloaded: ReadonlySet<string>;
}

export interface ReadConnections {
  readonly connections: ReadonlyMap<string, ConnectionDefinition>;
  /** Whether any that is written could not be read: what uses it is not to blame. */
  readonly isBroken: boolean;
  readonly faults: readonly Fault[];
}

type Written = Readonly<Record<string, unknown>>;

/** One connection as it was written. */
interface WrittenConnection {
  readonly name: string;
  readonly connector: unknown;
  readonly values: unknown;
  readonly connectorPath: Path;
  /** Where it is told what is missing among the values. */
  readonly path: Path;
}

const oneName = 'default';

/** Reads `connector` and `connection`, or `connections`. */
export function readConnections(system: string, written: Written, context: ConnectionContext): ReadConnections {
  const { found, faults } = findConnections(written);
  const readings = found.map((one) => readOne(system, one, context));
  const connections = readings.flatMap(({ connection }) => (connection ? [[connection.name, connection] as const] : []));
  return {
    connections: new Map(connections),
    isBroken: connections.length < found.length || connections.length === 0,
    faults: [...faults, ...readings.flatMap((reading) => reading.faults)],
  };
}

interface Found {
  readonly found: readonly WrittenConnection[];
  readonly faults: readonly Fault[];
}

function findConnections(written: Written): Found {
  const { connector, connection, connections } = written;
  if (connections === undefined && connector === undefined)
    return nothing([], 'The system has neither "connector" nor "connections".');
  if (connections === undefined) {
    const path = connection === undefined ? ['connector'] : ['connection'];
    return { found: [{ name: oneName, connector, values: connection ?? {}, connectorPath: ['connector'], path }], faults: [] };
  }
  if (connector !== undefined) return nothing(['connections'], 'A system has either "connector" or "connections".');
  if (!isMapping(connections) || Object.keys(connections).length === 0) {
    return nothing(['connections'], 'Expected names, each with a connector and its connection.', 'value');
  }
  const beside =
    connection === undefined ? [] : nothing(['connection'], 'A system with "connections" has no "connection".').faults;
  return {
    found: Object.entries(connections).map(named),
    faults: [...beside, ...badNames(Object.keys(connections), ['connections'])],
  };
}

function named([name, written]: [string, unknown]): WrittenConnection {
  const path = ['connections', name];
  const { connector, ...values } = isMapping(written) ? written : {};
  return { name, connector, values, connectorPath: connector === undefined ? path : [...path, 'connector'], path };
}

function nothing(path: Path, message: string, at: 'key' | 'value' = 'key'): Found {
  return { found: [], faults: [fault('MORTISE_PROJECT_CONNECTIONS', path, message, undefined, at)] };
}

function readOne(system: string, written: WrittenConnection, { connectors, connectorNames, unloaded }: ConnectionContext) {
  const { name, connector, values: options, connectorPath, path } = written;
  if (typeof connector !== 'string') {
    return { faults: [fault('MORTISE_PROJECT_CONNECTIONS', connectorPath, `The connection "${name}" names no connector.`)] };
  }
  const declaration = connectors.get(connector);
  if (!declaration) {
    return { faults: unloaded.has(connector) ? [] : [unknownName('connector', connector, connectorNames, connectorPath)] };
  }
  const { values, problems } = readFields(declaration.connection, options, path);
  const connection: ConnectionDefinition = { system, name, connector, values };
  return { connection, faults: problems.map(faultOf) };
}
