// The pictures of the documentation: each shows what its text says. `MORTISE_DOC_PICTURES=docs/images` writes them.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownEngines, until } from '../engine-process.ts';
import { chromiumPath, drawn, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
const folder = process.env['MORTISE_DOC_PICTURES'];
const password = 'correct horse battery';
const settings = 'access: { fourEyes: [apply, bulk-retry] }\n';
let demo: Demo;
let browser: Browser;
let page: Page;

describe.skipIf(chromiumPath === undefined)('the pictures of the documentation (need Chromium)', () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(engines, { settings }), openBrowser()]);
    for (let number = 4701; number < 4721; number += 1) await demo.order(number);
    await until(async () => (await demo.engine.count('waiting')) === 0);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    await openConsole(page, demo.engine);
  });

  it('show the mesh with live rates', async () => {
    await page.goto(`${demo.engine.control}/mesh`);
    await drawn(page);
    // The present rate is a mean over ten seconds.
    for (let number = 4801; number < 4849; number += 1) {
      await demo.order(number);
      await sleep(250);
    }
    await page.locator('.edge-label').first().waitFor();
    expect(await page.locator('.edge.live').count()).toBeGreaterThan(10);
    await picture('mesh');
  });

  it('show the journey of an order through all flows, with the body behind a step', async () => {
    const found = await demo.engine.get<{ readonly rows: readonly { readonly message: { readonly root: string } }[] }>(
      '/api/v1/messages?destination=flow:shop-orders&limit=1',
    );
    await page.goto(`${demo.engine.control}/messages/${found.rows[0]?.message.root}`);
    await page.getByRole('tab', { name: 'Steps' }).click();
    await page.getByText('Recomputed from what was recorded').waitFor();
    await page.getByText('orders-to-supplier').first().waitFor();
    await page.getByText('Field origins').waitFor();
    expect(await page.getByText(/\+ +"orderId"/).count()).toBeGreaterThan(0);
    await picture('journey');
  });

  it('show a dry run with what would come out otherwise', async () => {
    await page.goto(`${demo.engine.control}/flows/orders-to-warehouse`);
    await page.locator('.cm-line').filter({ hasText: '$exists(lines[ships])' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' and shipTo.country != "DE"');
    await page.getByText('No problems').waitFor();
    await page.getByRole('tab', { name: 'Dry run' }).click();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText(/[1-9]\d* come out otherwise/).waitFor();
    expect(await page.getByText('+ "outcome": "filtered"').count()).toBeGreaterThan(0);
    await picture('dry-run');
  });

  it('show what waits for a second person', async () => {
    for (const name of ['ann', 'bob']) {
      const grants = [{ role: 'developer' }, { role: 'operator' }];
      await demo.engine.post('/api/v1/users', { name, password, grants });
    }
    const ask = await sessionOf('ann');
    const path = 'flows/orders-to-erp.yaml';
    const { text, hash } = await demo.engine.get<{ readonly text: string; readonly hash: string }>(
      `/api/v1/project/file?path=${path}`,
    );
    const reason = 'The ERP is away for a week at the turn of the year.';
    await ask('/project/apply', {
      path,
      text: text.replace('retry: { for: 3d, backoff: 1s..1m }', 'retry: { for: 7d, backoff: 5s..10m }'),
      base: hash,
      reason,
    });
    await ask('/failures/act', { action: 'retry', state: 'dead', destination: 'outbound:erp.upsert-order' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('bob');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('.shell').waitFor();
    await page.goto(`${demo.engine.control}/approvals`);
    await page.getByText('+ retry: { for: 7d').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(2);
    await picture('approvals');
  });
});

async function picture(name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await drawn(page);
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}

/** Asks as this user, and is told that it waits. */
async function sessionOf(name: string): Promise<(path: string, body: object) => Promise<void>> {
  const asked = await browser.newPage();
  await asked.goto(demo.engine.control);
  await asked.getByRole('textbox', { name: 'Name' }).fill(name);
  await asked.getByRole('textbox', { name: 'Password' }).fill(password);
  await asked.getByRole('button', { name: 'Sign in', exact: true }).click();
  await asked.locator('.shell').waitFor();
  const { csrf } = await asked.evaluate<{ readonly csrf: string }>("fetch('/api/v1/session').then((answer) => answer.json())");
  return async (path, body) => {
    const response = await asked.request.post(`${demo.engine.control}/api/v1${path}`, {
      headers: { 'x-mortise-csrf': csrf, origin: demo.engine.control },
      data: body,
    });
    expect(await response.json()).toMatchObject({ code: 'MORTISE_ACCESS_SECOND_PERSON' });
  };
}
