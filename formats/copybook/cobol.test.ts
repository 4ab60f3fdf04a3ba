// A COBOL compiler as an oracle, for some record layouts; cobol.long.test.ts tries many.

import { expect, it } from 'vitest';
import { compareWithCobol, noCompiler } from './cobol-comparison.fixture.ts';

const seed = process.env['MORTISE_TEST_SEED'];

it.skipIf(noCompiler)(
  `GnuCOBOL and this format read what the other wrote (${noCompiler ?? 'both ways'})`,
  { timeout: 240_000 },
  () => {
    expect(() => compareWithCobol(6, seed === undefined ? undefined : Number(seed))).not.toThrow();
  },
);
