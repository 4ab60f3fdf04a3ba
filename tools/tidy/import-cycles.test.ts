// The check of import cycles, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkImportCycles } from './import-cycles.ts';
import { makeTree } from './tree.ts';

describe('import cycles', () => {
  it('finds none in a chain and in a diamond', () => {
    const tree = makeTree({
      'a.ts': "import './b.ts';\nimport './c.ts';\n",
      'b.ts': "import './d.ts';\n",
      'c.ts': "import './d.ts';\nimport 'node:fs';\n",
      'd.ts': '',
    });
    expect(checkImportCycles(tree)).toEqual([]);
  });

  it('finds a cycle through types, across packages, once', () => {
    const tree = makeTree({
      'one/package.json': '{ "name": "one", "exports": { ".": "./a.ts" } }',
      'two/package.json': '{ "name": "two", "exports": { ".": "./c.ts" } }',
      'one/a.ts': "import './leaf.ts';\nimport type { B } from './b.ts';\n",
      'one/b.ts': "export type { C } from 'two';\n",
      'one/leaf.ts': '',
      'two/c.ts': "let a: import('one').A;\n",
    });
    expect(checkImportCycles(tree)).toMatchObject([
      { path: 'one/a.ts', line: 2, what: 'import cycle: one/a.ts → one/b.ts → two/c.ts → one/a.ts' },
    ]);
  });

  it('finds a module that imports itself, and two cycles apart', () => {
    const tree = makeTree({ 'a.ts': "import './a.ts';", 'b.ts': "import './c.ts';", 'c.ts': "await import('./b.ts');" });
    expect(checkImportCycles(tree).map(({ path }) => path)).toEqual(['a.ts', 'b.ts']);
  });
});
