// Writes the system's file: connections, inbounds, outbounds, each with what the description says of it.

import { stringify } from 'yaml';
import type { Connection, Connections } from './connections.ts';
import type { Entry } from './outbounds.ts';

export function systemFile(
  title: string,
  connections: Connections,
  inbounds: readonly Entry[],
  outbounds: readonly Entry[],
): string {
  const names = connections.names();
  const isOne = connections.all.length <= 1;
  return [
    comment(title),
    ...(isOne ? oneConnection(connections.all[0]) : manyConnections(connections.all, names)),
    ...section('inbounds', inbounds, () => (isOne ? undefined : [...names.values()][0])),
    ...section('outbounds', outbounds, ({ connection }) => (isOne || !connection ? undefined : names.get(connection))),
    '',
  ].join('\n');
}

function oneConnection(connection: Connection | undefined): readonly string[] {
  if (!connection) return ['connector: http'];
  return ['connector: http', 'connection:', ...fieldLines(valuesOf(connection), 2)];
}

function manyConnections(all: readonly Connection[], names: ReadonlyMap<Connection, string>): readonly string[] {
  return [
    'connections:',
    ...all.flatMap((one) => [`  ${names.get(one)}:`, ...fieldLines({ connector: 'http', ...valuesOf(one) }, 4)]),
  ];
}

function valuesOf({ url, auth }: Connection): Readonly<Record<string, unknown>> {
  return { ...(url === undefined ? {} : { url }), ...(auth ? { auth } : {}) };
}

function section(name: string, entries: readonly Entry[], on: (entry: Entry) => string | undefined): readonly string[] {
  if (entries.length === 0) return [];
  const lines = entries.flatMap((entry) => {
    const connection = on(entry);
    const fields = { ...(connection === undefined ? {} : { on: connection }), ...entry.fields };
    return [...entry.comments.map((line) => `  ${comment(line)}`), `  ${entry.name}:`, ...fieldLines(fields, 4)];
  });
  return [`${name}:`, ...lines];
}

/** Block style for the names, flow style for what stands behind them. */
function fieldLines(fields: Readonly<Record<string, unknown>>, indent: number): readonly string[] {
  const space = ' '.repeat(indent);
  return Object.entries(fields).map(
    ([name, value]) =>
      `${space}${name}: ${stringify(value, { collectionStyle: 'flow', lineWidth: 0, defaultStringType: plainOrQuoted(value) }).trim()}`,
  );
}

/** A text that holds a template is quoted: braces mean something to YAML. */
function plainOrQuoted(value: unknown): 'PLAIN' | 'QUOTE_SINGLE' {
  return typeof value === 'string' && value.includes('${') ? 'QUOTE_SINGLE' : 'PLAIN';
}

/** What came from outside stays on its line. */
function comment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')}`.trimEnd();
}
