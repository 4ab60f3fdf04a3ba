// What is operated and set from the console: a flow is drained.

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownEngines } from '../engine-process.ts';
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
});
