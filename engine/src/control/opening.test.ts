// How the control listener opens, and what it answers while the engine is not well.

import { Busy, Unavailable } from '@mortise/sdk';
import type { Accept, Logger } from '@mortise/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { Access } from '../access/access.ts';
import { systemClock } from '../clock.ts';
import { silent } from '../mesh.fixture.ts';
import { openControl } from './control.ts';
import type { Control } from './control.ts';
import type { ControlHost } from './host.ts';

const opened: Control[] = [];
afterEach(async () => {
  for (const control of opened.splice(0)) await control.close();
});

/** A host of which a test says what it needs. */
function hostWith({ engine, ...parts }: { readonly engine?: object }): ControlHost {
  const base = { state: () => 'ready', access: new Access(':memory:', systemClock), clock: systemClock };
  return { ...base, engine: { runtime: { store: {} }, ...engine }, ...parts } as unknown as ControlHost;
}

/** Of an administrator of what was opened last. */
let token = '';

async function open(
  parts: {
    readonly engine?: object;
    readonly state?: () => string;
    readonly project?: () => never;
    readonly disk?: () => object;
  },
  log: Logger = silent,
  address = { host: '127.0.0.1', port: 0 },
): Promise<string> {
  const host = hostWith(parts);
  const control = await openControl({ host, address, log });
  opened.push(control);
  const grants = [{ role: 'admin' as const }];
  await host.access.users.add('ann', { grants }, 0);
  token = host.access.tokens.add({ user: 'ann', label: 'test', endsAtMs: Date.now() + 60_000 }, Date.now()).text;
  return `http://127.0.0.1:${control.address.port}`;
}

describe('the control listener', () => {
  it('gives the port that it got', async () => {
    expect(await open({})).toMatch(/:[1-9]\d+$/);
  });

  it('is not opened where others could reach it', async () => {
    await expect(open({}, silent, { host: '0.0.0.0', port: 0 })).rejects.toMatchObject({
      code: 'MORTISE_ENGINE_ADDRESS',
      message: expect.stringContaining('0.0.0.0:0'),
      remedy: expect.stringContaining('ssh -L'),
    });
  });

  it('says which port is taken', async () => {
    const port = Number((await open({})).split(':').at(-1));
    await expect(open({}, silent, { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'MORTISE_ENGINE_LISTEN',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });
});

describe('the process, while the engine does not take messages,', () => {
  it.each(['starting', 'stopping'])('lives and is not ready: %s', async (state) => {
    const project = () => ({ compiled: new Map(), definitions: { systems: new Map() } }) as never;
    const base = await open({ state: () => state, project, disk: () => ({ hasRoom: true, floorBytes: 1 }) });
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
    const ready = await fetch(`${base}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { state, takes: false, reasons: [] }]);
  });

  async function sendRefusedWith(error: Error): Promise<Response> {
    const accept: Accept = () => Promise.reject(error);
    const definition = { declaration: { gives: 'value' } };
    const engine = { inbounds: { list: () => [{ scope: 'a.b', definition }] }, inbound: () => accept };
    const project = () => ({ compiled: new Map() }) as never;
    const base = await open({ engine, project });
    return fetch(`${base}/api/v1/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"target":"a.b","value":1}',
    });
  }

  it('asks senders to come again, and says when', async () => {
    const busy = await sendRefusedWith(new Busy('Too much is waiting.', 2500));
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '3']);
    expect(await busy.json()).toMatchObject({ code: 'MORTISE_DELIVERY_BUSY', detail: 'Too much is waiting.' });
    expect((await sendRefusedWith(new Unavailable('The engine is stopping.'))).status).toBe(503);
  });
});

describe('what nobody foresaw', () => {
  it('goes to the log, and not to the requester', async () => {
    const lines: unknown[] = [];
    const log = { ...silent, error: (facts: Readonly<Record<string, unknown>>) => void lines.push(facts['err']) };
    const fault = new Error('a detail of the inside');
    const project = (): never => {
      throw fault;
    };
    const base = await open({ project }, log);
    const response = await fetch(`${base}/api/v1/flows`, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: 'MORTISE_CONTROL_FAULT', status: 500 });
    expect(text).not.toContain('inside');
    expect(lines).toEqual([fault]);
  });
});
