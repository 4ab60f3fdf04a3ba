// Secrets: stored before the first start and while an engine runs, their keys rotated meanwhile, and found nowhere but where they are used.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, keyHeader, mortise, startMortise, temporaryFolder, until } from '../cli.fixture.ts';
import type { Ended, Running } from '../cli.fixture.ts';

const canary = 'c4n4ry-4f-4-s3cr3t';
const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
let engine: Running;
let project: string;
let data: string;
let control: string;
let inbound: string;
let stored: Ended;
let echo: Server;

beforeAll(async () => {
  ({ project, control, inbound } = await initProject(folder));
  data = join(project, '.mortise/data');
  const webhook = 'uses: webhook, path: /orders, verify: { scheme: api-key, secret: secret:shop-key }';
  writeFileSync(join(project, 'systems/shop.yaml'), `connector: http\ninbounds:\n  order-created: { ${webhook} }\n`);
  echo = createServer((request, response) => {
    // A receiver that tells what it was sent, in what it refuses with.
    response.writeHead(422, { 'x-echo': String(request.headers.authorization) }).end(`no good: ${request.headers.authorization}`);
  });
  await new Promise<void>((listening) => echo.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
  writeFileSync(
    join(project, 'systems/crm.yaml'),
    `connector: http\nconnection: { url: "${url}", auth: { bearer: secret:crm-token } }\noutbounds:\n  note: { uses: request, method: POST, path: /notes }\n`,
  );
  writeFileSync(
    join(project, 'flows/echoed.yaml'),
    'from: { system: shop, inbound: order-created }\nto: { system: crm, outbound: note }\n',
  );
  await mortise(['secret', 'set', 'crm-token', '--data', data], { input: `${canary}-t0k3n\n` });
  stored = await mortise(['secret', 'set', 'shop-key', '--data', data], { input: `${canary}\n` });
  engine = startMortise(['run', project, '--log-level', 'debug']);
  await engine.printed('Running');
});
afterAll(async () => {
  await engine.end();
  echo.close();
  remove();
});

const ask = (parts: readonly string[], input = '') => mortise(parts, { input, env: { MORTISE_CONTROL: control } });

async function send(key: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-api-key': key };
  return (await fetch(`http://${inbound}/orders`, { method: 'POST', headers, body: '{"id":"A"}' })).status;
}

function filesIn(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((name) => join(place, name))
    .filter((file) => statSync(file).isFile());
}

describe('mortise secret', () => {
  it('stores what a connection takes, and tells names only', async () => {
    expect(stored).toMatchObject({ status: 0, out: 'Stored shop-key.\n' });
    expect([await send(canary), await send('wrong')]).toEqual([202, 401]);
    expect((await ask(['secret', 'set', 'spare'], `${canary}-2\n`)).out).toContain('Stored spare: version 1.');
    expect((await ask(['secret', 'set', 'spare'], `${canary}-3\n`)).out).toContain('version 2.');
    expect((await ask(['secret', 'list'])).out).toMatch(/shop-key +1 .*\n.*spare +2/);
    expect((await ask(['secret', 'remove', 'none'])).err).toContain('MORTISE_ACCESS_UNKNOWN');
  });

  it('rotates the keys while the engine runs', async () => {
    const key = readFileSync(join(data, 'secrets.key'), 'utf8');
    expect((await ask(['secret', 'rotate', 'data-key'])).status).toBe(0);
    expect((await ask(['secret', 'rotate', 'wrapping-key'])).status).toBe(0);
    const next = readFileSync(join(data, 'secrets.key'), 'utf8');
    expect([next === key, next.trim().split('\n').length]).toEqual([false, 1]);
    expect((await ask(['reload'])).status).toBe(0);
    expect(await send(canary)).toBe(202);
  });

  it('leaves a secret in no file, answer, output or process argument', async () => {
    const headers = keyHeader(project);
    const get = async (path: string): Promise<string> => (await fetch(`http://${control}${path}`, { headers })).text();
    const answers = new Map<string, string>();
    // What the receiver refused with is in the journal, as far as it may be.
    await until(
      async () => (await get('/api/v1/messages?state=dead')).includes('MORTISE_DELIVERY_REJECTED'),
      () => 'Nothing was refused.',
    );
    const { paths } = JSON.parse(await get('/api/openapi.json')) as { paths: Record<string, Record<string, unknown>> };
    const { rows } = JSON.parse(await get('/api/v1/messages?state=dead')) as {
      rows: { delivery: { id: string; message: string } }[];
    };
    const { id = '', message = '' } = rows[0]?.delivery ?? {};
    const today = new Date().toISOString().slice(0, 10);
    const query = `text=a&day=${today}&from=${today}&to=${today}&path=systems/crm.yaml`.split('&');
    for (const [path, methods] of Object.entries(paths)) {
      if (!('get' in methods) || path === '/api/v1/stream') continue;
      const filled = path.replace('{id}', path.includes('/deliveries/') ? id : message).replace('{name}', 'crm');
      const { parameters = [] } = methods['get'] as { parameters?: { name: string; required?: boolean }[] };
      const wanted = parameters
        .filter(({ required }) => required)
        .map(({ name }) => query.find((one) => one.startsWith(`${name}=`)));
      answers.set(path, await get(`${filled}?${wanted.filter(Boolean).join('&')}`));
    }
    for (const [path, body] of [
      ['/api/v1/secrets/spare', `{"value":"${canary}","more":1}`],
      ['/api/v1/secrets/spare', `{"value":["${canary}"]}`],
      [`/api/v1/secrets/${encodeURIComponent('no name')}`, `{"value":"${canary}"}`],
    ] as const) {
      const init = { method: 'PUT', headers: { ...headers, 'content-type': 'application/json' }, body };
      answers.set(body, await (await fetch(`http://${control}${path}`, init)).text());
    }
    expect(answers.size).toBeGreaterThan(40);
    expect([...answers].filter(([, text]) => text.includes('c4n4ry')).map(([path]) => path)).toEqual([]);
    await ask(['audit', 'export', '--out', at('audit.ndjson')]);
    await ask(['export', '--out', at('export.ndjson')]);
    await ask(['backup', at('backup')]);
    expect((await ask(['evidence', '--from', today, '--to', today, '--out', at('evidence.tar')])).status).toBe(0);
    const evidence = gunzipSync(readFileSync(at('evidence.tar'))).toString('latin1');
    expect([evidence.includes('crm-token'), evidence.includes('c4n4ry')]).toEqual([true, false]);
    const outputs = [
      ['messages'],
      ['dead-letters'],
      ['message', message],
      ['systems', '--ping'],
      ['check', project],
      ['doctor', project],
    ];
    for (const parts of outputs) expect(JSON.stringify(await ask(parts))).not.toContain('c4n4ry');
    expect(JSON.stringify(engine.text())).not.toContain('c4n4ry');
    const commandLine = process.platform === 'linux' ? readFileSync(`/proc/${engine.child.pid}/cmdline`, 'utf8') : '';
    expect(commandLine).not.toContain('c4n4ry');
    const files = filesIn(folder);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => readFileSync(file).includes('c4n4ry'))).toEqual([]);
  });

  it('opens nothing with another key, and says so', async () => {
    await engine.end();
    const file = join(data, 'secrets.key');
    const key = readFileSync(file, 'utf8');
    const other = `${Buffer.alloc(32, 7).toString('base64')}\n`;
    for (const text of [other, 'short\n']) {
      writeFileSync(file, text);
      expect((await mortise(['run', project])).err).toContain('MORTISE_ACCESS_SECRETS_KEY');
    }
    const env = { MORTISE_SECRETS_KEY: `${other.trim()},${key.trim()}` };
    engine = startMortise(['run', project], { env });
    await engine.printed('Running');
    expect(await send(canary)).toBe(202);
    await ask(['secret', 'rotate', 'wrapping-key']);
    await engine.end();
    writeFileSync(at('only-the-first.key'), other, { mode: 0o600 });
    engine = startMortise(['run', project], { env: { MORTISE_SECRETS_KEY_FILE: at('only-the-first.key') } });
    await engine.printed('Running');
    expect(await send(canary)).toBe(202);
  });
});
