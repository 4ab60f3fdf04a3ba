// CSV that spreadsheets read as it was meant.

import { expect, it } from 'vitest';
import { csvText } from './csv.ts';

it('quotes what must be quoted, and takes the edge off formulas', () => {
  const row = ['a,b', 'say "x"', 'two\nlines', '=1+1', '-5', -5, true, undefined];
  expect(csvText(['A', 'B'], [row])).toBe(`A,B\r\n"a,b","say ""x""","two\nlines",'=1+1,'-5,-5,true,\r\n`);
});
