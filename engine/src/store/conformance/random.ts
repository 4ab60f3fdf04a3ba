// Random histories of commits and restarts, clean and unclean, against the model: after each step the store must say what the model says.

import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../delivery-state.ts';
import type {
  Commit,
  DeliveryChange,
  Droppable,
  Joined,
  StateChange,
  StateKey,
  Store,
  StoredDelivery,
  StoredMessage,
} from '../store.ts';
import { deliveryStates } from '../delivery-state.ts';
import { StoreModel } from './model.ts';
import type { MakePlace } from './place.ts';
import { Bench } from './place.ts';
import { sampleDelivery, sampleId, sampleMessage, startMs } from './samples.ts';

const destinations = ['flow:orders', 'flow:other', 'outbound:erp.orders'];
const flows = ['orders', 'other'];
const keepMs = 50;
/** What is done, filtered and so on stays so; everything else may change. */
const changeable: readonly DeliveryState[] = ['waiting', 'held', 'in-doubt', 'dead'];

const acceptArbitrary = fc.record({
  kind: fc.constant('accept' as const),
  destination: fc.nat(2),
  deliveries: fc.integer({ min: 1, max: 2 }),
  state: fc.constantFrom<DeliveryState>('waiting', 'waiting', 'held', 'invalid'),
  once: fc.option(fc.nat(3), { nil: undefined }),
  businessKey: fc.option(fc.nat(2), { nil: undefined }),
  lane: fc.boolean(),
  /** Makes the commit wrong: a change that cannot be. */
  spoiled: fc.boolean(),
});
const changeArbitrary = fc.record({
  kind: fc.constant('change' as const),
  pick: fc.nat(40),
  state: fc.constantFrom(...deliveryStates),
  outputs: fc.nat(2),
  marked: fc.boolean(),
  wrong: fc.boolean(),
  dueIn: fc.option(fc.nat(100), { nil: undefined }),
  holdsLane: fc.option(fc.boolean(), { nil: undefined }),
});
const markArbitrary = fc.record({ kind: fc.constant('mark' as const), destination: fc.nat(2), pick: fc.nat(40) });
const dedupeArbitrary = fc.record({
  kind: fc.constant('dedupe' as const),
  key: fc.nat(3),
  root: fc.nat(3),
  release: fc.boolean(),
});
const stateArbitrary = fc.record({
  kind: fc.constant('state' as const),
  key: fc.nat(2),
  /** So many deliveries join. */
  joining: fc.nat(3),
  /** Those at the first places leave, up to this one; into a message or not. */
  leaving: fc.option(fc.nat(6), { nil: undefined }),
  into: fc.boolean(),
  forget: fc.boolean(),
  keepMs: fc.option(fc.nat(keepMs), { nil: undefined }),
  wrong: fc.boolean(),
});
const stepArbitrary = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(fc.oneof(acceptArbitrary, changeArbitrary, markArbitrary, dedupeArbitrary, stateArbitrary), {
      minLength: 1,
      maxLength: 5,
    }),
  },
  { weight: 1, arbitrary: fc.record({ passesMs: fc.nat(2 * keepMs) }) },
  { weight: 1, arbitrary: fc.record({ droppedBeforeMs: fc.nat(keepMs), sparesTroubles: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom('reopen' as const, 'kill' as const) },
);

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Accept = Drawn<typeof acceptArbitrary>;
type Change = Drawn<typeof changeArbitrary>;
type State = Drawn<typeof stateArbitrary>;
type Action = Accept | Change | State | Drawn<typeof markArbitrary> | Drawn<typeof dedupeArbitrary>;

export function random(makePlace: MakePlace, runs: number): void {
  describe('random histories', () => {
    it('end as in the model', { timeout: 300_000 }, async () => {
      const histories = fc.array(stepArbitrary, { minLength: 1, maxLength: 25 });
      const property = fc.asyncProperty(histories, (steps) => runHistory(makePlace, steps));
      await expect(fc.assert(property, { numRuns: runs })).resolves.toBeUndefined();
    });
  });
}

async function runHistory(makePlace: MakePlace, steps: readonly Drawn<typeof stepArbitrary>[]): Promise<void> {
  const history = new History(new Bench(await makePlace()));
  try {
    await history.begin();
    for (const step of steps) {
      if (step === 'reopen' || step === 'kill') await history.restart(step);
      else if ('droppedBeforeMs' in step) await history.drop(step);
      else if ('passesMs' in step) history.bench.clock.nowMs += step.passesMs;
      else await history.commit(step);
    }
    await history.restart('reopen');
    await history.compare();
  } finally {
    await history.bench.remove();
  }
}

class History {
  readonly bench: Bench;
  readonly #model = new StoreModel();
  #messages = 0;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  get #store(): Store {
    return this.bench.store;
  }

  async begin(): Promise<void> {
    await this.bench.open();
  }

  /** Hands all over at once; the model does them one after another. */
  async commit(actions: readonly Action[]): Promise<void> {
    const { nowMs } = this.bench.clock;
    const commits: Commit[] = [];
    const expected = actions.map((action) => {
      const commit = this.#commitOf(action);
      commits.push(commit);
      return this.#model.commit(commit, nowMs);
    });
    const settled = await Promise.allSettled(commits.map((commit) => this.#store.commit(commit)));
    const told = settled.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : codeOf(outcome.reason)));
    deepStrictEqual(
      told,
      expected.map((outcome) => (outcome === 'conflict' ? 'MORTISE_STORE_CONFLICT' : outcome)),
    );
    await this.#compareWaiting();
  }

  /** What a question says may go, goes; in two parts, so that both ends of a slice are met. */
  async drop({
    droppedBeforeMs,
    sparesTroubles,
  }: {
    readonly droppedBeforeMs: number;
    readonly sparesTroubles: boolean;
  }): Promise<void> {
    const beforeMs = this.bench.clock.nowMs - droppedBeforeMs;
    const expected = this.#model
      .all()
      .map(({ delivery }) => delivery)
      .filter((delivery) => this.#model.mayDrop(delivery, beforeMs))
      .filter(({ state }) => !sparesTroubles || (state !== 'dead' && state !== 'invalid'))
      .map(({ seq }) => seq);
    const found: number[] = [];
    for (let afterSeq: number | undefined = 0; afterSeq !== undefined; ) {
      const ask = { beforeMs, sparesTroubles, afterSeq, limit: 3, bytesMax: 1e9 };
      const { numbers, next }: Droppable = await this.#store.read.droppable(ask);
      found.push(...numbers);
      const drop = { seqs: numbers, endedBeforeMs: beforeMs };
      deepStrictEqual(await this.#store.commit({ drop }), this.#model.commit({ drop }, this.bench.clock.nowMs));
      afterSeq = next;
    }
    deepStrictEqual(found, expected);
    await this.compare();
  }

  async restart(how: 'reopen' | 'kill'): Promise<void> {
    const { recovered } = await (how === 'reopen' ? this.bench.reopen() : this.bench.killAndReopen());
    if (how === 'reopen') this.#model.end();
    else this.#model.die();
    deepStrictEqual(recovered.clean, this.#model.clean);
    deepStrictEqual(recovered.suspects, this.#model.suspects());
    const lanes = this.#model.all().filter(({ delivery }) => delivery.holdsLane === true && delivery.lane !== undefined);
    deepStrictEqual(
      recovered.heldLanes.map((lane) => lane.seq),
      lanes.map(({ delivery }) => delivery.seq),
    );
    await this.compare();
  }

  /** Every question. */
  async compare(): Promise<void> {
    const { read } = this.#store;
    await this.#compareWaiting();
    for (const held of this.#model.all()) {
      const { seq, id } = held.delivery;
      deepStrictEqual(await read.delivery(seq % 2 ? { seq } : { id }), this.#model.tell(held));
    }
    const balance = await read.balance();
    deepStrictEqual(sorted(balance.rows), sorted(this.#model.balance().rows));
    deepStrictEqual([balance.outputsSaid, balance.strayMessages], [balance.outputsFound, 0]);
    for (const { created, states } of balance.rows)
      deepStrictEqual(
        Object.values(states).reduce((sum, count) => sum + count),
        created,
      );
    for (const flow of flows) deepStrictEqual(await read.entries(flow), this.#model.entries(flow));
    await this.#compareKeys();
    await this.#compareStates();
    await this.#compareJourneys();
    await this.#compareDue();
  }

  async #compareWaiting(): Promise<void> {
    for (const destination of destinations) {
      const found = await this.#store.read.waiting(destination, 0, 1000, 1e9);
      deepStrictEqual(found, this.#model.waiting(destination));
    }
  }

  async #compareKeys(): Promise<void> {
    const { nowMs } = this.bench.clock;
    for (const key of ['0', '1', '2', '3']) {
      const name = { flow: 'orders', step: 'once', key };
      deepStrictEqual(await this.#store.findDedupe(name, nowMs), this.#model.findDedupe(name, nowMs));
      const rows = await this.#store.read.journal({ key: { name: 'order', value: key }, limit: 1000 });
      const roots = new Set(this.#model.keys.filter(({ value }) => value === key).map(({ root }) => root));
      const expected = this.#model.all().filter((held) => roots.has(this.#model.tell(held).message.root));
      deepStrictEqual(
        rows.map(({ delivery }) => delivery),
        expected.map((held) => held.delivery).reverse(),
      );
    }
  }

  async #compareStates(): Promise<void> {
    const { nowMs } = this.bench.clock;
    for (const n of [0, 1, 2]) {
      const name = stateKey(n);
      deepStrictEqual(await this.#store.read.state(name, nowMs), this.#model.state(name, nowMs));
      const members = this.#model.members(name);
      deepStrictEqual(await this.#store.read.members(name, 0, 1000, 1e9), members);
      const second = members.slice(1, 2);
      deepStrictEqual(await this.#store.read.members(name, members[0]?.place ?? 0, 1, 1e9), second);
    }
  }

  async #compareJourneys(): Promise<void> {
    for (const root of [...this.#model.messages.values()].filter((message) => message.id === message.root).slice(-5)) {
      const journey = await this.#store.read.journey(root.id);
      const messages = [...this.#model.messages.values()].filter((message) => message.root === root.id);
      deepStrictEqual(
        journey.messages,
        messages.sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
      const ids = new Set(messages.map((message) => message.id));
      const deliveries = this.#model.all().filter(({ delivery }) => ids.has(delivery.message));
      deepStrictEqual(
        journey.deliveries,
        deliveries.map((held) => held.delivery),
      );
      const joined = this.#model.joined().filter(({ memberRoot, intoRoot }) => [memberRoot, intoRoot].includes(root.id));
      deepStrictEqual(journey.joined.map(textOf).sort(), joined.map(textOf).sort());
    }
  }

  async #compareDue(): Promise<void> {
    const held = this.#model.all().filter(({ delivery }) => delivery.state === 'held' && delivery.dueAtMs !== undefined);
    const { due } = await this.#store.read.heldDue(Number.MAX_SAFE_INTEGER, 1000);
    const byDue = held.map(({ delivery }) => delivery).sort((a, b) => (a.dueAtMs ?? 0) - (b.dueAtMs ?? 0) || a.seq - b.seq);
    deepStrictEqual(
      due,
      byDue.map((delivery) => delivery.seq),
    );
  }

  #commitOf(action: Action): Commit {
    if (action.kind === 'accept') return this.#accept(action);
    if (action.kind === 'change') return this.#change(action);
    if (action.kind === 'state') return this.#state(action);
    if (action.kind === 'mark') {
      return { marks: [{ destination: pick(destinations, action.destination), seq: this.#pickDelivery(action.pick)?.seq ?? 0 }] };
    }
    const root = sampleId('c', action.root);
    if (action.release) return { released: [{ root, flow: 'orders' }] };
    const untilMs = this.bench.clock.nowMs + keepMs;
    return { dedupe: [{ flow: 'orders', step: 'once', key: String(action.key), root, untilMs }] };
  }

  #accept({ destination, deliveries, state, once, businessKey, lane, spoiled }: Accept): Commit {
    const message = this.#message();
    const more = {
      destination: pick(destinations, destination),
      flow: pick(flows, destination),
      state,
      ...(lane && { lane: `lane ${destination}` }),
      ...(state === 'held' && { entry: `entry ${destination}`, dueAtMs: this.bench.clock.nowMs + destination }),
    };
    return {
      messages: [message],
      deliveries: Array.from({ length: deliveries }, () => this.#delivery(message, more)),
      ...(once !== undefined && {
        once: { scope: 'inbound', key: String(once), messages: [message.id], keepUntilMs: this.bench.clock.nowMs + keepMs },
      }),
      ...(businessKey !== undefined && { keys: [{ name: 'order', value: String(businessKey), root: message.root }] }),
      ...(spoiled && { changes: [{ seq: Number.MAX_SAFE_INTEGER, from: ['waiting'], state: 'done' }] }),
    };
  }

  /** A change, with as many outputs as it says where it is done. */
  #change({ pick: at, state, outputs, marked, wrong, dueIn, holdsLane }: Change): Commit {
    const delivery = this.#pickDelivery(at);
    if (!delivery) return {};
    const children =
      state === 'done' ? Array.from({ length: outputs }, () => this.#message(this.#model.messages.get(delivery.message))) : [];
    const change: DeliveryChange = {
      seq: delivery.seq,
      from: wrong ? ['unclaimed'] : changeable,
      state: marked ? 'waiting' : state,
      attempts: delivery.attempts + 1,
      ...(dueIn !== undefined && { dueAtMs: dueIn === 0 ? null : this.bench.clock.nowMs + dueIn }),
      ...(holdsLane !== undefined && { holdsLane }),
      ...(marked
        ? { marked }
        : { outputs: children.length, endedAtMs: this.bench.clock.nowMs, revision: `r${at}`, journal: { at } }),
    };
    if (marked) return { changes: [change] };
    const more = { parent: delivery.id, destination: pick(destinations, at), flow: pick(flows, at) };
    return { changes: [change], messages: children, deliveries: children.map((child) => this.#delivery(child, more)) };
  }

  /** Members are of journeys of their own; what they become is of one more. */
  #state({ key, joining, leaving, into, forget, keepMs: forMs, wrong }: State): Commit {
    const name = stateKey(key);
    const { nowMs } = this.bench.clock;
    const kept = this.#model.states.get(`${name.flow}\n${name.step}\n${name.key}`);
    const last = Math.max(0, ...(kept?.members.keys() ?? []));
    const members = Array.from({ length: joining }, () => this.#message());
    const joins = members.map((message) => this.#delivery(message, { state: 'held', entry: 'group' }));
    const made = leaving !== undefined && into ? [this.#message()] : [];
    const change: StateChange = {
      ...name,
      was: wrong ? 7 : (this.#model.state(name, nowMs)?.version ?? 0),
      version: this.#store.takeSeq(),
      value: forget ? null : { last: last + joining },
      ...(forMs === undefined || forget ? {} : { untilMs: nowMs + forMs }),
      join: joins.map(({ id }, index) => ({ place: last + index + 1, delivery: id })),
      ...(leaving !== undefined && {
        leave: [{ from: 1, through: leaving, state: 'done', endedAtMs: nowMs, ...(made[0] && { into: made[0].id }) }],
      }),
    };
    return {
      messages: [...members, ...made],
      deliveries: [...joins, ...made.map((message) => this.#delivery(message, {}))],
      states: [change],
    };
  }

  #message(parent?: StoredMessage): StoredMessage {
    const n = this.#messages++;
    const id = sampleId('a', n, parent ? startMs : startMs + n);
    const time = parent ? Number.parseInt(parent.id.slice(0, 13).replace('-', ''), 16) : startMs + n;
    return sampleMessage(n, parent ? { id: sampleId('d', n, time), root: parent.root, parent: parent.id } : { id, root: id });
  }

  #delivery(message: StoredMessage, more: Partial<StoredDelivery>): StoredDelivery {
    const seq = this.#store.takeSeq();
    const time = Number.parseInt(message.id.slice(0, 13).replace('-', ''), 16);
    return sampleDelivery(seq, message.id, { id: sampleId('b', seq, time), ...more });
  }

  #pickDelivery(at: number): StoredDelivery | undefined {
    const all = this.#model.all();
    return all.length === 0 ? undefined : all[at % all.length]?.delivery;
  }
}

function stateKey(n: number): StateKey {
  return { flow: n === 0 ? '' : 'orders', step: 'group', key: `key ${n}` };
}

function textOf({ member, memberRoot, into, intoRoot }: Joined): string {
  return [member, memberRoot, into, intoRoot].join(' ');
}

function pick<T>(choices: readonly T[], at: number): T {
  const choice = choices[at % choices.length];
  if (choice === undefined) throw new Error('There is nothing to pick from.');
  return choice;
}

function sorted<T extends { readonly destination: string }>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((a, b) => (a.destination < b.destination ? -1 : 1));
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
}
