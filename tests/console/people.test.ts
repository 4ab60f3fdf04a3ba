// People in the console: invited, logged in by password, code or single sign-on, each with what is theirs; and four eyes with two of them.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { totpCode } from '../../engine/src/access/totp.ts';
import { freePorts, ownEngines, until } from '../engine-process.ts';
import { startProvider } from '../oidc-provider.ts';
import type { OidcProvider } from '../oidc-provider.ts';
import { changeErp, chromiumPath, drawn, findings, goTo, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
/** Browser and engine share a machine with other tests: what takes seconds alone may take long there. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
const password = 'correct horse battery';
let provider: OidcProvider;
let demo: Demo;
let browser: Browser;
let pages: Page[];

/** A browser of its own, as another person has. */
async function newPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(30_000);
  pages.push(page);
  return page;
}

async function addUser(name: string, ...grants: readonly object[]): Promise<void> {
  await demo.engine.post('/api/v1/users', { name, password, grants });
}

async function logIn(name: string): Promise<Page> {
  const page = await newPage();
  await page.goto(demo.engine.control);
  await fillLogin(page, name);
  await page.locator('.shell').waitFor();
  return page;
}

async function fillLogin(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

function codeIn(steps: number, secret: string): string {
  return totpCode(secret.replaceAll(' ', ''), Math.floor(Date.now() / 30_000) + steps);
}

// Without Chromium there is nothing to open the console with.
describe.skipIf(chromiumPath === undefined)('people in the console (needs Chromium)', () => {
  beforeAll(async () => {
    const ports = await freePorts();
    provider = await startProvider(ports);
    const settings = `access: { fourEyes: [apply, bulk-retry, erase], singleSignOn: ${provider.settings} }\n`;
    const { environment } = provider;
    [demo, browser] = await Promise.all([startDemo(engines, { ports, settings, environment }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    provider?.stop();
  });
  beforeEach(() => void (pages = []));
  afterEach(() => Promise.all(pages.map((page) => page.close())));

  it('begin with the first administrator, made by the link that the first start prints', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mortise-first-'));
    writeFileSync(join(folder, 'mortise.yaml'), 'name: fresh\nlimits: { freeDisk: 1KiB }\n');
    const engine = await engines.start({ folder });
    await engine.ready();
    await until(() => /#setup=[\w-]+/.test(engine.log()));
    const page = await newPage();
    await page.goto(`${engine.control}/${/#setup=[\w-]+/.exec(engine.log())?.[0]}`);
    await page.getByRole('heading', { name: 'The first administrator' }).waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('ada');
    await page.getByRole('textbox', { name: 'New password' }).fill(password);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('heading', { name: 'fresh is running' }).waitFor();
    expect(page.url()).not.toContain('setup');
    expect(await findings(page)).toEqual([]);

    await goTo(page, 'Secrets');
    await page.getByRole('button', { name: 'Store a secret' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('erp-password');
    await page.getByRole('textbox', { name: 'Secret', exact: true }).fill('c4n4ry-of-the-erp');
    await page.getByRole('button', { name: 'Store', exact: true }).click();
    await page.getByText('secret:erp-password', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'New data key' }).click();
    await page.getByText('Done; nothing was stopped for it.').waitFor();
    await page.reload();
    await page.getByText('secret:erp-password', { exact: true }).waitFor();
    expect(await page.content()).not.toContain('c4n4ry');
    await engine.kill();
  });

  it('are invited with roles by a link, and choose their password themselves', async () => {
    const administrator = await newPage();
    await openConsole(administrator, demo.engine);
    await goTo(administrator, 'Users');
    await administrator.getByRole('button', { name: 'Add a user' }).first().click();
    const dialog = administrator.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('olivia');
    await dialog.getByRole('combobox', { name: 'Role 1', exact: true }).click();
    await administrator.getByRole('option', { name: 'Operator' }).click();
    await dialog.getByRole('combobox', { name: 'For which 1' }).click();
    await administrator.getByRole('option', { name: 'erp', exact: true }).click();
    await administrator.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Add and make a link' }).click();
    const link = (await dialog.getByTestId('invitation').textContent()) ?? '';
    expect(await findings(administrator)).toEqual([]);

    const page = await newPage();
    await page.goto(link);
    await page.getByRole('heading', { name: 'You are invited' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'New password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Your account: olivia' }).click();
    await page.getByText('Operator: erp').waitFor();
    expect(page.url()).not.toContain('invitation');
    const again = await newPage();
    await again.goto(link);
    await again.getByRole('textbox', { name: 'New password' }).fill(password);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByText('MORTISE_ACCESS_CODE_VOID').waitFor();
  });

  it('who only view see no body and no button that is not theirs', async () => {
    await addUser('vera', { role: 'viewer' });
    changeErp(demo, 'ALTER TABLE sales_order RENAME TO sales_order_away');
    await demo.order(5001);
    await until(async () => (await demo.engine.count('dead')) > 0);
    changeErp(demo, 'ALTER TABLE sales_order_away RENAME TO sales_order');
    const page = await logIn('vera');
    const refused: string[] = [];
    page.on('response', (response) => response.status() === 403 && refused.push(response.url()));
    await page.getByRole('textbox', { name: 'Find a message' }).fill('5001');
    await page.keyboard.press('Enter');
    await page.getByText('no such table: sales_order').first().waitFor();
    const shown = async (path: string): Promise<readonly string[]> => {
      await page.goto(demo.engine.control + path);
      await drawn(page);
      return page.locator('main').getByRole('button').or(page.locator('main').getByRole('tab')).allTextContents();
    };
    const forbidden =
      /^(Body|Came in|In|Went out|Steps|Retry|Replay|Discard|Edit and send|Pause|Drain|Apply|Dry run|Test connection|Reload.*|Backup|Form|Revisions|Import CSV|Add a row|A sample.*)$/;
    const { rows } = await demo.engine.get<{ rows: readonly { message: { root: string } }[] }>('/api/v1/find?text=LI-5001');
    const paths = [`/messages/${rows[0]?.message.root}`, '/failures', '/flows/orders-to-erp', '/systems/erp', '/models/order@1'];
    for (const path of [...paths, '/tables', '/settings'])
      expect([path, (await shown(path)).filter((text) => forbidden.test(text.trim()))]).toEqual([path, []]);
    const links = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents();
    for (const name of ['Users', 'Audit', 'Secrets']) expect(links).not.toContain(name);
    expect(refused).toEqual([]);
  });

  it('set up a second factor, and are asked for it at the next login', async () => {
    await addUser('tom', { role: 'viewer' });
    const page = await logIn('tom');
    await page.goto(`${demo.engine.control}/account`);
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('img', { name: 'The secret as a QR code' }).waitFor();
    const secret = (await page.getByTestId('totp-secret').textContent()) ?? '';
    await page.getByRole('textbox', { name: 'Code' }).fill(codeIn(0, secret));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('From now on a login needs a code.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await fillLogin(page, 'tom');
    await page.getByRole('textbox', { name: 'Code of your authenticator program' }).fill(codeIn(1, secret));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('.shell').waitFor();
    expect(await demo.engine.get('/api/v1/users/tom')).toMatchObject({ hasSecondFactor: true });
  });

  it('are signed out where a console stands open and nobody is there', async () => {
    await addUser('ines', { role: 'viewer' });
    const page = await newPage();
    await page.clock.install();
    await page.goto(demo.engine.control);
    await fillLogin(page, 'ines');
    await page.locator('.shell').waitFor();
    await page.clock.fastForward('29:00');
    await goTo(page, 'Failures');
    await page.clock.fastForward('29:00');
    await page.getByRole('heading', { name: 'Failures' }).waitFor();
    await page.clock.fastForward('02:00');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await demo.engine.get('/api/v1/users/ines/sessions')).toEqual([]);
  });

  it('make a token that is shown once, lose a right while they look, and a session that an administrator ends', async () => {
    await addUser('tess', { role: 'viewer' }, { role: 'operator' });
    const page = await logIn('tess');
    await goTo(page, 'Tokens');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('textbox', { name: 'What it is for' }).fill('monitoring');
    await page.getByRole('checkbox', { name: 'May do less than you' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
    const text = (await page.getByTestId('token').textContent()) ?? '';
    const ask = async (path: string, method = 'GET'): Promise<number> => {
      const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
      return (
        await fetch(`${demo.engine.control}/api/v1${path}`, { method, headers, ...(method === 'GET' ? {} : { body: '{}' }) })
      ).status;
    };
    expect([await ask('/flows'), await ask('/drain', 'POST')]).toEqual([200, 403]);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    expect(await page.content()).not.toContain(text);
    await page.getByRole('button', { name: 'Revoke: monitoring' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No tokens').waitFor();
    expect(await ask('/flows')).toBe(401);

    await goTo(page, 'Settings');
    const pause = page.getByRole('button', { name: 'Pause everything' });
    await pause.waitFor();
    await fetch(`${demo.engine.control}/api/v1/users/tess`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', ...demo.engine.keyHeader() },
      body: JSON.stringify({ grants: [{ role: 'viewer' }] }),
    });
    // The console may have looked before the click comes: then there is no button any more, which is as right.
    await Promise.race([pause.click().catch(() => undefined), pause.waitFor({ state: 'detached' })]);
    await pause.waitFor({ state: 'detached' });
    expect(await demo.engine.get('/api/v1/pauses')).toEqual([]);

    const administrator = await newPage();
    await openConsole(administrator, demo.engine);
    await goTo(administrator, 'Sessions');
    await administrator.getByRole('button', { name: /^End: tess / }).click();
    await administrator.getByRole('dialog').getByRole('button', { name: 'End' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('come by single sign-on, with the roles of their groups', async () => {
    const page = await newPage();
    await page.goto(demo.engine.control);
    await page.getByRole('link', { name: 'Single sign-on' }).click();
    await page.locator('input[name=login]').fill('opal');
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('link', { name: 'Your account: opal' }).click();
    await page.getByText('Operator', { exact: true }).waitFor();
    expect(await demo.engine.get('/api/v1/users/opal')).toMatchObject({ hasPassword: false, grants: [{ role: 'operator' }] });
  });

  it('are two where the project says four eyes: one asks, another approves or refuses, the first does it', async () => {
    await addUser('ann', { role: 'developer' }, { role: 'operator' });
    await addUser('bob', { role: 'developer' }, { role: 'operator' });
    const file = join(demo.folder, 'flows/orders-to-warehouse.yaml');
    const [ann, bob] = [await logIn('ann'), await logIn('bob')];
    await ann.goto(`${demo.engine.control}/flows/orders-to-warehouse`);
    await ann.locator('.cm-line').first().click();
    await ann.keyboard.press('Home');
    await ann.keyboard.type('# Agreed.\n');
    await ann.getByRole('button', { name: 'Apply' }).click();
    await ann.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('agreed');
    await ann.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await ann.getByText('This waits for a second person').waitFor();
    expect(readFileSync(file, 'utf8')).not.toContain('Agreed');
    await ann.getByRole('link', { name: 'See approvals' }).click();
    expect(await ann.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    await goTo(bob, 'Approvals');
    await bob.getByText('+ # Agreed.').waitFor();
    expect(await findings(bob)).toEqual([]);
    await bob.getByRole('button', { name: 'Approve' }).click();
    await ann.getByText('approved by bob').waitFor();
    await ann.getByRole('button', { name: 'Do it now' }).click();
    await until(() => readFileSync(file, 'utf8').startsWith('# Agreed.'));

    await goTo(ann, 'Failures');
    const cause = ann.getByRole('article').filter({ hasText: 'erp.upsert-order' });
    await cause.getByRole('button', { name: 'Retry' }).click();
    await ann
      .getByRole('dialog')
      .getByRole('button', { name: /Retry \d/ })
      .click();
    await ann.getByText('This waits for a second person').waitFor();
    await bob.getByRole('button', { name: 'Refuse' }).click();
    await bob.getByRole('textbox', { name: 'Reason' }).fill('not on a Friday');
    await bob.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click();
    await ann.getByRole('link', { name: 'See approvals' }).click();
    await ann.getByText('not on a Friday').waitFor();
    expect(await demo.engine.count('dead')).toBeGreaterThan(0);
  });

  it('are two where a person is erased: the second one sees the journeys, and not who is meant', async () => {
    await addUser('bea', { role: 'admin' });
    const bea = await logIn('bea');
    expect(await demo.order(7771)).toBe(true);
    const found = '/api/v1/messages?key=order=LI-7771&limit=1';
    await until(async () => (await demo.engine.get<{ readonly rows: readonly object[] }>(found)).rows.length > 0);
    // Retries of the demo wait for up to a minute.
    await demo.engine.settled(90_000);
    const asked = { key: 'order=LI-7771', reason: 'request of 3 May', undelivered: 'discard' };
    await expect(demo.engine.post('/api/v1/erase', asked)).rejects.toThrow('MORTISE_ACCESS_SECOND_PERSON');
    await goTo(bea, 'Approvals');
    const one = bea.getByRole('article', { name: 'Erase a person, local' });
    await one.getByText('request of 3 May').waitFor();
    expect(await one.getByRole('listitem').count()).toBeGreaterThan(0);
    expect(await one.getByText('LI-7771').count()).toBe(0);
    expect(await findings(bea)).toEqual([]);
    await one.getByRole('button', { name: 'Approve' }).click();
    await one.getByText('approved by bea').waitFor();
    await demo.engine.post('/api/v1/erase', asked);
    expect((await demo.engine.get<{ readonly rows: readonly object[] }>(found)).rows).toEqual([]);
  });

  it('find in the audit what they did, with before and after, and see that nobody changed it', async () => {
    await addUser('alma', { role: 'auditor' });
    const page = await logIn('alma');
    await goTo(page, 'Audit');
    await page.getByRole('textbox', { name: 'Who' }).fill('bob');
    await page.getByRole('button', { name: 'approve', exact: true }).click();
    await page.getByText('"applyFile"').waitFor();
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByText(/All [\d,.]+ entries hang together/).waitFor();
    expect(await findings(page)).toEqual([]);
  });
});
