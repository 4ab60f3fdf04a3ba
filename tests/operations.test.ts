// The guide for operators: every command in it runs, in its order; and what lies in deploy/ is what it says.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { initProject, mortise, startMortise } from '../cli/src/cli.fixture.ts';
import type { Running } from '../cli/src/cli.fixture.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'mortise-operations-'));
/** Each command is a process of its own. */
const commandsMs = 240_000;
let engine: Running | undefined;
afterEach(async () => {
  await engine?.end();
  engine = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Words of a command, of which those in quotes are one. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('the guide for operators', () => {
  const blocks = [...text('docs/guides/operations.md').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
    block.trim().split('\n'),
  );
  const commands = blocks.flat();

  it('shows commands of mortise only', () => {
    expect(commands.length).toBeGreaterThan(20);
    expect(commands.filter((command) => !command.startsWith('mortise '))).toEqual([]);
  });

  it(
    'shows commands that do what they say, one after the other',
    async () => {
      const { project, control } = await initProject(folder);
      mkdirSync(join(project, 'environments'));
      writeFileSync(join(project, 'environments', 'test.yaml'), 'log: { level: debug }\n');
      writeFileSync(join(project, 'environments', 'production.yaml'), '');
      engine = startMortise(['run', project]);
      await engine.printed('Running');
      const expected = (command: string): number => (command.startsWith('mortise diff') ? 1 : 0);
      for (const command of commands) {
        const { status, err } = await mortise(wordsOf(command).slice(1), { cwd: project, env: { MORTISE_CONTROL: control } });
        expect({ command, status, err }).toEqual({ command, status: expected(command), err: '' });
      }
      // The last drain of the guide ends the process.
      if (engine.child.exitCode === null) await once(engine.child, 'exit');
      expect(engine.child.exitCode).toBe(0);
    },
    commandsMs,
  );

  it('names the figures that there are', async () => {
    const figures = text('engine/src/control/metrics.ts');
    for (const [name] of text('docs/guides/operations.md').matchAll(/mortise_\w+/g)) expect(figures).toContain(`'${name}'`);
  });
});

describe('the figures', () => {
  const made = [...text('engine/src/control/metrics.ts').matchAll(/'(mortise_\w+|process_\w+|nodejs_\w+)'/g)].map(
    ([, name = '']) => name,
  );

  it('are all documented', () => {
    const guide = text('docs/guides/operations.md');
    expect(made.length).toBeGreaterThan(15);
    for (const name of made) expect(guide).toContain(`\`${name}\``);
  });

  it('are all that the dashboard asks for, and it has a panel for each but the start', () => {
    const dashboard = text('deploy/grafana-dashboard.json');
    const asked = new Set([...dashboard.matchAll(/\b(mortise|process|nodejs)_\w+/g)].map(([name]) => name));
    expect([...asked].toSorted()).toEqual(made.filter((name) => name !== 'process_start_time_seconds').toSorted());
    const { panels } = JSON.parse(dashboard) as { panels: readonly { targets: readonly { expr: string }[] }[] };
    for (const { targets } of panels) for (const { expr } of targets) expect(expr).not.toBe('');
  });
});

describe('the systemd unit', () => {
  const unit = text('deploy/mortise.service');
  const analyze = spawnSync('systemd-analyze', ['--version']);

  it('is one that systemd reads without a word, and finds well guarded', ({ skip }) => {
    if (analyze.error) skip('systemd-analyze is not installed');
    const units = join(folder, 'units');
    mkdirSync(units);
    // Only that the command is there cannot be asked of a machine that runs tests.
    writeFileSync(join(units, 'mortise.service'), unit.replace('/usr/bin/mortise', '/bin/true'));
    const verified = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', '--recursive-errors=no', join(units, 'mortise.service')],
      {
        encoding: 'utf8',
      },
    );
    expect({ status: verified.status, said: verified.stderr }).toEqual({ status: 0, said: '' });
    const judged = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=20', join(units, 'mortise.service')],
      {
        encoding: 'utf8',
      },
    );
    expect(judged.status, judged.stdout).toBe(0);
  });

  it('starts the command as it is, restarts it, gives a stop more time than it takes, and hands secrets over', () => {
    for (const line of [
      'ExecStart=/usr/bin/mortise run /etc/mortise --data %S/mortise',
      'Restart=always',
      'TimeoutStopSec=30',
      'StateDirectory=mortise',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      '#LoadCredential=erp-db:/etc/mortise/secrets/erp-db',
    ])
      expect(unit.split('\n')).toContain(line);
  });

  it('hands a secret over that the project finds by its name', async () => {
    const { project } = await initProject(join(folder, 'secret'));
    const credentials = join(folder, 'credentials');
    mkdirSync(credentials);
    writeFileSync(join(credentials, 'shop-key'), 'a key\n', { mode: 0o440 });
    const shop = join(project, 'systems', 'shop.yaml');
    writeFileSync(shop, readFileSync(shop, 'utf8').replace('scheme: none', 'scheme: api-key, secret: secret:shop-key'));
    expect((await mortise(['doctor', project])).out).toContain('fail secret: There is no secret "shop-key".');
    const env = { CREDENTIALS_DIRECTORY: credentials };
    expect((await mortise(['doctor', project], { env })).out).toContain('ok   secrets: all 1 are there');
  });
});

interface Statement {
  readonly word: string;
  readonly rest: string;
}

/** Statements of a Containerfile: a line each, with those that end with a backslash joined, and comments left out. */
function statementsOf(file: string): readonly Statement[] {
  const lines = file.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      return { word, rest };
    });
}

describe('the Containerfile', () => {
  const statements = statementsOf(text('deploy/Containerfile'));
  const known = [
    'ARG',
    'FROM',
    'WORKDIR',
    'COPY',
    'RUN',
    'ENV',
    'USER',
    'VOLUME',
    'EXPOSE',
    'STOPSIGNAL',
    'HEALTHCHECK',
    'ENTRYPOINT',
    'CMD',
  ];
  const last = statements.slice(statements.findLastIndex(({ word }) => word === 'FROM'));
  const rest = (word: string): string => last.find((statement) => statement.word === word)?.rest ?? '';

  it('consists of statements that there are', () => {
    expect(statements.filter(({ word, rest: said }) => !known.includes(word) || said === '')).toEqual([]);
    expect(statements.filter(({ word }) => word === 'FROM').map(({ rest: said }) => said.replace(/^.* AS /, ''))).toEqual([
      'build',
      'docker.io/library/node:${NODE}',
    ]);
    for (const word of ['ENTRYPOINT', 'CMD']) expect(JSON.parse(rest(word)), word).toBeInstanceOf(Array);
  });

  it('copies what the build made, and runs as somebody else than root, on a volume of its own', () => {
    expect(rest('COPY')).toBe('--from=build /opt/mortise /opt/mortise');
    expect(rest('USER')).toBe('node');
    expect(rest('RUN')).toContain(`-o node -g node -m 0700 ${rest('VOLUME')}`);
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Readonly<Record<string, string>> };
    expect(Object.keys(scripts)).toContain('pack');
  });

  it('runs a command that the command line takes, with a volume and a port that fit', async () => {
    const command = JSON.parse(rest('CMD')) as readonly string[];
    expect(command).toContain(rest('VOLUME'));
    expect(command[command.indexOf('--listen') + 1]).toBe(`0.0.0.0:${rest('EXPOSE')}`);
    const help = (await mortise(['run', '--help'])).out;
    for (const option of command.filter((word) => word.startsWith('--'))) expect(help).toContain(option);
  });

  it('has a health check that tells an engine from none', async () => {
    const [, check = '', control = ''] = /CMD (\[.*(127\.0\.0\.1:8080).*\])$/.exec(rest('HEALTHCHECK')) ?? [];
    const checks = async (address: string): Promise<number | null> => {
      const [, ...parts] = JSON.parse(check.replace(control, address)) as readonly string[];
      const [status] = (await once(spawn(process.execPath, parts), 'exit')) as [number | null];
      return status;
    };
    const made = await initProject(join(folder, 'health'));
    expect(await checks(made.control)).toBe(1);
    engine = startMortise(['run', made.project]);
    await engine.printed('Running');
    expect(await checks(made.control)).toBe(0);
  });
});

describe('the compose file', () => {
  it('fits the Containerfile, and opens nothing that need not be open', () => {
    const { services, volumes, secrets } = parse(text('deploy/compose.yaml')) as {
      services: { mortise: Readonly<Record<string, unknown>> };
      volumes: object;
      secrets: Readonly<Record<string, unknown>>;
    };
    const { mortise: service } = services;
    const { build } = service as { build: { context: string; dockerfile: string } };
    expect(existsSync(join(root, 'deploy', build.context, build.dockerfile))).toBe(true);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], restart: 'always', ports: ['127.0.0.1:8081:8081'] });
    expect(service['volumes']).toEqual(['./project:/project:ro', 'data:/var/lib/mortise']);
    expect(Object.keys(volumes)).toEqual(['data']);
    expect(service['secrets']).toEqual(Object.keys(secrets));
  });
});
