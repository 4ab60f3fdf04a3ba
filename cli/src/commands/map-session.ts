// A session of mortise map on a terminal: one expression after the other, on one input. Its history is in memory only.

import { createInterface } from 'node:readline/promises';
import { tellFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { readJson, tryExpression, triedText } from './try-expression.ts';
import type { TryInput } from './try-expression.ts';

interface Session {
  given: TryInput;
  showsType: boolean;
}

const help = ':input FILE   :schema FILE   :type   :quit';

/** Reads lines until `:quit` or the end of the input. */
export async function runSession(
  given: TryInput,
  terminal: Terminal,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<void> {
  const session: Session = { given, showsType: false };
  const lines = createInterface({ input, output, prompt: '> ' });
  // An input that has ended may still have lines to be answered, and takes no prompt.
  let isOpen = true;
  lines.once('close', () => (isOpen = false));
  terminal.print(help);
  lines.prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (text === ':quit') break;
    try {
      if (text !== '') terminal.print(await answer(text, session, terminal));
    } catch (thrown) {
      tellFailure(thrown, terminal);
    }
    if (isOpen) lines.prompt();
  }
  lines.close();
}

async function answer(text: string, session: Session, terminal: Terminal): Promise<string> {
  const [command = '', file = ''] = text.split(/\s+(.*)/s);
  switch (command) {
    case ':input':
      session.given = { ...session.given, input: readJson(file) };
      return `The input is ${file}.`;
    case ':schema':
      session.given = { ...session.given, schema: readJson(file) };
      return `The schema of the input is ${file}.`;
    case ':type':
      session.showsType = !session.showsType;
      return session.showsType ? 'Types are shown.' : 'Types are not shown.';
    default:
      break;
  }
  if (text.startsWith(':')) return help;
  const tried = await tryExpression(text, session.given, terminal);
  return session.showsType
    ? triedText(tried, text, terminal)
    : (triedText(tried, text, terminal).split(`\n${terminal.style('dim', 'type')} `)[0] ?? '');
}
