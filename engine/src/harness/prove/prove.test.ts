// The crash test of a project is passed by what is right, and finds every fault that is planted in the engine or in a connector.

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { planOf } from './campaign.ts';
import { openCatalog } from '../../catalog/catalog.ts';
import { loadProject } from '../../project/load.ts';
import { projectFolder } from '../project.fixture.ts';
import type { Files } from '../project.fixture.ts';
import type { Proof } from './proof.ts';
import { prove } from './prove.ts';
import type { ProveOptions } from './prove.ts';

const timeout = 240_000;
const faulty = new URL('./faulty.fixture.ts', import.meta.url);
const folders: { remove(): void }[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
  vi.unstubAllEnvs();
});

function files(port = 9): Files {
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

async function proofOf(project: Files, options: Partial<ProveOptions> = {}): Promise<{ proof: Proof; folder: string }> {
  const made = projectFolder(project);
  folders.push(made);
  const loaded = await loadProject(made.folder, { catalog: openCatalog() });
  expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { proof: await prove(loaded, { kills: 1, seed: 7, ...options }), folder: made.folder };
}

describe('a project that loses nothing', () => {
  it('is proven: all arrives under its ids, in its order, days late; no network and no folder is touched', {
    timeout,
  }, async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const { proof, folder } = await proofOf(files((server.address() as AddressInfo).port), { kills: 3 });
      expect(proof.faults).toEqual([]);
      expect(proof).toMatchObject({ proven: true, kills: { total: 3 }, messages: { given: 48, acknowledged: 48, refused: [] } });
      expect(proof.outbounds.map(({ to, deliveries }) => [to, deliveries])).toEqual([
        ['crm.invoices', 48],
        ['crm.orders', 48],
      ]);
      expect(proof.flows).toEqual([{ flow: 'orders', compared: 'each', deliveries: 4 * 48 }]);
      expect(connections).toBe(0);
      expect(existsSync(join(folder, 'incoming'))).toBe(false);
      expect(existsSync(join(folder, '.mortise'))).toBe(false);
    } finally {
      server.close();
    }
  });

  it('is proven where a person is asked after a kill: that one says "again"', { timeout }, async () => {
    const held = Object.fromEntries(
      Object.entries(files()).map(([path, text]) => [path, text.replaceAll('onInDoubt: retry', 'onInDoubt: hold')]),
    );
    const { proof } = await proofOf(held);
    expect(proof.faults).toEqual([]);
    expect(proof.kills).toMatchObject({ 'before-receipt': 1 });
    expect(proof.asked.map(({ state }) => state)).toContain('in-doubt');
  });

  it('has the same plan by the same seed, and another by another', () => {
    const plans = (seed: number) => Array.from({ length: 20 }, (_, number) => planOf({ seed, inputsPerLife: 40 }, number));
    expect(plans(11)).toEqual(plans(11));
    expect(plans(12)).not.toEqual(plans(11));
  });
});

describe('a planted fault is found:', () => {
  it.each([
    ['forgets-outputs', 'lost'],
    ['drops-sends', 'lost'],
    ['changes-content', 'changed'],
    ['gives-new-ids', 'duplicated'],
    ['acknowledges-early', 'lost'],
  ] as const)('one that %s', { timeout }, async (fault, kind) => {
    vi.stubEnv('MORTISE_TEST_FAULT', fault);
    const { proof } = await proofOf(files(), { kills: 1, module: faulty });
    expect(proof.proven).toBe(false);
    expect(proof.counts[kind]).toBeGreaterThan(0);
    const found = proof.faults.filter((one) => one.kind === kind);
    expect(found.filter(({ deliveries, message }) => deliveries.length === 0 && message === undefined)).toEqual([]);
  });
});

describe('messages of an export', () => {
  const line = {
    message: { id: '0193-a', source: '/systems/drop/in', type: 'drop.in', headers: {}, keys: {} },
    deliveries: [{ destination: 'flow:orders' }],
    body: { customer: 'cleo', n: 3 },
  };

  it('take the place of those of the tests', { timeout }, async () => {
    const made = projectFolder({ 'messages.ndjson': `${JSON.stringify(line)}\n` });
    folders.push(made);
    const { proof } = await proofOf(files(), { kills: 1, messages: join(made.folder, 'messages.ndjson') });
    expect(proof).toMatchObject({ proven: true, messages: { cases: 1, given: 24, acknowledged: 24 } });
  });

  it.each([
    ['no JSON', '{'],
    ['no message', '{"deliveries":[]}'],
    ['no deliveries', '{"message":{"id":"a","source":"/x"}}'],
    ['a body that was lost', JSON.stringify({ ...line, body: undefined, lost: 'gone' })],
  ])('with %s are refused', async (_what, text) => {
    const made = projectFolder({});
    folders.push(made);
    const messages = join(made.folder, 'messages.ndjson');
    writeFileSync(messages, `${text}\n`);
    await expect(proofOf(files(), { messages })).rejects.toMatchObject({ code: 'MORTISE_PROVE_MESSAGES' });
  });
});

describe('what cannot be proven is told', () => {
  it('where there are no messages', async () => {
    const { 'tests/one.yaml': _one, 'tests/two.yaml': _two, ...rest } = files();
    await expect(proofOf(rest)).rejects.toMatchObject({ code: 'MORTISE_PROVE_NOTHING' });
  });

  it("where code of the project's own ends the process", { timeout }, async () => {
    const flow = `import { defineFlow } from '@mortise/sdk';
export default defineFlow({
  name: 'orders',
  from: { system: 'drop', inbound: 'in' },
  steps: [{ map: () => process.exit(7) }],
  to: { system: 'crm', outbound: 'orders' },
});
`;
    const { 'flows/orders.yaml': _yaml, ...rest } = files();
    await expect(proofOf({ ...rest, 'flows/orders.ts': flow }, { kills: 1 })).rejects.toMatchObject({
      code: 'MORTISE_PROVE_ENDED',
    });
  });

  it('and leaves no folder behind', () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`mortise-prove-${process.pid}`))).toEqual([]);
  });
});
