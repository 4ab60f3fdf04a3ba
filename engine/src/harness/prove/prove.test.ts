// The crash test of a project is passed by what is right, and finds every fault that is planted in the engine or in a connector.

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planOf } from './campaign.ts';
import { projectFolder } from '../project.fixture.ts';
import { files, folders, proofOf, proofWith, timeout, unnamed } from './prove.fixture.ts';

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
    ['drops-sends', 'lost'],
    ['changes-content', 'changed'],
    ['gives-new-ids', 'duplicated'],
  ] as const)('one that %s', { timeout }, async (fault, kind) => {
    const proof = await proofWith(fault);
    expect(proof.proven).toBe(false);
    expect(proof.counts[kind]).toBeGreaterThan(0);
    expect(unnamed(proof, kind)).toEqual([]);
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
