// mortise balance: whether everything that was taken is accounted for.

import type { BalanceView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { tableText } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const addBalance: AddCommand = (program) => {
  askingCommand(program, 'balance', 'add up what was taken against what became of it').action(async (options: EngineOptions) => {
    const balance = await (await engineClient(options)).get<BalanceView>('/balance');
    printResult(balance, options, (terminal) => balanceText(balance, terminal));
    if (!balance.even) process.exitCode = exitCodes.failed;
  });
};

function balanceText({ even, reasons, rows }: BalanceView, terminal: Terminal): string {
  const states = [...new Set(rows.flatMap((row) => Object.keys(row.states).filter((state) => (row.states[state] ?? 0) > 0)))];
  const columns = [
    { title: 'DESTINATION', text: (row: BalanceView['rows'][number]) => row.destination },
    { title: 'MADE', text: (row: BalanceView['rows'][number]) => row.created, align: 'right' as const },
    ...states.map((state) => ({
      title: state.toUpperCase(),
      text: (row: BalanceView['rows'][number]) => row.states[state] || undefined,
      align: 'right' as const,
    })),
  ];
  const verdict = even
    ? terminal.style('green', 'Even: everything is accounted for.')
    : terminal.style('red', ['Uneven:', ...reasons].join('\n  '));
  return rows.length === 0 ? verdict : `${tableText(rows, columns, terminal)}\n\n${verdict}`;
}
