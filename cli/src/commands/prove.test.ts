// mortise prove: on the examples, as people type it; as text, JSON and a page; and what is typed wrongly.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Proof } from '@mortise/engine';
import { mortise, temporaryFolder } from '../cli.fixture.ts';
import { proofPage } from '../prove/page.ts';

const timeout = 240_000;
const example = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
let temporary: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  temporary = temporaryFolder();
});
afterEach(() => temporary.remove());

describe('mortise prove', () => {
  it('proves order-to-cash, with its tests as messages, and says what it does not show', { timeout }, async () => {
    const { status, out, err } = await mortise(['prove', example('order-to-cash'), '--kills', '3', '--seed', '4', '--json']);
    expect(status, out + err).toBe(0);
    const proof = JSON.parse(out) as Proof;
    expect(proof).toMatchObject({ proven: true, faults: [], seed: 4, kills: { total: 3 }, messages: { refused: [] } });
    expect(proof.messages.acknowledged).toBe(proof.messages.given);
    expect(proof.outbounds.map(({ to }) => to)).toContain('erp.upsert-order');
    expect(proof.flows.find(({ flow }) => flow === 'shop-orders')).toMatchObject({ compared: 'sums' });
  });

  it('proves point-to-point, and writes a page that loads nothing', { timeout }, async () => {
    const page = join(temporary.folder, 'report.html');
    const { status, out, err } = await mortise(['prove', example('point-to-point'), '--kills', '1', '--out', page]);
    expect(status, out + err).toBe(0);
    expect(out).toMatch(/^PROVEN: 24 messages acknowledged, 1 kills/);
    expect(out).toMatch(/till\.set-price +24/);
    expect(out).toContain('Power cuts are not shown.');
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('PROVEN: 24 messages');
    expect(html).not.toMatch(/<script|\bsrc=|\bhref=|url\(/);
  });

  it.each([
    [['--kills', 'none'], /no count/],
    [['--minutes', '0'], /no count/],
    [['--seed', '-1'], /no seed/],
  ])('does not take %j', async (words, message) => {
    const { status, err } = await mortise(['prove', example('point-to-point'), ...words]);
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('writes over no file, and leaves none where nothing was proven', async () => {
    const [taken, other] = [join(temporary.folder, 'taken.html'), join(temporary.folder, 'other.html')];
    writeFileSync(taken, 'mine');
    writeFileSync(join(temporary.folder, 'mortise.yaml'), 'name: [\n');
    const refused = await mortise(['prove', example('point-to-point'), '--kills', '1', '--out', taken]);
    expect([refused.status, readFileSync(taken, 'utf8')]).toEqual([1, 'mine']);
    const broken = await mortise(['prove', temporary.folder, '--out', other]);
    expect([broken.status, broken.err]).toEqual([1, expect.stringContaining('MORTISE_CLI_PROJECT')]);
    expect(existsSync(other)).toBe(false);
  });
});

describe('the page of a proof', () => {
  const proof: Proof = {
    proven: false,
    project: '<b>acme</b>',
    revision: 'r',
    version: '1',
    seed: 1,
    began: '2026-01-01T00:00:00.000Z',
    tookMs: 1,
    kills: { total: 1, 'any-moment': 1, 'before-arrival': 0, 'before-receipt': 0 },
    messages: { cases: 1, given: 1, acknowledged: 1, refused: [] },
    deliveries: { done: 1 },
    outbounds: [{ to: 'a.b', deliveries: 1, arrivals: 2, repeated: ['id-1'] }],
    asked: [],
    abandoned: [],
    flows: [],
    answered: [],
    sendsFailed: true,
    counts: { lost: 1, duplicated: 0, changed: 0, reordered: 0, unfinished: 0, otherwise: 0, uneven: 0 },
    faults: [{ kind: 'lost', what: '<script>alert(1)</script>', input: 0, message: 'm-1', deliveries: ['d-1'] }],
  };

  it('tells faults with their ids, and what came from messages as text only', () => {
    const html = proofPage(proof, { lost: 'It never arrived' });
    expect(html).toContain('NOT PROVEN: 1 messages acknowledged, 1 kills, 1 fault.');
    expect(html).toMatch(/<td>lost<\/td><td>&lt;script&gt;.*<td>m-1<\/td><td>d-1<\/td>/);
    expect(html).toContain('<td>id-1</td>');
    expect(html).not.toMatch(/<script|<b>acme/);
  });
});
