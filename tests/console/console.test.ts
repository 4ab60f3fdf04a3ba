// The console in a browser, on the running demo: what people come for, from the first page to the repaired order.

import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownEngines, until } from '../engine-process.ts';
import { chromiumPath, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
let demo: Demo;
let browser: Browser;
let page: Page;
let complaints: string[];

// Without Chromium there is nothing to open the console with.
describe.skipIf(chromiumPath === undefined)('the console', () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(engines), openBrowser()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    if (complaints.length > 0) throw new Error(`The browser complains:\n${complaints.join('\n')}`);
  });

  it('shows a newcomer what runs, and leads from there to the journey of the first message', async () => {
    expect(await demo.order(1001)).toBe(true);
    await openConsole(page, demo.engine);
    await page.getByRole('heading', { name: 'order-to-cash is running' }).waitFor();
    await page.getByRole('link', { name: 'Open the newest journey' }).click();
    await page.getByText('Way through the mesh').waitFor();
    expect(await page.getByRole('region', { name: 'Body' }).textContent()).toContain('{');
  });

  it('finds an order that did not reach the ERP, says why, and makes it arrive', async () => {
    changeErp('ALTER TABLE sales_order RENAME TO sales_order_away');
    expect(await demo.order(4711)).toBe(true);
    await until(async () => (await demo.engine.count('dead')) > 0);
    await openConsole(page, demo.engine);
    await page.getByRole('textbox', { name: 'Find a message' }).fill('LI-4711');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /erp\.upsert-order.*dead/s }).click();
    await page.getByText('no such table: sales_order').first().waitFor();

    changeErp('ALTER TABLE sales_order_away RENAME TO sales_order');
    await page.getByRole('link', { name: 'Failures' }).click();
    const cause = page.getByRole('article').filter({ hasText: 'erp.upsert-order' });
    await cause.getByRole('button', { name: 'Retry' }).click();
    await page.getByText(/\d will be taken, the oldest first\./).waitFor();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Retry \d/ })
      .click();
    await page.getByText(/\d done\./).waitFor();
    await until(() => erpHas('LI-4711'));
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('link', { name: 'Track' }).click();
    await page.getByRole('textbox', { name: 'Number' }).fill('LI-4711');
    await page.keyboard.press('Enter');
    await page.getByText('Delivered to erp.').first().waitFor();
  });
});

function changeErp(sql: string): void {
  const database = new DatabaseSync(join(demo.folder, '.mortise/demo/erp.db'));
  database.exec(sql);
  database.close();
}

function erpHas(order: string): boolean {
  const database = new DatabaseSync(join(demo.folder, '.mortise/demo/erp.db'));
  const found = database.prepare('SELECT 1 FROM sales_order WHERE order_id = ?').get(order);
  database.close();
  return found !== undefined;
}
