// A browser on the console of a running demo: what the tests of the console stand on.

import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { signedHeaders } from '../../examples/order-to-cash/signing.ts';
import { makeOrder, orderAsJson } from '../../examples/order-to-cash/orders.ts';
import { findCommand } from '../../tools/services/services.ts';
import { freePorts, until } from '../engine-process.ts';
import type { EngineProcess, OwnEngines, Ports } from '../engine-process.ts';
import { changeText, seededRandom } from '../orders-project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples/order-to-cash');
const secret = `whsec_${Buffer.from('a secret of the demo').toString('base64')}`;

/** Chromium of the system; without it the tests of the console are skipped. `npm run services -- --install` brings it. */
export const chromiumPath = findCommand({ name: 'chromium', command: 'chromium', debian: ['chromium'] });

/** Nothing of the browser's own goes out. */
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export interface Demo {
  readonly engine: EngineProcess;
  readonly folder: string;
  /** Sends an order of this number as the shop would, and says whether it was taken. */
  order(number: number): Promise<boolean>;
}

interface DemoOptions {
  readonly ports?: Ports;
  /** Written behind what mortise.yaml says. */
  readonly settings?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Builds the console if it is not, and runs the demo without its feed. */
export async function startDemo(
  engines: OwnEngines,
  { ports: given, settings = '', environment = {} }: DemoOptions = {},
): Promise<Demo> {
  execFileSync(process.execPath, [join(root, 'console/build.ts')], { stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'mortise-console-'));
  const ports = given ?? (await freePorts());
  cpSync(example, folder, { recursive: true, filter: (path) => !path.includes('.mortise') });
  for (const name of ['shop', 'crm'])
    changeText(join(folder, 'systems', `${name}.yaml`), '127.0.0.1:8081', `127.0.0.1:${ports.inbound}`);
  // What a test breaks is to fail of what the test sends, and not of what a clock does besides.
  changeText(join(folder, 'systems/clock.yaml'), 'interval: 2m', 'interval: 1d');
  appendFileSync(join(folder, 'mortise.yaml'), settings);
  const script = [join(example, 'start.ts'), '--feed', '0', '--project', folder];
  const engine = await engines.start({ folder, ports, script, environment: { ...environment, SHOP_WEBHOOK_SECRET: secret } });
  await engine.ready();
  const random = seededRandom(4711);
  return {
    engine,
    folder,
    async order(number) {
      const body = orderAsJson(makeOrder(number, random));
      const headers = signedHeaders(secret, `msg_${number}`, body);
      return (await fetch(`${engine.inbound}/shop/orders`, { method: 'POST', headers, body })).status === 202;
    },
  };
}

/** What happens to the ERP's database while nobody looks. */
export function changeErp({ folder }: Demo, sql: string): void {
  const database = new DatabaseSync(join(folder, '.mortise/demo/erp.db'), { timeout: 10_000 });
  database.exec(sql);
  database.close();
}

/** Opens the start page, logged in as by a link that the engine printed. */
export async function openConsole(page: Page, engine: EngineProcess): Promise<void> {
  const headers = { ...engine.keyHeader(), 'content-type': 'application/json' };
  const response = await fetch(`${engine.control}/api/v1/login-links`, { method: 'POST', headers, body: '{}' });
  const { code } = (await response.json()) as { readonly code: string };
  await page.goto(`${engine.control}/#login=${code}`);
  await page.locator('.shell').waitFor();
}

/** Resolves when nothing of the page is loaded any more: parts of it come late, one behind the other. */
export async function drawn(page: Page): Promise<void> {
  await page.locator('.page > *').first().waitFor();
  let looks = 0;
  await until(async () => {
    looks = (await page.getByText('Loading…').count()) === 0 ? looks + 1 : 0;
    return looks === 10;
  });
}

/** By the navigation at the left, whatever count stands beside the name. */
export async function goTo(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }), args: flags.split(' ') });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeFinding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds against WCAG 2.2 A and AA; empty where all is well. */
export async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const tags = JSON.stringify(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  const run = `axe.run(document, { runOnly: ${tags}, resultTypes: ['violations'] }).then(({ violations }) => violations)`;
  const violations: readonly AxeFinding[] = await page.evaluate(run);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) => `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary.split('\n')[1] ?? ''}`,
    ),
  );
}

/** The path of each page, and of one of each thing that has a page of its own. */
export async function everyPage(engine: EngineProcess): Promise<readonly string[]> {
  const { rows } = await engine.get<{ readonly rows: readonly { readonly message: { readonly root: string } }[] }>(
    '/api/v1/messages?limit=1',
  );
  const plain =
    'mesh messages track failures alerts balance flows systems models tables settings about users roles tokens sessions approvals audit secrets account'
      .split(' ')
      .map((name) => `/${name}`);
  const inner = [
    '/flows/shop-orders',
    '/systems/erp',
    '/models/order@1',
    '/track?number=LI-4711',
    `/messages/${rows[0]?.message.root}`,
  ];
  return ['/', ...plain, ...inner];
}
