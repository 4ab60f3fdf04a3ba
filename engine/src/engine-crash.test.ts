// What a crash leaves and how the next start takes it up. A crash here is a copy of the data folder while the engine works.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { fastClock, Mesh } from './mesh.fixture.ts';
import type { MeshOptions } from './mesh.fixture.ts';
import { openSqliteStore } from './store/sqlite/open.ts';

const root = mkdtempSync(join(tmpdir(), 'mortise-crash-'));
let folders = 0;
let open: Mesh[] = [];
let release: (() => void)[] = [];
afterEach(async () => {
  for (const let_go of release) let_go();
  await Promise.all(open.map((mesh) => mesh.close()));
  [open, release] = [[], []];
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const from = { system: 'peer', inbound: 'in' };
const toA = { system: 'peer', outbound: 'a' };
const toOnce = { system: 'peer', outbound: 'once' };

async function start(options: MeshOptions, crashed?: string): Promise<{ mesh: Mesh; crash: () => string }> {
  const folder = crashed ?? join(root, String(folders++));
  const store = await openSqliteStore({ folder, nowMs: fastClock.nowMs, inThread: false });
  const mesh = await Mesh.open({ ...options, store });
  open.push(mesh);
  const crash = (): string => {
    const copy = join(root, String(folders++));
    cpSync(folder, copy, { recursive: true });
    return copy;
  };
  return { mesh, crash };
}

/** A send that does not come back until the test ends. */
const hanging = (): Promise<Record<string, never>> => new Promise((resolve) => release.push(() => resolve({})));

describe('after a crash', () => {
  it('what was accepted and not settled runs again under the same delivery id, marked durably before', async () => {
    const options: MeshOptions = { flows: { f: { from, to: toA } }, send: hanging };
    const { mesh, crash } = await start(options);
    for (let n = 0; n < 3; n++) await mesh.accept({ n });
    await mesh.until(() => mesh.sent.length === 3, 'three under way');
    const { mesh: next } = await start({ ...options, send: () => ({}) }, crash());
    await next.settled();
    expect(next.store.recovered.suspects).toHaveLength(3);
    const ids = (sent: Mesh['sent']) => sent.map(({ deliveryId }) => deliveryId).sort();
    expect(ids(next.sent)).toEqual(ids(mesh.sent));
    expect([...(await next.states())].sort()).toEqual([
      ...Array<string>(3).fill('flow:f done'),
      ...Array<string>(3).fill('outbound:peer.a done'),
    ]);
  });

  it('what was being sent to a system that is not idempotent is in doubt, and what only waited there is sent', async () => {
    const options: MeshOptions = { flows: { f: { from, to: toOnce } }, unsafe: ['once'], send: hanging };
    const { mesh, crash } = await start(options);
    for (let n = 0; n < 6; n++) await mesh.accept({ n });
    await mesh.until(() => mesh.sent.length === 4, 'four under way, two waiting');
    await mesh.until(async () => (await mesh.states()).filter((state) => state === 'outbound:peer.once waiting').length === 6);
    const { mesh: next } = await start({ ...options, send: () => ({}) }, crash());
    await next.settled();
    const states = await next.states();
    expect(states.filter((state) => state === 'outbound:peer.once in-doubt')).toHaveLength(4);
    const doubtful = (await next.journal()).filter(({ delivery }) => delivery.state === 'in-doubt');
    expect(new Set(doubtful.map(({ delivery }) => delivery.error?.code))).toEqual(new Set(['MORTISE_DELIVERY_POSSIBLY_SENT']));
    expect(states.filter((state) => state === 'outbound:peer.once done')).toHaveLength(2);
    expect(next.sent.map(({ body }) => (body as { n: number }).n).sort()).toEqual([4, 5]);
  });

  it('a message under which the process died three times is dead, and the others go on', async () => {
    // The poison "kills" by never ending, while the folder is copied as a crash would leave it.
    const send = ({ body }: { body: unknown }) => ((body as { poison?: boolean }).poison ? hanging() : {});
    const options: MeshOptions = { flows: { f: { from, to: toA } }, send };
    const first = await start(options);
    await first.mesh.accept({ poison: true });
    await first.mesh.until(() => first.mesh.sent.length === 1, 'under way');
    let crashed = first.crash();
    for (let death = 1; death <= 3; death++) {
      const next = await start(options, crashed);
      await next.mesh.until(() => next.mesh.sent.length === 1, `alone under its mark, after death ${death}`);
      await next.mesh.accept({ n: death });
      // Sent and settled: what is only sent when the process dies would be a suspect, too, and run first.
      const settled = async () => (await next.mesh.states()).filter((state) => state === 'outbound:peer.a done').length === death;
      await next.mesh.until(settled, 'the others go on');
      crashed = next.crash();
    }
    const last = await start(options, crashed);
    await last.mesh.until(async () => (await last.mesh.states()).includes('flow:f dead'), 'dead');
    expect(last.mesh.sent.filter(({ body }) => (body as { poison?: boolean }).poison)).toHaveLength(0);
    const dead = (await last.mesh.journal()).find(({ delivery }) => delivery.state === 'dead');
    expect(dead?.delivery.error?.code).toBe('MORTISE_DELIVERY_CRASHED');
  });

  it('a message held behind a step that is gone is dead when its time comes', async () => {
    const { mesh, crash } = await start({ flows: { f: { from, steps: [{ delay: { id: 'wait', for: '2s' } }], to: toA } } });
    await mesh.accept({});
    await mesh.until(async () => (await mesh.states()).includes('flow:f held'), 'held');
    const { mesh: next } = await start({ flows: { f: { from, to: toA } } }, crash());
    await next.until(async () => (await next.states()).includes('flow:f dead'), 'dead');
    const dead = (await next.journal()).find(({ delivery }) => delivery.state === 'dead');
    expect(dead?.delivery.error?.code).toBe('MORTISE_STEP_UNKNOWN_ENTRY');
  });

  it('a clean stop makes no suspects', async () => {
    const options: MeshOptions = {
      flows: { f: { from, steps: [{ delay: '1d' }], to: toA }, g: { from, to: { system: 'peer', outbound: 'b' } } },
    };
    const { mesh } = await start(options);
    for (let n = 0; n < 5; n++) await mesh.accept({ n });
    await mesh.settled();
    const folder = join(root, String(folders - 1));
    open = open.filter((one) => one !== mesh);
    await mesh.close();
    const { mesh: next } = await start(options, folder);
    expect(next.store.recovered).toMatchObject({ clean: true, suspects: [] });
    expect((await next.states()).filter((state) => state === 'flow:f held')).toHaveLength(5);
  });

  it('what did not end in time at a clean stop, at a system that is not idempotent, is in doubt', async () => {
    const options: MeshOptions = { flows: { f: { from, to: toOnce } }, unsafe: ['once'], send: hanging };
    const { mesh } = await start(options);
    await mesh.accept({});
    await mesh.until(() => mesh.sent.length === 1, 'under way');
    const folder = join(root, String(folders - 1));
    open = open.filter((one) => one !== mesh);
    await mesh.close();
    const { mesh: next } = await start({ ...options, send: () => ({}) }, folder);
    expect(next.store.recovered.clean).toBe(true);
    await next.settled();
    expect(await next.states()).toEqual(['flow:f done', 'outbound:peer.once in-doubt']);
    expect(next.sent).toHaveLength(0);
  });

  it('requests whose requester went with the process are abandoned', async () => {
    const options: MeshOptions = { flows: { f: { from, steps: [{ call: toA }, { reply: '1' }] } }, send: hanging };
    const { mesh, crash } = await start(options);
    await mesh.accept({});
    await mesh.until(() => mesh.sent.length === 1, 'under way');
    const { mesh: next } = await start(options, crash());
    await next.settled();
    expect(await next.states()).toEqual(['flow:f abandoned']);
    expect(next.sent).toHaveLength(0);
  });

  it('dedupe keys, held lanes and replies are as they were', async () => {
    const flows = {
      f: {
        from,
        order: { by: 'key' },
        steps: [{ dedupe: { id: 'd', key: 'id', for: '7d' } }, { map: '{ "n": $number(n) }' }],
        to: toA,
      },
    };
    const { mesh, crash } = await start({ flows });
    await mesh.accept({ key: 'x', id: 1, n: 'broken' });
    await mesh.accept({ key: 'x', id: 2, n: 2 });
    await mesh.until(async () => (await mesh.states()).includes('flow:f dead'), 'dead');
    const { mesh: next } = await start({ flows }, crash());
    await next.accept({ key: 'y', id: 1, n: 1 });
    await next.accept({ key: 'y', id: 3, n: 3 });
    await next.until(() => next.sent.length === 1, 'the other key');
    expect(next.sent.map(({ body }) => body)).toEqual([{ n: 3 }]);
    expect([...(await next.states())].sort()).toEqual([
      'flow:f dead',
      'flow:f done',
      'flow:f filtered',
      'flow:f waiting',
      'outbound:peer.a done',
    ]);
  });
});
