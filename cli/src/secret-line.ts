// Reads a password or another secret where nobody else sees it: from the terminal without an echo, or as a line of standard input; never an argument.

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { cliError } from './errors.ts';

/** Throws MORTISE_CLI_USAGE where standard input has no line. */
export async function readSecretLine(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const isTerminal = Boolean(stdin.isTTY);
  if (isTerminal) stderr.write(question);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: mute, terminal: isTerminal });
  try {
    const { value, done } = await lines[Symbol.asyncIterator]().next();
    if (!done && typeof value === 'string' && value !== '') return value;
    throw cliError('MORTISE_CLI_USAGE', 'There is nothing on standard input.', {
      remedy: 'Type it when asked, or write it as one line of standard input.',
    });
  } finally {
    lines.close();
    if (isTerminal) stderr.write('\n');
  }
}
