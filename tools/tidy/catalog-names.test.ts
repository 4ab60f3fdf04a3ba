// The check for names of connectors and formats, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkCatalogNames } from './catalog-names.ts';
import { makeTree } from './tree.ts';

const folders = { 'connectors/ftp/connector.ts': "export default { name: 'ftp' };\n", 'formats/tsv/format.ts': '' };

describe('catalog names', () => {
  it('lets a name stand in its own folder, in tests, and within other words', () => {
    const tree = makeTree({
      ...folders,
      'engine/src/a.test.ts': "open('ftp');\n",
      'engine/src/b.ts': "const a = 'ftps'; const tsv = 1;\n",
    });
    expect(checkCatalogNames(tree, [])).toEqual([]);
  });

  it('takes a kind for what it is', () => {
    const tree = makeTree({ ...folders, 'sdk/src/a.ts': "if (body.kind === 'tsv') f({ kind: 'tsv' });\n" });
    expect(checkCatalogNames(tree, [])).toEqual([]);
  });

  it('finds a name in the engine, the SDK and the command line', () => {
    const tree = makeTree({
      ...folders,
      'engine/src/a.ts': "\nif (connector === 'ftp') stop();\n",
      'sdk/src/a.ts': "type A = 'tsv';\n",
      'cli/src/a.ts': "f('ftp');\n",
    });
    expect(checkCatalogNames(tree, []).map(({ path, line }) => `${path}:${line}`)).toEqual([
      'engine/src/a.ts:2',
      'sdk/src/a.ts:1',
      'cli/src/a.ts:1',
    ]);
  });

  it('lets an allowed word pass where it is allowed, and finds an entry that nothing needs', () => {
    const tree = makeTree({ ...folders, 'cli/src/a.ts': "f('tsv');\n" });
    expect(checkCatalogNames(tree, [{ word: 'tsv', under: 'cli/', reason: 'a flag' }])).toEqual([]);
    expect(checkCatalogNames(tree, [{ word: 'tsv', under: 'sdk/', reason: 'a kind' }]).map(({ what }) => what)).toEqual([
      'names the connector or format "tsv"',
      '"tsv" is allowed under sdk/, but does not stand there',
    ]);
  });
});
