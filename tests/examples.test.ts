// Every example is a project without errors, and its own tests pass.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.each(examples.map(({ name }) => name))('%s', (name) => {
  it('has no errors', () => {
    const { status, output } = mortise('check', join('examples', name));
    expect(status, output).toBe(0);
    expect(output).toContain('0 errors');
  });

  it('passes its tests', () => {
    const { status, output } = mortise('test', join('examples', name));
    expect(status, output).toBe(0);
    expect(output).toMatch(/[1-9]\d* passed, 0 failed/);
  });
});

function mortise(...words: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'cli/src/mortise.mjs'), ...words], { cwd: root, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
