// Much of everything: parts of a split, flows, dedupe keys, messages that wait, reloads, stops. MORTISE_TEST_SCALE is a factor on each count.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { sampleId, startMs } from '../engine/src/store/conformance/samples.ts';
import { openSqliteStore } from '../engine/src/store/sqlite/open.ts';
import { crashAndCount } from './crash.ts';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { post, query, shopKey, writeProject } from './orders-project.ts';

const factor = Number(process.env['MORTISE_TEST_SCALE'] ?? 1);
const scaled = (count: number): number => Math.max(1, Math.round(count * factor));
const timeout = 7_200_000;
const mebibyte = 1024 * 1024;
const waitingBytesMax = 512 * mebibyte;
const environment = { SHOP_KEY: shopKey };
const engines = ownEngines();

const mortise = 'name: scale\nlimits: { message: 64MiB, freeDisk: 64MiB }\n';
const shop = (names: readonly string[]): string =>
  `connector: http\ninbounds:\n${names.map((name) => `  ${name}: { uses: webhook, path: /${name}, verify: { scheme: api-key, secret: env:SHOP_KEY } }`).join('\n')}\n`;
const erp = `
connector: sqlite
connection: { file: erp.db }
outbounds:
  insert-part: { uses: insert, table: part }
`;

function withTable(files: Readonly<Record<string, string>>): string {
  const folder = writeProject(files);
  const database = new DatabaseSync(join(folder, 'erp.db'), { timeout: 10_000 });
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE part (n INTEGER NOT NULL) STRICT');
  database.close();
  return folder;
}

function tell(facts: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(facts));
}

/** The most memory that the process ever had, in bytes: `VmHWM` of proc(5). */
function peakBytes({ child }: EngineProcess): number {
  if (process.platform !== 'linux') return 0;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024;
}

it(`a split into ${scaled(100_000)} parts, killed in the middle, makes each part once`, { timeout }, async () => {
  const parts = scaled(100_000);
  const folder = withTable({
    'mortise.yaml': mortise,
    'systems/shop.yaml': shop(['lists']),
    'systems/erp.yaml': erp,
    'channels/parts.yaml': 'kind: publish-subscribe\n',
    'flows/lists.yaml':
      'from: { system: shop, inbound: lists }\nsteps:\n  - split: { each: parts, steps: [{ map: $ }] }\nto: { channel: parts }\n',
    'flows/parts.yaml': 'from: { channel: parts }\nto: { system: erp, outbound: insert-part }\n',
  });
  let engine = await engines.start({ folder, environment });
  await engine.ready();
  const body = JSON.stringify({ parts: Array.from({ length: parts }, (_, n) => ({ n })) });
  expect(await post(`${engine.inbound}/lists`, 'list', body)).toBe(202);
  const made = async (): Promise<number> =>
    (await engine.balance()).rows.find(({ destination }) => destination === 'flow:parts')?.created ?? 0;
  await until(async () => (await made()) > 0, timeout);
  await engine.kill();
  engine = await engines.start({ folder, environment });
  await engine.ready();
  const madeBefore = await made();
  await engine.settled(timeout);
  tell({ what: 'split', parts, madeBefore });
  expect(madeBefore).toBeLessThan(parts);
  expect(query(folder, 'SELECT count(*) AS count, count(DISTINCT n) AS distinct_count FROM part')).toMatchObject([
    { count: parts, distinct_count: parts },
  ]);
  expect(await engine.balance()).toMatchObject({ even: true });
});

it(`${scaled(500)} flows start, and each takes a message`, { timeout }, async () => {
  const names = Array.from({ length: scaled(500) }, (_, n) => `in-${n}`);
  const flows = names.map((name, n) => [
    `flows/f-${n}.yaml`,
    `from: { system: shop, inbound: ${name} }\nsteps:\n  - map: '{ "n": n }'\nto: { system: erp, outbound: insert-part }\n`,
  ]);
  const folder = withTable({
    'mortise.yaml': mortise,
    'systems/shop.yaml': shop(names),
    'systems/erp.yaml': erp,
    ...Object.fromEntries(flows),
  });
  const begunMs = performance.now();
  const engine = await engines.start({ folder, environment });
  await engine.ready();
  const startMs = Math.round(performance.now() - begunMs);
  for (const [n, name] of names.entries()) expect(await post(`${engine.inbound}/${name}`, name, JSON.stringify({ n }))).toBe(202);
  await engine.settled(timeout);
  tell({ what: 'flows', flows: names.length, startMs, peakMebibytes: Math.round(peakBytes(engine) / mebibyte) });
  expect(query(folder, 'SELECT count(DISTINCT n) AS count FROM part')).toMatchObject([{ count: names.length }]);
});

it(`${scaled(1_000_000)} messages wait, in bounded memory, and then all arrive`, { timeout }, async () => {
  const count = scaled(1_000_000);
  const folder = withTable({
    'mortise.yaml': mortise,
    'systems/warehouse.yaml': `
connector: file
connection: { folder: in, create: true }
inbounds: { rows: { uses: read, pattern: "*.csv", settle: 0ms, every: 100ms, format: csv } }
`,
    'systems/erp.yaml': erp,
    'flows/rows.yaml':
      'from: { system: warehouse, inbound: rows }\nsteps:\n  - map: \'{ "n": $number(n) }\'\nto: { system: erp, outbound: insert-part }\n',
  });
  const engine = await engines.start({ folder, environment });
  await engine.ready();
  await tellPause(engine, 'pauses');
  const rows = Array.from({ length: count }, (_, n) => String(n)).join('\n');
  writeFileSync(join(folder, 'rows.part'), `n\n${rows}\n`);
  mkdirSync(join(folder, 'in'), { recursive: true });
  copyFileSync(join(folder, 'rows.part'), join(folder, 'in', 'rows.csv'));
  await until(async () => (await engine.count('waiting').catch(() => 0)) === count, timeout);
  const peak = peakBytes(engine);
  await tellPause(engine, 'pauses/resume');
  await engine.settled(timeout);
  tell({
    what: 'waiting',
    count,
    peakMebibytesWaiting: Math.round(peak / mebibyte),
    peakMebibytes: Math.round(peakBytes(engine) / mebibyte),
  });
  expect(peak).toBeLessThan(waitingBytesMax);
  expect(query(folder, 'SELECT count(*) AS count, count(DISTINCT n) AS distinct_count FROM part')).toMatchObject([
    { count, distinct_count: count },
  ]);
});

async function tellPause(engine: EngineProcess, path: 'pauses' | 'pauses/resume'): Promise<void> {
  await engine.post(`/api/v1/${path}`, { kind: 'system', name: 'erp' });
}

it(`${scaled(10_000_000)} dedupe keys are found again after a restart, and what was never seen is not`, { timeout }, async () => {
  const count = scaled(10_000_000);
  const folder = mkdtempSync(join(tmpdir(), 'mortise-keys-'));
  try {
    const nowMs = (): number => startMs;
    const nameOf = (n: number) => ({ flow: 'orders', step: 'once', key: `order-${n}` });
    const perCommit = 1000;
    const first = await openSqliteStore({ folder, nowMs });
    for (let n = 0; n < count; n += perCommit) {
      const keys = Array.from({ length: Math.min(perCommit, count - n) }, (_, i) => ({
        ...nameOf(n + i),
        root: sampleId('a', n + i),
        untilMs: startMs + 1e9,
      }));
      await first.commit({ dedupe: keys });
    }
    await first.close();
    const begunMs = performance.now();
    const store = await openSqliteStore({ folder, nowMs });
    const openMs = Math.round(performance.now() - begunMs);
    let unsure = 0;
    for (let n = 0; n < 1000; n++) {
      const known = Math.floor((n * count) / 1000);
      expect(await store.findDedupe(nameOf(known), startMs)).toEqual({ root: sampleId('a', known) });
      const answer = store.findDedupe(nameOf(-1 - n), startMs);
      if (answer instanceof Promise) unsure += 1;
      expect(await answer).toBeUndefined();
    }
    await store.close();
    tell({ what: 'dedupe keys', count, openMs, askedOfDiskInVain: unsure });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it(`${scaled(60)} reloads, one every two seconds under load, lose nothing`, { timeout }, async () => {
  await crashAndCount({ kills: scaled(60), seed: 1, how: 'reload' }, engines);
  expect(engines.count).toBe(1);
  tell({ what: 'reloads', count: scaled(60) });
});

it(`${scaled(100)} clean stops under load lose nothing`, { timeout }, async () => {
  await crashAndCount({ kills: scaled(100), seed: 1, how: 'stop' }, engines);
  expect(engines.count).toBe(scaled(100) + 1);
  tell({ what: 'stops', count: scaled(100) });
});
