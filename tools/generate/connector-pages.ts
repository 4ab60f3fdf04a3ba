// The reference of connectors: a page with all of them, and a page for each.

import { optionTable } from '@mortise/sdk';
import type { ConnectorDeclaration, InboundDeclaration, OutboundDeclaration } from '@mortise/sdk';
import { codeList, page, table } from './markdown.ts';

export function connectorList(connectors: readonly ConnectorDeclaration[]): string {
  const rows = connectors.map(({ name, doc, inbounds, outbounds }) => [
    `[\`${name}\`](connectors/${name}.md)`,
    doc,
    codeList(Object.keys(inbounds)),
    codeList(Object.keys(outbounds)),
  ]);
  return page('Connectors', table(['connector', 'what it is for', 'inbounds', 'outbounds'], rows));
}

export function connectorPage(connector: ConnectorDeclaration): string {
  const { name, doc, connection, inbounds, outbounds } = connector;
  return page(
    name,
    doc,
    `Examples and limits: [the connector's own page](../../../connectors/${name}/README.md).`,
    `## Connection\n\n${optionTable(connection)}`,
    ...Object.entries(inbounds).map(([key, inbound]) => inboundPart(key, inbound)),
    ...Object.entries(outbounds).map(([key, outbound]) => outboundPart(key, outbound)),
  );
}

const bodyKinds = { bytes: 'bytes, by a format', value: 'values, no format needed' } as const;

function inboundPart(name: string, inbound: InboundDeclaration): string {
  const how =
    inbound.mode === 'listening'
      ? 'Listening: the other side calls.'
      : `Polling: looks every \`${inbound.every ?? 'as the user says'}\`.`;
  const facts = [how, `Gives ${bodyKinds[inbound.gives]}.`, ...defaultFormat(inbound)];
  return [`## Inbound \`${name}\``, inbound.doc, facts.join(' '), optionTable(inbound.options)].join('\n\n');
}

function outboundPart(name: string, outbound: OutboundDeclaration): string {
  const facts = [
    `Takes ${bodyKinds[outbound.takes]}.`,
    ...defaultFormat(outbound),
    outbound.replies ? 'Replies, so `call` can use it.' : 'Gives no reply.',
    repeatFact(outbound.repeats),
  ];
  return [`## Outbound \`${name}\``, outbound.doc, facts.join(' '), optionTable(outbound.options)].join('\n\n');
}

function defaultFormat({ format }: { readonly format?: string }): string[] {
  return format === undefined ? [] : [`Format: \`${format}\` unless another is named.`];
}

function repeatFact(repeats: OutboundDeclaration['repeats']): string {
  if (typeof repeats === 'function') return 'Whether a repeat is safe depends on the options.';
  return repeats === 'safe' ? 'A repeat is safe.' : 'A repeat may take effect twice.';
}
