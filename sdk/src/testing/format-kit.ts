// The conformance kit of formats: registers the tests that every format passes.

/* oxlint-disable vitest/expect-expect, vitest/no-conditional-tests, vitest/no-disabled-tests, vitest/valid-title --
   the kit registers tests out of tables: the assertions stand in format-kit-checks.ts, the titles in the kit's input. */

import { describe, expect, it } from 'vitest';
import type { Fields } from '../field.ts';
import { formatChecks, withReader } from './format-kit-checks.ts';
import { expectCompleteFormat, expectFreshFormatReadme } from './format-kit-declaration.ts';
import type { FormatCheck, FormatKit, ReadKit } from './format-kit-input.ts';

export type { FormatCheck, FormatKit, FormatSample, InvalidSample, RoundTrip, UnwritableSample } from './format-kit-input.ts';

/** Streaming 64 MiB takes a while on a slow machine: longer than a runner waits where nobody told it otherwise. */
const checkMs = 120_000;

/** Registers the tests. What is skipped is a skipped test, named with its reason. */
export function formatKit<Options extends Fields>(kit: FormatKit<Options>): void {
  const { format, folder } = kit;
  describe(`format ${format.name}`, () => {
    it('declares everything, with docs', () => expectCompleteFormat(format, folder));
    it('has a README whose option table is fresh', () => expectFreshFormatReadme(format, folder));
    for (const name of Object.keys(formatChecks) as FormatCheck[]) register(name, withReader(kit));
  });
}

function register(name: FormatCheck, kit: ReadKit): void {
  const { title, idle, cases } = formatChecks[name];
  const reason = kit.skip?.[name] ?? idle?.(kit);
  if (reason !== undefined) {
    it.skip(`${title} (${reason})`, () => undefined);
    return;
  }
  describe(title, () => {
    const entries = Object.entries(cases(kit));
    if (entries.length === 0)
      it('has something to check', () => expect.fail(`Give what "${name}" needs, or a reason in skip.${name}.`));
    for (const [what, run] of entries) it(what, { timeout: checkMs }, run);
  });
}
