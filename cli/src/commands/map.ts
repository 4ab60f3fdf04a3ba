// mortise map: tries an expression: its result, its type, of what it is made, and how long it took.

import { existsSync, readFileSync } from 'node:fs';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { openTerminal } from '../terminal.ts';
import { runSession } from './map-session.ts';
import { readJson, tryExpression, triedText } from './try-expression.ts';

interface Options {
  readonly input?: string;
  readonly schema?: string;
  readonly json?: boolean;
}

export const addMap: AddCommand = (program) => {
  const command = program
    .command('map')
    .description('try an expression: its result, its type, what it reads; without one, a session on the terminal')
    .argument('[expression]', 'JSONata, or a file that holds it');
  jsonOption(command)
    .option('--input <file>', 'the JSON to which it is applied')
    .option('--schema <file>', 'the JSON Schema of the input')
    .action(map);
};

async function map(expression: string | undefined, options: Options): Promise<void> {
  const given = {
    input: options.input === undefined ? undefined : readJson(options.input),
    schema: options.schema === undefined ? undefined : readJson(options.schema),
  };
  if (expression !== undefined) {
    const text = existsSync(expression) ? readFileSync(expression, 'utf8') : expression;
    const tried = await tryExpression(text, given, openTerminal());
    printResult(tried, options, (terminal) => triedText(tried, text, terminal));
    return;
  }
  if (!process.stdin.isTTY) {
    throw cliError('MORTISE_CLI_USAGE', 'No expression was given.', {
      remedy: 'Write one behind "mortise map", in quotes, or name a file.',
    });
  }
  await runSession(given, openTerminal(), process.stdin, process.stdout);
}
