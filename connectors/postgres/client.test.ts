// The connection: encrypted and verified unless told otherwise, with nothing taken from the environment, and never for ever.

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTestValues, startFaultProxy } from '@mortise/sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ping } from './client.ts';
import type { Connection } from './client.ts';
import connector from './connector.ts';
import { noServer, startTestServer } from './fixtures/server.ts';
import type { TestServer } from './fixtures/server.ts';

describe.skipIf(noServer)(`the connection (${noServer ?? 'to a server'})`, () => {
  let server: TestServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mortise-postgres-tls-'));
    server = await startTestServer();
  });
  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const asked = (more: object, signal = AbortSignal.timeout(10_000)) => {
    const { values } = readTestValues(connector.connection, { ...server.connection, ...more }, server.secrets);
    // The values were read by the very field specs that the type comes from.
    return ping(values as Connection, signal);
  };
  /** A certificate for a host that is its own authority; the server's key belongs to who runs the server. */
  const certificate = (name: string, host: string) => {
    const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=test',
    ];
    execFileSync('openssl', [...made, '-addext', `subjectAltName=${host}`, '-keyout', key, '-out', file], { stdio: 'pipe' });
    const { uid, gid } = statSync(join(server.folder, 'data'));
    for (const path of [folder, key, file]) if (process.getuid?.() === 0) chownSync(path, uid, gid);
    chmodSync(key, 0o600);
    return { key, file };
  };

  it('says the version, and is encrypted unless that is switched off', async () => {
    expect(await asked({})).toMatch(/^PostgreSQL \d+/);
    const { tls: _, ...byDefault } = server.connection;
    const { values } = readTestValues(connector.connection, byDefault, server.secrets);
    await expect(ping(values as Connection, AbortSignal.timeout(10_000))).rejects.toThrow('SSL');
  });

  it('verifies the certificate and its host against the authority that is named', async () => {
    const [right, other] = [certificate('right', 'IP:127.0.0.1'), certificate('other', 'DNS:elsewhere.example')];
    const encrypted = { ssl: 'on', ssl_cert_file: right.file, ssl_key_file: right.key };
    await server.stop();
    await server.start(encrypted);
    expect(await asked({ tls: 'verify', ca: right.file })).toContain('PostgreSQL');
    await expect(asked({ tls: 'verify' })).rejects.toThrow('self-signed');
    await expect(asked({ tls: 'verify', ca: other.file })).rejects.toThrow('self-signed');
    expect(await asked({ tls: 'unverified' })).toContain('PostgreSQL');
    await server.stop();
    await server.start({ ...encrypted, ssl_cert_file: other.file, ssl_key_file: other.key });
    await expect(asked({ tls: 'verify', ca: other.file })).rejects.toThrow("does not match certificate's altnames");
    await server.stop();
    await server.start();
  });

  it('takes no password from the environment', async () => {
    const { password: _, ...without } = server.connection;
    const before = process.env['PGPASSWORD'];
    process.env['PGPASSWORD'] = server.secrets['database'];
    try {
      const { values } = readTestValues(connector.connection, without, server.secrets);
      await expect(ping(values as Connection, AbortSignal.timeout(10_000))).rejects.toThrow('password');
    } finally {
      if (before === undefined) delete process.env['PGPASSWORD'];
      else process.env['PGPASSWORD'] = before;
    }
  });

  it('is given up after its time, where nobody answers', async () => {
    const proxy = await startFaultProxy({ target: server });
    await proxy.set({ mode: 'stall', direction: 'toTarget', afterBytes: 0 });
    await expect(asked({ port: proxy.port, connectTimeout: '100ms' })).rejects.toThrow('timeout');
    await proxy.close();
  });
});
