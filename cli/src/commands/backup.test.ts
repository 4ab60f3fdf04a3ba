// mortise backup and restore, as people run them: on an engine, on a data folder, and what they refuse.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, mortise, startMortise, temporaryFolder } from '../cli.fixture.ts';
import type { Running } from '../cli.fixture.ts';

const { folder, remove } = temporaryFolder();
let project: string;
let control: string;
let running: Running;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  ({ project, control } = await initProject(folder));
  running = startMortise(['run', project]);
  await running.printed('Running');
});
afterAll(async () => {
  await running.end();
  remove();
});

describe('backup', () => {
  it('asks a running engine, with paths of the current folder', { timeout: 60_000 }, async () => {
    const { status, out } = await mortise(['backup', 'taken', '--control', control], { cwd: folder });
    expect(status).toBe(0);
    expect(out).toContain(`Backed up to ${at('taken')}: 2 files`);
    expect(out).toContain('Secrets are not in it');
    expect(readdirSync(at('taken')).sort()).toEqual(['access.db', 'manifest.json', 'mortise.db']);
    const again = await mortise(['backup', at('taken'), '--control', control]);
    expect(again).toMatchObject({ status: 1, err: expect.stringContaining('MORTISE_STORE_BACKUP_TARGET') as string });
  });

  it('refuses a data folder that an engine works on, and one that is none', { timeout: 60_000 }, async () => {
    const taken = await mortise(['backup', at('other'), '--data', join(project, '.mortise', 'data')]);
    expect(taken).toMatchObject({ status: 4, err: expect.stringContaining('MORTISE_STORE_LOCKED') as string });
    const none = await mortise(['backup', at('other'), '--data', at('nowhere')]);
    expect(none).toMatchObject({ status: 4, err: expect.stringContaining('is no data folder') as string });
  });
});

describe('restore', () => {
  it('makes a data folder that can be backed up again, and writes over nothing', { timeout: 60_000 }, async () => {
    const restored = await mortise(['restore', at('taken'), '--data', at('data'), '--project', project]);
    expect(restored).toMatchObject({ status: 0, err: '' });
    expect(restored.out).toContain('is paused: nothing is sent until it is resumed');
    expect(restored.out).toContain('Nothing was owed then');
    expect(readdirSync(at('data'))).toEqual(['access.db', 'mortise.db']);
    const again = await mortise(['restore', at('taken'), '--data', at('data')]);
    expect(again).toMatchObject({ status: 1, err: expect.stringContaining('MORTISE_STORE_RESTORE_TAKEN') as string });
    const direct = await mortise(['backup', at('second'), '--data', at('data'), '--json']);
    expect(JSON.parse(direct.out)).toMatchObject({ target: at('second'), files: 2, missing: [] });
  });

  it('refuses what is no backup, and needs to know where to', { timeout: 60_000 }, async () => {
    const none = await mortise(['restore', project, '--data', at('x')]);
    expect(none).toMatchObject({ status: 1, err: expect.stringContaining('MORTISE_STORE_BACKUP_DAMAGED') as string });
    expect((await mortise(['restore', at('taken')])).status).toBe(2);
  });
});
