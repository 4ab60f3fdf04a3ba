// The other systems of a simulation: they remember what they got, by the id under which it came.

import { Busy, InDoubt, Rejected, Unavailable } from '@mortise/sdk';
import type { Json, Receipt, SendContext } from '@mortise/sdk';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

export type Body = Readonly<Record<string, Json>>;

/** What took effect, once for an id; at an outbound that is not idempotent, as often as it came. */
export interface Effect {
  readonly outbound: string;
  readonly id: string;
  readonly body: Body;
  readonly at: number;
}

export interface PeerPlan {
  /** How often a send fails while the peers are in trouble. */
  readonly trouble: number;
  readonly slowMsMax: number;
}

export const unsafeOutbound = 'once';

export class Peers {
  readonly effects: Effect[] = [];
  readonly faults: string[] = [];
  /** The largest attempt that was told, by id. */
  readonly attempts = new Map<string, number>();
  /** Nothing fails any more. */
  calm = false;
  /** Requests on their way. */
  inFlight = 0;
  /** A signal that somebody listens to is kept, and with it a life that has ended: in the end nobody listens. */
  private readonly over = new AbortController();
  private readonly texts = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly timeline: Timeline;
  private readonly random: Random;
  private readonly plan: PeerPlan;

  constructor(timeline: Timeline, random: Random, plan: PeerPlan) {
    this.timeline = timeline;
    this.random = random;
    this.plan = plan;
  }

  end(): void {
    this.over.abort();
  }

  has(id: string): boolean {
    return this.counts.has(id);
  }

  /** Whoever asked may be dead when it arrives: it arrives nonetheless. */
  send(outbound: string, body: Body, { deliveryId, attempt, options, signal }: SendContext): Promise<Receipt> {
    this.compare(outbound, deliveryId, JSON.stringify([body, options]));
    this.attempts.set(deliveryId, Math.max(attempt, this.attempts.get(deliveryId) ?? 0));
    const { promise, resolve, reject } = Promise.withResolvers<Receipt>();
    signal.addEventListener('abort', () => reject(new InDoubt('No answer in time.')), { signal: this.over.signal });
    this.inFlight += 1;
    this.timeline.after(this.travelMs(), () => {
      this.inFlight -= 1;
      const answer = this.arrive(outbound, body, deliveryId);
      if (answer === 'silence') return;
      this.timeline.after(this.travelMs(), () => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
    return promise;
  }

  private arrive(outbound: string, body: Body, id: string): Receipt | Error | 'silence' {
    if (body['poison'] === outbound) return new Rejected('The peer will never take this.');
    const trouble = !this.calm && this.random.chance(this.plan.trouble) ? this.random.int(0, 5) : undefined;
    if (trouble === 0 || trouble === 1) return new Unavailable('The peer is down.');
    if (trouble === 2) return new Busy('The peer is busy.', this.random.int(1, 3000));
    if (trouble === 3) return new InDoubt('The connection broke before the peer had it.');
    this.apply(outbound, body, id);
    if (trouble === 4) return new InDoubt('The connection broke when the peer had it.');
    if (trouble === 5) return 'silence';
    return { reply: { body: { got: Number(body['n']) * 7 } } };
  }

  private apply(outbound: string, body: Body, id: string): void {
    const count = (this.counts.get(id) ?? 0) + 1;
    this.counts.set(id, count);
    if (count === 1) this.effects.push({ outbound, id, body, at: this.effects.length });
    else if (outbound === unsafeOutbound)
      this.faults.push(`${outbound} did ${id} ${count} times, and cannot tell that it had it`);
  }

  private compare(outbound: string, id: string, text: string): void {
    const before = this.texts.get(id);
    if (before !== undefined && before !== text) this.faults.push(`${outbound} got under ${id} first ${before} and then ${text}`);
    this.texts.set(id, before ?? text);
  }

  private travelMs(): number {
    return !this.calm && this.random.chance(0.1) ? this.random.int(1, this.plan.slowMsMax) : this.random.int(1, 20);
  }
}
