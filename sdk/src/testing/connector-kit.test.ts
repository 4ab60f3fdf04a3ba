// The kit itself: a small connector that is right passes it, and each way of making it wrong is found.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineConnector } from '../connector.ts';
import { field } from '../field.ts';
import { expectCompleteDeclaration, expectFreshReadme, expectImplemented } from './connector-kit-declaration.ts';
import { inboundChecks } from './connector-kit-inbound.ts';
import type { InboundCheck } from './connector-kit-inbound.ts';
import { outboundChecks } from './connector-kit-outbound.ts';
import type { OutboundCheck } from './connector-kit-outbound.ts';
import { needed } from './connector-kit-stage.ts';
import type { PingStage } from './connector-kit-stage.ts';
import { connectorKit } from './connector-kit.ts';
import {
  listenStage,
  sendStage,
  shelfStage,
  toy,
  toyFolder,
  toyInbounds,
  toyOutbounds,
  toyPing,
} from './connector-toy.fixture.ts';
import type { Faults } from './connector-toy.fixture.ts';

connectorKit({
  connector: toy,
  folder: toyFolder(),
  inbounds: toyInbounds(),
  outbounds: toyOutbounds(),
  ping: toyPing,
  scenarios: {
    inbounds: {
      listen: {
        setUp: listenStage,
        skip: { down: 'it listens', badCredentials: 'it has none', resumes: 'the order of requests is not kept' },
      },
      poll: {
        setUp: shelfStage,
        skip: {
          commitFirst: 'the cursor is the acknowledgement',
          repeated: 'a shelf holds a text once',
          half: 'a text is there or not',
          badCredentials: 'it has none',
        },
      },
    },
    outbounds: { send: { called: 'over a proxy', setUp: sendStage, skip: { stallBeforeSend: 'loopback connects at once' } } },
    ping: { setUp: sendStage, skip: { badCredentials: 'it shows none' } },
  },
});

describe('the kit finds', () => {
  const checkInbound = (name: string, check: InboundCheck, faults: Faults) => {
    const stage = name === 'listen' ? listenStage() : shelfStage();
    return inboundChecks[check].run({ connector: toy, inbounds: toyInbounds(faults), name, stage });
  };
  const checkOutbound = async (check: OutboundCheck, faults: Faults) => {
    const stage = await sendStage();
    try {
      return await outboundChecks[check].run({ connector: toy, outbounds: toyOutbounds(faults), name: 'send', stage });
    } finally {
      await stage.close();
    }
  };

  it('an acknowledgement before the commit', async () => {
    await expect(checkInbound('listen', 'commitFirst', { acknowledgesEarly: true })).rejects.toThrow('nothing is committed');
  });

  it('an acknowledgement of what was not accepted', async () => {
    await expect(checkInbound('listen', 'rejected', { acknowledgesEarly: true })).rejects.toThrow('accept failed');
  });

  it('a duplicate that is not recognised', async () => {
    await expect(checkInbound('listen', 'repeated', { hasNoKey: true })).rejects.toThrow('deep-equal');
    await expect(checkInbound('listen', 'lostAcknowledgement', { hasNoKey: true })).rejects.toThrow('deep-equal');
  });

  it('a cursor that is not used', async () => {
    await expect(checkInbound('poll', 'resumes', { forgetsCursor: true })).rejects.toThrow('deep-equal');
    await expect(checkInbound('poll', 'lostAcknowledgement', { forgetsCursor: true })).rejects.toThrow('deep-equal');
  });

  it('a route that is left on the listener', async () => {
    await expect(checkInbound('listen', 'close', { keepsRoute: true })).rejects.toThrow('a route is left');
  });

  it('"nothing was done" where something was', async () => {
    await expect(checkOutbound('cutBeforeAnswer', { saysUnavailable: true })).rejects.toThrow(
      'Expected InDoubt, found Unavailable',
    );
    await expect(checkOutbound('stallAnswer', { saysUnavailable: true })).rejects.toThrow('Expected InDoubt, found Unavailable');
  });

  it('chunks of a stream that were kept, and overwritten since', async () => {
    await expect(checkOutbound('stream', { keepsChunks: true })).rejects.toThrow("'!!!!!!' !== 'body 1'");
  });

  it('a secret in a log line', async () => {
    await expect(checkOutbound('sends', { logsToken: true })).rejects.toThrow('A secret of 10 characters shows');
  });

  it('a scenario that lacks what a check needs', () => {
    expect(() => needed<PingStage, 'down'>({ close: () => undefined }, 'down')).toThrow('The scenario has no "down"');
  });

  it('a name that is not the folder’s, and a doc without a period', () => {
    expect(() => expectCompleteDeclaration(toy, '/somewhere/else')).toThrow('the name equals the folder');
    const hasty = defineConnector({ name: 'hasty', doc: 'Hasty', connection: {}, inbounds: {}, outbounds: {} });
    expect(() => expectCompleteDeclaration(hasty, '/hasty')).toThrow('the connector is documented');
    const fields = { list: field.list(field.text({ doc: 'No period' }), { doc: 'A list.' }) };
    const deep = defineConnector({ name: 'deep', doc: 'Deep.', connection: fields, inbounds: {}, outbounds: {} });
    expect(() => expectCompleteDeclaration(deep, '/deep')).toThrow('connection.list[] is documented');
  });

  it('an option that is a word of the flow language', () => {
    const send = {
      doc: 'Sends.',
      takes: 'bytes',
      replies: false,
      repeats: 'safe',
      options: { format: field.text({ doc: 'A format.' }) },
    } as const;
    const clash = defineConnector({ name: 'clash', doc: 'Clashes.', connection: {}, inbounds: {}, outbounds: { send } });
    expect(() => expectCompleteDeclaration(clash, '/clash')).toThrow('words of the flow language');
  });

  it('an inbound that is not implemented', () => {
    expect(() => expectImplemented({ read: {} }, {})).toThrow('deep-equal');
  });
});

describe('option tables of a README', () => {
  const stale = () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'mortise-kit-')), 'toy');
    mkdirSync(folder);
    const fresh = readFileSync(join(toyFolder(), 'README.md'), 'utf8');
    writeFileSync(join(folder, 'README.md'), fresh.replace('The port', 'The harbour'));
    return { folder, fresh };
  };

  it('are found stale', () => {
    expect(() => expectFreshReadme(toy, stale().folder)).toThrow('are stale');
  });

  it('are missed', () => {
    const { folder } = stale();
    writeFileSync(join(folder, 'README.md'), '# Toy\n');
    expect(() => expectFreshReadme(toy, folder)).toThrow('README.md lacks <!-- options connection -->');
  });

  it('are written on demand', () => {
    const { folder, fresh } = stale();
    process.env['MORTISE_UPDATE_README'] = '1';
    try {
      expectFreshReadme(toy, folder);
    } finally {
      delete process.env['MORTISE_UPDATE_README'];
    }
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe(fresh);
  });
});
