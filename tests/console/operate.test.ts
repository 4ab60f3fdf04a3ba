// What is operated and set from the console: a flow is drained, a system's maintenance windows are set, a table is made, a group goes on.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { ownEngines, until } from '../engine-process.ts';
import { chromiumPath, findings, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
/** Browser and engine share a machine with other tests: what takes seconds alone may take long there. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
let demo: Demo;
let browser: Browser;
let page: Page;

// Without Chromium there is nothing to open the console with.
describe.skipIf(chromiumPath === undefined)('what is operated from the console (needs Chromium)', () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(engines), openBrowser()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    await openConsole(page, demo.engine);
  });
  afterEach(() => page.close());

  const open = (path: string) => page.goto(`${demo.engine.control}${path}`);
  const apply = async (): Promise<void> => {
    await button('Apply').click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('as agreed');
    await page.getByRole('dialog').getByRole('button', { name: 'Apply', exact: true }).click();
  };
  const applied = async (): Promise<void> => {
    await apply();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('a flow is drained on its page: what is left is told, senders are sent away, and it is resumed', async () => {
    await demo.engine.post('/api/v1/pauses', { kind: 'system', name: 'erp' });
    expect(await demo.order(8001)).toBe(true);
    await open('/flows/shop-orders');
    await button('Drain').click();
    await page.getByText('drained', { exact: true }).waitFor();
    expect(await demo.order(8002)).toBe(false);
    expect(await button('Drain').count()).toBe(0);
    await open('/flows/orders-to-erp');
    await button('Drain').click();
    await page.getByText(/^draining: \d+ left/).waitFor();
    expect(await findings(page)).toEqual([]);
    await demo.engine.post('/api/v1/pauses/resume', { kind: 'system', name: 'erp' });
    await page.getByText('drained', { exact: true }).waitFor();
    await button('Resume').click();
    await button('Drain').waitFor();
    await open('/flows');
    await page.getByText('drained', { exact: true }).waitFor();
    await open('/flows/shop-orders');
    await button('Resume').click();
    await button('Drain').waitFor();
    expect(await demo.order(8002)).toBe(true);
  });

  it('maintenance windows of a system are set in its form, written with its comments kept, and a conflict is shown', async () => {
    const file = join(demo.folder, 'systems/erp.yaml');
    const before = readFileSync(file, 'utf8');
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    await open('/systems/erp');
    await page.getByRole('tab', { name: 'Form' }).click();
    await button('Add a window').click();
    await field('Opens (cron)').fill('0 25 * * SUN');
    await page.getByText(/^1 error/).waitFor();
    await field('Opens (cron)').fill('0 2 * * SUN');
    await field('Time zone').fill('Europe/Berlin');
    await button('Add a window').click();
    await field('Opens (cron) 2').fill('30 3 1 * *');
    await field('Lasts 2').fill('15m');
    await field('Time zone 2').fill('');
    await page.getByText('No problems').waitFor();
    expect(await findings(page)).toEqual([]);
    writeFileSync(file, `${before}# of somebody else\n`);
    await apply();
    await page.getByText('The file was changed by somebody else').waitFor();
    await button('Keep mine on top of theirs').click();
    await applied();
    const { maintenance } = parse(readFileSync(file, 'utf8')) as { readonly maintenance: unknown };
    expect(maintenance).toEqual([
      { cron: '0 2 * * SUN', for: '2h', zone: 'Europe/Berlin' },
      { cron: '30 3 1 * *', for: '15m' },
    ]);
    const comments = (text: string) => text.split('\n').filter((line) => line.startsWith('#'));
    expect(comments(readFileSync(file, 'utf8'))).toEqual(comments(before));
    await button('Remove window 2').click();
    await field('Lasts').fill('1h');
    await applied();
    expect(readFileSync(file, 'utf8')).toContain('for: 1h');
    const systems = await demo.engine.get<readonly { readonly name: string; readonly maintenance?: object }[]>('/api/v1/systems');
    expect(systems.find(({ name }) => name === 'erp')?.maintenance).toBeDefined();
    await button('Remove window 1').click();
    await applied();
    expect(readFileSync(file, 'utf8')).not.toContain('maintenance');
  });

  it('a group that cannot go on says how many wait, on Failures and the flow, and each of those leads to the dead one', async () => {
    const flow = join(demo.folder, 'flows/bundles.yaml');
    const text = (emit: string) =>
      `from: { channel: orders }\nsteps:\n  - aggregate: { id: bundle, by: '"all"', after: 3s, emit: '${emit}' }\nto: { channel: failed-orders }\n`;
    writeFileSync(flow, text('$number("none")'));
    await demo.engine.post('/api/v1/reload');
    for (const number of [8101, 8102]) expect(await demo.order(number)).toBe(true);
    await open('/failures');
    const cause = page.getByRole('article').filter({ hasText: 'bundles' });
    await cause.getByText(/^1 other message of a group is held until you decide/).waitFor();
    expect(await findings(page)).toEqual([]);
    await open('/flows/bundles');
    await page.getByText(/^1 other message of a group is held/).waitFor();
    expect(await findings(page)).toEqual([]);
    await open('/track?number=LI-8102');
    await page.getByText('It waits for others, and one of them failed.').waitFor();
    const held = '/api/v1/messages?destination=flow:bundles&state=held&limit=1';
    const { rows } = await demo.engine.get<{
      readonly rows: readonly { readonly delivery: { readonly id: string; readonly message: string } }[];
    }>(held);
    await open(`/messages/${rows[0]?.delivery.message}?delivery=${rows[0]?.delivery.id}`);
    await page.getByRole('link', { name: 'Look at that one' }).click();
    await page.getByText(/^1 other message of a group is held/).waitFor();
    writeFileSync(flow, text('{ "count": $count($group) }'));
    await demo.engine.post('/api/v1/reload');
    await button('Retry').click();
    await until(async () => (await demo.engine.get<{ readonly rows: readonly object[] }>(held)).rows.length === 0);
  });

  it('a table is made from its columns, or from a CSV file whose faults are told, and is a file behind Apply alone', async () => {
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    const path = join(demo.folder, 'tables/currencies.csv');
    await open('/tables');
    await button('New table').click();
    await field('Name').fill('Currencies');
    await field('Key column').fill('code');
    expect(await button('Fill it').isDisabled()).toBe(true);
    await field('Name').fill('currencies');
    await field('Other columns').fill('name, digits');
    expect(await findings(page)).toEqual([]);
    await button('Fill it').click();
    await page.getByText('not applied yet').waitFor();
    await button('Add a row').click();
    for (const [column, value] of Object.entries({ code: 'EUR', name: 'Euro, the', digits: '2' }))
      await field(`${column} 1`).fill(value);
    expect(await findings(page)).toEqual([]);
    expect(existsSync(path)).toBe(false);
    await applied();
    expect(readFileSync(path, 'utf8')).toBe('code,name,digits\nEUR,"Euro, the",2\n');
    await page.getByText('not applied yet').waitFor({ state: 'detached' });
    expect(await field('name 1').inputValue()).toBe('Euro, the');

    await button('New table').click();
    await field('Name').fill('units');
    const buffer = Buffer.from('code,code\nkg,x\n');
    await page
      .locator('input[type=file][accept=".csv,text/csv"]')
      .last()
      .setInputFiles({ name: 'units.csv', mimeType: 'text/csv', buffer });
    await button('Fill it').click();
    await apply();
    await page.getByText('Two columns are called "code".').waitFor();
    expect(existsSync(join(demo.folder, 'tables/units.csv'))).toBe(false);
  });

  it('how a system knows us is set in its form: another way, its fields by reference, and what has any names as YAML', async () => {
    const file = join(demo.folder, 'systems/crm.yaml');
    const textbox = (name: string) => page.getByRole('textbox', { name, exact: true });
    await open('/systems/crm');
    await page.getByRole('tab', { name: 'Form' }).click();
    const way = page.getByRole('combobox', { name: 'Way of auth' });
    expect(await way.inputValue()).toBe('header');
    expect(await textbox('value').inputValue()).toBe('env:CRM_API_KEY');
    await textbox('headers').fill('x-tenant: [');
    await page.getByText('This is no YAML yet; the file keeps what it had.').waitFor();
    await textbox('headers').fill('x-tenant: north');
    await way.click();
    await page.getByRole('option', { name: 'bearer' }).click();
    await page.getByText(/^1 error/).waitFor();
    await textbox('bearer').fill('env:CRM_API_KEY');
    await page.getByText('No problems').waitFor();
    expect(await findings(page)).toEqual([]);
    await applied();
    const written = parse(readFileSync(file, 'utf8')) as { readonly connection: object };
    expect(written.connection).toEqual({
      url: expect.any(String),
      auth: { bearer: 'env:CRM_API_KEY' },
      headers: { 'x-tenant': 'north' },
    });
    expect(readFileSync(file, 'utf8')).toMatch(/^# The CRM: knows customers/);
  });
});
