// The commands that look at a project: init, check, test, schema.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, mortise, temporaryFolder } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';

const { folder, remove } = temporaryFolder();
let project: string;
beforeAll(async () => {
  ({ project } = await initProject(folder));
});
afterAll(remove);

/** Writes a file of the project, runs, and puts the file back as it was. */
async function having<T>(path: string, text: string, run: () => Promise<T>): Promise<T> {
  const file = join(project, path);
  const former = readFileSync(file, 'utf8');
  writeFileSync(file, text);
  try {
    return await run();
  } finally {
    writeFileSync(file, former);
  }
}

const flow = 'flows/shop-orders.yaml';
const broken = 'from: { system: shp, inbound: order-created }\nto: { system: console, outbound: line }\n';

describe('init', () => {
  it('writes a project without errors, whose tests pass, and says what is next', async () => {
    const target = join(folder, 'My First Project!');
    const { status, out, err } = await mortise(['init', target]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain(`mortise run ${target}`);
    expect(readFileSync(join(target, 'mortise.yaml'), 'utf8')).toContain('name: my-first-project\n');
    expect(JSON.parse((await mortise(['check', target, '--json'])).out)).toMatchObject({
      errors: 0,
      warnings: 1,
      problems: [{ code: 'MORTISE_PROJECT_UNVERIFIED' }],
    });
    expect(await mortise(['test', target])).toMatchObject({ status: 0, out: expect.stringContaining('2 passed, 0 failed') });
  });

  it('takes a folder that is empty', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await mortise(['init', join(folder, 'empty')])).toMatchObject({ status: 0 });
  });

  it('touches nothing in a folder that has files', async () => {
    const target = join(folder, 'taken');
    mkdirSync(target);
    writeFileSync(join(target, 'mine.txt'), 'mine');
    const { status, err } = await mortise(['init', target]);
    expect(status).toBe(exitCodes.failed);
    expect(err).toMatch(/^error MORTISE_CLI_FOLDER_TAKEN: .*taken has files already\.\n {2}remedy: /);
    expect(existsSync(join(target, 'mortise.yaml'))).toBe(false);
  });
});

describe('check', () => {
  it('names each error with its place, and fails', async () => {
    const { status, out } = await having(flow, broken, () => mortise(['check', project]));
    expect(status).toBe(exitCodes.failed);
    expect(out).toContain('flows/shop-orders.yaml:1:17 error MORTISE_FLOW_UNKNOWN_NAME');
    expect(out).toContain('Did you mean "shop"?');
    expect(out).not.toContain('\u001b');
  });

  it('prints one JSON value', async () => {
    const { status, out } = await having(flow, broken, () => mortise(['check', project, '--json']));
    expect(status).toBe(exitCodes.failed);
    expect(JSON.parse(out)).toMatchObject({
      errors: 1,
      problems: expect.arrayContaining([expect.objectContaining({ line: 1, column: 17, severity: 'error' })]),
    });
  });

  it('says of a folder that is none, and of an environment that is not there', async () => {
    expect(await mortise(['check', join(folder, 'nowhere')])).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('MORTISE_PROJECT_MISSING'),
    });
    expect(await mortise(['check', project, '--env', 'tset'])).toMatchObject({
      status: exitCodes.failed,
      out: expect.stringContaining('There is no environment "tset"'),
    });
  });
});

describe('test', () => {
  const wrong =
    'flow: shop-orders\ngiven:\n  body: { file: fixtures/shop-order.json }\nexpect:\n  - to: warehouse.drop-order\n    body: { orderId: "4712" }\n  - to: console.line\n';

  it('says what differs and where, and fails', async () => {
    const { status, out } = await having('tests/order-goes-to-warehouse.yaml', wrong, () => mortise(['test', project]));
    expect(status).toBe(exitCodes.failed);
    expect(out).toContain('pass empty-order-is-ignored');
    expect(out).toContain('FAIL order-goes-to-warehouse');
    expect(out).toContain(
      'tests/order-goes-to-warehouse.yaml:5 warehouse.drop-order got another message\n    body.orderId: expected "4712", found "4711"',
    );
    expect(out).toContain('1 passed, 1 failed');
  });

  it('runs those that are named, by their name or by their flow', async () => {
    expect(JSON.parse((await mortise(['test', project, 'empty-order-is-ignored', '--json'])).out)).toMatchObject([
      { name: 'empty-order-is-ignored', passed: true },
    ]);
    expect(JSON.parse((await mortise(['test', project, 'shop-orders', '--json'])).out)).toHaveLength(2);
    const { status, err } = await mortise(['test', project, 'shop-order']);
    expect(status).toBe(exitCodes.usage);
    expect(err).toContain('Did you mean "shop-orders"?');
  });

  it('runs nothing where the project has errors', async () => {
    const { status, out, err } = await having(flow, broken, () => mortise(['test', project]));
    expect({ status, out }).toEqual({ status: exitCodes.failed, out: '' });
    expect(err).toContain('MORTISE_FLOW_UNKNOWN_NAME');
    expect(err).toContain('error MORTISE_CLI_PROJECT:');
  });
});

describe('schema', () => {
  const names = ['mortise', 'system', 'flow', 'channel', 'alert', 'format', 'test', 'environment'];

  it('writes a schema for each kind of file, and says how an editor finds them', async () => {
    const { status, out } = await mortise(['schema', project, '--write']);
    expect(status).toBe(0);
    for (const name of names) {
      expect(JSON.parse(readFileSync(join(project, '.mortise', 'schemas', `${name}.json`), 'utf8'))).toHaveProperty('$schema');
      expect(out).toMatch(new RegExp(`"\\.mortise/schemas/${name}\\.json": \\[\\s*"`));
    }
  });

  it('prints them all as one JSON value', async () => {
    expect(Object.keys(JSON.parse((await mortise(['schema', project])).out) as object).toSorted()).toEqual(names.toSorted());
  });
});
