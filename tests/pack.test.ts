// What would be published, packed, installed into an empty folder, and used there without anything of the repository.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { npm, ownEnvironment } from '../tools/pack/npm.ts';
import { packAll } from '../tools/pack/pack.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mortise-installed-'));
const installMs = 300_000;
let tarballs: readonly string[];

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
}

beforeAll(() => {
  tarballs = packAll(root, join(folder, 'packs'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n');
  npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...tarballs);
}, installMs);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packages', () => {
  it('are three', () => {
    const names = tarballs.map((path) => basename(path).replace(/-\d.*\.tgz$/, ''));
    expect(names).toEqual(['mortise-sdk', 'mortise-mapping', 'mortise']);
  });

  it('hold no sources, no tests and no way back into the repository', () => {
    const listed = tarballs.flatMap((path) => spawnSync('tar', ['-tzf', path], { encoding: 'utf8' }).stdout.split('\n'));
    expect(listed.length).toBeGreaterThan(100);
    // What "mortise new" writes lies there as text.
    const own = listed.filter((path) => !/^package\/cli\/src\/new\/.*\.txt$/.test(path));
    expect(own.filter((path) => /\.test\.|fixture|conformance|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  it('hold each thread and each process of its own where it is looked for', () => {
    const listed = tarballs.flatMap((path) => spawnSync('tar', ['-tzf', path], { encoding: 'utf8' }).stdout.split('\n'));
    const sources = globSync('{engine/src,connectors,formats}/**/*{thread,child}.ts', { cwd: root });
    const wanted = sources.map((path) => `package/${path.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`);
    expect(wanted).toContain('package/engine/src/store/sqlite/writer-thread.js');
    expect(wanted.filter((path) => !listed.includes(path))).toEqual([]);
  });

  it('work in plain JavaScript', () => {
    const text = [
      "import { defineConnector, parseDuration } from '@mortise/sdk';",
      "import { compileExpression } from '@mortise/mapping';",
      "const connector = defineConnector({ name: 'toy', doc: 'A toy.', connection: {}, inbounds: {}, outbounds: {} });",
      "const sum = await compileExpression('a + b').evaluate({ a: 1, b: 2 }, {});",
      "console.log(connector.name, parseDuration('5s'), sum);",
    ];
    expect(run('use.js', text)).toEqual({ status: 0, output: 'toy 5000 3\n' });
  });

  it('bring types that hold in a strict project', () => {
    const text = [
      "import { defineConnector, defineOutbound, field, implementOutbounds } from '@mortise/sdk';",
      "import { compileExpression } from '@mortise/mapping';",
      "const options = { name: field.text({ doc: 'A name.' }), wait: field.duration({ doc: 'How long.', optional: true }) };",
      "const write = defineOutbound({ doc: 'Writes.', takes: 'value', replies: false, repeats: 'safe', options });",
      "const toy = defineConnector({ name: 'toy', doc: 'A toy.', connection: {}, inbounds: {}, outbounds: { write } });",
      'export const outbounds = implementOutbounds(toy, {',
      '  write: async () => ({',
      '    async send(_message, { options }) {',
      '      const name: string = options.name;',
      '      // @ts-expect-error A duration is a number of milliseconds.',
      '      const wait: string = options.wait;',
      '      return { detail: `${name} ${wait}` };',
      '    },',
      '    async close() {},',
      '  }),',
      '});',
      "export const expression: { readonly text: string } = compileExpression('a');",
    ];
    expect(typecheck(text)).toBe('');
  });
});

describe('a connector of a project', () => {
  it('passes the conformance kit as it was made', { timeout: installMs }, () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    const runner = ['vitest', 'fast-check'].map((name) => `${name}@${devDependencies[name]}`);
    npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...runner);
    npm(folder, 'exec', '--offline', '--', 'mortise', 'init', 'own');
    npm(folder, 'exec', '--offline', '--', 'mortise', 'new', 'connector', 'shelf', '--project', 'own');
    expect(npm(join(folder, 'own', 'connectors', 'shelf'), 'test')).toMatch(/30 passed/);
    npm(folder, 'exec', '--offline', '--', 'mortise', 'new', 'system', 'stock', '--connector', 'shelf', '--project', 'own');
    expect(npm(folder, 'exec', '--offline', '--', 'mortise', 'check', 'own', '--execute')).toContain('0 errors');
  });
});

describe('the command', () => {
  it('makes a project that runs, and stops when told', async () => {
    npm(folder, 'exec', '--offline', '--', 'mortise', 'init', 'x');
    const control = await useFreePorts(join(folder, 'x'));
    const engine = spawn(join(folder, 'node_modules', '.bin', 'mortise'), ['run', 'x'], { cwd: folder, env: ownEnvironment() });
    const output = collect(engine);
    const ended = once(engine, 'exit');
    try {
      expect(await firstAnswer(`http://${control}/health/ready`, engine), output()).toBe(200);
      const page = await (await fetch(`http://${control}/`)).text();
      const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1];
      expect((await fetch(`http://${control}${script}`)).status, page).toBe(200);
      engine.kill('SIGTERM');
      expect(await ended, output()).toEqual([0, null]);
    } finally {
      engine.kill('SIGKILL');
    }
  });
});

describe('a proof', () => {
  it('kills engines in processes of their own', () => {
    npm(folder, 'exec', '--offline', '--', 'mortise', 'init', 'proved');
    const proof = npm(folder, 'exec', '--offline', '--', 'mortise', 'prove', 'proved', '--kills', '2', '--json');
    expect(JSON.parse(proof)).toMatchObject({ proven: true, kills: { total: 2 } });
  });
});

describe('a script', () => {
  it('runs in the sandbox, which finds its thread and its interpreter', () => {
    npm(folder, 'exec', '--offline', '--', 'mortise', 'init', 'scripted');
    const write = (path: string, value: unknown): void => writeFileSync(join(folder, 'scripted', path), stringify(value));
    const steps = [{ script: { code: 'return { orderId: String(body.orderId), customer: "c" };' } }];
    write('flows/scripted.yaml', {
      from: { system: 'shop', inbound: 'webhook', path: '/scripted', verify: { scheme: 'none' } },
      steps,
      to: { system: 'warehouse', outbound: 'drop-order' },
    });
    write('tests/scripted.yaml', {
      flow: 'scripted',
      given: { body: { orderId: 7 } },
      expect: [{ to: 'warehouse.drop-order', body: { orderId: '7' } }],
    });
    expect(npm(folder, 'exec', '--offline', '--', 'mortise', 'test', 'scripted')).toContain('3 passed, 0 failed');
  });
});

function run(name: string, text: readonly string[]): { readonly status: number | null; readonly output: string } {
  writeFileSync(join(folder, name), `${text.join('\n')}\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [name], {
    cwd: folder,
    encoding: 'utf8',
    env: ownEnvironment(),
  });
  return { status, output: stdout + stderr };
}

/** What the compiler says of a project of one file, with the declarations of the packages checked too. */
function typecheck(text: readonly string[]): string {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'esnext', '--lib', 'esnext,dom', '--types', ''];
  writeFileSync(join(folder, 'use.ts'), `${text.join('\n')}\n`);
  return spawnSync(process.execPath, [tsc, ...strict, 'use.ts'], { cwd: folder, encoding: 'utf8' }).stdout;
}

/** Puts both listeners on ports that are free; returns the address of the control listener. */
async function useFreePorts(project: string): Promise<string> {
  const path = join(project, 'mortise.yaml');
  const [inbound, control] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const settings = parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
  writeFileSync(path, stringify({ ...settings, listeners: { inbound, control } }));
  return control;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

/** The status of the first answer other than "not ready"; undefined where the process ended before. */
async function firstAnswer(url: string, engine: ChildProcess): Promise<number | undefined> {
  while (engine.exitCode === null) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 503,
    );
    if (status !== 503) return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}
