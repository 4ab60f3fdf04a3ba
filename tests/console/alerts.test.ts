// The page of alerts in a browser: what is raised, a rule that is muted and tells again, a receiver that is tried.

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWebhookServer } from '../alert-receivers.ts';
import type { WebhookServer } from '../alert-receivers.ts';
import { ownEngines } from '../engine-process.ts';
import { chromiumPath, findings, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
let demo: Demo;
let browser: Browser;
let hook: WebhookServer;

// Without Chromium there is nothing to open the console with.
describe.skipIf(chromiumPath === undefined)('the page of alerts (needs Chromium)', () => {
  beforeAll(async () => {
    [demo, browser, hook] = await Promise.all([startDemo(engines), openBrowser(), openWebhookServer()]);
    const receiver = `{ kind: webhook, url: "${hook.url}", secret: "env:SHOP_WEBHOOK_SECRET" }`;
    appendFileSync(join(demo.folder, 'mortise.yaml'), `\nalerts: { receivers: { on-call: ${receiver} } }\n`);
    mkdirSync(join(demo.folder, 'alerts'), { recursive: true });
    writeFileSync(
      join(demo.folder, 'alerts/room.yaml'),
      'description: Make room.\nseverity: critical\nwhen: { kind: disk, below: 1000000GiB }\n',
    );
    const headers = { ...demo.engine.keyHeader(), 'content-type': 'application/json' };
    const reloaded = await fetch(`${demo.engine.control}/api/v1/reload`, { method: 'POST', headers, body: '{}' });
    if (!reloaded.ok) throw new Error(await reloaded.text());
  });
  afterAll(async () => {
    await browser?.close();
    await hook?.close();
  });

  it('shows what is raised, mutes a rule and lets it tell again, tries a receiver, and changes the rule', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    await openConsole(page, demo.engine);
    await page.getByRole('link', { name: /^Alerts/ }).click();
    const raised = page.getByRole('article').filter({ hasText: 'of the disk are free, less than' });
    await raised.waitFor();
    await raised.getByText('Make room.').waitFor();
    await page.getByRole('link', { name: 'Alerts 1' }).waitFor();

    await page.getByRole('button', { name: 'Mute room' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('known');
    await page.getByRole('dialog').getByRole('button', { name: 'Mute' }).click();
    await page.getByRole('button', { name: 'Unmute room' }).click();
    await page.getByRole('button', { name: 'Mute room' }).waitFor();

    await page.getByRole('button', { name: 'Send a test to on-call' }).click();
    await page.getByText('It was taken.').waitFor();
    expect(hook.received.some(({ body }) => body.includes('alert.test'))).toBe(true);

    await page.getByRole('button', { name: 'alerts/room.yaml' }).click();
    await page.locator('.cm-line').filter({ hasText: 'Make room.' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' Now.');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('it is urgent');
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await raised.getByText('Make room. Now.').waitFor();

    expect(await findings(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.close();
  });
});
