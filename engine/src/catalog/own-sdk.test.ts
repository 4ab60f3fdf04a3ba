// The code of a project gets the engine's own SDK, whether it has one of its own or none.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'mortise-own-sdk-'));
  write(
    'connectors/toy/connector.ts',
    "import { defineConnector } from '@mortise/sdk';\nexport default defineConnector({ name: 'toy', doc: 'A toy.', connection: {}, inbounds: {}, outbounds: {} });\n",
  );
  write(
    'connectors/toy/outbound.ts',
    "import { Unavailable } from '@mortise/sdk';\nexport const outbounds = { send: () => { throw new Unavailable('Not now.'); } };\n",
  );
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

/** In a process of its own: the test runner resolves imports itself. */
function outcome(): string {
  const script = `
    import { openCatalog } from ${JSON.stringify(new URL('./catalog.ts', import.meta.url).href)};
    import { Unavailable } from ${JSON.stringify(new URL('../../../sdk/src/index.ts', import.meta.url).href)};
    const catalog = openCatalog().extended(${JSON.stringify(project)});
    const send = await catalog.outbound('toy', 'send');
    try { send(); } catch (error) { console.log((await catalog.connector('toy')).doc, error instanceof Unavailable); }`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return stdout + stderr;
}

it('where it has none', () => {
  expect(outcome()).toBe('A toy. true\n');
});

it('where it has another, whose errors the engine would not know', () => {
  write('node_modules/@mortise/sdk/package.json', '{ "name": "@mortise/sdk", "type": "module", "exports": "./index.js" }');
  write(
    'node_modules/@mortise/sdk/index.js',
    'export const defineConnector = (one) => one;\nexport class Unavailable extends Error {}\n',
  );
  expect(outcome()).toBe('A toy. true\n');
});
