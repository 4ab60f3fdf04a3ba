// mortise user: who may log in, and what each was granted.

import type { Command } from 'commander';
import type { UserView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { grantOptions, grantsOf, grantText } from '../grants.ts';
import type { GrantOptions } from '../grants.ts';
import { readSecretLine } from '../secret-line.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';

export const addUser: AddCommand = (program) => {
  const command = program.command('user').description('add users, change what they are granted, list and remove them');
  grantOptions(asking(command, 'add <name>', 'add a user; the password is asked for, or is a line of standard input')).action(
    add,
  );
  grantOptions(asking(command, 'grant <name>', 'grant these roles in place of those the user has')).action(grant);
  asking(command, 'password <name>', 'set a new password, and end all sessions of the user').action(setPassword);
  asking(command, 'disable <name>', 'let a user in no more').action(async (name: string, options: EngineOptions) =>
    tell(await (await engineClient(options)).patch<UserView>(pathOf(name), { disabled: true }), options, 'Disabled'),
  );
  asking(command, 'enable <name>', 'let a user in again').action(async (name: string, options: EngineOptions) =>
    tell(await (await engineClient(options)).patch<UserView>(pathOf(name), { disabled: false }), options, 'Enabled'),
  );
  asking(command, 'remove <name>', 'remove a user, with all sessions and tokens').action(remove);
  asking(command, 'list', 'list all users').action(list);
};

function asking(command: Command, words: string, description: string): Command {
  return askingCommand(command, words, description);
}

function pathOf(name: string): string {
  return `/users/${encodeURIComponent(name)}`;
}

async function add(name: string, options: EngineOptions & GrantOptions): Promise<void> {
  const client = await engineClient(options);
  const grants = requiredGrants(options);
  const password = await readSecretLine(`Password for ${name}: `);
  tell(await client.post<UserView>('/users', { name, password, grants }), options, 'Added');
}

async function grant(name: string, options: EngineOptions & GrantOptions): Promise<void> {
  const client = await engineClient(options);
  tell(await client.patch<UserView>(pathOf(name), { grants: requiredGrants(options) }), options, 'Changed');
}

async function setPassword(name: string, options: EngineOptions): Promise<void> {
  const client = await engineClient(options);
  const password = await readSecretLine(`New password for ${name}: `);
  tell(await client.patch<UserView>(pathOf(name), { password }), options, 'Changed');
}

async function remove(name: string, options: EngineOptions): Promise<void> {
  const result = await (await engineClient(options)).delete(pathOf(name));
  printResult(result, options, () => `Removed ${name}.`);
}

async function list(options: EngineOptions): Promise<void> {
  const users = await (await engineClient(options)).get<readonly UserView[]>('/users');
  printResult(users, options, (terminal) => (users.length === 0 ? 'There are no users.' : tableText(users, columns, terminal)));
}

function requiredGrants(options: GrantOptions): ReturnType<typeof grantsOf> {
  const grants = grantsOf(options);
  if (grants) return grants;
  throw cliError('MORTISE_CLI_USAGE', 'No role is named.', { remedy: 'Say what is granted, as --role operator.' });
}

function tell(user: UserView, options: EngineOptions, what: string): void {
  printResult(user, options, () => `${what} ${user.name}: ${user.grants.map(grantText).join(', ') || 'nothing is granted'}.`);
}

const columns: readonly Column<UserView>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'STATE', text: ({ disabled }) => (disabled ? 'disabled' : ''), style: () => 'red' },
  { title: 'GRANTED', text: ({ grants }) => grants.map(grantText).join(', ') },
  { title: 'LAST LOGIN', text: ({ seenAt }) => seenAt },
];
