// The check of import directions, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkImportDirections } from './import-directions.ts';
import { makeTree, printFindings } from './tree.ts';

const manifests = {
  'sdk/package.json': JSON.stringify({
    name: '@mortise/sdk',
    exports: { '.': './src/index.ts', './testing': './src/testing/index.ts' },
  }),
  'mapping/package.json': JSON.stringify({ name: '@mortise/mapping', exports: { '.': './src/index.ts' } }),
  'engine/package.json': JSON.stringify({ name: '@mortise/engine', exports: { '.': './src/index.ts' } }),
  'connectors/ftp/package.json': JSON.stringify({ name: '@mortise/connector-ftp', exports: { '.': './connector.ts' } }),
};

function found(path: string, specifier: string): string {
  const tree = makeTree({ ...manifests, [path]: `import type { A } from '${specifier}';\n` });
  return printFindings(checkImportDirections(tree));
}

describe('import directions', () => {
  it.each([
    ['sdk/src/a.ts', './b.ts'],
    ['sdk/src/a.ts', 'node:fs'],
    ['mapping/src/a.ts', 'jsonata'],
    ['connectors/ftp/inbound.ts', '@mortise/sdk'],
    ['connectors/ftp/inbound.ts', './verify/a.ts'],
    ['connectors/ftp/client.ts', 'basic-ftp'],
    ['connectors/ftp/connector.test.ts', '@mortise/sdk/testing'],
    ['formats/csv/decode.ts', 'csv-parse'],
    ['engine/src/step/expression.ts', '@mortise/mapping'],
    ['engine/src/filter/filter.ts', '../step/step.ts'],
    ['engine/src/recovery/recovery.ts', '../step/expression.ts'],
    ['engine/src/delivery/a.ts', '../store/store.ts'],
    ['engine/src/delivery/a.test.ts', '../store/sqlite/open.ts'],
    ['engine/src/flow/a.ts', '../router/router.ts'],
    ['engine/src/flow/a.ts', '../delivery/a.ts'],
    ['engine/src/project/a.ts', '../catalog/a.ts'],
    ['engine/src/control/a.ts', '../project/a.ts'],
    ['engine/src/engine.ts', './store/sqlite/open.ts'],
    ['cli/src/main.ts', '@mortise/engine'],
    ['tools/a.ts', '../engine/src/store/sqlite/open.ts'],
  ])('%s may import %s', (path, specifier) => {
    expect(found(path, specifier)).toBe('');
  });

  it.each([
    ['sdk/src/a.ts', '@mortise/mapping', 'sdk imports mapping'],
    ['sdk/src/a.ts', './testing/index.ts', 'sdk imports sdk testing'],
    ['mapping/src/a.ts', '@mortise/sdk', 'mapping imports sdk'],
    ['connectors/http/inbound.ts', '@mortise/engine', 'connector "http" imports entry'],
    ['connectors/http/connector.test.ts', '@mortise/engine', 'connector "http" imports entry'],
    ['connectors/http/inbound.ts', '@mortise/connector-ftp', 'connector "http" imports connector "ftp"'],
    ['connectors/http/inbound.ts', '@mortise/sdk/testing', 'connector "http" imports sdk testing'],
    ['connectors/http/inbound.ts', '../ftp/client.ts', 'leaves the package'],
    ['connectors/http/outbound.ts', 'undici', 'imports the library "undici"'],
    ['formats/csv/format.ts', 'csv-parse', 'imports the library "csv-parse"'],
    ['formats/csv/decode.ts', '../json/read.ts', 'leaves the package'],
    ['engine/src/step/step.ts', '@mortise/mapping', 'step imports mapping'],
    ['engine/src/filter/filter.ts', '@mortise/mapping', 'pattern "filter" imports mapping'],
    ['engine/src/filter/filter.ts', '../router/router.ts', 'pattern "filter" imports pattern "router"'],
    ['engine/src/filter/filter.ts', '../store/store.ts', 'pattern "filter" imports store interface'],
    ['engine/src/store/sqlite/a.ts', '../../step/step.ts', 'store imports step'],
    ['engine/src/delivery/a.ts', '../store/sqlite/open.ts', 'delivery imports store'],
    ['engine/src/delivery/a.ts', '../flow/a.ts', 'delivery imports flow'],
    ['engine/src/flow/a.ts', '../project/a.ts', 'flow imports project'],
    ['engine/src/project/a.ts', '../control/a.ts', 'project imports control'],
    ['engine/src/control/a.ts', '../index.ts', 'control imports entry'],
    ['engine/src/engine.ts', '../../tools/a.ts', 'leaves the package'],
    ['cli/src/main.ts', '@mortise/mapping', 'cli imports mapping'],
    ['cli/src/main.ts', '../../engine/src/flow/a.ts', 'leaves the package'],
    ['examples/shop/flows/a.ts', '@mortise/mapping', 'example "shop" imports mapping'],
  ])('%s may not import %s', (path, specifier, what) => {
    expect(found(path, specifier)).toContain(what);
  });

  it('sees re-exports, dynamic imports and types by import()', () => {
    const text = "export * from '@mortise/mapping';\nawait import('@mortise/mapping');\nlet a: import('@mortise/mapping').A;\n";
    expect(checkImportDirections(makeTree({ ...manifests, 'sdk/src/a.ts': text })).map(({ line }) => line)).toEqual([1, 2, 3]);
  });
});
