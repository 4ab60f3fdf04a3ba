// mortise new: what it writes passes the checks as it is, nothing is written over, and slips are answered with the nearest name.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCatalog } from '@mortise/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, mortise, startMortise, temporaryFolder } from '../cli.fixture.ts';
import type { Ended } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';
import { systemText } from '../new/system.ts';

const { folder, remove } = temporaryFolder();
const root = fileURLToPath(new URL('../../../', import.meta.url));
let project: string;
let control: string;
beforeAll(async () => {
  ({ project, control } = await initProject(folder));
});
afterAll(remove);

const create = (...words: readonly string[]): Promise<Ended> => mortise(['new', ...words], { cwd: project });
const read = (path: string): string => readFileSync(join(project, path), 'utf8');

interface Checked {
  readonly errors: number;
  readonly problems: readonly { readonly code: string; readonly file: string }[];
}

async function check(folderChecked = project): Promise<Checked> {
  const { out } = await mortise(['check', folderChecked, '--json', '--execute']);
  return JSON.parse(out) as Checked;
}

/** What is said of a command that was written wrongly. */
async function usageError(...words: readonly string[]): Promise<string> {
  const { status, err } = await create(...words);
  return status === exitCodes.usage ? err : `It ended with ${status}.`;
}

describe('new table', () => {
  it('writes one with its columns, and says how it is looked up', async () => {
    const { status, out } = await create('table', 'currencies', '--columns', 'code, name');
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('$xref("currencies", "code", VALUE, "name")') });
    expect(read('tables/currencies.csv')).toBe('code,name\n');
    expect((await check()).errors).toBe(0);
  });

  it('refuses columns that are none', async () => {
    for (const columns of ['code,,name', 'code,code', 'a"b'])
      expect(await usageError('table', 'units', '--columns', columns)).toContain('are no columns');
  });
});

describe('new system', () => {
  it('writes one for every connector that has no errors', async () => {
    const systems = join(folder, 'all', 'systems');
    await mortise(['init', join(folder, 'all')]);
    const catalog = openCatalog();
    for (const name of catalog.connectors) {
      const text = systemText(`new-${name}`, await catalog.connector(name));
      writeFileSync(join(systems, `new-${name}.yaml`), text);
    }
    const { errors, problems } = await check(join(folder, 'all'));
    expect(errors).toBe(0);
    const codes = problems.filter(({ file }) => file.startsWith('systems/new-')).map(({ code }) => code);
    expect(codes.filter((code) => !/_(UNUSED|SECRET_UNSET)$/.test(code))).toEqual([]);
  });

  it('says what every option is for', async () => {
    const { status, out } = await create('system', 'stock-database', '--connector', 'sqlite');
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('Wrote systems/stock-database.yaml') });
    const text = read('systems/stock-database.yaml');
    expect(text).toContain('  key: [ order_id ] # The columns that tell which row it is');
    expect(text).toContain('  # busyTimeout: 5s # How long to wait');
  });

  it('knows the nearest connector', async () => {
    expect(await usageError('system', 'x', '--connector', 'sqlit')).toMatch(
      /There is no connector "sqlit"[^]*remedy: Did you mean "sqlite"[?]/,
    );
  });
});

describe('new channel, new model, new flow, new test', () => {
  it('fit together', async () => {
    await create('channel', 'orders', '--model', 'order@1');
    await create('flow', 'orders-in', '--from', 'shop.order-created', '--to', 'orders');
    await create('flow', 'orders-out', '--from', 'orders', '--to', 'warehouse.drop-order', 'console.line');
    expect(read('flows/orders-in.yaml')).toContain('        "orderId": orderId,\n');
    expect(read('flows/orders-in.yaml')).toContain('  - validate: order@1\nto: { channel: orders }\n');
    expect(read('flows/orders-out.yaml')).toContain(
      'to:\n  - { system: warehouse, outbound: drop-order }\n  - { system: console',
    );
    expect((await check()).errors).toBe(0);
  });

  it('maps to null what the model of the sender has not, which check insists on', async () => {
    await create('model', 'shop-order', '--sample', 'fixtures/shop-order.json');
    expect(JSON.parse(read('models/shop-order.schema.json'))).toMatchObject({
      properties: { items: { items: { required: ['sku', 'qty'] } } },
    });
    writeFileSync(join(project, 'systems/till.yaml'), till);
    await create('flow', 'till-orders', '--from', 'till.sold', '--to', 'orders');
    expect(read('flows/till-orders.yaml')).toContain(
      '# Where it says null, say where it comes from; shop-order@1 has: id, customer,',
    );
    expect(read('flows/till-orders.yaml')).toContain('        "orderId": null,\n        "customer": customer,\n');
    // What is to be said is an error until it is: nothing runs that could never fit.
    const { problems } = await check();
    expect(problems.map(({ code }) => code)).toContain('MORTISE_TYPE_MISFIT');
    rmSync(join(project, 'flows/till-orders.yaml'));
    expect((await check()).errors).toBe(0);
  });

  it('writes a test from the model of what comes in, which passes', async () => {
    const { status, out } = await create('test', 'orders-out');
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('Wrote tests/orders-out.yaml') });
    expect(read('tests/orders-out.yaml')).toContain('- to: warehouse.drop-order\n    body:\n      orderId: orderId\n');
    expect(await mortise(['test', project, 'orders-out'])).toMatchObject({ out: expect.stringContaining('1 passed, 0 failed') });
  });

  it('writes a test from a file, and says so when the message does not end well', async () => {
    const { out } = await create('test', 'orders-in', 'orders-in-fails', '--message', 'fixtures/shop-order.json');
    expect(out).toContain('The message ended as invalid:');
    expect(read('tests/orders-in-fails.yaml')).toContain('file: fixtures/shop-order.json\noutcome: invalid\n');
    expect(await mortise(['test', project, 'orders-in-fails'])).toMatchObject({ status: 0 });
  });

  it('writes a test from a message that an engine has', async () => {
    const engine = startMortise(['run', project], { env: { TILL: 'key' } });
    try {
      await engine.printed('Running acme');
      const sent = await mortise([
        'send',
        'shop.order-created',
        join(project, 'fixtures/shop-order.json'),
        '--json',
        '--control',
        control,
      ]);
      const { messages } = JSON.parse(sent.out) as { readonly messages: readonly { readonly id: string }[] };
      const { status, err } = await create(
        'test',
        'shop-orders',
        'recorded',
        '--recorded',
        messages[0]?.id ?? '',
        '--control',
        control,
      );
      expect({ status, err }).toEqual({ status: 0, err: '' });
    } finally {
      await engine.end();
    }
    expect(read('tests/recorded.yaml')).toContain('orderId: "4711"');
    expect(await mortise(['test', project, 'recorded'])).toMatchObject({ status: 0 });
  });

  it('knows the nearest names', async () => {
    expect(await usageError('flow', 'x', '--from', 'shop.order-creatd', '--to', 'orders')).toMatch(
      /no inbound or channel[^]*remedy: Did you mean "shop[.]order-created"[?]/,
    );
    expect(await usageError('flow', 'x', '--from', 'orders', '--to', 'warehouse.drop-ordr')).toMatch(
      /no outbound or channel[^]*remedy: Did you mean "warehouse[.]drop-order"[?]/,
    );
    expect(await usageError('flow', 'x', '--from', 'orders')).toMatch(/--to is missing[^]*remedy: Add --to with one of: /);
    expect(await usageError('channel', 'x', '--model', 'ordr@1')).toMatch(/no model[^]*remedy: Did you mean "order@1"[?]/);
    expect(await usageError('test', 'order-out')).toMatch(/no flow[^]*remedy: Did you mean "orders-out"[?]/);
    expect(await usageError('flw', 'x')).toMatch(/Unknown command[^]*remedy: Did you mean flow[?]/);
    expect(await usageError('model', 'order@x')).toMatch(/no version[^]*remedy: Look at/);
    expect(await usageError('test', 'orders-in', 'y', '--message', '/etc/hosts')).toMatch(
      /not in the project[^]*remedy: Copy it into the folder/,
    );
  });
});

const till = `connector: http
inbounds:
  sold: { uses: webhook, path: /till, verify: { scheme: api-key, secret: env:TILL }, model: shop-order@1 }
`;

describe('new connector, new format', () => {
  it('write folders whose own tests pass', async () => {
    await create('connector', 'shelf');
    await create('format', 'pipes');
    // Where "npm install" would put them.
    symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
    mkdirSync(join(project, 'flows'), { recursive: true });
    expect(readdirSync(join(project, 'connectors/shelf')).sort()).toEqual([
      'README.md',
      'client.ts',
      'connector.test.ts',
      'connector.ts',
      'errors.ts',
      'fixtures',
      'inbound.ts',
      'outbound.ts',
      'package.json',
      'services.yaml',
    ]);
    for (const path of ['connectors/shelf', 'formats/pipes']) expect(await ownTests(join(project, path))).toMatch(/^0 /);
  });

  it('write code that the compiler has nothing against', async () => {
    const settings = { extends: join(root, 'tsconfig.json'), include: [join(project, 'connectors'), join(project, 'formats')] };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(settings));
    expect(await run([join(root, 'node_modules/typescript/bin/tsc'), '-p', project], project)).toBe('0 ');
  });

  it('are there for the project, with no SDK installed', async () => {
    rmSync(join(project, 'node_modules'));
    await create('system', 'stock', '--connector', 'shelf');
    expect(read('systems/stock.yaml')).toContain('connector: shelf\nconnection:\n  url: http://127.0.0.1:9000');
    expect((await check()).errors).toBe(0);
  });
});

describe('nothing', () => {
  it('is written over', async () => {
    const before = read('flows/shop-orders.yaml');
    const { status, err } = await create('flow', 'shop-orders', '--from', 'shop.order-created', '--to', 'orders');
    expect(status).toBe(exitCodes.failed);
    expect(err).toContain('error MORTISE_CLI_FILE_TAKEN: flows/shop-orders.yaml is there already.');
    expect(read('flows/shop-orders.yaml')).toBe(before);
    expect(await create('connector', 'http')).toMatchObject({
      err: expect.stringContaining('MORTISE_CLI_FILE_TAKEN: A connector "http"'),
    });
  });

  it('is written under a name that could not be used', async () => {
    expect(await usageError('flow', 'My Flow', '--to', 'orders')).toMatch(/"My Flow" is no name[^]*remedy: Write "my-flow"[.]/);
    expect(await usageError('connector', '../outside')).toMatch(/is no name[^]*remedy: Write "outside"[.]/);
  });

  it('is written where there is no project', async () => {
    const { err } = await mortise(['new', 'model', 'x'], { cwd: folder });
    expect(err).toContain('error MORTISE_CLI_NO_PROJECT: . has no mortise.yaml.');
  });
});

/** The tests of a folder that was made, with the runner of this repository. */
function ownTests(cwd: string): Promise<string> {
  return run([join(root, 'node_modules/vitest/vitest.mjs'), 'run'], cwd);
}

async function run(words: readonly string[], cwd: string): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_)/.test(name)));
  const child = spawn(process.execPath, [...words], { cwd, env });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return `${status} ${out}`;
}
