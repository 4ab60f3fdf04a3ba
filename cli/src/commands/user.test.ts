// Users, tokens and links by the command line; and by what it says itself who asks.

import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, mortise, startMortise, temporaryFolder } from '../cli.fixture.ts';
import type { Running } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';

const password = 'correct horse battery';
const { folder, remove } = temporaryFolder();
let engine: Running;
let project: string;
let control: string;

beforeAll(async () => {
  ({ project, control } = await initProject(folder));
  engine = startMortise(['run', project]);
  await engine.printed('Running');
});
afterAll(async () => {
  await engine.end();
  remove();
});

const ask = (parts: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) =>
  mortise(parts, { input, env: { MORTISE_CONTROL: control, ...env } });

async function logIn(name: string, secret: string): Promise<number> {
  const body = JSON.stringify({ name, password: secret });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  return (await fetch(`http://${control}/api/v1/login`, init)).status;
}

describe('mortise run', () => {
  it('prints at the first start where the first administrator is made', () => {
    expect(engine.text().out).toMatch(new RegExp(`first administrator, once: {2}http://${control}/#setup=[\\w-]{43}\n`));
  });
});

describe('mortise user', () => {
  it('adds, changes, disables and removes users', async () => {
    const added = await ask(['user', 'add', 'ann', '--role', 'operator', 'viewer', '--flow', 'shop-orders'], `${password}\n`);
    expect(added).toMatchObject({ status: 0, out: 'Added ann: operator (flow shop-orders), viewer (flow shop-orders).\n' });
    expect(await logIn('ann', password)).toBe(200);
    expect((await ask(['user', 'list'])).out).toMatch(/ann +operator \(flow shop-orders\), viewer/);
    expect((await ask(['user', 'grant', 'ann', '--role', 'auditor'])).out).toBe('Changed ann: auditor.\n');
    expect((await ask(['user', 'password', 'ann'], 'another horse battery\n')).status).toBe(0);
    expect([await logIn('ann', password), await logIn('ann', 'another horse battery')]).toEqual([401, 200]);
    expect((await ask(['user', 'disable', 'ann'])).out).toContain('Disabled ann');
    expect(await logIn('ann', 'another horse battery')).toBe(401);
    expect((await ask(['user', 'enable', 'ann'])).status).toBe(0);
    expect((await ask(['user', 'remove', 'ann'])).out).toBe('Removed ann.\n');
    expect((await ask(['user', 'list'])).out).toBe('There are no users.\n');
  });

  it('says what is wrong', async () => {
    expect((await ask(['user', 'add', 'ann'], password)).status).toBe(exitCodes.usage);
    expect((await ask(['user', 'add', 'ann', '--role', 'viewer'], '')).status).toBe(exitCodes.usage);
    expect((await ask(['user', 'add', 'ann', '--role', 'king'], password)).status).toBe(exitCodes.usage);
    expect((await ask(['user', 'add', 'ann', '--role', 'viewer'], 'short')).err).toContain('MORTISE_ACCESS_PASSWORD_WEAK');
    expect((await ask(['user', 'remove', 'nobody'])).err).toContain('MORTISE_ACCESS_UNKNOWN');
  });
});

describe('mortise token', () => {
  it('makes one that the command line takes from the environment, and makes it void', async () => {
    const made = await ask(['token', 'add', 'monitor', '--role', 'viewer', '--days', '1', '--json']);
    const { text, token } = JSON.parse(made.out) as { text: string; token: { id: string } };
    const byToken = (...parts: readonly string[]) => ask(parts, '', { MORTISE_TOKEN: text });
    expect((await byToken('flows')).status).toBe(0);
    expect((await byToken('pause', 'engine')).err).toContain('MORTISE_ACCESS_REFUSED');
    expect((await ask(['token', 'list'])).out).toContain(`${token.id}  monitor  viewer`);
    expect((await ask(['token', 'remove', token.id])).status).toBe(0);
    expect((await byToken('flows')).err).toContain('MORTISE_ACCESS_LOGIN_NEEDED');
  });
});

describe('mortise login-link', () => {
  it('prints a link that logs a browser in', async () => {
    const { out } = await ask(['login-link']);
    const code = new RegExp(`^http://${control}/#login=([\\w-]{43})\n$`).exec(out)?.[1];
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) };
    expect((await fetch(`http://${control}/api/v1/login`, init)).status).toBe(200);
  });
});

describe('the key file', () => {
  it('is what the command line needs: it says so where it cannot read it', async ({ skip }) => {
    const file = join(project, '.mortise/data/control.key');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/key-\d+/, 'key-1'));
    expect((await ask(['flows'])).err).toContain('MORTISE_CLI_KEY');
    rmSync(file);
    expect((await ask(['flows'])).err).toContain('ENOENT');
    writeFileSync(file, text, { mode: 0o600 });
    expect((await ask(['flows'])).status).toBe(0);
    chmodSync(file, 0);
    const unreadable = await ask(['flows']);
    chmodSync(file, 0o600);
    if (process.getuid?.() === 0) skip('root reads every file');
    expect(unreadable.err).toContain('EACCES');
  });

  it('is given to nobody but the engine that it is of', async () => {
    const asked: string[] = [];
    const file = join(project, '.mortise/data/control.key');
    const stranger = createServer((request, response) => {
      asked.push(request.headers.authorization ?? '');
      response.writeHead(401, { 'www-authenticate': `Bearer realm="mortise", key-file="${file}"` }).end();
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    const { status, err } = await ask(['flows', '--control', `127.0.0.1:${port}`]);
    stranger.close();
    expect([status, asked]).toEqual([exitCodes.failed, ['']]);
    expect(err).toContain('MORTISE_CLI_KEY');
  });
});

describe('a backup', () => {
  it('holds the users, and neither sessions nor keys', async () => {
    await ask(['user', 'add', 'bob', '--role', 'viewer'], `${password}\n`);
    expect(await logIn('bob', password)).toBe(200);
    const taken = join(folder, 'taken');
    expect((await ask(['backup', taken])).status).toBe(0);
    expect(readdirSync(taken).toSorted()).toEqual(['access.db', 'manifest.json', 'mortise.db']);
    const data = join(folder, 'data');
    expect((await mortise(['restore', taken, '--data', data])).status).toBe(0);
    mkdirSync(join(folder, 'offline'));
    expect((await mortise(['backup', join(folder, 'offline', 'b'), '--data', data])).status).toBe(0);
    expect(readdirSync(join(folder, 'offline', 'b'))).toContain('access.db');
    await engine.end();
    engine = startMortise(['run', project, '--data', data]);
    await engine.printed('Running');
    expect(engine.text().out).not.toContain('#setup=');
    expect(await logIn('bob', password)).toBe(200);
    const { out } = await ask(['user', 'list', '--json']);
    expect(JSON.parse(out)).toMatchObject([{ name: 'bob', grants: [{ role: 'viewer' }] }]);
  });
});
