// The check of packages and licences, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkPackages } from './packages.ts';
import { makeTree } from './tree.ts';

const whole = {
  'package.json': '{ "name": "repository", "devDependencies": { "vitest": "5" } }',
  'sdk/package.json': '{ "name": "@mortise/sdk", "exports": { ".": "./src/index.ts" } }',
  'engine/package.json': '{ "name": "@mortise/engine", "dependencies": { "@mortise/sdk": "1", "yaml": "2" } }',
  'engine/src/a.ts': "import '@mortise/sdk';\nimport { parse } from 'yaml/sub';\nimport 'node:fs';\nimport './b.ts';\n",
  'engine/src/a.test.ts': "import 'vitest';\n",
  'tools/a.ts': "import 'vitest';\nimport '@mortise/engine';\n",
};

function found(texts: Readonly<Record<string, string>>): string[] {
  return checkPackages(makeTree(texts)).map(({ path, line, what }) => `${path}:${line} ${what}`);
}

function foundInLock(locked: Readonly<Record<string, unknown>>): string[] {
  return found({ 'package-lock.json': JSON.stringify({ packages: { '': {}, 'node_modules/a': locked } }, null, 1) });
}

describe('packages', () => {
  it('lets a whole tree pass', () => {
    expect(found(whole)).toEqual([]);
  });

  it('finds an import that is not declared, also where the root declares it for tests', () => {
    const text = `${whole['engine/src/a.ts']}import 'undici';\nimport type { A } from 'vitest';\n`;
    expect(found({ ...whole, 'engine/src/a.ts': text })).toEqual([
      'engine/src/a.ts:5 imports "undici", which its package does not declare',
      'engine/src/a.ts:6 imports "vitest", which its package does not declare',
    ]);
  });

  it('lets a test import what its package declares for development, and nothing else do so', () => {
    const declared = {
      ...whole,
      'engine/package.json': whole['engine/package.json'].replace('{', '{ "devDependencies": { "undici": "8" },'),
    };
    expect(found({ ...declared, 'engine/src/a.test.ts': "import 'undici';\n" })).toEqual([]);
    expect(found({ ...declared, 'engine/src/b.ts': "import 'undici';\n" })).toHaveLength(1);
  });

  it('finds an undeclared import of a test', () => {
    expect(found({ ...whole, 'engine/src/a.test.ts': "import 'undici';\n" })).toEqual([
      'engine/src/a.test.ts:1 imports "undici", which its package does not declare',
    ]);
  });

  it('finds a dependency that nothing imports', () => {
    expect(found({ ...whole, 'engine/src/a.ts': "import '@mortise/sdk';\n" })).toEqual([
      'engine/package.json:1 declares "yaml", which nothing imports',
    ]);
  });
});

describe('licences', () => {
  it.each(['MIT', 'MIT OR GPL-3.0', '(BSD-2-Clause OR MIT)', 'MIT AND ISC'])('allows %s', (license) => {
    expect(foundInLock({ license })).toEqual([]);
  });

  it.each(['GPL-3.0', 'MIT AND GPL-3.0', 'SSPL-1.0 OR Elastic-2.0', undefined])('refuses %s', (license) => {
    expect(foundInLock({ license })).toEqual([`package-lock.json:4 node_modules/a has the licence "${license ?? 'none'}"`]);
  });

  it.each([{ dev: true }, { devOptional: true }, { peer: true }, { link: true }])(
    'does not ask about what is not shipped: %j',
    (flag) => {
      expect(foundInLock({ license: 'GPL-3.0', ...flag })).toEqual([]);
    },
  );
});
