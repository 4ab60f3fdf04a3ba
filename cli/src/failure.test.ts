// How a command ends badly.

import { MortiseError } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { exitCodes } from './exit-codes.ts';
import { tellFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

function told(thrown: unknown): { readonly code: number; readonly text: string } {
  const lines: string[] = [];
  const terminal: Terminal = {
    columns: undefined,
    coloured: false,
    print: () => undefined,
    printError: (text) => void lines.push(text),
    style: (_style, text) => text,
  };
  return { code: tellFailure(thrown, terminal), text: lines.join('\n') };
}

describe('a failure', () => {
  it('that was foreseen is told with code and remedy', () => {
    const error = new MortiseError('MORTISE_TEST_NONE', { actor: 'author', cause: 'c', remedy: 'Mend it.' }, 'It is\nbroken.');
    expect(told(error)).toEqual({ code: exitCodes.failed, text: 'error MORTISE_TEST_NONE: It is broken.\n  remedy: Mend it.' });
  });

  it('that nobody foresaw is a fault of Mortise', () => {
    const { code, text } = told(new TypeError('x is undefined'));
    expect(code).toBe(exitCodes.fault);
    expect(text).toMatch(/^error MORTISE_CLI_FAULT: x is undefined\n {2}remedy: Report it/);
    expect(told('just a text').text).toContain('just a text');
  });

  it('of the file system is one of the file', () => {
    const error = Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: 'EACCES', path: 'x' });
    expect(told(error)).toMatchObject({ code: exitCodes.failed, text: expect.stringContaining('MORTISE_CLI_FILE') });
  });
});
