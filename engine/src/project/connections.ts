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
  readonly faults: readonly Fault[];
}

type Written = Readonly<Record<string, unknown>>;

const oneName = 'default';

/** Reads `connector` and `connection`, or `connections`. */
export function readConnections(system: string, written: Written, context: ConnectionContext): ReadConnections {
  const isSeveral = written['connections'] !== undefined;
  const faults: Fault[] = [];
  if (isSeveral === (written['connector'] !== undefined)) {
    const message = isSeveral
      ? 'A system has either "connector" or "connections".'
      : 'The system has neither "connector" nor "connections".';
    return {
      connections: new Map(),
      faults: [fault('MORTISE_PROJECT_CONNECTIONS', isSeveral ? ['connections'] : [], message, undefined, 'key')],
    };
  }
  if (isSeveral && written['connection'] !== undefined) {
    faults.push(
      fault('MORTISE_PROJECT_CONNECTIONS', ['connection'], 'A system with "connections" has no "connection".', undefined, 'key'),
    );
  }
  const read = isSeveral ? readSeveral(system, written['connections'], context) : readOne(system, written, context);
  const connections = read.flatMap(({ connection }) => (connection ? [[connection.name, connection] as const] : []));
  return { connections: new Map(connections), faults: [...faults, ...read.flatMap((one) => one.faults)] };
}

interface ReadOne {
  readonly connection?: ConnectionDefinition;
  readonly faults: readonly Fault[];
}

function readOne(system: string, written: Written, context: ConnectionContext): readonly ReadOne[] {
  const path = written['connection'] === undefined ? ['connector'] : ['connection'];
  return [
    readValues(
      system,
      oneName,
      written['connector'],
      written['connection'] ?? {},
      { path, connectorPath: ['connector'] },
      context,
    ),
  ];
}

function readSeveral(system: string, written: unknown, context: ConnectionContext): readonly ReadOne[] {
  if (!isMapping(written) || Object.keys(written).length === 0) {
    return [
      {
        faults: [
          fault('MORTISE_PROJECT_CONNECTIONS', ['connections'], 'Expected names, each with a connector and its connection.'),
        ],
      },
    ];
  }
  const names = { faults: badNames(Object.keys(written), ['connections']) };
  const read = Object.entries(written).map(([name, one]) => {
    const path = ['connections', name];
    if (!isMapping(one) || one['connector'] === undefined) {
      return { faults: [fault('MORTISE_PROJECT_CONNECTIONS', path, `The connection "${name}" has no "connector".`)] };
    }
    const { connector, ...values } = one;
    return readValues(system, name, connector, values, { path, connectorPath: [...path, 'connector'] }, context);
  });
  return [names, ...read];
}

interface Paths {
  readonly path: Path;
  readonly connectorPath: Path;
}

function readValues(
  system: string,
  name: string,
  connector: unknown,
  written: unknown,
  paths: Paths,
  context: ConnectionContext,
): ReadOne {
  if (typeof connector !== 'string')
    return { faults: [fault('MORTISE_PROJECT_WRONG_VALUE', paths.connectorPath, 'Expected the name of a connector.')] };
  const declaration = context.connectors.get(connector);
  if (!declaration) {
    return {
      faults: context.unloaded.has(connector)
        ? []
        : [unknownName('connector', connector, context.connectorNames, paths.connectorPath)],
    };
  }
  const { values, problems } = readFields(declaration.connection, written, paths.path);
  return { connection: { system, name, connector, values }, faults: problems.map(faultOf) };
}
