// mortise pause and mortise resume: the engine, a flow or a system stands still until a person lets it go on.

import type { Command } from 'commander';
import { Argument } from 'commander';
import type { PauseView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { flowDrainText } from '../flow-drain.ts';
import { plain } from '../terminal.ts';

type Kind = PauseView['kind'];

export const addPause: AddCommand = (program) => {
  const command = askingCommand(
    program,
    'pause',
    'let the engine, a flow or a system stand still; without arguments list what does',
  );
  kindAndName(command, false).option('--reason <text>', 'why: shown wherever it is missed').action(pause);
};

export const addResume: AddCommand = (program) => {
  kindAndName(askingCommand(program, 'resume', 'let go on what was paused, or a flow that was drained'), true).action(resume);
};

function kindAndName(command: Command, isNeeded: boolean): Command {
  const kind = new Argument(isNeeded ? '<kind>' : '[kind]', 'what').choices(['engine', 'flow', 'system']);
  return command.addArgument(kind).argument('[name]', 'of the flow or the system');
}

async function pause(
  kind: Kind | undefined,
  name: string | undefined,
  { reason, ...options }: EngineOptions & { readonly reason?: string },
): Promise<void> {
  if (kind === undefined) return list(options);
  const body = { ...targetOf(kind, name), ...(reason === undefined ? {} : { reason }) };
  const paused = await (await engineClient(options)).post<PauseView>('/pauses', body);
  printResult(paused, options, () => `Paused: ${nounOf(paused)}. It goes on with "mortise resume ${wordsOf(paused)}".`);
}

async function list(options: EngineOptions): Promise<void> {
  const pauses = await (await engineClient(options)).get<readonly PauseView[]>('/pauses');
  const text = ({ since, reason, drain, ...one }: PauseView): string =>
    `${nounOf(one)}${drain ? `, ${flowDrainText(drain)}` : ''}, since ${since}${reason === undefined ? '' : `: ${plain(reason)}`}`;
  printResult(pauses, options, () => (pauses.length === 0 ? 'Nothing is paused.' : pauses.map(text).join('\n')));
}

async function resume(kind: Kind, name: string | undefined, options: EngineOptions): Promise<void> {
  const target = targetOf(kind, name);
  const answer = await (await engineClient(options)).post<{ readonly resumed: boolean }>('/pauses/resume', target);
  printResult(answer, options, () => (answer.resumed ? `Goes on: ${nounOf(target)}.` : `Was not paused: ${nounOf(target)}.`));
}

function targetOf(kind: Kind, name: string | undefined): { readonly kind: Kind; readonly name: string } {
  if (kind === 'engine' && (name === undefined || name === '*')) return { kind, name: '*' };
  if (kind === 'engine') throw cliError('MORTISE_CLI_USAGE', `The engine has no name, and "${name}" was given.`);
  if (name === undefined)
    throw cliError('MORTISE_CLI_USAGE', `It is not said which ${kind}.`, { remedy: `Name it: ${kind} NAME.` });
  return { kind, name };
}

function nounOf({ kind, name }: { readonly kind: Kind; readonly name: string }): string {
  return kind === 'engine' ? 'the engine' : `${kind} ${plain(name)}`;
}

function wordsOf({ kind, name }: PauseView): string {
  return kind === 'engine' ? 'engine' : `${kind} ${plain(name)}`;
}
