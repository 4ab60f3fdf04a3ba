// A whole process's worth of Mortise in the test's own: a folder in, HTTP and files out.

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { auditOfFolder } from './access/audit-file.ts';
import { startHost } from './host.ts';
import type { Host } from './host.ts';
import { openLog } from './log.ts';
import type { EngineLog } from './log.ts';

const root = mkdtempSync(join(tmpdir(), 'mortise-host-'));
let host: Host | undefined;
let projects = 0;
afterEach(async () => {
  await host?.stop();
  host = undefined;
  delete process.env['HOST_TEST_KEY'];
});

const files = {
  'mortise.yaml': 'name: host\nlisteners: { inbound: "127.0.0.1:0", control: "127.0.0.1:0" }\nlimits: { message: 2KiB }\n',
  'systems/shop.yaml': `connector: http
inbounds:
  orders: { uses: webhook, path: /orders, verify: { scheme: none } }
`,
  'systems/drop.yaml':
    'connector: file\nconnection: { folder: out, create: true }\noutbounds:\n  put: { uses: write, name: "${id}.json" }\n',
  'flows/orders.yaml':
    'from: { system: shop, inbound: orders }\nsteps:\n  - map: |\n      { "id": id, "double": n * 2 }\nto: { system: drop, outbound: put }\n',
};

function project(more: Readonly<Record<string, string>> = {}): string {
  const folder = join(root, String(projects++));
  for (const [name, text] of Object.entries({ ...files, ...more })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function start(folder: string, log?: EngineLog): Promise<Host> {
  host = await startHost({ folder, ...(log ? { log } : { logLevel: 'silent' }) });
  return host;
}

/** A connector of a project whose inbound is open when its server has closed the connection. */
const muteFiles = {
  'connectors/mute/connector.js': `import { defineConnector, defineInbound, field } from '@mortise/sdk';
const wait = defineInbound({ doc: 'Waits.', mode: 'listening', gives: 'value', options: {} });
const port = field.integer({ doc: 'The port.' });
export default defineConnector({ name: 'mute', doc: 'Waits.', connection: { port }, inbounds: { wait }, outbounds: {} });
`,
  'connectors/mute/inbound.js': `import { connect } from 'node:net';
export const inbounds = {
  wait: ({ connection }) => new Promise((resolve) => {
    connect(connection.port, '127.0.0.1').once('close', () => resolve({ close: async () => undefined }));
  }),
};
`,
  'flows/mute.yaml': 'from: { system: a, inbound: all }\nto: { system: drop, outbound: put }\n',
};

function muteSystem(port: number): string {
  return `connector: mute\nconnection: { port: ${port} }\ninbounds:\n  all: { uses: wait }\n`;
}

const post = ({ addresses }: Host, body: string) => fetch(`http://${addresses.inbound}/orders`, { method: 'POST', body });

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await Promise.resolve(holds()).catch(() => false)); ) {
    if (Date.now() > deadline) throw new Error('It did not come.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a host', () => {
  it('runs a folder: what comes by HTTP lies in a file, under a path from the project’s folder', async () => {
    const folder = project();
    const answer = await post(await start(folder), '{"id":"a","n":21}');
    expect(answer.status).toBe(202);
    await until(() => readdirSync(folder).includes('out') && readdirSync(join(folder, 'out')).includes('a.json'));
  });

  it('refuses a project with errors, and says which', async () => {
    const folder = project({ 'flows/orders.yaml': 'from: { system: shop, inbound: orders }\nsteps:\n  - mpa: id\n' });
    await expect(startHost({ folder, logLevel: 'silent' })).rejects.toMatchObject({
      code: 'MORTISE_ENGINE_PROJECT_BROKEN',
      details: { problems: expect.arrayContaining([expect.objectContaining({ code: 'MORTISE_FLOW_UNKNOWN_STEP', line: 3 })]) },
    });
  });

  it('refuses to start without a secret that the project names, and starts with it', async () => {
    const folder = project({
      'systems/shop.yaml': files['systems/shop.yaml'].replace(
        '{ scheme: none }',
        '{ scheme: api-key, secret: env:HOST_TEST_KEY }',
      ),
    });
    await expect(startHost({ folder, logLevel: 'silent' })).rejects.toMatchObject({ code: 'MORTISE_ENGINE_PROJECT_BROKEN' });
    process.env['HOST_TEST_KEY'] = 'a key';
    const running = await start(folder);
    expect((await post(running, '{}')).status).toBe(401);
    const headers = { 'x-api-key': 'a key' };
    expect(
      (await fetch(`http://${running.addresses.inbound}/orders`, { method: 'POST', body: '{"id":"b","n":1}', headers })).status,
    ).toBe(202);
  });

  it('answers a body that is too long, or no JSON, with 4xx and the code', async () => {
    const running = await start(project());
    const long = await post(running, JSON.stringify({ id: 'x'.repeat(3000) }));
    expect([long.status, await long.json()]).toEqual([413, expect.objectContaining({ code: 'MORTISE_HTTP_BODY_TOO_LARGE' })]);
    const broken = await post(running, '{"id":');
    expect([broken.status, await broken.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'MORTISE_FORMAT_SYNTAX', position: expect.anything() }),
    ]);
  });

  it('refuses a sender again who sends the same broken message under the same key', async () => {
    const running = await start(project());
    const send = () =>
      fetch(`http://${running.addresses.inbound}/orders`, {
        method: 'POST',
        body: '{"id":',
        headers: { 'idempotency-key': 'k' },
      });
    const answers = [await send(), await send()];
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    const [first, second] = await Promise.all(answers.map((answer) => answer.json() as Promise<{ id: string }>));
    expect(second?.id).toBe(first?.id);
  });

  it('goes on with the old project when the new one is broken, and takes up the new one when it is mended', async () => {
    const folder = project();
    const running = await start(folder);
    writeFileSync(join(folder, 'flows/orders.yaml'), files['flows/orders.yaml'].replace('map:', 'mpa:'));
    expect((await running.reload()).map(({ code }) => code)).toContain('MORTISE_FLOW_UNKNOWN_STEP');
    expect((await post(running, '{"id":"old","n":1}')).status).toBe(202);
    writeFileSync(join(folder, 'flows/orders.yaml'), files['flows/orders.yaml'].replace('"id": id', '"id": "new-" & id'));
    expect((await running.reload()).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect((await post(running, '{"id":"x","n":1}')).status).toBe(202);
    await until(() => readdirSync(join(folder, 'out')).sort().join() === 'new-x.json,old.json');
  });

  it('leaves nothing open when it cannot start', async () => {
    const folder = project();
    await expect(startHost({ folder, listen: 'nowhere', logLevel: 'silent' })).rejects.toMatchObject({
      code: 'MORTISE_ENGINE_ADDRESS',
    });
    const control = '127.0.0.1:45871';
    await expect(startHost({ folder, control, listen: '192.0.2.1:1', logLevel: 'silent' })).rejects.toMatchObject({
      code: 'MORTISE_ENGINE_LISTEN',
    });
    await expect(fetch(`http://${control}/health/live`)).rejects.toThrow('fetch failed');
    const { addresses } = await start(folder);
    const [other, listen] = [project(), '127.0.0.1:45872'];
    await expect(startHost({ folder: other, listen, control: addresses.control, logLevel: 'silent' })).rejects.toMatchObject({
      code: 'MORTISE_ENGINE_LISTEN',
    });
    await expect(fetch(`http://${listen}/orders`)).rejects.toThrow('fetch failed');
  });

  it('makes no data folder for a project that is broken', async () => {
    const folder = project({ 'flows/orders.yaml': 'steps: [mpa: a]\n' });
    await expect(startHost({ folder, logLevel: 'silent' })).rejects.toMatchObject({ code: 'MORTISE_ENGINE_PROJECT_BROKEN' });
    expect(readdirSync(folder).sort()).toEqual(['flows', 'mortise.yaml', 'systems']);
  });

  it('has its console and its other inbounds while one waits for a server that does not answer', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const folder = project({ ...muteFiles, 'systems/a.yaml': muteSystem((server.address() as AddressInfo).port) });
    const [listen, control] = ['127.0.0.1:45873', '127.0.0.1:45874'];
    const starting = startHost({ folder, listen, control, logLevel: 'silent' });
    const [socket] = await connected;
    await until(async () => (await fetch(`http://${control}/health/live`)).ok);
    const answer = await fetch(`http://${listen}/orders`, { method: 'POST', body: '{"id":"a","n":1}' });
    expect(answer.status).toBe(202);
    expect(await Promise.race([starting, Promise.resolve('starting')])).toBe('starting');
    socket.destroy();
    server.close();
    host = await starting;
  });

  it('keeps a data folder to itself', async () => {
    const folder = project();
    await start(folder);
    await expect(startHost({ folder, logLevel: 'silent' })).rejects.toMatchObject({ code: 'MORTISE_STORE_LOCKED' });
  });
});

describe('a reload that nobody asked for by name', () => {
  it('is refused where what runs wants a second person, with a line in the log and in the audit', async () => {
    const folder = project({ 'mortise.yaml': `${files['mortise.yaml']}access: { fourEyes: [apply] }\n` });
    const lines: string[] = [];
    const log = openLog({ level: 'warn', format: 'structured', write: (line: string) => void lines.push(line) });
    const running = await start(folder, log);
    // What is the same may be loaded again.
    expect((await running.reload()).filter(({ severity }) => severity === 'error')).toEqual([]);
    writeFileSync(join(folder, 'mortise.yaml'), files['mortise.yaml']);
    await expect(running.reload()).rejects.toMatchObject({
      code: 'MORTISE_ACCESS_SECOND_PERSON',
      remedy: expect.stringContaining('mortise reload'),
    });
    expect(lines.join('')).toContain('project.refused');
    const audit = [...auditOfFolder(join(folder, '.mortise/data'))].map(
      (line) => JSON.parse(line) as { result: string; code?: string },
    );
    expect(audit.at(-1)).toMatchObject({
      action: 'reload',
      who: 'engine',
      result: 'refused',
      code: 'MORTISE_ACCESS_SECOND_PERSON',
    });
  });
});

describe('a control listener', () => {
  it('beyond loopback is refused', async () => {
    await expect(startHost({ folder: project(), control: '0.0.0.0:0', logLevel: 'silent' })).rejects.toMatchObject({
      code: 'MORTISE_ENGINE_ADDRESS',
    });
  });
});

process.once('exit', () => rmSync(root, { recursive: true, force: true }));
