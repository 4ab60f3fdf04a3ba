// Loading a project: what a folder says becomes definitions, settings and flows; what is wrong has a place and a remedy.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../catalog/catalog.ts';
import { loadProject } from './load.ts';
import { changeProject, found, goodProject, load, loadWith, only, variables, writeProject } from './project.fixture.ts';

describe('a good project', () => {
  it('has no problems', async () => {
    const { problems, compiled, flows, tests } = await load(goodProject);
    expect(problems).toEqual([]);
    expect([...compiled.keys()].sort()).toEqual(['failed-orders', 'orders-to-erp', 'orders-us', 'shop-orders']);
    expect(flows).toHaveLength(4);
    expect(tests.map(({ name }) => name)).toEqual(['orders-to-erp']);
  });

  it('has settings with quantities read', async () => {
    const { settings } = await load(goodProject);
    expect(settings).toEqual({
      name: 'acme',
      alerts: { receivers: {} },
      listeners: { inbound: '127.0.0.1:8081', control: '127.0.0.1:8080' },
      limits: { messageBytes: 20 * 1024 ** 2, freeDiskBytes: 1024 ** 3, stallMs: 30_000 },
      journal: { keepMs: 604_800_000, atMostBytes: 10 * 1024 ** 3, bodies: 'all' },
      log: { level: 'info', format: 'auto' },
    });
  });

  it('needs nothing but a name, and has defaults for the rest', async () => {
    const { settings, problems } = await load({ 'mortise.yaml': 'name: small\n' });
    expect(problems).toEqual([]);
    expect(settings.listeners).toEqual({ inbound: '127.0.0.1:8081', control: '127.0.0.1:8080' });
    expect(settings.limits.messageBytes).toBe(20 * 1024 ** 2);
  });

  it('has inbounds with format and model, and outbounds with what follows a doubt', async () => {
    const { systems } = (await load(goodProject)).definitions;
    const orders = systems.get('shop')?.inbounds.get('order-created');
    expect(orders).toMatchObject({ system: 'shop', uses: 'webhook', model: { name: 'shop-order@1' }, format: { name: 'json' } });
    expect(orders?.options).toMatchObject({
      path: '/shop/orders',
      verify: { secret: 'env:SHOP_SECRET', tolerance: 300_000 },
      replyTimeout: 30_000,
    });
    expect(orders?.options).not.toHaveProperty('format');
    const crm = systems.get('crm');
    expect(crm?.limits).toEqual({ concurrency: 8, rate: { count: 50, perMs: 1000 } });
    expect(crm?.connections.get('default')?.values).toMatchObject({
      url: 'https://crm.example',
      auth: { bearer: 'env:CRM_TOKEN' },
    });
    expect(crm?.outbounds.get('get-customer')).toMatchObject({
      onInDoubt: 'retry',
      timeoutMs: 30_000,
      reply: { name: 'crm-customer@1' },
    });
    expect(crm?.outbounds.get('add-note')).toMatchObject({ onInDoubt: 'retry' });
    const erp = systems.get('erp');
    expect(erp?.outbounds.get('upsert-order')).toMatchObject({
      connection: { name: 'db', connector: 'sqlite' },
      concurrency: 1,
      timeoutMs: 5000,
    });
    expect(erp?.outbounds.get('upsert-order')?.format).toBeUndefined();
    expect(erp?.outbounds.get('drop-pick-list')?.format?.name).toBe('pick-list');
  });

  it('holds what may not be repeated, where the connector says so of the options as written', async () => {
    const crm =
      'connector: http\nconnection: { url: https://crm.example }\noutbounds:\n  a: { uses: request }\n  b: { uses: request, method: PUT }\n';
    const { systems } = (await load({ 'mortise.yaml': 'name: x', 'systems/crm.yaml': crm })).definitions;
    expect(systems.get('crm')?.outbounds.get('a')?.onInDoubt).toBe('hold');
    expect(systems.get('crm')?.outbounds.get('b')?.onInDoubt).toBe('retry');
  });

  it('reads and writes with its formats', async () => {
    const { definitions } = await load(goodProject);
    const found = definitions.format('pick-list');
    if (!('format' in found)) throw new Error(found.problem);
    const bytes = found.format.encodeWhole([{ orderId: 4711, sku: 'Tür' }]);
    expect(Buffer.from(bytes).toString('latin1')).toBe('0000004711Tür       \n');
    expect(found.format.decodeWhole(bytes)).toMatchObject([{ value: { orderId: 4711, sku: 'Tür' } }]);
  });

  it('polls as often as it says, or as the connector does', async () => {
    const inbound = (more: string) =>
      `connector: file\nconnection: { folder: in }\ninbounds:\n  orders: { uses: read, format: json${more} }\n`;
    const every = async (more: string) => {
      const { definitions } = await load({ 'mortise.yaml': 'name: x', 'systems/erp.yaml': inbound(more) });
      return definitions.systems.get('erp')?.inbounds.get('orders')?.everyMs;
    };
    expect(await every('')).toBe(1000);
    expect(await every(', every: 5m')).toBe(300_000);
  });

  it('gives texts of its files, and of no others', async () => {
    const { definitions } = await load(goodProject);
    expect(definitions.text('maps/us.jsonata')).toMatch(/merge/);
    expect(definitions.text('maps/none.jsonata')).toBeUndefined();
    expect(definitions.text('../../etc/passwd')).toBeUndefined();
    expect(definitions.text('/etc/passwd')).toBeUndefined();
  });
});

describe('an address of a listener that a start would refuse', () => {
  it.each([
    ['control: 0.0.0.0:8080', ['mortise.yaml:3:12 MORTISE_PROJECT_WRONG_VALUE']],
    ['control: "[::]:8080"', ['mortise.yaml:3:12 MORTISE_PROJECT_WRONG_VALUE']],
    ['inbound: 127.0.0.1:99999', ['mortise.yaml:3:12 MORTISE_PROJECT_WRONG_VALUE']],
    ['control: "[::1]:8080"', []],
    ['control: localhost:0', []],
    ['control: 0.0.0.0:8080\n  controlTls: { certificate: a.pem, key: a.key }', []],
  ])('%s', async (listener, expected) => {
    const { problems } = await load({ 'mortise.yaml': `name: x\nlisteners:\n  ${listener}\n` });
    expect(found({ problems: problems.filter(({ severity }) => severity === 'error') })).toEqual(expected);
  });
});

describe('the revision', () => {
  it('is the same for the same files, and another when a file or the environment changes', async () => {
    const folder = writeProject(goodProject);
    const revision = async (environment?: string) =>
      (await loadProject(folder, { catalog: openCatalog(), variables, ...(environment ? { environment } : {}) })).revision;
    const first = await revision();
    expect(await revision()).toBe(first);
    expect(await revision('test')).not.toBe(first);
    changeProject(folder, { 'maps/us.jsonata': '$' });
    expect(await revision()).not.toBe(first);
  });
});

describe('what is wrong', () => {
  it('is told of all files at once, sorted, each with its place', async () => {
    const project = await loadWith({
      'mortise.yaml': 'name: acme\nlimit: { message: 20MiB }\n',
      'systems/crm.yaml':
        'connector: http\nconnection:\n  url: crm.example\n  autth: { bearer: env:CRM_TOKEN }\noutbounds:\n  get-customer: { uses: requst }\n  add-note: { uses: request, timeout: soon }\n',
      'channels/orders.yaml': 'model: ordr@1\n',
      'flows/shop-orders.yaml': 'from: { system: shop, inbound: order-creatd }\nsteps:\n  - mapp: $\nto: { channel: order }\n',
    });
    expect(found(project)).toEqual([
      'channels/orders.yaml:1:8 MORTISE_PROJECT_UNKNOWN_NAME',
      'flows/shop-orders.yaml:1:32 MORTISE_FLOW_OPTION',
      'flows/shop-orders.yaml:3:5 MORTISE_FLOW_UNKNOWN_STEP',
      'flows/shop-orders.yaml:4:16 MORTISE_FLOW_UNKNOWN_NAME',
      'mortise.yaml:2:1 MORTISE_PROJECT_UNKNOWN_OPTION',
      'systems/crm.yaml:3:8 MORTISE_PROJECT_WRONG_VALUE',
      'systems/crm.yaml:4:3 MORTISE_PROJECT_UNKNOWN_OPTION',
      'systems/crm.yaml:6:25 MORTISE_PROJECT_UNKNOWN_NAME',
      'systems/crm.yaml:7:39 MORTISE_PROJECT_WRONG_VALUE',
    ]);
    const remedies = project.problems.map(({ remedy }) => remedy).join('\n');
    for (const near of ['order@1', 'order-created', 'map', 'orders', 'limits', 'auth', 'request'])
      expect(remedies).toContain(`"${near}"`);
  });

  it('does not name flows as guilty of what is wrong in a system, a channel or a model', async () => {
    const project = await loadWith({
      'systems/erp.yaml': 'connections: [\n',
      'systems/shop.yaml': `${goodProject['systems/shop.yaml']}    formt: json\n`,
      'channels/orders.yaml': 'kind: pubsub\n',
      'models/order.schema.json': '{ "type": "objekt" }',
      'formats/pick-list.yaml': 'format: fixed-width\n',
    });
    expect(project.problems.map(({ file }) => file)).not.toContainEqual(expect.stringMatching(/^flows/));
    expect(new Set(project.problems.map(({ file }) => file))).toEqual(
      new Set([
        'channels/orders.yaml',
        'formats/pick-list.yaml',
        'models/order.schema.json',
        'systems/erp.yaml',
        'systems/shop.yaml',
      ]),
    );
  });

  it.each([
    ['neither connector nor connections', 'outbounds: {}\n', 'MORTISE_PROJECT_CONNECTIONS', /neither/],
    ['both', 'connector: http\nconnections: { a: { connector: http } }\n', 'MORTISE_PROJECT_CONNECTIONS', /either/],
    [
      'connections and connection',
      'connections: { a: { connector: http } }\nconnection: {}\n',
      'MORTISE_PROJECT_CONNECTIONS',
      /no "connection"/,
    ],
    [
      'a connection without connector',
      'connections: { a: { url: https://x.example } }\n',
      'MORTISE_PROJECT_CONNECTIONS',
      /"a" names no connector/,
    ],
    ['no connections', 'connections: {}\n', 'MORTISE_PROJECT_CONNECTIONS', /names/],
    ['an unknown connector', 'connector: htpp\n', 'MORTISE_PROJECT_UNKNOWN_NAME', /"htpp"/],
    [
      'an inbound without uses',
      'connector: http\ninbounds: { a: { path: /x } }\n',
      'MORTISE_PROJECT_MISSING_OPTION',
      /what it uses/,
    ],
    ['an inbound that is none', 'connector: http\ninbounds: { a: webhook }\n', 'MORTISE_PROJECT_MISSING_OPTION', /what it uses/],
    [
      'an outbound of a connector that has none',
      'connector: schedule\noutbounds: { a: { uses: send } }\n',
      'MORTISE_PROJECT_UNKNOWN_NAME',
      /called "send"/,
    ],
    [
      'a name that is none',
      'connector: http\ninbounds: { Orders_In: { uses: webhook, path: /x, verify: { scheme: none } } }\n',
      'MORTISE_PROJECT_NAME',
      /Orders_In/,
    ],
    [
      'a format where there are values',
      'connector: log\noutbounds: { a: { uses: write, format: json } }\n',
      'MORTISE_PROJECT_UNKNOWN_OPTION',
      /format/,
    ],
    [
      'an unknown format',
      'connector: file\nconnection: { folder: x }\noutbounds: { a: { uses: write, name: x, format: jsn } }\n',
      'MORTISE_PROJECT_UNKNOWN_NAME',
      /"jsn"/,
    ],
    [
      'a format with a wrong option',
      'connector: file\nconnection: { folder: x }\noutbounds: { a: { uses: write, name: x, format: { json: { indent: -1 } } } }\n',
      'MORTISE_PROJECT_UNKNOWN_NAME',
      /indent/,
    ],
    [
      'a model without version',
      'connector: file\nconnection: { folder: x }\ninbounds: { a: { uses: read, format: json, model: order } }\n',
      'MORTISE_PROJECT_UNKNOWN_NAME',
      /without its version/,
    ],
    [
      'a template that does not parse',
      'connector: file\nconnection: { folder: x }\noutbounds: { a: { uses: write, name: "${a +}" } }\n',
      'MORTISE_PROJECT_EXPRESSION',
      /a \+/,
    ],
    [
      'a maintenance window whose pattern is none',
      'connector: log\nmaintenance: { cron: "0 25 * * SUN", for: 2h }\n',
      'MORTISE_PROJECT_WRONG_VALUE',
      /"0 25 \* \* SUN" cannot be read/,
    ],
    [
      'a maintenance window that never comes',
      'connector: log\nmaintenance: { cron: "0 2 30 2 *", for: 2h }\n',
      'MORTISE_PROJECT_WRONG_VALUE',
      /never comes/,
    ],
    [
      'a maintenance window in a zone that is none, among several',
      'connector: log\nmaintenance: [{ cron: "0 2 * * *", for: 2h }, { cron: "0 2 * * *", for: 2h, zone: Mars/Base }]\n',
      'MORTISE_PROJECT_WRONG_VALUE',
      /"Mars\/Base" is not known/,
    ],
    [
      'a maintenance window without a length',
      'connector: log\nmaintenance: { cron: "0 2 * * *", for: 0s }\n',
      'MORTISE_PROJECT_WRONG_VALUE',
      /lasts no time/,
    ],
    ['a missing option of the connection', 'connector: file\n', 'MORTISE_PROJECT_MISSING_OPTION', /"folder"/],
  ])('in a system is told: %s', async (_what, text, code, message) => {
    const { problems } = await load({ 'mortise.yaml': 'name: x', 'systems/a.yaml': text, 'models/order.schema.json': '{}' });
    const errors = problems.filter(({ severity, file }) => severity === 'error' && file === 'systems/a.yaml');
    expect(errors.map((problem) => problem.code)).toEqual([code]);
    expect(errors[0]?.message).toMatch(message);
    expect(errors[0]?.remedy).not.toBe('');
  });

  it('names the connections where "on" is missing or wrong', async () => {
    const system = (end: string) =>
      `connections:\n  a: { connector: file, folder: a }\n  b: { connector: file, folder: b }\noutbounds:\n  out: { ${end} }\n`;
    const missing = await load({ 'mortise.yaml': 'name: x', 'systems/a.yaml': system('uses: write, name: x') });
    expect(only(missing, 'systems/a.yaml')).toMatchObject({
      code: 'MORTISE_PROJECT_CONNECTIONS',
      line: 5,
      column: 8,
      remedy: 'Add "on": one of a, b.',
    });
    const wrong = await load({ 'mortise.yaml': 'name: x', 'systems/a.yaml': system('on: c, uses: write, name: x') });
    expect(only(wrong, 'systems/a.yaml')).toMatchObject({ code: 'MORTISE_PROJECT_UNKNOWN_NAME', line: 5, column: 14 });
  });

  it('tells of a broken connection, and not of what uses it', async () => {
    const erp = goodProject['systems/erp.yaml']?.replace('connector: sqlite', 'connector: sqlit') ?? '';
    const project = await loadWith({ 'systems/erp.yaml': erp });
    expect(found(project)).toEqual(['systems/erp.yaml:2:20 MORTISE_PROJECT_UNKNOWN_NAME']);
    const alone = erp
      .replace(/ {2}drop: .*\n/, '')
      .replace('on: db, ', '')
      .replace(/ {2}drop-pick-list: .*\n/, '');
    const other = 'from: { channel: orders-us }\nto: { system: erp, outbound: upsert, table: a, key: [b] }\n';
    expect(found(await loadWith({ 'systems/erp.yaml': alone, 'flows/orders-us.yaml': other }))).toEqual(found(project));
  });

  it('says that a flow cannot change the options of what a system defines', async () => {
    const flow = 'from: { channel: orders-us }\nto: { system: crm, outbound: add-note, path: /other }\n';
    const problem = only(
      await loadWith({
        'flows/orders-us.yaml': flow,
        'systems/erp.yaml': 'connector: log\n',
        'formats/pick-list.yaml': goodProject['formats/pick-list.yaml'] ?? '',
        'flows/orders-to-erp.yaml': 'from: { channel: orders }\nto: { channel: orders-us }\n',
        'tests/orders-to-erp.yaml': 'flow: orders-us\ngiven: {}\n',
      }),
      'flows/orders-us.yaml',
    );
    expect(problem).toMatchObject({ line: 2, column: 30, message: expect.stringContaining('systems/crm.yaml') });
  });

  it('is planned: bus, engines, partners', async () => {
    const project = await load({
      'mortise.yaml': 'name: x\nbus: { servers: [] }\nengines: [a]\n',
      'partners/acme.yaml': 'as2: x\n',
    });
    expect(found(project)).toEqual([
      'mortise.yaml:2:1 MORTISE_PROJECT_NOT_YET',
      'mortise.yaml:3:1 MORTISE_PROJECT_NOT_YET',
      'partners/acme.yaml:1:1 MORTISE_PROJECT_NOT_YET',
    ]);
  });

  it('is not: files of a partner, which formats name; what is wrong in one is told where a flow uses it', async () => {
    const x12 = (partner: string): string =>
      `{ uses: read, format: { x12: { sets: ["850"], version: "004010", partner: ${partner} } } }`;
    const files = {
      'mortise.yaml': 'name: x\n',
      'systems/acme.yaml': `connector: file\nconnection: { folder: in }\ninbounds:\n  orders: ${x12('partners/acme/850.json')}\n`,
      'systems/log.yaml': 'connector: log\n',
      'flows/f.yaml': 'from: { system: acme, inbound: orders }\nto: { system: log, outbound: write, text: x }\n',
    };
    const overlay = (part: string): string => JSON.stringify({ sets: { '850': { [part]: { min: 1 } } } });
    expect(found(await load({ ...files, 'partners/acme/850.json': overlay('REF') }))).toEqual([]);
    expect(found(await load({ ...files, 'partners/acme/850.json': overlay('REX') }))).toEqual([
      expect.stringMatching(/^flows\/f\.yaml:1:7 MORTISE_X12_/),
    ]);
    expect(found(await load(files))).toEqual(['systems/acme.yaml:4:33 MORTISE_PROJECT_UNKNOWN_NAME']);
  });
});

describe('the folder', () => {
  it('must be there, with a mortise.yaml', async () => {
    await expect(loadProject(join(tmpdir(), 'mortise-none'), { catalog: openCatalog() })).rejects.toMatchObject({
      code: 'MORTISE_PROJECT_MISSING',
    });
    expect(found(await load({ 'channels/a.yaml': '' }))).toContain('mortise.yaml:1:1 MORTISE_PROJECT_MISSING');
  });

  it('has files and folders that nothing reads, with the nearest that something does', async () => {
    const project = await load({
      'mortise.yaml': 'name: x',
      'flow/a.yaml': '',
      'flows/a.yml': '',
      'flows/deep/a.yaml': '',
      'models/order.json': '{}',
      'mortis.yaml': '',
      'docs/a.yaml': '',
      'package.json': '{}',
      'flows/README.md': '',
      '.git/config': '',
    });
    expect(found(project)).toEqual([
      'flow:1:1 MORTISE_PROJECT_UNKNOWN_FILE',
      'flows/a.yml:1:1 MORTISE_PROJECT_UNKNOWN_FILE',
      'flows/deep/a.yaml:1:1 MORTISE_PROJECT_UNKNOWN_FILE',
      'models/order.json:1:1 MORTISE_PROJECT_UNKNOWN_FILE',
      'mortis.yaml:1:1 MORTISE_PROJECT_UNKNOWN_FILE',
    ]);
    expect(project.problems.map(({ remedy }) => remedy)).toContain('Did you mean "flows"?');
    expect(project.problems.map(({ remedy }) => remedy)).toContain('Did you mean mortise.yaml?');
    expect(project.problems.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('has names that can be written', async () => {
    const project = await load({
      'mortise.yaml': 'name: x',
      'channels/Orders 1.yaml': '',
      'flows/-x.yaml': 'from: { channel: a }',
    });
    expect(found(project)).toContain('channels/Orders 1.yaml:1:1 MORTISE_PROJECT_NAME');
    expect(found(project)).toContain('flows/-x.yaml:1:1 MORTISE_PROJECT_NAME');
  });

  it('has one flow of a name', async () => {
    const flow = 'name: a\nfrom: { channel: c }\nto: { channel: c }\n';
    const project = await load({ 'mortise.yaml': 'name: x', 'channels/c.yaml': '', 'flows/a.yaml': flow, 'flows/b.yaml': flow });
    expect(found(project)).toEqual(['flows/b.yaml:1:7 MORTISE_PROJECT_NAME_TAKEN']);
  });

  it('is text in UTF-8', async () => {
    const folder = writeProject({ 'mortise.yaml': 'name: x' });
    writeFileSync(join(folder, 'mortise.yaml'), Buffer.from('name: caf\xe9\n', 'latin1'));
    const project = await loadProject(folder, { catalog: openCatalog() });
    expect(found(project)).toEqual(['mortise.yaml:1:1 MORTISE_PROJECT_UNREADABLE']);
  });

  it('is never left', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'mortise-outside-'));
    writeFileSync(join(outside, 'secret.jsonata'), '"outside"');
    writeFileSync(join(outside, 'c.yaml'), 'kind: point-to-point');
    const folder = writeProject({
      'mortise.yaml': 'name: x',
      'channels/a.yaml': '',
      'flows/a.yaml': `from: { channel: a }\nsteps:\n  - map: { file: ../${outside.split('/').at(-1)}/secret.jsonata }\n  - map: { file: maps/link.jsonata }\nto: { channel: a }\n`,
    });
    mkdirSync(join(folder, 'maps'));
    symlinkSync(join(outside, 'secret.jsonata'), join(folder, 'maps/link.jsonata'));
    symlinkSync(join(outside, 'c.yaml'), join(folder, 'channels/c.yaml'));
    symlinkSync(outside, join(folder, 'maps/folder'));
    const project = await loadProject(folder, { catalog: openCatalog() });
    rmSync(outside, { recursive: true });
    const errors = { problems: project.problems.filter(({ severity }) => severity === 'error') };
    expect(found(errors)).toEqual([
      'channels/c.yaml:1:1 MORTISE_PROJECT_OUTSIDE',
      'flows/a.yaml:3:18 MORTISE_PROJECT_OUTSIDE',
      'flows/a.yaml:4:18 MORTISE_PROJECT_OUTSIDE',
    ]);
    expect(project.definitions.channels.get('c')?.kind).toBe('publish-subscribe');
    expect(project.definitions.text('maps/folder/secret.jsonata')).toBeUndefined();
  });
});

describe('warnings', () => {
  it('tell what is defined and never used', async () => {
    const { 'flows/orders-us.yaml': _us, 'flows/failed-orders.yaml': _failed, ...rest } = goodProject;
    const project = await load({ ...rest, 'channels/spare.yaml': '', 'models/spare.schema.json': '{}' });
    expect(found(project)).toEqual([
      'channels/failed-orders.yaml:1:1 MORTISE_PROJECT_NO_SUBSCRIBER',
      'channels/orders-us.yaml:1:1 MORTISE_PROJECT_NO_SUBSCRIBER',
      'channels/spare.yaml:1:1 MORTISE_PROJECT_UNUSED',
      'models/spare.schema.json:1:1 MORTISE_PROJECT_UNUSED',
      'systems/erp.yaml:6:3 MORTISE_PROJECT_UNUSED',
    ]);
    expect(project.problems.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('tell of variables that are not set', async () => {
    const project = await load(goodProject, { variables: { SHOP_SECRET: 'x' } });
    expect(only(project, 'systems/crm.yaml')).toMatchObject({
      code: 'MORTISE_PROJECT_SECRET_UNSET',
      severity: 'warning',
      line: 4,
      column: 19,
    });
  });

  it('tell of inbounds that verify nobody, in systems and in flows', async () => {
    const flow = 'from: { system: shop, inbound: webhook, path: /in, verify: { scheme: none } }\nto: { channel: orders }\n';
    const shop = goodProject['systems/shop.yaml']?.replace(/verify: .*/, 'verify: { scheme: none }') ?? '';
    const project = await loadWith({ 'systems/shop.yaml': shop, 'flows/open.yaml': flow });
    expect(found(project)).toEqual([
      'flows/open.yaml:1:1 MORTISE_PROJECT_UNVERIFIED',
      'systems/shop.yaml:7:13 MORTISE_PROJECT_UNVERIFIED',
    ]);
  });
});
