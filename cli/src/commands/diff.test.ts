// mortise diff: what differs between environments, after all is resolved.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { initProject, mortise, temporaryFolder } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';

const { folder, remove } = temporaryFolder();
let project: string;
beforeAll(async () => {
  ({ project } = await initProject(folder));
});
afterAll(remove);

it('tells what differs between two environments, secrets by reference, and exits with 1; 0 where nothing does', async () => {
  mkdirSync(join(project, 'environments'));
  writeFileSync(
    join(project, 'systems', 'crm.yaml'),
    'connector: http\nconnection: { url: "https://crm.example", auth: { bearer: env:CRM_TOKEN } }\nlimits: { rate: 5/s }\n',
  );
  writeFileSync(
    join(project, 'environments', 'test.yaml'),
    'systems:\n  crm: { connection: { url: "https://crm.test.example", auth: { bearer: env:CRM_TEST_TOKEN } } }\n',
  );
  writeFileSync(
    join(project, 'environments', 'production.yaml'),
    'systems:\n  crm: { limits: { rate: 50/s }, maintenance: { cron: "0 2 * * SUN", for: 2h } }\nlog: { level: warn }\n',
  );
  const { status, out, err } = await mortise(['diff', project, '--env', 'test', '--env', 'production'], {
    env: { CRM_TOKEN: 'c4n4ry', CRM_TEST_TOKEN: 'c4n4ry' },
  });
  expect({ status, err }).toEqual({ status: exitCodes.failed, err: '' });
  expect(out).toBe(`--- test
+++ production
- log.level: "info"
+ log.level: "warn"
- systems.crm.connection.auth.bearer: "env:CRM_TEST_TOKEN"
+ systems.crm.connection.auth.bearer: "env:CRM_TOKEN"
- systems.crm.connection.url: "https://crm.test.example"
+ systems.crm.connection.url: "https://crm.example"
- systems.crm.limits.rate.count: 5
+ systems.crm.limits.rate.count: 50
+ systems.crm.maintenance: [{"cron":"0 2 * * SUN","forMs":7200000,"zone":"UTC"}]
`);
  expect(await mortise(['diff', project, '--env', 'test', '--env', 'test'])).toMatchObject({
    status: 0,
    out: 'Nothing differs between test and test.\n',
  });
  const json = JSON.parse((await mortise(['diff', project, '--env', 'test', '--json'])).out) as object;
  expect(json).toEqual({
    left: null,
    right: 'test',
    differences: [
      { path: 'systems.crm.connection.auth.bearer', left: 'env:CRM_TOKEN', right: 'env:CRM_TEST_TOKEN' },
      { path: 'systems.crm.connection.url', left: 'https://crm.example', right: 'https://crm.test.example' },
    ],
  });
  expect(await mortise(['diff', project, '--env', 'tst'])).toMatchObject({
    status: exitCodes.usage,
    err: expect.stringContaining('There is no environment "tst"'),
  });
});
