// The check of folder shapes and of opening sentences, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkFolderShapes } from './folder-shapes.ts';
import { makeTree } from './tree.ts';

const opening = '// Says what it is for.\n';
const connector = {
  'connectors/ftp/connector.ts': `${opening}export default defineConnector({ name: 'ftp', inbounds: {}, outbounds: { write: {} } });\n`,
  'connectors/ftp/connector.test.ts': opening,
  'connectors/ftp/outbound.ts': opening,
  'connectors/ftp/README.md': '',
  'connectors/ftp/package.json': '{}',
  'connectors/ftp/services.yaml': 'services: {}\n',
};
const format = {
  'formats/tsv/format.ts': `${opening}export default defineFormat({ name: 'tsv' });\n`,
  'formats/tsv/decode.ts': opening,
  'formats/tsv/encode.ts': opening,
  'formats/tsv/format.test.ts': opening,
  'formats/tsv/README.md': '',
  'formats/tsv/package.json': '{}',
};

function found(texts: Readonly<Record<string, string>>, without?: string): string[] {
  const entries = Object.entries(texts).filter(([path]) => path !== without);
  return checkFolderShapes(makeTree(Object.fromEntries(entries))).map(({ path, what }) => `${path} ${what}`);
}

describe('folder shapes', () => {
  it('lets whole folders pass', () => {
    expect(found({ ...connector, ...format })).toEqual([]);
  });

  it.each([...Object.keys(connector), ...Object.keys(format)])('misses %s', (path) => {
    expect(found({ ...connector, ...format }, path)).toEqual([expect.stringMatching(new RegExp(`^${path} is missing`))]);
  });

  it('misses inbound.ts where inbounds are declared, in whatever way', () => {
    const declared = connector['connectors/ftp/connector.ts'].replace('inbounds: {}', 'inbounds');
    expect(found({ ...connector, 'connectors/ftp/connector.ts': declared })).toEqual([
      'connectors/ftp/inbound.ts is missing, and connector.ts declares inbounds',
    ]);
  });

  it('finds an inbound.ts that implements nothing', () => {
    expect(found({ ...connector, 'connectors/ftp/inbound.ts': opening })).toEqual([
      'connectors/ftp/inbound.ts is there, and connector.ts declares no inbound',
    ]);
  });

  it("finds a name that is not the folder's", () => {
    const misnamed = format['formats/tsv/format.ts'].replace("'tsv'", "'csv'");
    expect(found({ ...format, 'formats/tsv/format.ts': misnamed })).toEqual([
      'formats/tsv/format.ts does not declare the name "tsv"',
    ]);
  });
});

describe('opening sentences', () => {
  it.each([
    '// What it is for.\n\nlet a;\n',
    '#!/usr/bin/env node\n// What it\n// is for.\n',
    '// What is it?\nlet a;\n',
    '// What it is for. `node a.ts`\n',
  ])('lets %j pass', (text) => {
    expect(found({ 'a.ts': text })).toEqual([]);
  });

  it.each(['let a;\n', '/** What it is for. */\n', '// no sentence\nlet a;\n', '\n// What it is for.\n', ''])(
    'finds %j',
    (text) => {
      expect(found({ 'a.mjs': text })).toEqual(['a.mjs does not open with a sentence']);
    },
  );
});
