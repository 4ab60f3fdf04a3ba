// mortise doctor: each mistake that it knows, made on purpose; what it says, and what is to be done.

import { DatabaseSync } from 'node:sqlite';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, initProject, mortise, startMortise, temporaryFolder, until } from '../cli.fixture.ts';
import type { Running } from '../cli.fixture.ts';
import { lookAtClock, lookAtDisk, lookAtFileSystem, lookAtNode, lookAtRetention } from '../doctor/machine.ts';
import type { Finding } from '../doctor/finding.ts';
import { exitCodes } from '../exit-codes.ts';

let folder: string;
let project: string;
let control: string;
let inbound: string;
let engine: Running | undefined;
let remove: () => void;
beforeEach(async () => {
  ({ folder, remove } = temporaryFolder());
  ({ project, control, inbound } = await initProject(folder));
});
afterEach(async () => {
  await engine?.end();
  engine = undefined;
  remove();
});

async function findings(
  ...more: readonly string[]
): Promise<{ readonly status: number | null; readonly all: readonly Finding[] }> {
  const { status, out, err } = await mortise(['doctor', project, '--json', ...more]);
  expect(err).toBe('');
  const all = JSON.parse(out) as Finding[];
  for (const { verdict, remedy } of all) expect(remedy === undefined).toBe(verdict === 'ok');
  return { status, all };
}

async function unwell(...more: readonly string[]): Promise<readonly string[]> {
  const { all } = await findings(...more);
  return all.filter(({ verdict }) => verdict !== 'ok').map(({ look, verdict, detail }) => `${verdict} ${look}: ${detail}`);
}

const write = (path: string, text: string): void => {
  mkdirSync(join(project, path, '..'), { recursive: true });
  writeFileSync(join(project, path), text);
};
const unverified = expect.stringMatching(/^warn webhook: systems\/shop\.yaml:9: shop\.order-created does not verify/);
const ask = (...parts: readonly string[]) => mortise(parts, { env: { MORTISE_CONTROL: control } });

async function run(): Promise<void> {
  engine = startMortise(['run', project]);
  await engine.printed('Running');
}

describe('doctor', () => {
  it('looks at everything, and finds a fresh project well', async () => {
    const { status, out } = await mortise(['doctor', project]);
    expect(status).toBe(0);
    for (const look of [
      'ok   node: ',
      'ok   clock: ',
      'ok   project: acme: 1 flow\n',
      'ok   secrets: none',
      'ok   data folder: ',
      'ok   disk: ',
      'ok   retention: ',
      'ok   engine: none runs',
      'ok   inbound port: ',
      'ok   control port: ',
    ])
      expect(out).toContain(look);
  });

  it('says of a folder without a project that it looked at nothing else', async () => {
    expect(await mortise(['doctor', folder])).toMatchObject({ status: 0, out: expect.stringContaining('has no mortise.yaml') });
  });
});

describe('before a start', () => {
  it('finds a secret that is missing, a port that is taken', async () => {
    const [host, port] = inbound.split(':');
    const server = createServer().listen(Number(port), host);
    write(
      'systems/shop.yaml',
      'connector: http\ninbounds:\n  order-created: { uses: webhook, path: /x, verify: { scheme: api-key, secret: env:NOT_SET_HERE } }\n',
    );
    const { status, all } = await findings();
    server.close();
    expect(status).toBe(exitCodes.failed);
    expect(all.filter(({ verdict }) => verdict === 'fail').map(({ look }) => look)).toEqual(['secret', 'inbound port']);
  });

  it('finds errors of the project, and a webhook that verifies nobody', async () => {
    expect(await unwell()).toEqual([unverified]);
    write('flows/broken.yaml', 'from: { system: shp, inbound: x }\nto: { system: console, outbound: line }\n');
    expect(await unwell()).toEqual(['fail project: acme: 1 flow, 1 error', unverified]);
  });

  it('finds an environment that names a system that there is not', async () => {
    write('environments/test.yaml', 'systems:\n  wearhouse: { limits: { concurrency: 1 } }\n');
    const found = await findings();
    expect(found.all.filter(({ look }) => look === 'environment')).toEqual([
      {
        look: 'environment',
        verdict: 'fail',
        detail: expect.stringMatching(/^environments\/test\.yaml:2: .*"wearhouse"/),
        remedy: 'Did you mean "warehouse"?',
      },
    ]);
    expect(found.status).toBe(exitCodes.failed);
  });

  it('finds a data folder that cannot be written', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may write everywhere');
    const data = join(folder, 'data');
    mkdirSync(data);
    chmodSync(data, 0o500);
    expect(await unwell('--data', data)).toEqual([unverified, `fail data folder: ${data} cannot be written.`]);
  });

  it('finds a data folder where a file stands in the way', async () => {
    const data = join(folder, 'data');
    writeFileSync(data, '');
    expect(await unwell('--data', join(data, 'below'))).toContain(`fail data folder: ${data} is no folder.`);
  });
});

describe('the machine', () => {
  it('has a Node that is too old, a clock that is wrong', () => {
    expect(lookAtNode('24.1.0')).toMatchObject({ verdict: 'warn' });
    expect(lookAtNode('26.0.0')).toMatchObject({ verdict: 'ok' });
    expect(lookAtClock(Date.UTC(2001, 0, 1))).toMatchObject({ verdict: 'fail', detail: expect.stringContaining('2001-01-01') });
  });

  it('has a disk that is full, nearly full, or too small for the journal', async () => {
    expect(await lookAtDisk(folder, 1e18)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining('nothing is accepted'),
    });
    const free = Number(/^(\d+)MiB|^(\d+)GiB/.exec((await lookAtDisk(folder, 1)).detail)?.[1] ?? 1024) * 1024 ** 2;
    expect((await lookAtDisk(folder, Math.floor(free * 0.75))).verdict).toBe('warn');
    expect(await lookAtRetention(folder, 10 * 1024 ** 3, 5 * 1024 ** 3)).toMatchObject({
      verdict: 'warn',
      detail: 'The journal may grow to 10GiB, and 5GiB are free.',
    });
    write('mortise.yaml', 'name: acme\njournal: { atMost: 1000000GiB }\nlimits: { freeDisk: 1KiB }\n');
    expect(await unwell()).toContainEqual(expect.stringMatching(/^warn retention: The journal may grow to 1000000GiB/));
  });

  it('has the data folder on a file system over a network', async () => {
    expect(await lookAtFileSystem(folder)).toEqual([]);
    for (const [type, name] of [
      [0x6969, 'NFS'],
      [0xff534d42 | 0, 'CIFS'],
    ] as const)
      expect(await lookAtFileSystem(folder, type)).toMatchObject([
        { verdict: 'fail', detail: expect.stringContaining(`(${name})`) },
      ]);
  });
});

describe('an engine that runs', () => {
  it('has a dead letter that holds a lane', async () => {
    write(
      'flows/shop-orders.yaml',
      'from: { system: shop, inbound: order-created }\norder: { by: id, onDead: hold }\nsteps:\n  - map: $error("no")\nto: { system: console, outbound: line }\n',
    );
    rmSync(join(project, 'tests'), { recursive: true });
    await run();
    await mortise(['send', 'shop.order-created'], { env: { MORTISE_CONTROL: control }, input: '{"id":"A-1"}' });
    await until(
      async () => !(await ask('dead-letters')).out.startsWith('No dead letters'),
      () => 'nothing died',
    );
    expect(await unwell()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^warn dead letters: 1 wait for a person, the oldest since 20/),
        expect.stringMatching(/^warn lane: flow:shop-orders: all behind "A-1" wait for delivery [0-9a-f-]{36}\.$/),
      ]),
    );
  });

  it('has a pause that was forgotten, and is being drained', async () => {
    await run();
    expect(await unwell()).toEqual([unverified]);
    await ask('pause', 'system', 'warehouse');
    expect(await unwell()).toEqual([unverified]);
    await engine?.end();
    const database = new DatabaseSync(join(project, '.mortise', 'data', 'mortise.db'));
    database.exec(`UPDATE pauses SET since = ${Date.now() - 2 * 3_600_000}`);
    database.close();
    await run();
    await ask('drain');
    expect(await unwell()).toEqual([
      unverified,
      expect.stringContaining('warn engine: acme runs'),
      expect.stringMatching(/^warn pause: system warehouse is paused since 20.+\.$/),
      expect.stringMatching(/^warn drain: The engine is (draining|drained) since 20/),
    ]);
  });

  it('has a system that does not answer; one that stands still is not asked', async () => {
    const port = await freePort();
    write(
      'systems/console.yaml',
      `connector: http\nconnection: { url: "http://127.0.0.1:${port}" }\noutbounds:\n  line: { uses: request, path: /line }\n`,
    );
    await run();
    expect(await unwell()).toContainEqual(expect.stringMatching(/^fail system: console, http: /));
    await ask('pause', 'system', 'console');
    const { all } = await findings();
    expect(all).toContainEqual({ look: 'system', verdict: 'ok', detail: 'console is not asked: System console is paused.' });
  });

  it('has an inbound that cannot be polled', async () => {
    write('systems/drop.yaml', 'connector: file\nconnection: { folder: nowhere }\n');
    write('flows/drop.yaml', 'from: { system: drop, inbound: read, format: json }\nto: { system: console, outbound: line }\n');
    await run();
    expect(await unwell()).toContainEqual(expect.stringMatching(/^fail inbound: drop\.read@drop: /));
  });

  it('is of another project', async () => {
    await run();
    write('mortise.yaml', `name: other\nlisteners: { inbound: "${inbound}", control: "${control}" }\n`);
    expect(await unwell()).toContainEqual(expect.stringMatching(/^fail engine: Another project, acme, runs/));
  });
});
