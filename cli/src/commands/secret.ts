// mortise secret: stores secrets encrypted, and rotates what they are encrypted under. No command shows one.

import { resolve } from 'node:path';
import { Argument } from 'commander';
import type { SecretView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { readSecretLine } from '../secret-line.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';

export const addSecret: AddCommand = (program) => {
  const command = program.command('secret').description('store secrets encrypted, list their names, rotate their keys');
  askingCommand(command, 'set <name>', 'store a secret; it is asked for, or is a line of standard input')
    .option('--data <dir>', 'in this data folder, as before the first start')
    .action(set);
  askingCommand(command, 'list', 'the names of stored secrets').action(list);
  askingCommand(command, 'remove <name>', 'forget a secret').action(async (name: string, options: EngineOptions) => {
    const result = await (await engineClient(options)).delete(pathOf(name));
    printResult(result, options, () => `Forgotten: ${name}.`);
  });
  askingCommand(
    command,
    'rotate',
    'encrypt all secrets under a new data key, or seal that under the wrapping key that is there now',
  )
    .addArgument(new Argument('<what>', 'which key').choices(['data-key', 'wrapping-key']))
    .action(async (what: string, options: EngineOptions) => {
      const result = await (await engineClient(options)).post('/secrets/rotate', { what });
      printResult(result, options, () => `Rotated the ${what}.`);
    });
};

function pathOf(name: string): string {
  return `/secrets/${encodeURIComponent(name)}`;
}

async function set(name: string, { data, ...options }: EngineOptions & { readonly data?: string }): Promise<void> {
  const value = await readSecretLine(`Secret ${name}: `);
  if (data !== undefined) {
    const { setSecretOfFolder } = await import('@mortise/engine');
    setSecretOfFolder(resolve(data), name, value, Date.now());
    return printResult({ name }, options, () => `Stored ${name}.`);
  }
  const stored = await (await engineClient(options)).put<SecretView>(pathOf(name), { value });
  printResult(stored, options, () => `Stored ${name}: version ${stored.version}. Connections take it when they are opened next.`);
}

async function list(options: EngineOptions): Promise<void> {
  const secrets = await (await engineClient(options)).get<readonly SecretView[]>('/secrets');
  printResult(secrets, options, (terminal) => (secrets.length === 0 ? 'There are none.' : tableText(secrets, columns, terminal)));
}

const columns: readonly Column<SecretView>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'VERSION', text: ({ version }) => version, align: 'right' },
  { title: 'CHANGED', text: ({ changedAt }) => changedAt },
];
