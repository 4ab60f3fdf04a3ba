// The control listener with TLS: certificates from files that are renewed meanwhile, cookies and headers, and who is refused without.

import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '@mortise/sdk/testing';
import { freePorts, ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';

const command = fileURLToPath(new URL('../cli/src/mortise.mjs', import.meta.url));
const engines = ownEngines('all');
const authority = makeAuthority('authority');
const folder = mkdtempSync(join(tmpdir(), 'mortise-tls-'));
let engine: EngineProcess;
let port: number;

beforeAll(async () => {
  renew();
  writeFileSync(join(folder, 'authority.pem'), authority.cert);
  const tls = 'controlTls: { certificate: control.pem, key: control-key.pem }';
  writeFileSync(join(folder, 'mortise.yaml'), `name: tls\nlimits: { freeDisk: 1KiB }\nlisteners: { ${tls} }\n`);
  const ports = await freePorts();
  port = ports.control;
  engine = await engines.start({ folder, ports });
  await until(async () => (await ask('/health/ready').catch(() => undefined))?.status === 200);
});

function renew(): void {
  const { cert, key } = authority.issue('control');
  writeFileSync(join(folder, 'control-key.pem'), key, { mode: 0o600 });
  writeFileSync(join(folder, 'control.pem'), cert);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly serial: string;
}

function ask(path: string, headers: Readonly<Record<string, string>> = {}, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body ? 'POST' : 'GET';
    const type = { 'content-type': 'application/json' };
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        ca: authority.cert,
        agent: false,
        checkServerIdentity: () => undefined,
        headers: { ...type, ...headers },
      },
      (response) => {
        const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text, serial }));
      },
    );
    asked.once('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}

async function mortise(...parts: readonly string[]): Promise<{ readonly status: number | null; readonly text: string }> {
  const env = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
    MORTISE_CONTROL: `https://127.0.0.1:${port}`,
  };
  const child = spawn(process.execPath, [command, ...parts], { env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, text })));
}

describe('the control listener with TLS', () => {
  it('is asked by its certificate’s names, and tells browsers to stay with TLS', async () => {
    for (const host of ['127.0.0.1', 'system.example:443']) {
      const { status, headers } = await ask('/health/live', { host });
      expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=63072000']);
    }
    expect((await ask('/health/live', { host: 'evil.example' })).status).toBe(403);
    expect((await ask('/health/live', { host: '127.0.0.1', origin: 'http://127.0.0.1' })).status).toBe(403);
    expect((await ask('/health/live', { host: '127.0.0.1', origin: 'https://127.0.0.1' })).status).toBe(200);
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('is asked by the command line, and logs in with a cookie for TLS alone', async () => {
    expect(await mortise('flows')).toMatchObject({ status: 0 });
    const { text } = await mortise('login-link');
    expect(text).toMatch(new RegExp(`^https://127.0.0.1:${port}/#login=`));
    const { headers } = await ask('/api/v1/login', {}, { code: text.trim().split('=')[1] });
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-mortise-session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/),
    ]);
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await ask('/api/v1/session', { cookie })).status).toBe(200);
  });

  it('takes a renewed certificate without a restart, and keeps the former one where the new one is broken', async () => {
    const { serial } = await ask('/health/live');
    writeFileSync(join(folder, 'control.pem'), 'broken');
    await until(() => engine.log().includes('the former one stays'));
    expect((await ask('/health/live')).serial).toBe(serial);
    renew();
    await until(async () => (await ask('/health/live')).serial !== serial);
    expect(engine.hasEnded).toBe(false);
  });

  it('opens beyond loopback, which without TLS is refused; not with files that do not fit', async () => {
    const [open, refused] = [await freePorts(), mkdtempSync(join(tmpdir(), 'mortise-tls-'))];
    writeFileSync(
      join(refused, 'mortise.yaml'),
      'name: no\nlisteners: { controlTls: { certificate: none.pem, key: none.pem } }\n',
    );
    expect((await mortise('run', refused, '--listen', '127.0.0.1:0')).text).toContain('MORTISE_ENGINE_TLS');
    writeFileSync(join(refused, 'mortise.yaml'), 'name: no\n');
    const address = ['--control', `0.0.0.0:${open.control}`, '--listen', '127.0.0.1:0'];
    expect((await mortise('run', refused, ...address)).text).toContain('MORTISE_ENGINE_ADDRESS');
    const data = join(refused, 'data');
    const child = spawn(process.execPath, [command, 'run', folder, '--data', data, ...address]);
    await new Promise<void>((resolve) => child.stdout.on('data', (chunk: Buffer) => chunk.includes('Running') && resolve()));
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  });
});
