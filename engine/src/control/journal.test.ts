// The API on what is stored: long journeys in pages, the balance of a day, export and import, backup.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleDelivery, sampleEnd, sampleId, sampleMessage, startMs } from '../store/conformance/samples.ts';
import type { Commit } from '../store/store.ts';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { DayBalance } from './balance.ts';
import type { Journey } from './messages.ts';

let running: RunningHost;
const dayMs = 86_400_000;
const day = '2026-11-23';

beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.close());

/** What nobody receives from, so that nothing is run. */
async function write(commit: Commit): Promise<void> {
  await running.host.engine.runtime.store.commit(commit);
}
const takeSeq = () => running.host.engine.runtime.store.takeSeq();

describe('a long journey', () => {
  const root = sampleId('a', 0, startMs + dayMs);
  const ids = Array.from({ length: 30 }, (_, n) => (n === 0 ? root : sampleId('b', n, startMs + dayMs)));

  beforeAll(async () => {
    const createdAtMs = startMs + dayMs;
    const seq = takeSeq();
    const first = { id: sampleId('c', 0, createdAtMs), destination: 'channel:gone', createdAtMs };
    await write({ messages: [sampleMessage(0, { id: root, root })], deliveries: [sampleDelivery(seq, root, first)] });
    const children = ids.slice(1);
    await write({
      changes: [sampleEnd(seq, { outputs: children.length, endedAtMs: createdAtMs })],
      messages: children.map((id, n) => sampleMessage(n, { id, root, parent: root })),
      deliveries: children.map((id, n) =>
        sampleDelivery(takeSeq(), id, {
          ...first,
          id: sampleId('c', n + 1, createdAtMs),
          parent: first.id,
          state: 'unclaimed',
          endedAtMs: createdAtMs,
        }),
      ),
    });
  });

  it('comes page by page, each message with its deliveries', async () => {
    const found: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await running.get<Journey>(`/api/v1/messages/${root}?limit=12${cursor}`);
      expect(body.root).toBe(root);
      for (const message of body.messages) expect(message.deliveries).toHaveLength(1);
      found.push(...body.messages.map(({ id }) => id));
      if (body.next === undefined) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(found).toEqual(ids);
  });

  it('shows the one that was asked for on the first page', async () => {
    const asked = ids.at(-1);
    const { body } = await running.get<Journey>(`/api/v1/messages/${asked}?limit=5`);
    expect(body.messages.map(({ id }) => id)).toEqual([...ids.slice(0, 5), asked]);
    expect(body.next).toBe(ids[4]);
  });

  it('is replayed by the deliveries of the message alone', async () => {
    const { status } = await running.post(`/api/v1/messages/${ids.at(-1)}/replay`);
    expect(status).toBe(409);
  });
});

describe('the balance of a day', () => {
  it('says what is uneven, and cuts the list of what did not come out', async () => {
    const id = sampleId('a', 1);
    const states = ['dead', 'invalid', 'discarded', 'unclaimed'] as const;
    const error = { code: 'MORTISE_STEP_INVALID', message: 'broken', remedy: 'mend' };
    await write({
      messages: [sampleMessage(1)],
      deliveries: states.map((state, n) =>
        sampleDelivery(takeSeq(), id, {
          id: sampleId('b', n),
          destination: 'channel:gone',
          state,
          endedAtMs: startMs,
          ...(state === 'discarded' ? { detail: 'a test' } : state === 'unclaimed' ? {} : { error }),
        }),
      ),
      files: [
        { scope: 'shop.raw', id: 'f', name: 'a.csv', atMs: startMs, read: 5, accepted: 3, invalid: 1, whole: true },
        { scope: 'shop.raw', id: 'g', atMs: startMs, read: 5, accepted: 5, invalid: 0, whole: false },
      ],
    });
    const { body } = await running.get<DayBalance>(`/api/v1/balance/day?day=${day}&limit=3`);
    expect(body).toMatchObject({ day, zone: 'UTC', from: `${day}T00:00:00.000Z`, even: false, more: true });
    expect(body.reasons).toEqual([
      'shop.raw: file a.csv: 5 records were read; 3 were accepted and 1 are invalid.',
      'shop.raw: file g was not read to its end: 5 records so far.',
    ]);
    expect(body.unfinished.map(({ state, reason }) => [state, reason])).toEqual([
      ['unclaimed', 'no flow receives from the channel'],
      ['discarded', 'a test'],
      ['invalid', 'MORTISE_STEP_INVALID: broken'],
    ]);
    const all = await running.get<DayBalance>(`/api/v1/balance/day?day=${day}`);
    expect(all.body).toMatchObject({ more: false, rows: [{ destination: 'channel:gone', created: 4 }] });
    const other = await running.get<DayBalance>(`/api/v1/balance/day?day=${day}&system=crm`);
    expect(other.body).toMatchObject({ rows: [], files: [], unfinished: [], even: true });
  });

  it.each([
    [`day=${day}&system=none`, 404, 'MORTISE_CONTROL_UNKNOWN'],
    [`day=${day}&zone=Nowhere`, 400, 'MORTISE_CONTROL_REQUEST'],
    ['day=today', 400, 'MORTISE_CONTROL_REQUEST'],
    ['', 400, 'MORTISE_CONTROL_REQUEST'],
  ])('refuses "%s"', async (query, status, code) => {
    expect(await running.get(`/api/v1/balance/day?${query}`)).toMatchObject({ status, body: { code } });
  });
});

describe('a backup', () => {
  it('is written where it is told, once, and only to an absolute path', async () => {
    const target = join(running.folder, 'backup');
    expect(await running.post('/api/v1/backup', { target })).toMatchObject({ status: 200, body: { target, missing: [] } });
    const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ kind: 'mortise-backup', project: { name: 'acme' } });
    const again = await running.post('/api/v1/backup', { target });
    expect(again).toMatchObject({ status: 409, body: { code: 'MORTISE_STORE_BACKUP_TARGET' } });
    const relative = await running.post('/api/v1/backup', { target: 'backup' });
    expect(relative).toMatchObject({ status: 400, body: { code: 'MORTISE_CONTROL_REQUEST' } });
  });
});

describe('an import', () => {
  const message = { id: sampleId('a', 9), type: 'order.created', keys: { order: '9' }, headers: { a: 'b' }, body: { id: '9' } };
  const send = (more: object) => running.post('/api/v1/import', { file: 'f', messages: [message], ...more });

  it('into a channel makes new messages that name the old, under their keys', async () => {
    expect((await send({ channel: 'orders' })).body).toEqual({ imported: 1, duplicates: 0, refused: [] });
    expect((await send({ channel: 'orders' })).body).toEqual({ imported: 0, duplicates: 1, refused: [] });
    expect((await send({ channel: 'orders', file: 'g' })).body).toMatchObject({ imported: 1 });
    const { body } = await running.get<{ rows: readonly { message: object }[] }>('/api/v1/messages?key=order%3D9&flow=out');
    const row = { replayOf: message.id, source: '/channels/orders', type: 'order.created', keys: { order: '9' } };
    expect(body.rows.at(-1)?.message).toMatchObject(row);
  });

  it('names the messages that do not fit, and takes the others', async () => {
    const messages = [
      { ...message, body: { id: 5 } },
      { ...message, id: sampleId('a', 10) },
    ];
    const { body } = await send({ channel: 'orders', messages, file: 'h' });
    expect(body).toMatchObject({ imported: 1, refused: [{ id: message.id, code: 'MORTISE_STEP_INVALID' }] });
  });

  it('needs one target that there is, and ids that are some', async () => {
    expect(await send({})).toMatchObject({ status: 400, body: { code: 'MORTISE_CONTROL_REQUEST' } });
    expect(await send({ channel: 'orders', flow: 'out' })).toMatchObject({ status: 400 });
    expect(await send({ flow: 'none' })).toMatchObject({ status: 404, body: { code: 'MORTISE_DELIVERY_NO_DESTINATION' } });
    expect(await send({ flow: 'out', messages: [{ ...message, id: 'x' }] })).toMatchObject({ status: 400 });
  });

  it('gives bytes back as they were exported', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 34]);
    const messages = [{ ...message, id: sampleId('a', 11), body: undefined, base64: bytes.toString('base64'), type: 'raw' }];
    expect((await send({ flow: 'notes', messages })).body).toMatchObject({ imported: 1 });
    // One line is one JSON value; a second one could not be read.
    const { body } = await running.get<object>('/api/v1/export?destination=flow:notes');
    expect(body).toMatchObject({ message: { type: 'raw', headers: { a: 'b' } }, base64: bytes.toString('base64') });
  });
});
