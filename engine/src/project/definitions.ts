// What flows are compiled against: the project's definitions, and what may be written in place of one.

import type { ChannelDefinition, Definitions, Inline, LookupTables, SystemDefinition } from '../flow/definitions.ts';
import { importCode } from './code.ts';
import { readInbound, readOutbound } from './endpoints.ts';
import type { Reading } from './endpoints.ts';
import type { ProjectFolder } from './folder.ts';
import { didYouMean } from './names.ts';
import { fault } from './problems.ts';
import { connectionOf } from './systems.ts';
import type { SystemContext } from './systems.ts';

interface Parts {
  readonly folder: ProjectFolder;
  readonly systems: ReadonlyMap<string, SystemDefinition>;
  readonly channels: ReadonlyMap<string, ChannelDefinition>;
  readonly tables: LookupTables;
  readonly context: SystemContext;
}

export function definitionsOf({ folder, systems, channels, tables, context }: Parts): Definitions {
  const inline = inlineReader(context);
  return {
    folder: folder.path,
    systems,
    channels,
    models: context.models.models,
    tables,
    format: context.formats.find,
    inlineInbound: (system, uses, written) => inline('inbound', system, uses, written, readInbound),
    inlineOutbound: (system, uses, written) => inline('outbound', system, uses, written, readOutbound),
    text: (file) => (typeof file === 'string' ? folder.text(file) : undefined),
    functions: (file) => importCode(folder, file),
  };
}

type Written = Readonly<Record<string, unknown>>;
type Read<End> = (...given: Parameters<typeof readInbound>) => Reading<End>;

function inlineReader(context: SystemContext) {
  return <End>(
    side: 'inbound' | 'outbound',
    system: SystemDefinition,
    uses: string,
    written: Written,
    read: Read<End>,
  ): Inline<End> => {
    if (system[`${side}s`].has(uses)) {
      const remedy = `Write its options there, or name one of the connector's own ${side}s.`;
      return inlineOf<End>({
        faults: [fault('MORTISE_PROJECT_UNKNOWN_OPTION', [side], `"${uses}" has its options in ${system.file}.`, remedy)],
      });
    }
    const { connection, faults } = connectionOf(system.name, written['on'], system.connections);
    if (!connection) return inlineOf<End>({ faults });
    const known = Object.keys(context.connectors.get(connection.connector)?.[`${side}s`] ?? {});
    if (known.includes(uses)) return inlineOf(read(uses, uses, connection, written, context));
    const remedy = didYouMean(uses, [...system[`${side}s`].keys(), ...known]);
    return inlineOf<End>({
      faults: [fault('MORTISE_PROJECT_UNKNOWN_NAME', [side], `The system ${system.name} has no ${side} "${uses}".`, remedy)],
    });
  };
}

function inlineOf<End>({ definition, faults }: Reading<End>): Inline<End> {
  return { ...(definition === undefined ? {} : { definition }), problems: faults };
}
