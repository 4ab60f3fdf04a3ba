// Those who send: each message again and again until it is acknowledged, some also afterwards.

import type { Life } from './life.ts';
import type { Body } from './peers.ts';
import type { Plan } from './plan.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

type Message = Plan['messages'][number];

interface Sending {
  readonly message: Message;
  repeats: number;
  /** The life to which it was handed, until that answers or ends. */
  asked: Life | undefined;
}

export class Senders {
  readonly faults: string[] = [];
  /** The ids under which each message was acknowledged. */
  readonly acknowledged = new Map<number, Set<string>>();
  private readonly timeline: Timeline;
  private readonly random: Random;
  private readonly life: () => Life | undefined;
  private readonly sendings: Sending[];
  private readonly fed: readonly Message[];
  private readonly startedMs: number;
  private open: number;

  constructor(plan: Plan, timeline: Timeline, random: Random, life: () => Life | undefined) {
    this.timeline = timeline;
    this.random = random;
    this.life = life;
    this.startedMs = timeline.trueMs;
    const ordered = [...plan.messages].sort((a, b) => a.atMs - b.atMs);
    this.fed = ordered.filter(({ to }) => to === 'feed');
    this.sendings = ordered
      .filter(({ to }) => to === 'in')
      .map((message) => ({ message, repeats: message.repeats, asked: undefined }));
    this.open = this.sendings.length;
    for (const sending of this.sendings) timeline.after(sending.message.atMs, () => this.send(sending));
    // So that time goes on to the last of the feed, also where nothing else happens.
    for (const { atMs } of this.fed) timeline.after(atMs, () => undefined);
  }

  feed(from: number): readonly Body[] {
    const elapsedMs = this.timeline.trueMs - this.startedMs;
    return this.fed
      .slice(from)
      .filter(({ atMs }) => atMs <= elapsedMs)
      .map(({ body }) => body);
  }

  get areDone(): boolean {
    const elapsedMs = this.timeline.trueMs - this.startedMs;
    return this.open === 0 && this.fed.every(({ atMs }) => atMs + 2000 <= elapsedMs);
  }

  /** The process has ended: whoever waits for its answer comes again. */
  disconnect(): void {
    for (const sending of this.sendings) {
      if (!sending.asked) continue;
      sending.asked = undefined;
      this.again(sending);
    }
  }

  private send(sending: Sending): void {
    const life = this.life();
    if (!life || life.isOver) return this.again(sending);
    sending.asked = life;
    const { body } = sending.message;
    void life.accept(body, `key-${Number(body['n'])}`).then(
      (id) => this.answered(sending, life, id),
      () => this.answered(sending, life, undefined),
    );
  }

  private answered(sending: Sending, life: Life, id: string | undefined): void {
    if (sending.asked !== life) return;
    sending.asked = undefined;
    if (id === undefined) return this.again(sending);
    const n = Number(sending.message.body['n']);
    this.acknowledged.set(n, (this.acknowledged.get(n) ?? new Set()).add(id));
    if (sending.repeats === 0) {
      this.open -= 1;
      return;
    }
    sending.repeats -= 1;
    this.again(sending);
  }

  private again(sending: Sending): void {
    this.timeline.after(this.random.int(50, 800), () => this.send(sending));
  }
}
