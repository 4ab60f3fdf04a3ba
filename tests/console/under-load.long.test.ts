// The console beside 1,000 messages a second: what each page costs the browser, the line and the engine, with the load and without.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ordersPath } from '../../bench/addresses.ts';
import type { LoadReport } from '../../bench/measured.ts';
import { runLoad } from '../../bench/processes.ts';
import { ownEngines, until } from '../engine-process.ts';
import { chromiumPath, openBrowser, openConsole, startDemo } from './browser.ts';
import type { Demo } from './browser.ts';

const engines = ownEngines('all');
vi.setConfig({ hookTimeout: 180_000 });
const seconds = Number(process.env['MORTISE_TEST_SECONDS'] ?? 10);
const ratePerSecond = Number(process.env['MORTISE_TEST_RATE'] ?? 1000);
/** USER_HZ, as `bench/processes.ts` has it. */
const ticksPerSecond = 100;
/** Orders from this number on are dead, all of them. */
const firstDead = 1_000_000_000;
/** As many as are counted one by one for an answer. */
const manyDead = 20_000;

/** What a page did in a second, unless its name says something else. */
interface Cost {
  readonly longTasks: number;
  /** Of all frames, those that came more than 50 ms after the one before. */
  readonly slowFrames: number;
  /** Seconds of the page's main thread. */
  readonly mainThread: number;
  readonly requests: number;
  readonly answeredKiB: number;
  readonly events: number;
  readonly eventKiB: number;
  /** Behind a collection of garbage, from beginning to end. */
  readonly heapGrowthMiB: number;
  readonly nodesBefore: number;
  readonly nodesAfter: number;
  /** Seconds of all threads of the engine, and the same of the engine in the same state without the page. */
  readonly engine: number;
  readonly engineAlone: number;
}

interface Costs {
  readonly without: Cost;
  readonly with: Cost;
}

let demo: Demo;
let browser: Browser;
let nextNumber = 1;

describe.skipIf(chromiumPath === undefined)(`the console beside ${ratePerSecond} messages a second (needs Chromium)`, () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(engines), openBrowser()]);
    await addLoadedFlow();
    for (let number = 4711; number < 4731; number += 1) await demo.order(number);
    await until(async () => (await demo.engine.count('waiting')) === 0);
    // What runs for the first time is compiled: that is no page's doing.
    await underLoad(() => sleep(seconds * 500), seconds);
  });
  afterAll(() => browser?.close());

  it('asks as little as without them, and stays as smooth', async () => {
    const found: (readonly [string, Costs])[] = [];
    for (const [name, path] of Object.entries(await pages()))
      found.push([name, { without: await measured(path, false), with: await measured(path, true) }]);
    print(found.flatMap(([name, costs]) => [[name, costs.without] as const, [`${name}, loaded`, costs.with] as const]));
    for (const [name, costs] of found) expect(excess(costs), name).toEqual([]);
    // One page alone is lost in what the load itself costs now more, now less.
    const sum = (of: (cost: Cost) => number): number => found.reduce((total, [, costs]) => total + of(costs.with), 0);
    expect(sum(({ engine }) => engine) / sum(({ engineAlone }) => engineAlone)).toBeLessThan(1.3);
  });

  it('asks no more of the engine where very many are dead', async () => {
    const few = await measured('/failures', false);
    await underLoad(() => Promise.resolve(), manyDead / ratePerSecond, firstDead);
    await until(async () => (await demo.engine.count('dead')) > manyDead && (await demo.engine.count('waiting')) === 0);
    const many = await measured('/failures', false);
    print([
      ['Failures', few],
      [`Failures, ${manyDead} dead`, many],
    ]);
    expect(many.engine - many.engineAlone).toBeLessThan((few.engine - few.engineAlone) * 3 + 0.05);
  });
});

/** A flow that anybody may send to, of whose messages one in 200 is dead. */
async function addLoadedFlow(): Promise<void> {
  const file = (path: string, text: string): void => writeFileSync(join(demo.folder, path), text);
  file(
    'systems/loaded.yaml',
    `connector: http
inbounds:
  orders: { uses: webhook, path: ${ordersPath}, verify: { scheme: none } }
`,
  );
  file('systems/loaded-log.yaml', 'connector: log\noutbounds:\n  note: { uses: write, level: debug }\n');
  file(
    'flows/loaded.yaml',
    `from: { system: loaded, inbound: orders }
concurrency: 256
steps:
  - track: { order: name }
  - map: '$number($substring(name, 2)) >= ${firstDead} or $number($substring(name, 2)) % 200 = 0 ? $error("There is no place for it.") : { "id": name, "total": $sum(line_items.(quantity * cents)) }'
to: { system: loaded-log, outbound: note }
`,
  );
  expect(await demo.engine.post('/api/v1/reload')).toMatchObject({ applied: true });
}

async function pages(): Promise<Readonly<Record<string, string>>> {
  type Rows = { readonly rows: readonly { readonly message: { readonly root: string } }[] };
  const { rows } = await demo.engine.get<Rows>('/api/v1/messages?limit=1&destination=flow:orders-to-erp');
  return {
    Start: '/',
    Mesh: '/mesh',
    Flow: '/flows/loaded',
    Messages: '/messages',
    Journey: `/messages/${rows[0]?.message.root}`,
    Failures: '/failures',
    System: '/systems/loaded-log',
  };
}

async function measured(path: string, isLoaded: boolean): Promise<Cost> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const session = await page.context().newCDPSession(page);
  await openConsole(page, demo.engine);
  await page.goto(demo.engine.control + path);
  await page.locator('.page > *').first().waitFor();
  const measure = async (): Promise<Cost> => {
    await sleep(2000);
    const cost = await costOf(page, session);
    await page.goto('about:blank');
    await sleep(500);
    const before = engineSeconds();
    await sleep(seconds * 1000);
    return { ...cost, engineAlone: (engineSeconds() - before) / seconds };
  };
  const cost = isLoaded ? await underLoad(measure, seconds * 2 + 5) : await measure();
  await page.close();
  return cost;
}

/** The load goes on for as long as `act` may take, and all of it is taken. */
async function underLoad<Result>(act: () => Promise<Result>, forSeconds: number, from = nextNumber): Promise<Result> {
  const { port } = new URL(demo.engine.inbound);
  const plan = { port: Number(port), seconds: forSeconds, connections: 64, firstNumber: from, ratePerSecond };
  const [result, { sent, accepted }] = await Promise.all<[Promise<Result>, Promise<LoadReport>]>([act(), runLoad(plan)]);
  if (from === nextNumber) nextNumber += sent;
  expect(accepted).toBe(sent);
  return result;
}

async function costOf(page: Page, session: CDPSession): Promise<Omit<Cost, 'engineAlone'>> {
  let [requests, answeredBytes, events, eventBytes] = [0, 0, 0, 0];
  session.on('Network.requestWillBeSent', () => (requests += 1));
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (answeredBytes += encodedDataLength));
  session.on('Network.eventSourceMessageReceived', ({ data }) => {
    events += 1;
    eventBytes += data.length;
  });
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  const begun = await metricsOf(session);
  await session.send('Network.enable');
  const [engineBegun, beganMs] = [engineSeconds(), Date.now()];
  const { longTasks, slowFrames } = await page.evaluate<Pick<Cost, 'longTasks' | 'slowFrames'>>(`(${watch})(${seconds * 1000})`);
  const tookSeconds = (Date.now() - beganMs) / 1000;
  const engine = (engineSeconds() - engineBegun) / tookSeconds;
  await session.send('Network.disable');
  const ended = await metricsOf(session);
  const between = (name: string): number => (ended[name] ?? 0) - (begun[name] ?? 0);
  return {
    longTasks: longTasks / tookSeconds,
    slowFrames,
    mainThread: between('ThreadTime') / tookSeconds,
    requests: requests / tookSeconds,
    answeredKiB: answeredBytes / 1024 / tookSeconds,
    events: events / tookSeconds,
    eventKiB: eventBytes / 1024 / tookSeconds,
    heapGrowthMiB: between('JSHeapUsedSize') / 1024 / 1024,
    nodesBefore: begun['Nodes'] ?? 0,
    nodesAfter: ended['Nodes'] ?? 0,
    engine,
  };
}

async function metricsOf(session: CDPSession): Promise<Readonly<Record<string, number>>> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** The 12th and 13th fields behind the name are the ticks in user and in system mode (proc_pid_stat(5)). */
function engineSeconds(): number {
  const fields = readFileSync(`/proc/${demo.engine.child.pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function print(rows: readonly (readonly [string, Cost])[]): void {
  const rounded = ({ nodesBefore, nodesAfter, ...figures }: Cost): object => ({
    ...Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Number(value.toFixed(3))])),
    nodes: `${nodesBefore} ${nodesAfter}`,
  });
  console.table(Object.fromEntries(rows.map(([name, cost]) => [name, rounded(cost)])));
}

/** What a page does more of than it may. */
function excess({ without, with: loaded }: Costs): readonly string[] {
  const limits: Readonly<Record<string, readonly [number, number]>> = {
    'requests a second': [loaded.requests, 5],
    'requests a second, against those without the load': [loaded.requests, without.requests * 1.5 + 0.5],
    'events a second': [loaded.events, 1.5],
    'nodes, against those before': [loaded.nodesAfter, loaded.nodesBefore * 1.5 + 200],
    'share of slow frames, against that without the load': [loaded.slowFrames, without.slowFrames + 0.1],
  };
  return Object.entries(limits).flatMap(([what, [value, most]]) =>
    value <= most ? [] : [`${value.toFixed(2)} ${what}; at most ${most.toFixed(2)}`],
  );
}

const watch = `async (forMs) => {
  let [longTasks, frames, slow] = [0, 0, 0];
  const tasks = new PerformanceObserver((list) => (longTasks += list.getEntries().length));
  tasks.observe({ type: 'longtask' });
  const endMs = performance.now() + forMs;
  let lastMs = performance.now();
  while (lastMs < endMs) {
    await new Promise(requestAnimationFrame);
    const nowMs = performance.now();
    frames += 1;
    if (nowMs - lastMs > 50) slow += 1;
    lastMs = nowMs;
  }
  tasks.disconnect();
  return { longTasks, slowFrames: slow / frames };
}`;
