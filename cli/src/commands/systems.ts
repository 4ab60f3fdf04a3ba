// mortise systems: how the joined systems are, and whether they answer.

import type { Pinged, SystemView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import type { EngineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';
import type { Style } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly ping?: boolean;
}

interface Row {
  readonly system: string;
  readonly part: string;
  readonly state: string;
  readonly style: Style;
  readonly waiting?: number;
  readonly detail?: string;
}

export const addSystems: AddCommand = (program) => {
  askingCommand(program, 'systems', 'list the joined systems and how they are')
    .argument('[name...]', 'only these')
    .option('--ping', 'ask each whether it answers')
    .action(systems);
};

async function systems(names: readonly string[], options: Options): Promise<void> {
  const client = await engineClient(options);
  const all = (await client.get<readonly SystemView[]>('/systems')).filter(
    ({ name }) => names.length === 0 || names.includes(name),
  );
  if (!options.ping) {
    printResult(all, options, (terminal) => tableText(all.flatMap(rowsOf), columns, terminal));
    return;
  }
  const pinged = await pingAll(client, names.length > 0 ? names : all.map(({ name }) => name));
  printResult(pinged, options, (terminal) => tableText(pinged.flatMap(pingRows), columns, terminal));
  if (pinged.some(({ connections }) => connections.some(({ state }) => state === 'fails'))) process.exitCode = exitCodes.failed;
}

type PingedSystem = Pinged & { readonly name: string };

async function pingAll(client: EngineClient, names: readonly string[]): Promise<readonly PingedSystem[]> {
  return Promise.all(
    names.map(async (name) => ({ name, ...(await client.post<Pinged>(`/systems/${encodeURIComponent(name)}/ping`)) })),
  );
}

function pingRows({ name, connections }: PingedSystem): readonly Row[] {
  const styles: Readonly<Record<string, Style>> = { answers: 'green', fails: 'red', unknown: 'dim' };
  return connections.map((connection) => ({
    system: name,
    part: `connection ${connection.name}, ${connection.connector}`,
    state: connection.state,
    style: styles[connection.state] ?? 'dim',
    detail: connection.detail ?? (connection.state === 'unknown' ? 'there is no way to ask' : ''),
  }));
}

function rowsOf({ name: system, connections, inbounds, outbounds, standstill, maintenance }: SystemView): readonly Row[] {
  return [
    ...(standstill ? [{ system, part: 'all', state: 'stands still', style: 'yellow' as const, detail: standstill.reason }] : []),
    ...(maintenance && !standstill
      ? [
          {
            system,
            part: 'maintenance',
            state: 'planned',
            style: 'dim' as const,
            detail: `${maintenance.from} to ${maintenance.until}`,
          },
        ]
      : []),
    ...connections.map(
      ({ name, connector, breaker }): Row => ({
        system,
        part: `connection ${name}, ${connector}`,
        state: breaker === 'closed' ? 'ok' : `breaker ${breaker}`,
        style: breaker === 'closed' ? 'green' : 'red',
      }),
    ),
    ...inbounds.map(
      ({ target, state, problem }): Row => ({
        system,
        part: `inbound ${target}`,
        state,
        style: state === 'failing' ? 'red' : state === 'open' ? 'green' : 'dim',
        ...(problem === undefined ? {} : { detail: problem }),
      }),
    ),
    ...outbounds.map(
      ({ name, waiting, running }): Row => ({
        system,
        part: `outbound ${name}`,
        state: running > 0 ? `${running} running` : 'idle',
        style: 'dim',
        waiting,
      }),
    ),
  ];
}

const columns: readonly Column<Row>[] = [
  { title: 'SYSTEM', text: ({ system }) => system, whole: true },
  { title: 'PART', text: ({ part }) => part },
  { title: 'STATE', text: ({ state }) => state, style: ({ style }) => style, whole: true },
  { title: 'WAITING', text: ({ waiting }) => waiting || undefined, align: 'right' },
  { title: 'DETAIL', text: ({ detail }) => detail },
];
