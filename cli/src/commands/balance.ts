// mortise balance: whether everything that was taken, ever or on one day, is accounted for.

import { Option } from 'commander';
import type { BalanceView, DayBalance } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { csvText } from '../csv.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { localTime } from '../message-rows.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';
import { plain, styleOfState } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly day?: string;
  readonly zone?: string;
  readonly system?: string;
  readonly csv?: boolean | 'totals' | 'files' | 'unfinished';
}

type Row = BalanceView['rows'][number];

export const addBalance: AddCommand = (program) => {
  askingCommand(program, 'balance', 'add up what was taken against what became of it')
    .option('--day <date>', 'of what came in on this day, as 2026-11-23: also files, and what did not come out')
    .option('--zone <name>', 'where the day is, as Europe/Berlin (default: UTC)')
    .option('--system <name>', 'of a day: only outbounds of this system, and flows that receive from it')
    .addOption(
      new Option('--csv [table]', 'of a day: one table as CSV (default: totals)').choices(['totals', 'files', 'unfinished']),
    )
    .action(async (options: Options) => {
      const { day, zone, system, csv } = options;
      if (day === undefined) {
        if (zone !== undefined || system !== undefined || csv !== undefined)
          throw cliError('MORTISE_CLI_USAGE', '--zone, --system and --csv are of a day.', { remedy: 'Say which with --day.' });
        const balance = await (await engineClient(options)).get<BalanceView>('/balance');
        printResult(balance, options, (terminal) => balanceText(balance, terminal));
        endUneven(balance.even);
        return;
      }
      const balance = await (await engineClient(options)).get<DayBalance>('/balance/day', { day, zone, system });
      if (csv === undefined) printResult(balance, options, (terminal) => dayText(balance, terminal));
      else process.stdout.write(tables[csv === true || csv === false ? 'totals' : csv](balance));
      endUneven(balance.even);
    });
};

function endUneven(isEven: boolean): void {
  if (!isEven) process.exitCode = exitCodes.failed;
}

const tables = {
  totals: ({ day, zone, rows }: DayBalance): string => {
    const states = Object.keys(rows[0]?.states ?? {});
    return csvText(
      ['day', 'zone', 'destination', 'in', ...states, 'dropped'],
      rows.map((row) => [day, zone, row.destination, row.created, ...states.map((state) => row.states[state]), row.dropped]),
    );
  },
  files: ({ files }: DayBalance): string =>
    csvText(
      ['at', 'inbound', 'name', 'read', 'accepted', 'invalid', 'whole'],
      files.map(({ at, inbound, name, read, accepted, invalid, whole }) => [at, inbound, name, read, accepted, invalid, whole]),
    ),
  unfinished: ({ unfinished }: DayBalance): string =>
    csvText(
      ['at', 'state', 'destination', 'message', 'delivery', 'reason'],
      unfinished.map(({ at, state, destination, message, delivery, reason }) => [
        at,
        state,
        destination,
        message,
        delivery,
        reason,
      ]),
    ),
};

function balanceText({ even, reasons, rows }: BalanceView, terminal: Terminal): string {
  const verdict = verdictText(even, reasons, terminal);
  return rows.length === 0 ? verdict : `${rowsText(rows, terminal)}\n\n${verdict}`;
}

function dayText({ day, zone, rows, files, unfinished, more, even, reasons }: DayBalance, terminal: Terminal): string {
  if (rows.length === 0 && files.length === 0) return `Nothing came in on ${day} (${zone}).`;
  return [
    rows.length === 0 ? undefined : rowsText(rows, terminal),
    files.length === 0 ? undefined : tableText(files, fileColumns, terminal),
    unfinished.length === 0 ? undefined : tableText(unfinished, unfinishedColumns, terminal),
    more ? 'There are more that did not come out: look with "mortise messages --since --until --state".' : undefined,
    verdictText(even, reasons, terminal),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function rowsText(rows: readonly Row[], terminal: Terminal): string {
  const states = [...new Set(rows.flatMap((row) => Object.keys(row.states).filter((state) => (row.states[state] ?? 0) > 0)))];
  const counts = states.map((state) => ({
    title: state.toUpperCase(),
    text: (row: Row) => row.states[state] || undefined,
    align: 'right' as const,
  }));
  const columns: readonly Column<Row>[] = [
    { title: 'DESTINATION', text: (row) => row.destination },
    { title: 'MADE', text: (row) => row.created, align: 'right' },
    ...counts,
    { title: '(DROPPED)', text: (row) => row.dropped || undefined, align: 'right' },
  ];
  return tableText(rows, columns, terminal);
}

const fileColumns: readonly Column<DayBalance['files'][number]>[] = [
  { title: 'TIME', text: ({ at }) => localTime(at), whole: true },
  { title: 'INBOUND', text: ({ inbound }) => inbound },
  { title: 'FILE', text: ({ name }) => name },
  { title: 'READ', text: ({ read }) => read, align: 'right' },
  { title: 'ACCEPTED', text: ({ accepted }) => accepted, align: 'right' },
  { title: 'INVALID', text: ({ invalid }) => invalid || undefined, align: 'right' },
];

const unfinishedColumns: readonly Column<DayBalance['unfinished'][number]>[] = [
  { title: 'TIME', text: ({ at }) => localTime(at), whole: true },
  { title: 'STATE', text: ({ state }) => state, style: ({ state }) => styleOfState(state), whole: true },
  { title: 'DESTINATION', text: ({ destination }) => destination },
  { title: 'MESSAGE', text: ({ message }) => message, whole: true },
  { title: 'WHY', text: ({ reason }) => reason },
];

function verdictText(even: boolean, reasons: readonly string[], terminal: Terminal): string {
  return even
    ? terminal.style('green', 'Even: everything is accounted for.')
    : terminal.style('red', ['Uneven:', ...reasons].map(plain).join('\n  '));
}
