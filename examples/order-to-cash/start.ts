// Starts the demo: prepares its surroundings, runs its project, feeds it with orders, and says where to look.

import { fork } from 'node:child_process';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { startHost } from '@mortise/engine';
import type { Host } from '@mortise/engine';
import { MortiseError } from '@mortise/sdk';
import { startFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import { prepareDemo, prepareSecrets } from './prepare.ts';

const usage = `node start.ts [--feed ORDERS_PER_SECOND] [--project FOLDER] [--listen HOST:PORT] [--control HOST:PORT]`;

const { values: given } = parseArgs({
  options: {
    feed: { type: 'string', default: '2' },
    project: { type: 'string', default: import.meta.dirname },
    listen: { type: 'string' },
    control: { type: 'string' },
  },
});

const ordersPerSecond = Number(given.feed);
if (!(ordersPerSecond >= 0)) {
  console.error(`--feed is ${given.feed}; expected orders per second, as 2 or 0.5; 0 for none.\n${usage}`);
  process.exit(2);
}

// The engine's own timers do not keep the process alive, and its listeners are closed before its store.
setInterval(() => undefined, 60_000);
const demoFolder = prepareDemo(given.project);
prepareSecrets(process.env);
// They end with this process, however it ends: by the channel to it that closes.
for (const name of ['supplier', 'ledger']) fork(join(import.meta.dirname, `${name}.ts`), [join(demoFolder, name)]);
const host = await startHost({
  folder: given.project,
  logLevel: 'warn',
  ...(given.listen === undefined ? {} : { listen: given.listen }),
  ...(given.control === undefined ? {} : { control: given.control }),
}).catch(tellAndExit);
const feed = ordersPerSecond > 0 ? startFeedOf(host) : undefined;
console.log(welcome(host));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(host, feed));
void host.failed.then(tellAndExit);

function tellAndExit(error: unknown): never {
  console.error(error instanceof MortiseError ? `${error.code}: ${error.message}\n  ${error.remedy}` : error);
  process.exit(1);
}

function startFeedOf({ addresses }: Host): Feed {
  const url = `http://${addresses.inbound}/shop/orders`;
  return startFeed({ url, secret: process.env['SHOP_WEBHOOK_SECRET'] ?? '', ordersPerSecond });
}

async function stop(running: Host, fed: Feed | undefined): Promise<void> {
  console.log('Stopping: what was accepted is finished, or found again on the next start.');
  await fed?.stop();
  await running.stop();
  process.exit(0);
}

function welcome(running: Host): string {
  const { inbound, control } = running.addresses;
  const at = given.control === undefined ? '' : ` --control ${control}`;
  const place = (name: string): string => relative('', join(demoFolder, name)).padEnd(45);
  const orders = ordersPerSecond > 0 ? `${ordersPerSecond} orders a second come in` : 'Orders are taken';
  return `Order to cash runs. ${orders} at http://${inbound}/shop/orders; the console is at http://${control}.
Logged in by this link, which is good once, for a quarter of an hour: ${running.loginLink()}

Look into it, from another terminal:
  npx mortise flows${at}                     what flows there are, and what waits
  npx mortise messages${at} --limit 20       the newest messages and their states
  npx mortise messages${at} --state invalid  the broken orders that were refused
  npx mortise balance${at}                   every accepted message, added up
and beside it:
  ${place('erp.db')}the ERP's tables
  ${place('hamburg')}a warehouse's pick lists (mv it away, and back again)
  ${place('supplier')}what the supplier and we sent to each other, as X12
  ${place('ledger')}the mainframe's files of postings and bookings
  ${place('finance')}the journals, every two minutes

Stop it with Ctrl-C.`;
}
