// A project that loses nothing, its proof, and its proof with a fault planted in it.

import { afterEach, expect, vi } from 'vitest';
import { openCatalog } from '../../catalog/catalog.ts';
import { loadProject } from '../../project/load.ts';
import { projectFolder } from '../project.fixture.ts';
import type { Files } from '../project.fixture.ts';
import type { Proof } from './proof.ts';
import { prove } from './prove.ts';
import type { ProveOptions } from './prove.ts';

export const timeout = 240_000;
const faulty = new URL('./faulty.fixture.ts', import.meta.url);
export const folders: { remove(): void }[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
  vi.unstubAllEnvs();
});

export function files(port = 9): Files {
  return {
    'mortise.yaml': 'name: proven\n',
    'systems/crm.yaml': `connector: http
connection: { url: "http://127.0.0.1:${port}" }
outbounds:
  orders: { uses: request, path: /orders, onInDoubt: retry }
  invoices: { uses: request, path: /invoices, onInDoubt: retry }
`,
    'systems/drop.yaml': `connector: file
connection: { folder: incoming }
inbounds:
  in: { uses: read, pattern: "*.json", format: json }
`,
    'flows/orders.yaml': `name: orders
from: { system: drop, inbound: in }
order: { by: customer }
steps:
  - map: '{ "customer": customer, "n": n }'
  - send: { system: crm, outbound: orders }
  - delay: 3d
to: { system: crm, outbound: invoices }
`,
    'tests/one.yaml':
      'flow: orders\ngiven: { body: { customer: anna, n: 1 } }\nexpect: [{ to: crm.orders }, { to: crm.invoices }]\n',
    'tests/two.yaml':
      'flow: orders\ngiven: { body: { customer: bert, n: 2 } }\nexpect: [{ to: crm.orders }, { to: crm.invoices }]\n',
  };
}

export async function proofOf(project: Files, options: Partial<ProveOptions> = {}): Promise<{ proof: Proof; folder: string }> {
  const made = projectFolder(project);
  folders.push(made);
  const loaded = await loadProject(made.folder, { catalog: openCatalog() });
  expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { proof: await prove(loaded, { kills: 1, seed: 7, ...options }), folder: made.folder };
}

/** The proof of the project with the fault of faulty.fixture.ts planted. */
export async function proofWith(fault: string): Promise<Proof> {
  vi.stubEnv('MORTISE_TEST_FAULT', fault);
  return (await proofOf(files(), { kills: 1, module: faulty })).proof;
}

/** Faults of this kind that name neither a message nor a delivery: nobody could look them up. */
export function unnamed(proof: Proof, kind: Proof['faults'][number]['kind']): Proof['faults'] {
  return proof.faults.filter((one) => one.kind === kind && one.deliveries.length === 0 && one.message === undefined);
}
