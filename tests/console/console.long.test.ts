// Every page of the console at two widths and in both themes: nothing keeps anybody out, nothing is wider than the window.

import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ownEngines, until } from '../engine-process.ts';
import { chromiumPath, drawn, everyPage, findings, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
vi.setConfig({ hookTimeout: 180_000 });
/** Where pictures of all pages are put, for people to look at; none where it is not set. */
const pictures = process.env['MORTISE_PICTURES'];
let demo: Demo;
let browser: Browser;

describe.skipIf(chromiumPath === undefined)('every page (needs Chromium)', () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(engines), openBrowser()]);
    for (let number = 4711; number < 4731; number += 1) await demo.order(number);
    // Bookings for the mainframe are held until a minute's worth is there.
    await until(async () => (await demo.engine.count('waiting')) === 0);
  });
  afterAll(() => browser?.close());

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('at %i px, %s', async (width, colorScheme) => {
    const page = await browser.newPage({ viewport: { width, height: width < 800 ? 844 : 800 }, colorScheme });
    await openConsole(page, demo.engine);
    const found: string[] = [];
    for (const path of await everyPage(demo.engine)) {
      await page.goto(demo.engine.control + path);
      await drawn(page);
      found.push(...(await findings(page)).map((one) => `${path}: ${one}`));
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (overflow > 0) found.push(`${path} is ${overflow} px too wide`);
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        const name = path.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'start';
        await page.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png` });
      }
    }
    await page.close();
    expect(found).toEqual([]);
  });
});
