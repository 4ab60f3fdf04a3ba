// Random projects and histories: flows out of a small grammar, messages for them, and what happens meanwhile.

import type { Body } from './peers.ts';
import { Random } from './random.ts';

export type Target = { readonly outbound: string } | { readonly channel: string };

export type Step =
  | {
      readonly kind:
        | 'filter'
        | 'map'
        | 'split'
        | 'dedupe'
        | 'call'
        | 'try'
        | 'delay'
        | 'throttle'
        | 'resequence'
        | 'sequence'
        | 'aggregate';
    }
  | { readonly kind: 'send'; readonly target: Target }
  | { readonly kind: 'route'; readonly to: Target };

export interface FlowPlan {
  readonly name: string;
  readonly from: 'in' | 'feed' | { readonly channel: string };
  readonly order?: 'hold' | 'skip';
  readonly steps: readonly Step[];
  readonly to: readonly Target[];
  readonly concurrency: number;
}

/** Something that happens when so many steps of the simulation are done. */
export interface Event {
  readonly at: number;
  readonly kind: 'crash' | 'stop' | 'reload' | 'jump' | 'disk' | 'calm';
  readonly days?: number;
}

export interface Plan {
  readonly seed: number;
  readonly flows: readonly FlowPlan[];
  readonly channels: Readonly<Record<string, 'publish-subscribe' | 'point-to-point'>>;
  readonly messages: readonly {
    readonly body: Body;
    readonly to: 'in' | 'feed';
    readonly atMs: number;
    readonly repeats: number;
  }[];
  readonly events: readonly Event[];
  readonly trouble: number;
  readonly slowMsMax: number;
  readonly window: number;
  readonly diskMsMax: number;
}

const outbounds = ['a', 'b', 'once'];

export function planOf(seed: number): Plan {
  const random = new Random(seed);
  const channels: Record<string, 'publish-subscribe' | 'point-to-point'> = {};
  const flows: FlowPlan[] = [];
  const hasSources = random.pick([['in'], ['in', 'feed'], ['feed'], ['in']] as const);
  for (const from of hasSources) addFlow(from, 0, { random, flows, channels });
  const hasCrashes = random.chance(0.75);
  const messages = messagesOf(random, hasSources);
  const events = eventsOf(random, hasCrashes);
  return {
    seed,
    flows: events.some(({ kind }) => kind === 'jump') ? flows.map(withoutResequence) : flows,
    channels,
    messages,
    events,
    trouble: random.pick([0, 0, 0.05, 0.3, 0.6]),
    slowMsMax: random.pick([20, 1000, 5000]),
    window: random.pick([2, 5, 1000]),
    diskMsMax: random.pick([1, 5, 60]),
  };
}

/** A clock that is set may make a sender's message two, of which a resequencer lets one go on: that is not for the model to say. */
function withoutResequence(flow: FlowPlan): FlowPlan {
  return flow.from === 'in' ? { ...flow, steps: flow.steps.filter(({ kind }) => kind !== 'resequence') } : flow;
}

interface Growing {
  readonly random: Random;
  readonly flows: FlowPlan[];
  readonly channels: Record<string, 'publish-subscribe' | 'point-to-point'>;
}

function addFlow(from: FlowPlan['from'], depth: number, growing: Growing): void {
  const { random, flows, channels } = growing;
  const name = `f${flows.length}`;
  const isOrdered = random.chance(0.5);
  const opened: string[] = [];
  const target = (): Target => {
    const mayPublish = depth < 2 && opened.length === 0 && flows.length < 4;
    if (!mayPublish || random.chance(0.6)) return { outbound: random.pick(outbounds) };
    const channel = `${name}-out`;
    opened.push(channel);
    return { channel };
  };
  const steps = stepsOf(random, from, target);
  const to = steps.at(-1)?.kind === 'aggregate' ? [{ outbound: 'a' }] : Array.from({ length: random.pick([1, 1, 2]) }, target);
  flows.push({
    name,
    from,
    steps,
    to: to.filter((one, at) => to.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at),
    concurrency: random.pick([1, 2, 16]),
    ...(isOrdered ? { order: random.pick(['hold', 'skip'] as const) } : {}),
  });
  for (const channel of opened) {
    const isShared = random.chance(0.4);
    channels[channel] = isShared || random.chance(0.5) ? 'publish-subscribe' : 'point-to-point';
    for (let count = isShared ? 2 : 1; count > 0; count--) addFlow({ channel }, depth + 1, growing);
  }
}

/** What ends or tells apart stands first, what gathers last; each at most once, so that a plain model can follow. */
function stepsOf(random: Random, from: FlowPlan['from'], target: () => Target): readonly Step[] {
  const steps: Step[] = [];
  const first = random.int(0, 9);
  if (first < 2 || first === 4) steps.push({ kind: 'dedupe' });
  else if (first === 2 && typeof from === 'string') steps.push({ kind: 'resequence' });
  else if (first === 3) steps.push({ kind: 'filter' });
  const middle = ['map', 'call', 'try', 'delay', 'throttle', 'sequence', 'send', 'split', 'route'] as const;
  const drawn = new Set<string>();
  for (let count = random.int(0, 3); count > 0; count--) {
    const kind = random.pick(middle);
    const mayAgain = kind === 'map';
    if ((drawn.has(kind) && !mayAgain) || (kind === 'split' && typeof from !== 'string')) continue;
    drawn.add(kind);
    if (kind === 'send') steps.push({ kind, target: { outbound: random.pick(outbounds) } });
    else if (kind === 'route') steps.push({ kind, to: target() });
    else steps.push({ kind });
  }
  if (random.chance(0.2)) steps.push({ kind: 'aggregate' });
  return steps;
}

function messagesOf(random: Random, sources: readonly ('in' | 'feed')[]): Plan['messages'] {
  const lasts = new Map<string, number>();
  const count = random.pick([3, 8, 20]);
  const badness = random.pick([0, 0.1, 0.3]);
  const list = Array.from({ length: count }, (_, n) => {
    const to = random.pick(sources);
    const key = random.pick(['x', 'y', 'z']);
    const seq = (lasts.get(to + key) ?? 0) + 1;
    lasts.set(to + key, seq);
    const common = {
      n,
      key,
      seq,
      keep: !random.chance(0.2),
      route: random.chance(badness / 2) ? 'none' : random.pick(['p', 'q']),
      m: 0,
    };
    const bad = random.chance(badness);
    const whole = {
      ...common,
      part: 0,
      dup: `d${random.int(0, Math.ceil(count / 3))}`,
      poison: bad ? random.pick(['a', 'b', 'c', 'once']) : '',
      broken: random.chance(badness),
    };
    const parts = Array.from({ length: random.int(1, 4) }, (__, part) => ({
      ...whole,
      broken: false,
      part: part + 1,
      dup: `${whole.dup}/${part}`,
    }));
    return { body: { ...whole, parts }, to, atMs: random.int(0, 1500), repeats: random.chance(0.2) ? random.int(1, 2) : 0 };
  });
  return list;
}

function eventsOf(random: Random, hasCrashes: boolean): readonly Event[] {
  const events: Event[] = [];
  const at = (): number => random.pick([random.int(1, 60), random.int(1, 400), random.int(1, 900)]);
  if (hasCrashes) for (let count = random.int(1, 4); count > 0; count--) events.push({ at: at(), kind: 'crash' });
  if (random.chance(0.2)) events.push({ at: at(), kind: 'disk' });
  if (random.chance(0.3)) events.push({ at: at(), kind: 'stop' });
  for (let count = random.pick([0, 0, 1, 3]); count > 0; count--) events.push({ at: at(), kind: 'reload' });
  if (random.chance(0.25)) {
    const [begin, length] = [at(), random.int(1, 200)];
    events.push({ at: begin, kind: 'jump', days: random.pick([-30, 30]) }, { at: begin + length, kind: 'jump', days: 0 });
  }
  const calm = random.int(300, 900);
  events.push({ at: calm, kind: 'calm' });
  // What was held or put off while the clock was ahead has its time in the end.
  if (events.some(({ days = 0 }) => days > 0)) events.push({ at: calm + 300, kind: 'jump', days: 31 });
  return events.sort((a, b) => a.at - b.at);
}
