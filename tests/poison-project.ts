// A project whose flows hold code that does harm: for the short and the long test of poison messages.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { until } from './engine-process.ts';
import type { EngineProcess, OwnEngines } from './engine-process.ts';
import { post, shopKey, writeProject } from './orders-project.ts';

const flow = (inbound: string, step: string): string => `
from: { system: shop, inbound: ${inbound} }
steps:
${step}
to: { system: warehouse, outbound: put }
`;

/** Steps that never end, or want all memory, by the name of their flow. */
export const harmful = {
  expression: "  - map: '($f := function($n) { $f($n + 1) }; $f(1))'",
  growth: '  - map: \'($f := function($s) { $f($s & $s) }; $f("x"))\'',
  sandbox: '  - script: { code: "for (;;) {}", timeout: 200ms }',
  memory: '  - script: { code: "const all = []; for (;;) all.push(new Array(1000).fill(7));", memory: 8MiB, timeout: 5s }',
};

const inbounds = [...Object.keys(harmful), 'good', 'own'];

const files = (stall: string): Readonly<Record<string, string>> => ({
  'mortise.yaml': `name: poison\nlimits: { freeDisk: 64MiB, stall: ${stall} }\n`,
  'systems/shop.yaml': `connector: http\ninbounds:\n${inbounds
    .map((name) => `  ${name}: { uses: webhook, path: /${name}, verify: { scheme: api-key, secret: env:SHOP_KEY } }`)
    .join('\n')}\n`,
  'systems/warehouse.yaml': `
connection: { folder: out, create: true }
connector: file
outbounds:
  put: { uses: write, name: "\${id}.json" }
`,
  'scripts/own.ts': `
import { writeSync } from 'node:fs';
export function own(body: { id: string; does?: string }) {
  if (body.does === 'loop') for (;;);
  if (body.does === 'kill') process.kill(process.pid, 'SIGKILL');
  if (body.does === 'exit') process.exit(3);
  writeSync(2, '');
  return body;
}
`,
  'flows/good.yaml': flow('good', '  - map: $'),
  'flows/own.yaml': flow('own', '  - script: { file: scripts/own.ts, export: own }'),
  ...Object.fromEntries(Object.entries(harmful).map(([name, step]) => [`flows/${name}.yaml`, flow(name, step)])),
});

/** After `stall` without a sign of life the engine ends itself: short only where that is what is looked at. */
export function writePoisonProject(stall = '30s'): string {
  return writeProject(files(stall));
}

export function startPoisoned(engines: OwnEngines, folder: string): Promise<EngineProcess> {
  return engines.start({ folder, environment: { SHOP_KEY: shopKey } });
}

/** Sends a message that is taken; `does` is what the project's own function does with it. */
export async function send(engine: EngineProcess, inbound: string, id: string, does?: 'loop' | 'kill' | 'exit'): Promise<void> {
  expect(await post(`${engine.inbound}/${inbound}`, id, JSON.stringify({ id, ...(does ? { does } : {}) }))).toBe(202);
}

/** What is dead: the flow, and the code of the reason. */
export async function deadOf(
  engine: EngineProcess,
): Promise<readonly { readonly flow: string; readonly code: string | undefined }[]> {
  type Row = { readonly delivery: { readonly flow: string; readonly error?: { readonly code: string } } };
  const { rows } = await engine.get<{ readonly rows: readonly Row[] }>('/api/v1/messages?state=dead');
  return rows.map(({ delivery: { flow, error } }) => ({ flow, code: error?.code }));
}

/** How many files of good messages have arrived. */
export function arrived(folder: string): number {
  return readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.json')).length;
}

/** Whether all ended before the process did. */
export async function settledOrEnded(engine: EngineProcess): Promise<'settled' | 'ended'> {
  let isSettled = false;
  await until(async () => {
    const count = engine.hasEnded ? 0 : await engine.count('waiting', 'held').catch(() => undefined);
    isSettled = count === 0 && !engine.hasEnded;
    return count === 0;
  });
  return isSettled ? 'settled' : 'ended';
}
