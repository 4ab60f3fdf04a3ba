// What is printed, and how: colours where a person looks, and never a control character that came with a message.

import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Terminal {
  /** Characters a line; undefined where nobody looks, and nothing is cut. */
  readonly columns: number | undefined;
  readonly coloured: boolean;
  print(text: string): void;
  printError(text: string): void;
  style(style: Style, text: string): string;
}

export function openTerminal(output: NodeJS.WriteStream = process.stdout, errors: NodeJS.WriteStream = process.stderr): Terminal {
  const coloured = Boolean(output.isTTY) && !process.env['NO_COLOR'];
  return {
    columns: output.isTTY ? output.columns : undefined,
    coloured,
    print: (text) => void output.write(`${text}\n`),
    printError: (text) => void errors.write(`${text}\n`),
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** Text that came from elsewhere, on one line: what could move the cursor, colour the screen or turn the line around is made visible. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, (found) => (/^\s+$/.test(found) ? ' ' : '\uFFFD'));
}

/** States of deliveries, in the colour of what they ask of a person. */
export function styleOfState(state: string): Style {
  if (state === 'done') return 'green';
  if (state === 'dead' || state === 'invalid' || state === 'in-doubt') return 'red';
  return state === 'waiting' || state === 'held' ? 'yellow' : 'dim';
}
