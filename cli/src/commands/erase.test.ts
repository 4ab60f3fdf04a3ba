// Erasing, legal holds, hops that are run again and many that are discarded, as people say it on the command line.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErasureView, HoldView, MessageRow } from '@mortise/engine';
import { initProject, mortise, startMortise, temporaryFolder, until } from '../cli.fixture.ts';
import type { Ended, Running } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';

const { folder, remove } = temporaryFolder();
let engine: Running;
let control: string;
let project: string;
let inbound: string;

beforeAll(async () => {
  const made = await initProject(folder);
  ({ control, inbound, project } = made);
  const write = (name: string, text: string): void => writeFileSync(join(made.project, name), text);
  write('systems/web.yaml', 'connector: http\ninbounds:\n  form: { uses: webhook, path: /form, verify: { scheme: none } }\n');
  write(
    'flows/forms.yaml',
    'from: { system: web, inbound: form }\nsteps:\n  - track: { customer: customer }\n  - map: \'{ "n": $number(customer) }\'\n',
  );
  engine = startMortise(['run', made.project]);
  await engine.printed('Running');
  for (const customer of ['4711', 'no-number', 'approved', 'neither'])
    await fetch(`http://${inbound}/form`, { method: 'POST', body: JSON.stringify({ customer }) });
  await until(
    async () => (await json<MessageRow[]>('messages', '--state', 'dead', 'done')).length === 4,
    () => 'Not all came to an end.',
  );
});
afterAll(async () => {
  await engine.end();
  remove();
});

/** As another administrator, by a login. */
async function approveAll(): Promise<void> {
  const call = async (path: string, headers: Readonly<Record<string, string>>, body?: object): Promise<Response> =>
    fetch(`http://${control}/api/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const [name, password] = ['bob', 'correct horse battery'];
  const key = { authorization: `Bearer ${readFileSync(join(project, '.mortise/data/control.key'), 'utf8').trim()}` };
  await call('/users', key, { name, password, grants: [{ role: 'admin' }] });
  const login = await call('/login', {}, { name, password });
  const { csrf } = (await login.json()) as { readonly csrf: string };
  const page = { cookie: login.headers.getSetCookie()[0]?.split(';')[0] ?? '', 'x-mortise-csrf': csrf };
  const waiting = (await (await call('/approvals', page)).json()) as readonly { readonly id: string }[];
  for (const { id } of waiting) await call(`/approvals/${id}/approve`, page, {});
}

const ask = (...parts: readonly string[]): Promise<Ended> => mortise(parts, { env: { MORTISE_CONTROL: control } });
const json = async <Body>(...parts: readonly string[]): Promise<Body> => JSON.parse((await ask(...parts, '--json')).out) as Body;

describe('mortise hold and mortise erase', () => {
  it('keep what is held, list what would be erased, and erase the rest', async () => {
    const hold = await json<HoldView>('hold', 'set', '--key', 'customer=4711', '--reason', 'a suit');
    expect((await ask('hold', 'list')).out).toContain('key customer=4711');
    const key = ['--key', 'customer=4711', '--reason', 'asked for'];
    expect((await ask('erase', ...key)).out).toMatch(new RegExp(`Erased 0 messages.*\\nHeld .*, by ${hold.id}\\n`));
    expect((await ask('hold', 'lift', hold.id, '--reason', 'settled')).out).toContain(`Lifted: ${hold.id}.`);
    expect((await ask('erase', ...key, '--dry-run')).out).toContain('Would erase 1 messages and 1 deliveries of 1 journeys:');
    expect((await json<MessageRow[]>('messages', '--key', 'customer=4711')).length).toBe(1);
    expect((await json<ErasureView>('erase', ...key)).journeys).toMatchObject([
      { messages: 1, deliveries: 1, keys: 1, spared: 0 },
    ]);
    expect(await json('messages', '--key', 'customer=4711')).toEqual([]);
  });

  it('wait for a second person where the project says so, and then erase what was approved', async () => {
    const settings = join(project, 'mortise.yaml');
    const before = readFileSync(settings, 'utf8');
    writeFileSync(settings, `${before}access: { fourEyes: [erase] }\n`);
    await ask('reload');
    const key = ['--key', 'customer=approved', '--reason', 'asked for', '--undelivered', 'discard'];
    expect((await ask('erase', ...key, '--dry-run')).status).toBe(0);
    const refused = await ask('erase', ...key);
    expect([refused.status, refused.err]).toEqual([exitCodes.failed, expect.stringContaining('MORTISE_ACCESS_SECOND_PERSON')]);
    await approveAll();
    expect((await ask('erase', ...key)).out).toContain('Erased 1 messages');
    writeFileSync(settings, before);
    await ask('reload');
  });

  it('refuse what may still be delivered, unless it is to be discarded', async () => {
    const key = ['--key', 'customer=no-number', '--reason', 'asked for'];
    const refused = await ask('erase', ...key);
    expect([refused.status, refused.err]).toEqual([exitCodes.failed, expect.stringContaining('MORTISE_DELIVERY_UNDELIVERED')]);
    expect((await ask('erase', ...key, '--undelivered', 'discard')).out).toContain('Erased 1 messages');
  });
});

describe('mortise retry and discard of many', () => {
  it('name what was meant, where there is no such flow', async () => {
    for (const parts of [
      ['retry', '--all', '--flow', 'form'],
      ['discard', '--flow', 'form', '--reason', 'x'],
    ]) {
      const { status, err } = await ask(...parts);
      expect([status === 0, err.includes('MORTISE_CONTROL_UNKNOWN'), err.includes('Did you mean "forms"?')]).toEqual([
        false,
        true,
        true,
      ]);
    }
  });

  it('run one hop again, and discard those of a choice after they were counted', async () => {
    const [row] = await json<MessageRow[]>('messages', '--state', 'dead');
    const body = join(folder, 'body.json');
    writeFileSync(body, '{ "customer": "12" }');
    expect((await ask('again', row?.delivery.id ?? '', '--dry-run')).status).toBe(exitCodes.failed);
    expect((await ask('again', row?.delivery.id ?? '', '--dry-run', '--body', body)).out).toContain('a dry run: done');
    const choice = ['discard', '--flow', 'forms', '--reason', 'no numbers'];
    expect((await ask(...choice, '--dry-run')).out).toBe('Would discard 1.\n');
    expect((await ask(...choice)).out).toBe('Discarded 1 of 1.\n');
    expect((await ask(...choice, 'an-id')).err).toContain('a choice of many too');
  });
});
