// Every example is a project without problems, and its own tests pass.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The pattern book is many projects, and has a test of its own. */
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'patterns',
);

/** Without a value for each of them, check would say so. */
const secrets = Object.fromEntries(
  ['SHOP_WEBHOOK_SECRET', 'SHOP_API_KEY', 'CRM_API_KEY', 'GITHUB_WEBHOOK_SECRET'].map((name) => [name, 'c2VjcmV0']),
);

describe.each(examples.map(({ name }) => name))('%s', (name) => {
  it('has no errors, and nothing that check warns of', () => {
    expect(mortise('check', join('examples', name))).toEqual({ status: 0, output: 'No problems.\n' });
  });

  it('passes its tests', () => {
    const { status, output } = mortise('test', join('examples', name));
    expect(status, output).toBe(0);
    expect(output).toMatch(/[1-9]\d* passed, 0 failed/);
  });
});

function mortise(...words: readonly string[]): { readonly status: number | null; readonly output: string } {
  const command = [join(root, 'cli/src/mortise.mjs'), ...words];
  const env = { ...process.env, ...secrets };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', env });
  return { status, output: stdout + stderr };
}
