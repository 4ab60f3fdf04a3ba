// Runs a plan from its first message to the end of the last one, through all that happens meanwhile, and judges what came of it.

import { createHash } from 'node:crypto';
import { Durable } from './durable.ts';
import type { Disk } from './durable.ts';
import { findingsOf } from './findings.ts';
import { Life } from './life.ts';
import type { Bug, World } from './life.ts';
import { Peers } from './peers.ts';
import { Person } from './person.ts';
import { planOf } from './plan.ts';
import type { Event, Plan } from './plan.ts';
import { projectOf } from './project.ts';
import { Random } from './random.ts';
import { Senders } from './senders.ts';
import { settled, Timeline } from './timeline.ts';

export interface Result {
  /** What is not as it must be; empty where all is well. */
  readonly findings: readonly string[];
  readonly steps: number;
  /** Of all that happened: two runs of one seed give the same. */
  readonly digest: string;
}

/** A plan that has not come to its end by then never will. */
const stepsMax = 40_000;
/** So often it is looked whether all has ended. */
const lookSteps = 25;
const dayMs = 86_400_000;

export function simulate(plan: number | Plan, bug: Bug = {}): Promise<Result> {
  return new Simulation(typeof plan === 'number' ? planOf(plan) : plan, bug).run();
}

class Simulation {
  private readonly plan: Plan;
  private readonly timeline = new Timeline();
  private readonly durable = new Durable();
  private readonly random: Random;
  private readonly peers: Peers;
  private readonly world: World;
  private readonly senders: Senders;
  private readonly person: Person;
  private readonly events: Event[];
  private readonly mayRevise: boolean;
  private revision = 0;
  private diskFails = false;
  private life: Life | undefined;

  constructor(plan: Plan, bug: Bug) {
    this.plan = plan;
    this.random = new Random(plan.seed + 1);
    this.peers = new Peers(this.timeline, this.random.fork(), plan);
    this.events = [...plan.events];
    this.senders = new Senders(plan, this.timeline, this.random.fork(), () => this.life);
    this.person = new Person(this.peers);
    // What a flow sends before it commits may go out again under another id, if the flow was changed and the process died meanwhile: see record 0003.
    this.mayRevise = ![...projectOf(plan, 0).compiled.values()].some(({ sendsFirst }) => sendsFirst);
    this.world = {
      timeline: this.timeline,
      durable: this.durable,
      disk: this.disk(),
      peers: this.peers,
      random: this.random.fork(),
      window: plan.window,
      bug,
      feed: (from) => this.senders.feed(from),
    };
  }

  async run(): Promise<Result> {
    try {
      this.begin();
      await settled();
      const isOver = await this.toTheEnd();
      const findings = isOver ? await this.judge() : [await this.standstill()];
      return {
        findings: [...this.senders.faults, ...this.peers.faults, ...findings],
        steps: this.timeline.steps,
        digest: this.digest(),
      };
    } finally {
      this.life?.end();
      this.peers.end();
      this.durable.close();
    }
  }

  private begin(): void {
    this.life = new Life(projectOf(this.plan, this.revision), this.world);
  }

  private async toTheEnd(): Promise<boolean> {
    while (this.timeline.steps < stepsMax) {
      await this.timeline.step();
      if (this.life?.hasFailed) this.die();
      while ((this.events[0]?.at ?? Infinity) <= this.timeline.steps) await this.happen(this.events.shift() as Event);
      if (this.timeline.steps % lookSteps === 0 && this.events.length === 0 && (await this.isOver())) return true;
    }
    return false;
  }

  private async happen({ kind, days = 0 }: Event): Promise<void> {
    if (kind === 'crash') this.die();
    else if (kind === 'jump') this.timeline.offsetMs = days * dayMs;
    else if (kind === 'disk') this.diskFails = true;
    else if (kind === 'calm') this.peers.calm = true;
    else if (kind === 'reload') this.reload();
    else this.stop();
    await settled();
  }

  private die(): void {
    if (!this.life) return;
    this.life.end();
    this.life = undefined;
    this.person.forget();
    this.senders.disconnect();
    this.timeline.after(this.random.int(1, 500), () => this.begin());
  }

  private stop(): void {
    const { life } = this;
    if (!life) return;
    void life.stop().then(
      () => life === this.life && this.die(),
      () => (life.hasFailed = true),
    );
  }

  private reload(): void {
    if (this.mayRevise) this.revision += 1;
    this.life?.engine.apply(projectOf(this.plan, this.revision)).catch(() => undefined);
  }

  private disk(): Disk {
    const random = this.random.fork();
    return {
      latencyMs: () => random.int(0, this.plan.diskMsMax),
      fails: () => {
        if (!this.diskFails) return 'no';
        this.diskFails = false;
        return random.pick(['lost', 'written'] as const);
      },
    };
  }

  /** Nothing is under way, and nothing is left that a person has to decide. */
  private async isOver(): Promise<boolean> {
    const { life } = this;
    if (!life || !this.peers.calm || !this.senders.areDone || this.peers.inFlight > 0) return false;
    const { rows } = await life.opened.ask('balance');
    const open = rows.reduce((sum, { states }) => sum + states.waiting + states.held, 0);
    const decisions = await this.person.decide(life);
    return open === 0 && decisions === 0;
  }

  private async judge(): Promise<readonly string[]> {
    const { life } = this;
    if (!life) return ['no life'];
    return findingsOf({ plan: this.plan, ask: life.opened.ask, peers: this.peers, senders: this.senders, person: this.person });
  }

  private async standstill(): Promise<string> {
    const rows = (await this.life?.opened.ask('journal', { states: ['waiting', 'held', 'in-doubt'], limit: 20 })) ?? [];
    const left = rows.map(({ delivery: { destination, state, entry } }) => `${destination} ${entry ?? ''} ${state}`);
    return `it did not come to its end: ${left.join(', ') || 'senders wait'}`;
  }

  private digest(): string {
    const told = [
      this.timeline.steps,
      this.timeline.trueMs,
      this.peers.effects,
      [...this.peers.attempts],
      [...this.senders.acknowledged],
    ];
    return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
  }
}
