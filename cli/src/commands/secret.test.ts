// Secrets: stored before the first start and while an engine runs, their keys rotated meanwhile, and found nowhere but where they are used.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, keyHeader, mortise, startMortise, temporaryFolder } from '../cli.fixture.ts';
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

beforeAll(async () => {
  ({ project, control, inbound } = await initProject(folder));
  data = join(project, '.mortise/data');
  const webhook = 'uses: webhook, path: /orders, verify: { scheme: api-key, secret: secret:shop-key }';
  writeFileSync(join(project, 'systems/shop.yaml'), `connector: http\ninbounds:\n  order-created: { ${webhook} }\n`);
  stored = await mortise(['secret', 'set', 'shop-key', '--data', data], { input: `${canary}\n` });
  engine = startMortise(['run', project]);
  await engine.printed('Running');
});
afterAll(async () => {
  await engine.end();
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
    await ask(['audit', 'export', '--out', at('audit.ndjson')]);
    await ask(['export', '--out', at('export.ndjson')]);
    await ask(['backup', at('backup')]);
    const paths = ['engine', 'systems', 'flows', 'secrets', 'audit', 'messages', 'dead-letters'];
    const answers = paths.map(async (path) => {
      const answer = await fetch(`http://${control}/api/v1/${path}`, { headers: keyHeader(project) });
      return answer.text();
    });
    expect((await Promise.all(answers)).join('\n')).not.toContain('c4n4ry');
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
