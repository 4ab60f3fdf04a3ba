// mortise audit, as an auditor uses it: searched, signed, taken away, and verified on a data folder that somebody changed.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, mortise, startMortise, temporaryFolder } from '../cli.fixture.ts';
import type { Running } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';

const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
let engine: Running;
let project: string;
let control: string;

beforeAll(async () => {
  ({ project, control } = await initProject(folder));
  engine = startMortise(['run', project]);
  await engine.printed('Running');
  for (let n = 0; n < 3; n++) await ask('pause', 'flow', 'shop-orders', '--reason', `reason ${n}`);
  await ask('resume', 'flow', 'shop-orders');
  await ask('audit', 'checkpoint', '--out', at('checkpoint.json'), '--key-out', at('audit.pem'));
  await ask('pause', 'engine');
  await ask('audit', 'export', '--out', at('audit.ndjson'));
  await engine.end();
});
afterAll(remove);

const ask = (...parts: readonly string[]) => mortise(parts, { env: { MORTISE_CONTROL: control } });
const verify = (...parts: readonly string[]) =>
  mortise(['audit', 'verify', '--checkpoint', at('checkpoint.json'), '--key', at('audit.pem'), ...parts]);

/** The data folder's audit with a change that somebody with the file made. */
function changed(name: string, sql: string): string {
  mkdirSync(at(name));
  const file = join(at(name), 'access.db');
  copyFileSync(join(project, '.mortise/data/access.db'), file);
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  return at(name);
}

describe('mortise audit', () => {
  it('verifies a data folder and an export without an engine', async () => {
    expect((await verify('--data', join(project, '.mortise/data'))).out).toMatch(/^Unchanged up to entry 5, .* newer ones are/);
    expect(await verify('--file', at('audit.ndjson'))).toMatchObject({ status: 0 });
    expect(statSync(join(project, '.mortise/data/audit-key.pem')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['edit', "UPDATE audit SET entry = replace(entry, 'reason 1', 'no reason') WHERE n = 3"],
    ['deletion', 'DELETE FROM audit WHERE n = 3'],
    ['deletion of the first', 'DELETE FROM audit WHERE n = 1'],
    ['renumbering', 'DELETE FROM audit WHERE n = 3; UPDATE audit SET n = n - 1 WHERE n > 3'],
    ['reordering', 'UPDATE audit SET n = -n WHERE n IN (2, 3); UPDATE audit SET n = 5 + n WHERE n < 0'],
    ['truncation', 'DELETE FROM audit WHERE n >= 5'],
    ['emptying', 'DELETE FROM audit'],
  ])('finds an %s', async (name, sql) => {
    const { status, out } = await verify('--data', changed(name, sql));
    expect(status).toBe(exitCodes.failed);
    expect(out).toMatch(/^changed (Where entry|Entry|There are) /m);
  });

  it('finds that the checkpoint itself was changed', async () => {
    const text = readFileSync(at('checkpoint.json'), 'utf8');
    writeFileSync(at('checkpoint.json'), text.replace('"n":5', '"n":4'));
    const { status, out } = await verify('--file', at('audit.ndjson'));
    writeFileSync(at('checkpoint.json'), text);
    expect([status, out]).toEqual([exitCodes.failed, expect.stringContaining('not signed')]);
  });

  it('is in the archive for an auditor, with all that belongs to it', async () => {
    engine = startMortise(['run', project]);
    await engine.printed('Running');
    const today = new Date().toISOString().slice(0, 10);
    const written = await ask('evidence', '--from', today, '--to', today, '--out', at('evidence.tar.gz'));
    expect(written).toMatchObject({ status: 0, err: '' });
    mkdirSync(at('evidence'));
    expect(spawnSync('tar', ['-xzf', at('evidence.tar.gz'), '-C', at('evidence')]).status).toBe(0);
    const part = (name: string): unknown => JSON.parse(readFileSync(join(at('evidence'), `${name}.json`), 'utf8'));
    expect(part('about')).toMatchObject({ from: today, to: today });
    expect(part('changes')).toEqual(expect.arrayContaining([expect.objectContaining({ action: 'pause', result: 'done' })]));
    expect(part('balance')).toMatchObject({ whole: { even: true }, days: [{ day: today, even: true }] });
    expect(part('reliability')).toMatchObject({ starts: [expect.any(String), expect.any(String)], stops: [expect.any(String)] });
    expect(part('configuration')).toMatchObject({ project: 'acme', flows: { 'shop-orders': expect.any(String) } });
    expect(part('software')).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'fastify', license: 'MIT' })]));
    const own = ['--checkpoint', join(at('evidence'), 'checkpoint.json'), '--key', join(at('evidence'), 'audit.pem')];
    expect((await mortise(['audit', 'verify', ...own, '--file', join(at('evidence'), 'audit.ndjson')])).status).toBe(0);
    expect((await ask('evidence', '--from', today, '--to', today, '--out', at('evidence.tar.gz'))).err).toContain('FILE_TAKEN');
    expect((await ask('evidence', '--from', '2026-12-01', '--to', '2026-11-01')).err).toContain('MORTISE_CONTROL_REQUEST');
    await engine.end();
  });

  it('lists entries, and says what it cannot do', async () => {
    engine = startMortise(['run', project]);
    await engine.printed('Running');
    const { out } = await ask('audit', 'list', '--action', 'pause', '--limit', '2', '--json');
    expect(JSON.parse(out)).toMatchObject([{ about: { kind: 'engine' } }, { about: { reason: 'reason 2' } }]);
    expect((await ask('audit', 'list', '--action', 'stop')).out).toContain('engine');
    expect((await ask('audit', 'export', '--out', at('audit.ndjson'))).err).toContain('MORTISE_CLI_FILE_TAKEN');
    await engine.end();
    expect((await verify()).status).toBe(exitCodes.usage);
    expect((await verify('--data', at('nowhere'))).err).toContain('MORTISE_ACCESS_DAMAGED');
    expect((await mortise(['audit', 'verify', '--checkpoint', at('none'), '--key', at('none'), '--data', '.'])).err).toContain(
      'MORTISE_CLI_FILE',
    );
  });
});
