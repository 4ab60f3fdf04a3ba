// The example github-events: every payload that GitHub's own community collected, signed as GitHub signs it, ends in the table.

import { createHmac, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownEngines } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { query } from './orders-project.ts';

interface Payload {
  readonly action?: string;
  readonly repository?: { readonly full_name: string };
  readonly sender?: { readonly login: string };
}

interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly payload: Payload;
}

interface Definition {
  readonly name: string;
  readonly examples: readonly Payload[];
}

const example = fileURLToPath(new URL('../examples/github-events', import.meta.url));
const secret = 'the secret of the webhook';
/** api.github.com, and the versions of GitHub Enterprise Server. */
const editions = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'];
const underWayMax = 8;

const folder = mkdtempSync(join(tmpdir(), 'mortise-github-'));
const deliveries = readDeliveries();
const engines = ownEngines('all');
let engine: EngineProcess;

beforeAll(async () => {
  cpSync(example, folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'events.db'), { timeout: 10_000 });
  database.exec(`PRAGMA journal_mode = WAL; ${readFileSync(join(folder, 'prepare.sql'), 'utf8')}`);
  database.close();
  engine = await engines.start({ folder, environment: { GITHUB_WEBHOOK_SECRET: secret } });
  await engine.ready();
});

describe('GitHub’s events', () => {
  it('are all taken, each of them twice, with the same answer', { timeout: 120_000 }, async () => {
    expect(deliveries.length).toBe(726);
    const first = await inTurns(deliveries, send);
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set([202]));
    const second = await inTurns(deliveries, send);
    expect(second).toEqual(first.map(({ status, id }) => ({ status, id, duplicate: true })));
    await engine.settled();
  });

  it('are in the table once, with what was sent', () => {
    const rows = query(folder, 'SELECT delivery, event, action, repository, sender, body FROM github_event', 'events.db');
    const stored = new Map(rows.map((row) => [row['delivery'], { ...row, body: JSON.parse(String(row['body'])) as unknown }]));
    expect(stored.size).toBe(deliveries.length);
    expect(rows.length).toBe(deliveries.length);
    for (const { id, event, payload } of deliveries) {
      const { action = null, repository, sender } = payload;
      const expected = { action, repository: repository?.full_name ?? null, sender: sender?.login ?? null };
      expect(stored.get(id)).toEqual({ delivery: id, event, ...expected, body: payload });
    }
  });

  it('are found by their delivery, with the type of the event', async () => {
    const [one] = deliveries;
    const found = await engine.get<{ rows: readonly { message: { type: string }; delivery: { state: string } }[] }>(
      `/api/v1/messages?key=delivery=${one?.id}&flow=keep-events`,
    );
    expect(found.rows[0]?.delivery.state).toBe('done');
    expect(found.rows.map(({ message }) => message.type)).toContain(`github.${one?.event}`);
  });

  it('balance', async () => {
    const { even, reasons } = await engine.balance();
    expect({ even, reasons }).toEqual({ even: true, reasons: [] });
    expect(await engine.count('dead', 'in-doubt', 'invalid')).toBe(0);
  });
});

describe('what is not signed by GitHub', () => {
  it.each([
    ['no signature', () => ({})],
    ['the signature of another body', () => ({ 'x-hub-signature-256': signatureOf('{}', secret) })],
    ['the signature of somebody else', (body: string) => ({ 'x-hub-signature-256': signatureOf(body, 'guessed') })],
  ])('is refused with %s, and leaves no trace', async (_what, proof) => {
    const body = JSON.stringify({ action: 'forged' });
    const id = randomUUID();
    const headers = { 'content-type': 'application/json', 'x-github-delivery': id, 'x-github-event': 'push', ...proof(body) };
    const response = await fetch(`${engine.inbound}/github`, { method: 'POST', headers, body });
    expect(response.status).toBe(401);
    expect(query(folder, `SELECT * FROM github_event WHERE delivery = '${id}'`, 'events.db')).toEqual([]);
  });
});

function readDeliveries(): readonly Delivery[] {
  const root = dirname(createRequire(import.meta.url).resolve('@octokit/webhooks-examples/package.json'));
  const definitions = editions.flatMap(
    (edition) => JSON.parse(readFileSync(join(root, edition, 'index.json'), 'utf8')) as Definition[],
  );
  return definitions.flatMap(({ name, examples }) => examples.map((payload) => ({ id: randomUUID(), event: name, payload })));
}

async function send({ id, event, payload }: Delivery): Promise<{ status: number; id: string; duplicate: boolean }> {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-delivery': id,
    'x-github-event': event,
    'x-hub-signature-256': signatureOf(body, secret),
  };
  const response = await fetch(`${engine.inbound}/github`, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as { id: string; duplicate: boolean }) };
}

function signatureOf(body: string, key: string): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

/** Calls `send` for each, a few at a time; the answers in the order of `all`. */
async function inTurns<One, Answer>(all: readonly One[], sendOne: (one: One) => Promise<Answer>): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const rest = [...all.entries()];
  const work = async (): Promise<void> => {
    for (let next = rest.shift(); next; next = rest.shift()) answers[next[0]] = await sendOne(next[1]);
  };
  await Promise.all(Array.from({ length: underWayMax }, work));
  return answers;
}
