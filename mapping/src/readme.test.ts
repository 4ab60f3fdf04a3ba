// The snippets of the README run as they stand.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInFunctions } from './index.ts';
import * as mapping from './index.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const snippets = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code);
const imported = /^import \{ ([^}]*) \} from '@mortise\/mapping';$/m;

type Run = (check: typeof assert, ...values: readonly unknown[]) => Promise<void>;

describe('the README', () => {
  it.each(snippets.map((code, at) => [at + 1, code] as const))('snippet %i', async (_, code) => {
    const names = (imported.exec(code)?.[1] ?? '').split(', ');
    const AsyncFunction = (async () => undefined).constructor as new (...texts: readonly string[]) => Run;
    const run = new AsyncFunction('assert', ...names, code.replace(imported, ''));
    await expect(
      run(assert, ...names.map((name) => (mapping as Readonly<Record<string, unknown>>)[name])),
    ).resolves.toBeUndefined();
  });

  it('has snippets, and names every value that is exported and every function beyond JSONata', () => {
    expect(snippets.length).toBeGreaterThan(5);
    for (const name of Object.keys(mapping)) expect(readme).toContain(`\`${name}`);
    for (const name of builtInFunctions().filter((one) => /^(decimal|hash|uuid5)/.test(one)))
      expect(readme).toContain(`$${name}`);
  });
});
