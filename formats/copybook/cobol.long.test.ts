// A COBOL compiler as an oracle, for many record layouts. MORTISE_TEST_COBOL_LAYOUTS says how many.

import { expect, it } from 'vitest';
import { compareWithCobol, noCompiler } from './cobol-comparison.fixture.ts';

const layouts = Number(process.env['MORTISE_TEST_COBOL_LAYOUTS'] ?? 300);

it.skipIf(noCompiler)(`GnuCOBOL and this format read what the other wrote (${noCompiler ?? `${layouts} layouts`})`, () => {
  expect(() => compareWithCobol(layouts)).not.toThrow();
});
