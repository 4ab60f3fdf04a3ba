// The layout of a package and its contents, from a made-up repository.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergeDependencies, packageContents } from './contents.ts';
import type { Manifest } from './contents.ts';
import { stagePackage } from './stage.ts';

const common = { version: '1.0.0', description: '', license: 'Apache-2.0', type: 'module' };
const manifests: Readonly<Record<string, Partial<Manifest>>> = {
  sdk: { name: '@mortise/sdk', exports: { '.': './src/index.ts', './testing': './src/testing/index.ts' } },
  mapping: { name: '@mortise/mapping', exports: { '.': './src/index.ts' } },
  engine: {
    name: '@mortise/engine',
    exports: { '.': './src/index.ts' },
    dependencies: { '@mortise/sdk': '1.0.0', yaml: '2.0.0' },
  },
  cli: { name: 'mortise', bin: { mortise: './src/mortise.mjs' }, dependencies: { '@mortise/engine': '1.0.0' } },
  'connectors/ftp': { name: '@mortise/connector-ftp', dependencies: { '@mortise/sdk': '1.0.0', 'basic-ftp': '5.0.0' } },
  'formats/tsv': { name: '@mortise/format-tsv', dependencies: { '@mortise/sdk': '1.0.0' } },
};

let root: string;
let staging: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-stage-'));
  staging = join(root, 'staging');
  for (const [folder, manifest] of Object.entries(manifests))
    write(`${folder}/package.json`, JSON.stringify({ ...common, ...manifest }));
  writeModule('cli/src/main', "import { start } from '@mortise/engine';\nimport './commands/run.ts';\n");
  writeModule('cli/src/commands/run', "await import('@mortise/engine');\n");
  write('cli/src/mortise.mjs', "await import('./main.ts');\n");
  write('cli/src/template/mortise.yaml', 'name: x\n');
  writeModule('engine/src/index', "import 'node:fs';\nimport { parse } from 'yaml';\n");
  writeModule('engine/src/index.test', '');
  writeModule('engine/src/store/conformance', "import 'vitest';\n");
  writeModule('connectors/ftp/connector', "import '@mortise/sdk';\n");
  write('connectors/ftp/services.yaml', 'services: {}\n');
  write('connectors/ftp/fixtures/a.csv', 'a\n');
  writeModule('formats/tsv/format', '');
  write('formats/all.test.ts', '');
  writeModule('sdk/src/index', "export * from './message.ts';\n");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a library', () => {
  it('exports what was compiled, with types', () => {
    stage('@mortise/sdk');
    expect(JSON.parse(read('package.json'))).toMatchObject({
      name: '@mortise/sdk',
      engines: { node: '>=24' },
      exports: {
        '.': { types: './src/index.d.ts', default: './src/index.js' },
        './testing': { types: './src/testing/index.d.ts', default: './src/testing/index.js' },
      },
    });
    expect(read('src/index.js')).toBe("export * from './message.js';\n");
    expect(read('src/index.d.ts')).toBe("export * from './message.js';\n");
    expect(existsSync(join(staging, 'src/index.ts'))).toBe(false);
  });
});

describe('mortise', () => {
  it('holds engine, command, connectors and formats, with all that they depend on', () => {
    stage('mortise');
    const { exports, bin, dependencies } = JSON.parse(read('package.json')) as Manifest;
    expect(exports?.['.']).toEqual({ types: './engine/src/index.d.ts', default: './engine/src/index.js' });
    expect(bin).toEqual({ mortise: './cli/src/mortise.mjs' });
    expect(dependencies).toEqual({ '@mortise/sdk': '1.0.0', 'basic-ftp': '5.0.0', yaml: '2.0.0' });
    expect(read('connectors/ftp/connector.js')).toBe("import '@mortise/sdk';\n");
    expect(existsSync(join(staging, 'formats/tsv/format.js'))).toBe(true);
  });

  it('finds the engine within itself', () => {
    stage('mortise');
    expect(read('cli/src/main.js')).toBe("import { start } from '../../engine/src/index.js';\nimport './commands/run.js';\n");
    expect(read('cli/src/commands/run.js')).toBe("await import('../../../engine/src/index.js');\n");
    expect(read('cli/src/mortise.mjs')).toBe("await import('./main.js');\n");
  });

  it('takes along what is no code, and leaves out what serves tests', () => {
    stage('mortise');
    expect(read('cli/src/template/mortise.yaml')).toBe('name: x\n');
    const left = [
      'engine/src/index.test.js',
      'engine/src/store/conformance.js',
      'connectors/ftp/services.yaml',
      'connectors/ftp/fixtures/a.csv',
    ];
    expect(left.filter((path) => existsSync(join(staging, path)))).toEqual([]);
    expect(existsSync(join(staging, 'connectors/ftp/package.json'))).toBe(false);
  });

  it('is refused where it imports what it does not bring along', () => {
    writeModule('engine/src/index', "import 'undici';\n");
    expect(() => stage('mortise')).toThrow('engine/src/index.js imports undici, which mortise does not depend on.');
  });

  it('is refused where it starts a thread from a source, and not where it chooses', () => {
    const chosen = "new Worker(new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url));\n";
    write('compiled/engine/src/index.js', chosen);
    stage('mortise');
    expect(read('engine/src/index.js')).toBe(chosen);
    write('compiled/engine/src/index.js', "new Worker(new URL('./thread.ts', import.meta.url));\n");
    expect(() => stage('mortise')).toThrow("engine/src/index.js:1 names './thread.ts'");
  });
});

describe('mergeDependencies', () => {
  const manifest = (name: string, dependencies: Readonly<Record<string, string>>): Manifest => ({
    ...common,
    name,
    dependencies,
  });

  it('leaves out the packages themselves', () => {
    expect(mergeDependencies([manifest('b', { a: '1', y: '2' }), manifest('a', { x: '1', y: '2' })])).toEqual({ x: '1', y: '2' });
  });

  it('refuses two versions of the same', () => {
    expect(() => mergeDependencies([manifest('b', { y: '2' }), manifest('a', { y: '1' })])).toThrow(
      'a wants y 1, another wants 2',
    );
  });
});

function stage(name: string): void {
  const contents = packageContents(root).find(({ manifest }) => manifest.name === name);
  if (contents) stagePackage(contents, { root, compiled: join(root, 'compiled'), staging });
}

/** A source, and what the compiler would have made of it. */
function writeModule(path: string, text: string): void {
  write(`${path}.ts`, text);
  write(`compiled/${path}.js`, text.replaceAll('.ts', '.js'));
  write(`compiled/${path}.d.ts`, text.startsWith('await') ? 'export {};\n' : text);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function read(path: string): string {
  return readFileSync(join(staging, path), 'utf8');
}
