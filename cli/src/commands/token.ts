// mortise token: tokens for programs that ask the engine, as a monitoring system does.

import { InvalidArgumentError } from 'commander';
import type { TokenView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { grantOptions, grantsOf, grantText } from '../grants.ts';
import type { GrantOptions } from '../grants.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';

interface Options extends EngineOptions, GrantOptions {
  readonly days: number;
}

interface Made {
  readonly text: string;
  readonly token: TokenView;
}

export const addToken: AddCommand = (program) => {
  const command = program.command('token').description('make tokens for programs, list and remove them');
  grantOptions(askingCommand(command, 'add <label>', 'make a token and print it: it is shown this once'))
    .option('--days <number>', 'so long it is good', parseDays, 90)
    .action(add);
  askingCommand(command, 'list', 'list the tokens that were made here').action(list);
  askingCommand(command, 'remove <id>', 'make a token void').action(async (id: string, options: EngineOptions) => {
    const result = await (await engineClient(options)).delete(`/tokens/${encodeURIComponent(id)}`);
    printResult(result, options, () => `Token ${id} is void.`);
  });
};

async function add(label: string, options: Options): Promise<void> {
  const grants = grantsOf(options);
  const body = { label, days: options.days, ...(grants ? { grants } : {}) };
  const made = await (await engineClient(options)).post<Made>('/tokens', body);
  printResult(made, options, () => made.text);
}

async function list(options: EngineOptions): Promise<void> {
  const tokens = await (await engineClient(options)).get<readonly TokenView[]>('/tokens');
  printResult(tokens, options, (terminal) => (tokens.length === 0 ? 'There are none.' : tableText(tokens, columns, terminal)));
}

function parseDays(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is no number of days.');
}

const columns: readonly Column<TokenView>[] = [
  { title: 'ID', text: ({ id }) => id, whole: true },
  { title: 'LABEL', text: ({ label }) => label },
  { title: 'MAY', text: ({ grants }) => grants?.map(grantText).join(', ') ?? 'everything' },
  { title: 'ENDS', text: ({ endsAt }) => endsAt },
  { title: 'LAST USED', text: ({ seenAt }) => seenAt },
];
