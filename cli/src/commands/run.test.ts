// A run from start to stop: signals, reloads, and what keeps it from starting.

import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { initProject, mortise, startMortise, temporaryFolder, until } from '../cli.fixture.ts';
import type { Running } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

interface Started {
  readonly engine: Running;
  readonly project: string;
  readonly control: string;
}

async function started(name: 'run' | 'dev', change: (project: string) => void = () => undefined): Promise<Started> {
  const { folder, remove } = temporaryFolder();
  cleanups.push(remove);
  const { project, control } = await initProject(folder);
  change(project);
  const engine = startMortise([name, project]);
  cleanups.push(() => void engine.child.kill('SIGKILL'));
  await engine.printed(name === 'dev' ? 'Watching' : 'Running');
  return { engine, project, control };
}

const flowOf = (project: string): string => join(project, 'flows', 'shop-orders.yaml');

function rewrite(path: string, from: string, to: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}

describe('run', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 at %s', async (signal) => {
    const { engine } = await started('run');
    expect(await engine.end(signal)).toBe(0);
    expect(engine.text().out).toContain('Stopping');
  });

  it('ends what is under way first, and at once when it is told again', async () => {
    const asked: string[] = [];
    const silent = createServer((request) => void asked.push(request.url ?? ''));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanups.push(() => silent.close().closeAllConnections());
    const { engine, project, control } = await started('run', (folder) => {
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      writeFileSync(
        join(folder, 'systems', 'console.yaml'),
        `connector: http\nconnection: { url: "${url}" }\noutbounds:\n  line: { uses: request, path: /line }\n`,
      );
    });
    await mortise(['send', 'shop.order-created', join(project, 'fixtures', 'shop-order.json'), '--control', control]);
    await until(
      () => asked.length > 0,
      () => 'nothing was asked',
    );
    engine.child.kill('SIGINT');
    await engine.printed('Stopping');
    expect((await mortise(['flows', '--control', control])).status).toBe(0);
    expect((await fetch(`http://${control}/health/ready`)).status).toBe(503);
    expect(await engine.end('SIGINT')).toBe(exitCodes.interrupted);
  });

  it('loads its project anew at SIGHUP', async () => {
    const { engine, project } = await started('run');
    rewrite(flowOf(project), '$count(items) > 0', '$count(items) > 1');
    engine.child.kill('SIGHUP');
    await engine.printed(/Applied: revision [0-9a-f]{12}\./);
    expect(await engine.end()).toBe(0);
  });

  it('prints what is wrong with a project that cannot run', async () => {
    const { folder, remove } = temporaryFolder();
    cleanups.push(remove);
    const { project } = await initProject(folder);
    rewrite(flowOf(project), 'filter:', 'fliter:');
    const { status, out, err } = await mortise(['run', project]);
    expect({ status, out }).toEqual({ status: exitCodes.failed, out: '' });
    expect(err).toContain('flows/shop-orders.yaml:5:');
    expect(err).toMatch(/\nerror MORTISE_ENGINE_PROJECT_BROKEN: Project acme has 1 error\.\n {2}remedy: /);
  });

  it.each(['foo', '127.0.0.1:99999', '192.0.2.1:1'])(
    'ends where it cannot listen, also when the other listener is open already: %s',
    async (listen) => {
      const { folder, remove } = temporaryFolder();
      cleanups.push(remove);
      const { project } = await initProject(folder);
      const { status, err } = await mortise(['run', project, '--listen', listen]);
      expect(status).toBe(exitCodes.notStarted);
      expect(err).toMatch(/^error MORTISE_ENGINE_(ADDRESS|LISTEN): .+\n {2}remedy: /m);
    },
  );

  it('takes up what the last run left', async () => {
    const { engine, project, control } = await started('run');
    const { out } = await mortise([
      'send',
      'shop.order-created',
      join(project, 'fixtures', 'shop-order.json'),
      '--control',
      control,
    ]);
    await engine.end('SIGKILL');
    const again = startMortise(['run', project]);
    cleanups.push(() => void again.child.kill('SIGKILL'));
    await again.printed('Running');
    const id = out.trim().split(' ')[1] ?? '';
    await until(
      async () => (await mortise(['message', id, '--control', control])).out.includes('outbound:warehouse.drop-order done'),
      () => 'the order was lost',
    );
    expect((await mortise(['balance', '--control', control])).status).toBe(0);
    expect(await again.end()).toBe(0);
  });
});

describe('dev', () => {
  it('runs what is saved, and goes on with the old where that has errors', async () => {
    const { engine, project, control } = await started('dev');
    rewrite(flowOf(project), 'filter:', 'fliter:');
    await engine.printed('Not applied: what ran before goes on.');
    expect(engine.text().err).toContain('flows/shop-orders.yaml:5:');
    expect((await mortise(['flows', '--control', control])).out).toContain('shop-orders');
    rewrite(flowOf(project), 'fliter:', 'filter:');
    await engine.printed(/Applied: revision /);
    expect(engine.text().out).toContain('Changed: flows/shop-orders.yaml');
    expect(await engine.end()).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')(
    'opens the console in a browser, logged in, by a file that only its user can read (needs Linux)',
    async () => {
      const { folder, remove } = temporaryFolder();
      cleanups.push(remove);
      const { project } = await initProject(folder);
      const seen = join(folder, 'seen');
      const opener = `#!/bin/sh\nstat -c %a "$1" > ${seen}.part\ncat "$1" >> ${seen}.part\nmv ${seen}.part ${seen}\n`;
      writeFileSync(join(folder, 'xdg-open'), opener, { mode: 0o755 });
      const engine = startMortise(['dev', project, '--open'], { env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } });
      cleanups.push(() => void engine.child.kill('SIGKILL'));
      await engine.printed('Watching');
      await until(
        () => existsSync(seen),
        () => 'no browser was opened',
      );
      const [mode, page = ''] = readFileSync(seen, 'utf8').split('\n');
      expect(mode).toBe('600');
      const [, origin = '', code = ''] = /url=(http:\/\/[^/]+)\/#login=([\w-]+)"/.exec(page) ?? [];
      const login = () =>
        fetch(`${origin}/api/v1/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ code }),
        });
      expect([(await login()).status, (await login()).status]).toEqual([200, 403]);
      expect(await engine.end()).toBe(0);
    },
  );

  it('does not look at what the project itself writes, nor at what is hidden', async () => {
    const { engine, project, control } = await started('dev');
    await mortise(['send', 'shop.order-created', join(project, 'fixtures', 'shop-order.json'), '--control', control]);
    writeFileSync(join(project, '.hidden.yaml'), 'a: 1\n');
    writeFileSync(join(project, 'flows', 'shop-orders.yaml~'), 'a: 1\n');
    writeFileSync(join(project, 'fixtures', 'seen.json'), '{}\n');
    await engine.printed('Changed:');
    expect(engine.text().out).toMatch(/Changed: fixtures\/seen\.json$/m);
    expect(await engine.end()).toBe(0);
  });
});
