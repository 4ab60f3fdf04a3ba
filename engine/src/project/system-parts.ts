// The parts of a system's file that connectors declare, each with its fields and its place.

import type { ConnectorDeclaration, Fields, Path } from '@mortise/sdk';
import { inboundFields, outboundFields } from './endpoints.ts';
import { isMapping } from './planned.ts';

export interface SystemPart {
  readonly path: Path;
  readonly fields: Fields;
  readonly written: Readonly<Record<string, unknown>>;
}

type Connectors = ReadonlyMap<string, ConnectorDeclaration>;

/** Connections, inbounds and outbounds, as far as it is known what they are. */
export function systemParts(value: unknown, connectors: Connectors): readonly SystemPart[] {
  if (!isMapping(value)) return [];
  const connections = connectionParts(value, connectors);
  const ends = (['inbounds', 'outbounds'] as const).flatMap((side) =>
    entriesOf(value[side]).flatMap(([name, written]) => endPart(value, side, name, written, connectors)),
  );
  return [...connections, ...ends];
}

function connectionParts(value: Readonly<Record<string, unknown>>, connectors: Connectors): readonly SystemPart[] {
  const one = connectors.get(String(value['connector']));
  const single =
    one && isMapping(value['connection']) ? [{ path: ['connection'], fields: one.connection, written: value['connection'] }] : [];
  const several = entriesOf(value['connections']).flatMap(([name, written]) => {
    const declaration = connectors.get(String(written['connector']));
    return declaration ? [{ path: ['connections', name], fields: declaration.connection, written }] : [];
  });
  return [...single, ...several];
}

function endPart(
  value: Readonly<Record<string, unknown>>,
  side: 'inbounds' | 'outbounds',
  name: string,
  written: Readonly<Record<string, unknown>>,
  connectors: Connectors,
): readonly SystemPart[] {
  const several = entriesOf(value['connections']);
  const named = several.find(([connection]) => connection === written['on']) ?? (several.length === 1 ? several[0] : undefined);
  const declaration = connectors.get(String(named ? named[1]['connector'] : value['connector']));
  const uses = String(written['uses']);
  if (!declaration || !Object.hasOwn(declaration[side], uses)) return [];
  const inbound = side === 'inbounds' ? declaration.inbounds[uses] : undefined;
  const outbound = side === 'outbounds' ? declaration.outbounds[uses] : undefined;
  const fields = inbound ? inboundFields(inbound) : outbound ? outboundFields(outbound) : {};
  return [{ path: [side, name], fields, written }];
}

function entriesOf(value: unknown): readonly [string, Readonly<Record<string, unknown>>][] {
  const entries = isMapping(value) ? Object.entries(value) : [];
  return entries.flatMap(([name, one]) => (isMapping(one) ? [[name, one] as [string, Readonly<Record<string, unknown>>]] : []));
}
