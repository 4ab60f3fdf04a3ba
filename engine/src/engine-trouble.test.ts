// An hour in which a system refuses everything, in virtual time: it is asked rarely, is soon at its full rate again, and no other flow feels it.

import { Busy, Unavailable } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from './harness/virtual-clock.ts';
import { Mesh } from './mesh.fixture.ts';

const from = { system: 'peer', inbound: 'in' };
const flows = {
  refused: { from, to: { system: 'peer', outbound: 'a' }, retry: { for: '2d', backoff: '1s..1m' } },
  fine: { from, to: { system: 'other', outbound: 'take' } },
};
const startMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;
/** `MORTISE_TEST_EVERY_MS=2000` for the figures of docs/reliability.md. */
const everyMs = Number(process.env['MORTISE_TEST_EVERY_MS'] ?? 10_000);
const sendMs = 20;
/** Of one outbound in the fixture. */
const concurrency = 4;
const probesMax = 200;
const backWithinMs = 60_000;

interface Course {
  /** Sends to the refused system during the hour. */
  readonly asked: number;
  /** From the end of the hour to when the last message of the hour had arrived, and how many these were. */
  readonly doneMs: number;
  readonly messages: number;
  /** How long messages of the other flow took, 99 of 100. */
  readonly otherP99Ms: number;
}

/** One hour and ten minutes: messages come at a steady rate; during the hour `refusal` is what sends to the one system come to. */
async function run(refusal: (() => Error) | undefined): Promise<Course> {
  const clock = new VirtualClock(startMs);
  const accepted = new Map<unknown, number>();
  const [took, arrived]: [number[], number[]] = [[], []];
  let asked = 0;
  const mesh = await Mesh.open({
    clock,
    flows,
    other: true,
    send: async ({ outbound, body }) => {
      await new Promise<void>((resolve) => clock.after(sendMs, resolve));
      const { n } = body as { readonly n: number };
      const isHour = clock.nowMs() < startMs + hourMs;
      if (outbound === 'take') took.push(clock.nowMs() - (accepted.get(n) ?? 0));
      else {
        if (isHour) asked += 1;
        if (isHour && refusal) throw refusal();
        arrived.push(clock.nowMs());
      }
      return {};
    },
  });
  const messages = hourMs / everyMs;
  for (let n = 0; n < messages; n++) {
    accepted.set(n, clock.nowMs());
    const taken = mesh.accept({ n });
    await passTime(clock, startMs + (n + 1) * everyMs);
    await taken;
  }
  await passTime(clock, startMs + hourMs + 600_000);
  await mesh.close();
  took.sort((a, b) => a - b);
  expect(took).toHaveLength(messages);
  expect(arrived).toHaveLength(messages);
  const doneMs = Math.max(...arrived) - (startMs + hourMs);
  return { asked, doneMs, messages, otherP99Ms: took[Math.floor(took.length * 0.99)] ?? 0 };
}

/** From timer to timer; between two of them everything that does not wait for time goes on. */
async function passTime(clock: VirtualClock, untilMs: number): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (clock.advance(untilMs));
  clock.pass(untilMs);
}

describe('a system that refuses everything for an hour', () => {
  it.each([
    ['503 without Retry-After', (): Error => new Unavailable('503')],
    ['429 with Retry-After 30 s', (): Error => new Busy('429', 30_000)],
  ])('with %s', { timeout: 120_000 }, async (name, refusal) => {
    const [calm, troubled] = [await run(undefined), await run(refusal)];
    expect(troubled.asked).toBeLessThan(probesMax);
    expect(troubled.doneMs).toBeLessThan(backWithinMs + (troubled.messages / concurrency) * sendMs);
    expect(troubled.otherP99Ms).toBeLessThanOrEqual(1.2 * calm.otherP99Ms);
    if (everyMs < 10_000) console.log(JSON.stringify({ name, calm, troubled }));
  });
});
