// The log connector: what stands in the line, and what must not.

import { connectorKit, openOutboundForTest } from '@mortise/sdk/testing';
import type { LogLine, OutboundStage } from '@mortise/sdk/testing';
import { describe, expect, it } from 'vitest';
import connector from './connector.ts';
import { outbounds } from './outbound.ts';

const ownLog = 'the engine itself is the other system: it is always there and refuses nothing';

connectorKit({
  connector,
  folder: import.meta.dirname,
  outbounds,
  scenarios: {
    outbounds: {
      write: {
        setUp: stage,
        skip: {
          sends: 'the effects are lines of the log, which the tests below read',
          twice: 'a line is an observation, no effect: two attempts give two lines',
          down: ownLog,
          refused: ownLog,
          busy: ownLog,
          stallBeforeSend: ownLog,
          stallAnswer: ownLog,
          cutWhileSending: ownLog,
          cutBeforeAnswer: ownLog,
          badCredentials: 'it has none',
          concurrent: 'the effects are lines of the log, which the tests below read',
          abortedBefore: 'a line takes no time',
        },
      },
    },
  },
});

describe('the line', () => {
  it('names message, delivery and type, and says which message it was', async () => {
    const { lines, detail } = await written({ secret: 'body' });
    expect(lines).toEqual([
      { level: 'info', facts: { message: 'm-1', delivery: 'd-1', type: 'order' }, sentence: 'message m-1' },
    ]);
    expect(detail).toBe('logged at info');
  });

  it('says the text where one is given', async () => {
    expect((await written({}, { text: 'Order 4711' })).lines[0]?.sentence).toBe('Order 4711');
  });

  it.each(['debug', 'info', 'warn'])('stands at the level %s', async (level) => {
    const { lines, detail } = await written({}, { level });
    expect(lines.map((line) => line.level)).toEqual([level]);
    expect(detail).toBe(`logged at ${level}`);
  });

  it('holds the body only where that is asked for', async () => {
    const body = { customer: 'Ada' };
    expect((await written(body)).lines[0]?.facts).not.toHaveProperty('body');
    expect((await written(body, { body: true })).lines[0]?.facts).toHaveProperty('body', body);
  });

  it('is written once for each of many sends at a time', async () => {
    const outbound = await openOutboundForTest({ connector, outbounds, name: 'write' });
    await Promise.all(Array.from({ length: 20 }, (_, n) => outbound.send({}, {}, { message: { id: `m-${n}` } })));
    expect(new Set(outbound.log.lines.map((line) => line.sentence)).size).toBe(20);
    await outbound.close();
  });
});

async function written(body: unknown, options: unknown = {}): Promise<{ lines: readonly LogLine[]; detail: string | undefined }> {
  const outbound = await openOutboundForTest({ connector, outbounds, name: 'write' });
  const receipt = await outbound.send(body, options, { deliveryId: 'd-1', message: { id: 'm-1', type: 'order' } });
  await outbound.close();
  return { lines: outbound.log.lines, detail: receipt.detail };
}

function stage(): OutboundStage {
  return { body: (n) => ({ n }), effects: () => 0, close: () => undefined };
}
