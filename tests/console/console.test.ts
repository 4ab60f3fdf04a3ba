// The console in a browser, on the running demo: what people come for, from the first page to the repaired order.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownEngines, until } from '../engine-process.ts';
import { changeErp, chromiumPath, findings, goTo, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
/** Browser and engine share a machine with other tests: what takes seconds alone may take long there. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
let demo: Demo;
let browser: Browser;
let page: Page;
let complaints: string[];

// Without Chromium there is nothing to open the console with.
describe.skipIf(chromiumPath === undefined)('the console (needs Chromium)', () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(engines), openBrowser()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await openConsole(page, demo.engine);
  });
  afterEach(async () => {
    await page.close();
    if (complaints.length > 0) throw new Error(`The browser complained: ${complaints.join('; ')}`);
  });

  it('shows a newcomer what runs, and leads from there to the journey of the first message', async () => {
    expect(await demo.order(1001)).toBe(true);
    await page.goto(demo.engine.control);
    await page.getByRole('heading', { name: 'order-to-cash is running' }).waitFor();
    await page.getByRole('link', { name: 'Open the newest journey' }).click();
    await page.getByText('Way through the mesh').waitFor();
    expect(await page.getByRole('region', { name: 'Body' }).textContent()).toMatch(/\S/);
  });

  it('finds an order that did not reach the ERP, says why, and makes it arrive', async () => {
    changeErp(demo, 'ALTER TABLE sales_order RENAME TO sales_order_away');
    expect(await demo.order(4711)).toBe(true);
    await until(async () => (await demo.engine.count('dead')) > 0);
    await page.goto(demo.engine.control);
    await page.getByRole('heading', { name: 'order-to-cash is running' }).waitFor();
    const clicks = await countClicks();
    await page.keyboard.press('/');
    await page.keyboard.type('4711');
    await page.keyboard.press('Enter');
    await page.getByText('no such table: sales_order').first().waitFor();
    changeErp(demo, 'ALTER TABLE sales_order_away RENAME TO sales_order');
    await page.getByRole('button', { name: 'Retry' }).click();
    await until(() => erpHas('LI-4711'));
    await page.getByText('1 delivery needs a person.').waitFor({ state: 'hidden' });
    expect(await clicks()).toBe(1);
  });

  it('lists what goes along a line of the map, and all that goes to or comes from a system', async () => {
    expect(await demo.order(4702)).toBe(true);
    await page.goto(`${demo.engine.control}/mesh`);
    const line = page.locator('.react-flow__edge[data-id*="orders-to-erp"][data-id*="erp"] .react-flow__edge-interaction').last();
    await line.click({ force: true });
    await page.waitForURL(/messages.*where=/);
    await page.getByRole('heading', { name: 'Messages' }).waitFor();
    await page.goto(`${demo.engine.control}/messages`);
    await page.getByRole('combobox', { name: 'Where' }).click();
    await page.getByRole('option', { name: 'all of erp' }).click();
    await page.waitForURL(/where=system/);
    const rows = page.getByRole('region', { name: 'Messages' });
    await rows.getByText('erp.upsert-order').first().waitFor();
    await until(async () => (await rows.getByText('shop-orders', { exact: true }).count()) === 0);
  });

  it('repairs many at once, as they were counted before, and says the same to whoever asks for one', async () => {
    changeErp(demo, 'ALTER TABLE sales_order RENAME TO sales_order_away');
    for (const number of [4801, 4802, 4803]) expect(await demo.order(number)).toBe(true);
    await until(async () => (await demo.engine.count('dead')) >= 3);
    changeErp(demo, 'ALTER TABLE sales_order_away RENAME TO sales_order');
    await goTo(page, 'Failures');
    const cause = page.getByRole('article').filter({ hasText: 'erp.upsert-order' });
    await cause.getByRole('button', { name: 'Retry' }).click();
    await page.getByText(/\d will be taken, the oldest first\./).waitFor();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Retry \d/ })
      .click();
    await page.getByText(/\d done\./).waitFor();
    await until(() => ['LI-4801', 'LI-4802', 'LI-4803'].every(erpHas));
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

    await goTo(page, 'Track');
    await page.getByRole('textbox', { name: 'Number' }).fill('LI-4802');
    await page.keyboard.press('Enter');
    await page.getByText('Delivered to erp.').first().waitFor();
  });

  it('tries an edit on what was recorded, applies it, and takes it back', async () => {
    const path = join(demo.folder, 'flows/orders-to-warehouse.yaml');
    const former = readFileSync(path, 'utf8');
    await page.goto(`${demo.engine.control}/flows/orders-to-warehouse`);
    const line = page.locator('.cm-line').filter({ hasText: '$exists(lines[ships])' });
    await line.click();
    await page.keyboard.press('End');
    await page.keyboard.type(' and false');
    await page.getByText('No problems').waitFor();

    await page.getByRole('tab', { name: 'Dry run' }).click();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText(/[1-9]\d* come out otherwise/).waitFor();
    await page.getByText('+ "outcome": "filtered"').first().waitFor();

    await applyEdit('nothing is picked');
    await until(() => readFileSync(path, 'utf8').includes('$exists(lines[ships]) and false'));
    await page.getByText('As it runs').waitFor();
    await page.getByRole('tab', { name: 'Revisions' }).click();
    await page.getByRole('button', { name: 'Put back' }).click();
    await applyEdit('picked again');
    await until(() => readFileSync(path, 'utf8') !== former.replace('lines[ships])', 'lines[ships]) and false'));
    expect(readFileSync(path, 'utf8')).toBe(former);
  });

  it('takes what is typed over a selection, as the content security policy wants it', async () => {
    await page.goto(`${demo.engine.control}/flows/orders-to-warehouse`);
    const text = page.getByRole('textbox', { name: 'flows/orders-to-warehouse.yaml' });
    await text.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('name: it');
    expect(await text.innerText()).toBe('name: it');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('"');
    expect(await text.innerText()).toBe('"name: it"');
    await page.getByText(/[1-9]\d* errors?/).waitFor();
  });

  it('runs one hop again on the revision of then, tried before, without what had succeeded unless that is asked for', async () => {
    await addNotes('old');
    await demo.engine.post('/api/v1/send', { target: 'channel:notes', value: { id: 7 } });
    type Rows = { readonly rows: readonly { readonly delivery: { readonly id: string; readonly message: string } }[] };
    const rowsOf = async (query: string) => (await demo.engine.get<Rows>(`/api/v1/messages?${query}`)).rows;
    await until(async () => (await rowsOf('destination=outbound:notes.second&state=dead')).length === 1);
    const [hop] = await rowsOf('destination=flow:notes');
    const journey = `${demo.engine.control}/messages/${hop?.delivery.message}?delivery=${hop?.delivery.id}`;
    await addNotes('new');
    changeErp(demo, 'CREATE TABLE second_note (id, mark)');
    await page.goto(journey);
    const dialog = page.getByRole('dialog');
    const choose = async (field: string, option: string | RegExp) => {
      await dialog.getByRole('combobox', { name: field }).click();
      await page.getByRole('option', { name: option }).click();
    };

    await page.getByRole('button', { name: 'Replay' }).click();
    await dialog.getByRole('button', { name: 'Dry run' }).click();
    await dialog.getByText('+ "mark": "new 7"').first().waitFor();
    await dialog.getByText('− "mark": "old 7"').first().waitFor();
    await choose('Revision of the flow', /^As it ran then/);
    await dialog.getByText('new 7').first().waitFor({ state: 'hidden' });
    await dialog.getByRole('button', { name: 'Dry run' }).click();
    await dialog.getByText('skipped: it has succeeded').waitFor();
    await dialog.getByText('will be sent').waitFor();
    expect(await dialog.getByRole('region', { name: 'outbound:notes.second' }).textContent()).toContain('"mark": "old 7"');
    expect(await dialog.getByText('as before').count()).toBe(2);
    expect(await findings(page)).toEqual([]);
    expect(notes()).toEqual({ first: ['old 7'], second: [] });
    await dialog.getByRole('button', { name: 'Run again' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await until(() => notes().second.length > 0);
    await page.getByText('Everything that this message led to has been done.').waitFor();
    expect(notes()).toEqual({ first: ['old 7'], second: ['old 7'] });

    await page.goto(journey);
    await page.getByRole('button', { name: 'Replay' }).click();
    await dialog.getByRole('checkbox', { name: 'Send what succeeded as well' }).check();
    await dialog.getByRole('checkbox', { name: 'With another body' }).check();
    await dialog.getByRole('textbox', { name: 'Body' }).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.type('{ "id": 8 }');
    await dialog.getByRole('button', { name: 'Run again' }).click();
    await until(() => notes().second.length === 2 && notes().first.length === 2);
    expect(notes()).toEqual({ first: ['old 7', 'new 8'], second: ['old 7', 'new 8'] });
  });

  it('shows the file of somebody who was quicker, and writes nothing over it', async () => {
    const path = join(demo.folder, 'flows/shipments-to-erp.yaml');
    await page.goto(`${demo.engine.control}/flows/shipments-to-erp`);
    await page.locator('.cm-line').filter({ hasText: 'The ERP learns' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' It is mine.');
    writeFileSync(path, readFileSync(path, 'utf8').replace('what was shipped.', 'what was shipped. It is theirs.'));
    await applyEdit('mine');
    await page.getByText('The file was changed by somebody else').waitFor();
    await page.getByText(/− .*It is theirs\./).waitFor();
    expect(readFileSync(path, 'utf8')).toContain('It is theirs.');
    complaints = complaints.filter((text) => !text.includes('409'));
  });

  it('shows that a system is down, and that it is well again', async () => {
    const warehouse = join(demo.folder, '.mortise/demo');
    for (const name of ['hamburg', 'newark']) renameSync(join(warehouse, name), join(warehouse, `${name}-away`));
    for (let number = 3000; number < 3024; number += 1) expect(await demo.order(number)).toBe(true);
    await page.goto(`${demo.engine.control}/systems`);
    const row = page.getByRole('row').filter({ hasText: 'warehouse' });
    await row.getByText(/breaker (open|half-open)/i).waitFor({ timeout: 40_000 });
    for (const name of ['hamburg', 'newark']) renameSync(join(warehouse, `${name}-away`), join(warehouse, name));
    await row.getByText('well').waitFor({ timeout: 40_000 });
  });

  it('asks who one is when the engine says that nobody is signed in', async () => {
    await page.route('**/api/v1/**', (route) =>
      route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{}' }),
    );
    await page.goto(demo.engine.control);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await findings(page)).toEqual([]);
    complaints = complaints.filter((text) => !text.includes('401') && !text.includes('EventSource'));
  });
});

/** A system with two tables of which the second one is not there yet, and a flow that writes to both. */
async function addNotes(mark: string): Promise<void> {
  const file = (path: string, text: string) => writeFileSync(join(demo.folder, path), text);
  if (mark === 'old') changeErp(demo, 'CREATE TABLE first_note (id, mark)');
  file('channels/notes.yaml', 'kind: point-to-point\n');
  file(
    'systems/notes.yaml',
    `connector: sqlite
connection: { file: .mortise/demo/erp.db }
outbounds:
  first: { uses: insert, table: first_note, inbox: false }
  second: { uses: insert, table: second_note, inbox: false }
`,
  );
  file(
    'flows/notes.yaml',
    `from: { channel: notes }
steps:
  - map: '{ "id": id, "mark": "${mark} " & $string(id) }'
to:
  - { system: notes, outbound: first }
  - { system: notes, outbound: second }
`,
  );
  expect(await demo.engine.post('/api/v1/reload')).toMatchObject({ applied: true });
}

function notes(): { readonly first: readonly unknown[]; readonly second: readonly unknown[] } {
  const database = new DatabaseSync(join(demo.folder, '.mortise/demo/erp.db'), { timeout: 10_000 });
  const marks = (table: string) =>
    database
      .prepare(`SELECT mark FROM ${table} ORDER BY rowid`)
      .all()
      .map(({ mark }) => mark);
  const found = { first: marks('first_note'), second: marks('second_note') };
  database.close();
  return found;
}

/** Presses of the mouse from now on; those that a key makes count for nothing. */
async function countClicks(): Promise<() => Promise<number>> {
  await page.evaluate('window.presses = 0; addEventListener("pointerdown", () => (window.presses += 1), true)');
  return () => page.evaluate<number>('window.presses');
}

async function applyEdit(reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Apply' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
  await dialog.getByRole('button', { name: 'Apply' }).click();
}

function erpHas(order: string): boolean {
  const database = new DatabaseSync(join(demo.folder, '.mortise/demo/erp.db'), { timeout: 10_000 });
  const found = database.prepare('SELECT 1 FROM sales_order WHERE order_id = ?').get(order);
  database.close();
  return found !== undefined;
}
