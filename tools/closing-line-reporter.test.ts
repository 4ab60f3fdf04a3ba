// The closing line, at the end of real runs of made-up tests.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const reporter = fileURLToPath(new URL('closing-line-reporter.ts', import.meta.url));

const pass = "it('passes', () => {});\n";
const fail = "it('fails', () => { throw new Error('on purpose'); });\n";
const skip = "it.skip('is skipped (needs nothing)', () => {});\n";
const brokenDescribe = `describe('a', () => { beforeAll(() => { throw new Error('on purpose'); }); ${pass} });\n`;
const brokenEnd = "afterAll(() => { throw new Error('on purpose'); });\n";
const unhandled =
  "it('passes', () => new Promise((go) => { setTimeout(() => { setTimeout(go); throw new Error('late'); }); }));\n";

describe('the closing line', () => {
  it.each([
    { texts: [pass + pass, skip], last: '2 passed, 0 failed, 1 skipped', exit: 0 },
    { texts: [pass, fail, skip], last: '1 passed, 1 failed, 1 skipped', exit: 1 },
    { texts: [pass, "throw new Error('broken module');\n"], last: '1 passed, 1 failed, 0 skipped', exit: 1 },
    { texts: [pass, 'const = 1;\n'], last: '1 passed, 1 failed, 0 skipped', exit: 1 },
    { texts: [pass + brokenDescribe], last: '1 passed, 1 failed, 1 skipped', exit: 1 },
    { texts: [pass + brokenEnd], last: '1 passed, 1 failed, 0 skipped', exit: 1 },
    { texts: [unhandled], last: '1 passed, 1 failed, 0 skipped', exit: 1 },
    { texts: [skip], last: '0 passed, 0 failed, 1 skipped', exit: 1 },
  ])('is "$last"', ({ texts, last, exit }) => {
    const run = runTests(texts);
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(last);
    expect(run.status).toBe(exit);
  });

  it('does not let a run pass that has no tests', () => {
    expect(runTests([]).status).not.toBe(0);
  });
});

function runTests(texts: readonly string[]): { readonly stdout: string; readonly status: number | null } {
  const root = mkdtempSync(join(tmpdir(), 'mortise-closing-line-'));
  try {
    texts.forEach((text, index) => writeFileSync(join(root, `a${index}.test.ts`), text));
    const options = ['--globals', '--reporter=default', `--reporter=${reporter}`];
    return spawnSync(process.execPath, [vitest, 'run', '--root', root, ...options], { encoding: 'utf8', env: withoutVitest() });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The environment without what the outer run set for its own workers. */
function withoutVitest(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|MODE$)/.test(name)));
}
