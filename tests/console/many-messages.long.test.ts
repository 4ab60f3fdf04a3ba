// The list of messages with 100,000 rows: as many of them drawn, and as quickly gone through, as with 1,000.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ownEngines, until } from '../engine-process.ts';
import { chromiumPath, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
vi.setConfig({ hookTimeout: 180_000 });
const steps = 200;
let demo: Demo;
let browser: Browser;

interface Row {
  readonly message: { readonly id: string };
  readonly delivery: { readonly id: string };
}

interface Passage {
  readonly rowsMax: number;
  readonly frameMs: number;
}

describe.skipIf(chromiumPath === undefined)('100,000 messages in the list (needs Chromium)', () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(engines), openBrowser()]);
    await demo.order(4711);
    await until(async () => (await demo.engine.count('waiting')) === 0);
  });
  afterAll(() => browser?.close());

  it('are gone through as 1,000 are', async () => {
    const few = await passage(1000);
    const many = await passage(100_000);
    console.log(`Rows drawn: ${few.rowsMax} and ${many.rowsMax}; a frame: ${few.frameMs} ms and ${many.frameMs} ms.`);
    expect(many.rowsMax).toBeLessThanOrEqual(few.rowsMax * 1.5);
    expect(many.frameMs / few.frameMs).toBeLessThan(2);
  });
});

/** Loads all rows by scrolling to the end, then jumps about in them. */
async function passage(count: number): Promise<Passage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(300_000);
  await answerWith(page, count);
  await openConsole(page, demo.engine);
  await page.goto(`${demo.engine.control}/messages?range=all`);
  await page.locator('.message-row').first().waitFor();
  await page.evaluate(toTheEnd);
  await page.getByText(`${count.toLocaleString('en-US')} rows`, { exact: true }).waitFor();
  const found = await page.evaluate<Passage>(`(${jumpAbout})(${steps})`);
  await page.close();
  return found;
}

/** Rows as the engine gives them, many times over: what is asked here is what the browser makes of them. */
async function answerWith(page: Page, count: number): Promise<void> {
  const { rows } = await demo.engine.get<{ readonly rows: readonly Row[] }>('/api/v1/messages?limit=10');
  await page.route(/\/api\/v1\/messages\?/, async (route) => {
    const query = new URL(route.request().url()).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const until = Math.min(count, from + Number(query.get('limit') ?? 100));
    const copies = Array.from({ length: until - from }, (_, index) => copyOf(rows[(from + index) % rows.length], from + index));
    await route.fulfill({ json: { rows: copies, ...(until < count ? { next: String(until) } : {}) } });
  });
}

function copyOf(row: Row | undefined, index: number): object {
  const id = `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;
  return { message: { ...row?.message, id }, delivery: { ...row?.delivery, id } };
}

const toTheEnd = `new Promise((resolve) => {
  const box = document.querySelector('.rows');
  const go = () => {
    box.scrollTop = box.scrollHeight;
    if (/[0-9] rows/.test(document.querySelector('main').innerText.split('\\n').at(-1))) resolve();
    else requestAnimationFrame(go);
  };
  go();
})`;

const jumpAbout = `async (steps) => {
  const box = document.querySelector('.rows');
  const frames = [];
  let rowsMax = 0;
  for (let step = 0; step < steps; step += 1) {
    const beganMs = performance.now();
    box.scrollTop = ((box.scrollHeight - box.clientHeight) * ((step * 37) % steps)) / steps;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    frames.push(performance.now() - beganMs);
    rowsMax = Math.max(rowsMax, box.querySelectorAll('.message-row').length);
  }
  return { rowsMax, frameMs: Math.round(frames.sort((a, b) => a - b)[steps >> 1]) };
}`;
