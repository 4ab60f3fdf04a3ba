// What tests borrow: options read as the engine reads them, clocks, the harness of an inbound.

import { describe, expect, it } from 'vitest';
import { defineConnector, defineInbound, implementInbounds } from '../connector.ts';
import { field } from '../field.ts';
import { openInboundForTest } from './connector-inbound.ts';
import { openOutboundForTest } from './connector-outbound.ts';
import { manualClock, realClock } from './connector-runtime.ts';
import { expectNoSecrets } from './connector-secrets.ts';
import { shelf, shelfStage, toy, toyInbounds, toyOutbounds } from './connector-toy.fixture.ts';
import { waitUntil } from './connector-until.ts';
import { readTestValues, renderedFields } from './connector-values.ts';

describe('values', () => {
  const fields = {
    wait: field.duration({ doc: 'A time.', default: '5s' }),
    size: field.size({ doc: 'A size.', optional: true }),
    auth: field.oneOf(
      [
        field.group({ bearer: field.secret({ doc: 'A token.' }) }, { doc: 'A token.' }),
        field.group({ keys: field.list(field.secret({ doc: 'A key.' }), { doc: 'Keys.' }) }, { doc: 'Keys.' }),
      ],
      { doc: 'Credentials.', optional: true },
    ),
    named: field.record(field.secret({ doc: 'A secret.' }), { doc: 'Secrets.', default: {} }),
  };

  it('are as a connector gets them', () => {
    expect(readTestValues(fields, { size: '2KiB' }).values).toEqual({ wait: 5000, size: 2048, named: {} });
  });

  it('have the texts of secrets in every place, and tell them', () => {
    const written = { auth: { keys: ['env:A', 'secret:b'] }, named: { c: 'secret:C' } };
    const { values, secretTexts } = readTestValues(fields, written, { A: 'one', b: 'two', C: 'three' });
    expect(values).toMatchObject({ auth: { keys: ['one', 'two'] }, named: { c: 'three' } });
    expect(secretTexts).toEqual(['one', 'two', 'three']);
    expect(readTestValues(fields, { auth: { bearer: 'env:A' } }, { A: 'one' }).values).toMatchObject({ auth: { bearer: 'one' } });
  });

  it('have secrets of the environment where none is given', () => {
    expect(readTestValues(fields, { auth: { bearer: 'env:PATH' } }).values).toMatchObject({
      auth: { bearer: process.env['PATH'] },
    });
    expect(() => readTestValues(fields, { auth: { bearer: 'secret:PATH' } })).toThrow('no text for secret:PATH');
  });

  it('that do not fit are refused, all at once', () => {
    expect(() => readTestValues(fields, { wait: 5, sise: '1KiB' })).toThrow(/sise is unknown.*wait is wrong/);
  });

  it('of expressions are what they were evaluated to', () => {
    const rendered = renderedFields({ rows: field.list(field.expression({ doc: 'A row.' }), { doc: 'Rows.' }) });
    expect(readTestValues(rendered, { rows: [{ id: 1 }, 2] }).values).toEqual({ rows: [{ id: 1 }, 2] });
  });
});

describe('a clock turned by hand', () => {
  it('fires what falls due, in order, each at its own time', () => {
    const clock = manualClock(1000);
    const fired: [string, number][] = [];
    const note = (name: string) => () => void fired.push([name, clock.nowMs()]);
    clock.after(20, note('b'));
    clock.after(10, () => {
      note('a')();
      clock.after(5, note('from a'));
    });
    clock.after(10, note('cancelled')).cancel();
    clock.after(100, note('late'));
    clock.advance(30);
    expect(fired).toEqual([
      ['a', 1010],
      ['from a', 1015],
      ['b', 1020],
    ]);
    expect([clock.nowMs(), clock.pending]).toEqual([1030, 1]);
  });
});

describe('the real clock', () => {
  it('fires, unless it is cancelled', async () => {
    let fired = '';
    realClock.after(1, () => (fired += 'a')).cancel();
    realClock.after(2, () => (fired += 'b'));
    await waitUntil('it fired', () => fired !== '');
    expect(fired).toBe('b');
    expect(Math.abs(realClock.nowMs() - Date.now())).toBeLessThan(60_000);
  });
});

describe('waiting', () => {
  it('ends in an error that says for what', async () => {
    await expect(waitUntil('pigs fly', () => false, { deadlineMs: 1 })).rejects.toThrow('Waited 1 ms in vain until pigs fly.');
  });
});

describe('secrets', () => {
  it('are found in facts, errors and causes', () => {
    const error = new Error('Outer.', { cause: new Error('It said hunter2.') });
    for (const shown of [
      [{ facts: { deep: ['hunter2'] } }],
      [error],
      [Object.assign(new Error('x'), { details: { a: 'hunter2' } })],
    ]) {
      expect(() => expectNoSecrets(['hunter2'], ...shown)).toThrow('A secret of 7 characters shows');
    }
    expect(() => expectNoSecrets(['hunter2'], error.message)).not.toThrow();
  });
});

describe('the harness of an inbound', () => {
  const open = (inbounds = toyInbounds()) => openInboundForTest({ connector: toy, inbounds, name: 'poll' });

  it('polls when told, and keeps what poll rejects with', async () => {
    shelfStage();
    const inbound = await open();
    shelf.texts.push('one');
    expect([await inbound.poll(), await inbound.poll()]).toEqual(['more', 'idle']);
    shelf.broken = true;
    await inbound.settle();
    expect(String(inbound.pollErrors[0])).toContain('The shelf is broken.');
    await inbound.close();
  });

  it('says why polls failed where it waited in vain', async () => {
    shelfStage();
    const inbound = await open();
    shelf.broken = true;
    const waited = inbound.until('it comes', () => false, { deadlineMs: 30 });
    await expect(waited).rejects.toThrow(/in vain until it comes\. \d+ polls failed, the last one with: .*The shelf is broken\./);
    await inbound.close();
  });

  it('never polls while a poll is under way', async () => {
    shelfStage();
    const inbound = await open();
    shelf.texts.push('one', 'two');
    inbound.accepted.hold();
    const polls = [inbound.poll(), inbound.poll()];
    await inbound.until('the first waits', () => inbound.accepted.waiting === 1);
    expect(inbound.accepted.calls).toBe(1);
    inbound.accepted.release();
    await Promise.all(polls);
    expect(inbound.accepted.messages.map(({ body }) => body)).toEqual(['one', 'two']);
    await inbound.close();
  });

  it('goes on after a restart with the cursor and the ids', async () => {
    shelfStage();
    const inbound = await open();
    shelf.texts.push('one');
    await inbound.poll();
    await inbound.restart();
    shelf.texts.push('two');
    await inbound.until('both are there', () => inbound.accepted.messages.length === 2);
    expect(inbound.accepted.cursor).toBe(2);
    await inbound.close();
  });

  it('says so where a listening inbound is polled', async () => {
    const inbound = await openInboundForTest({ connector: toy, inbounds: toyInbounds(), name: 'listen' });
    await expect(inbound.poll()).rejects.toThrow('it is listening');
    await inbound.close();
  });

  it('says so where there is no such inbound or outbound', async () => {
    await expect(openInboundForTest({ connector: toy, inbounds: {}, name: 'other' })).rejects.toThrow(
      'declares no inbound "other"',
    );
    await expect(openInboundForTest({ connector: toy, inbounds: {}, name: 'poll' })).rejects.toThrow('implements no "poll"');
    await expect(openOutboundForTest({ connector: toy, outbounds: toyOutbounds(), name: 'other' })).rejects.toThrow(
      'declares no outbound "other"',
    );
    await expect(openOutboundForTest({ connector: toy, outbounds: {}, name: 'send' })).rejects.toThrow('implements no "send"');
  });

  it('frees the port where opening fails', async () => {
    const fails = defineConnector({
      name: 'fails',
      doc: 'Fails.',
      connection: {},
      inbounds: { poll: defineInbound({ doc: 'Fails.', mode: 'polling', gives: 'value', options: {} }) },
      outbounds: {},
    });
    let url = '';
    const inbounds = implementInbounds(fails, {
      poll: async ({ http }) => {
        url = (http as typeof http & { readonly url: string }).url;
        throw new Error('Not today.');
      },
    });
    await expect(openInboundForTest({ connector: fails, inbounds, name: 'poll' })).rejects.toThrow('Not today.');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});
