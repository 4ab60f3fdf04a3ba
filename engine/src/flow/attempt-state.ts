// What an attempt does with states: performs the effects of steps that keep something, and holds or moves on their messages.

import { Unavailable } from '@mortise/sdk';
import type { Json } from '@mortise/sdk';
import { deriveId } from '../delivery/ids.ts';
import { toMortiseError } from '../delivery/settle.ts';
import type { Work } from '../delivery/work.ts';
import { stepError } from '../step/errors.ts';
import type { Member, Membership, StateEffect, StateName, Taken } from '../step/state.ts';
import type { Commit, StateKey, StoredMember } from '../store/store.ts';
import { loadBody, toMessage } from './body.ts';
import { renderMember, renderProceeding } from './outputs.ts';
import type { Output, OutputContext } from './outputs.ts';
import { StateSession } from './state-session.ts';
import { sagaKey } from './undo.ts';

type EffectOf<Kind extends StateEffect['kind']> = Extract<StateEffect, { kind: Kind }>;
type Call = NonNullable<Commit['calls']>[number];

/** What the attempt lends. */
export interface AttemptParts {
  /** The delivery as it is now. */
  readonly work: Work;
  /** Adds an output. */
  add(output: Output): void;
  /** One of the held deliveries among the outputs comes back at another time. */
  due(delivery: string, dueAtMs: number): void;
  /** The number of the next output. */
  nextOrdinal(): string;
  /** The reply that an earlier attempt recorded under this id. */
  recordedValue(call: string): Promise<Json | undefined>;
  /** From now on these count as recorded, should the attempt start again. */
  remember(calls: readonly Call[]): void;
  /** Commits this beside the delivery, which goes on. `handedOver` is called when the store has it. */
  commitBeside(also: Commit, handedOver: (written: Promise<unknown>) => void): Promise<void>;
}

/** Numbers that several flows draw from are kept under no flow. */
const sequenceStep = 'sequence';
/** What a member costs in memory besides its body, about. */
const memberBytes = 100;
/** A page of members is held in memory at once. */
const pageBytes = 8 * 1024 * 1024;

export class AttemptState {
  readonly session: StateSession;
  /** Changes of members that others are not: when they come back. */
  changes: NonNullable<Commit['changes']>[number][] = [];
  /** Numbers that were drawn, as they are recorded with the delivery. */
  draws: Call[] = [];
  drawOrdinal = 0;
  private registerOrdinal = 0;
  private readonly context: OutputContext;
  private readonly parts: AttemptParts;
  private seqs: Map<number, number> | undefined;

  constructor(context: OutputContext, parts: AttemptParts) {
    this.context = context;
    this.parts = parts;
    this.session = new StateSession(context.runtime.states, context.runtime.blobs);
  }

  perform(effect: StateEffect): unknown {
    switch (effect.kind) {
      case 'take':
        return this.take(effect);
      case 'keep':
        return this.session.keep(this.key(effect), effect.value, effect.forMs && this.nowMs + effect.forMs);
      case 'join':
        return this.join(effect);
      case 'bodies':
        return this.session.bodies(this.key(effect));
      case 'members':
        return this.members(effect);
      case 'has':
        return this.has(effect);
      case 'leave':
        return this.leave(effect);
      case 'due':
        return this.due(effect);
      case 'membership':
        return this.context.work.delivery.options;
      case 'proceed':
        return this.proceed(effect);
      case 'draw':
        return this.draw(effect);
      case 'register':
        return this.register(effect);
    }
  }

  /** Makes what other attempts could not give back durable, before a system is called: numbers that were drawn. */
  async beforeCall(): Promise<void> {
    if (this.draws.length === 0) return;
    const { store, states } = this.context.runtime;
    const isSequence = ({ flow, step }: StateKey): boolean => flow === '' && step === sequenceStep;
    const written = store.commit({ states: this.session.gather(isSequence), calls: this.draws });
    this.session.handOver(written, isSequence);
    states.drawn.add(this.context.work.delivery.id);
    this.parts.remember(this.draws);
    this.draws = [];
    try {
      await written;
    } catch (error) {
      // The commit on which the number was built failed: the next attempt draws another one.
      if (toMortiseError(error).code !== 'MORTISE_STORE_CONFLICT') throw error;
      throw new Unavailable('The number that was drawn could not be kept.', { cause: error });
    }
  }

  /** What is registered and was not needed ends. */
  async unregister(): Promise<void> {
    const { delivery } = this.parts.work;
    const key = sagaKey(this.context.flow.name, delivery.id);
    if (((delivery.outputs ?? 0) === 0 && this.registerOrdinal === 0) || !(await this.session.take(key))) return;
    this.session.leave(key, { from: 0, through: Number.MAX_SAFE_INTEGER, state: 'filtered', endedAtMs: this.nowMs });
    this.session.keep(key, undefined);
  }

  /** Forgets what was done: the attempt starts again. */
  reset(): void {
    this.session.release();
    [this.changes, this.draws, this.drawOrdinal, this.registerOrdinal] = [[], [], 0, 0];
  }

  /** Everything up to here was committed; what follows is numbered from `ordinal` on. */
  committed(ordinal: number): void {
    [this.changes, this.draws, this.drawOrdinal] = [[], [], ordinal];
  }

  private async take(name: StateName): Promise<Taken> {
    const key = this.key(name);
    const value = await this.session.take(key);
    return { value, nowMs: this.nowMs, leftThrough: Math.max(0, this.session.leftThrough(key)) };
  }

  private async join({ place, message, entry, dueAtMs, ...name }: EffectOf<'join'>): Promise<string> {
    const { body } = message;
    if (body instanceof Uint8Array || (typeof body === 'object' && body !== null && 'open' in body))
      throw stepError('MORTISE_STEP_BODY_NOT_VALUE', `Step ${name.step} keeps values, and the body is bytes.`);
    const membership: Membership = { key: name.key, place };
    const output = await renderMember(message, entry, membership, dueAtMs, this.parts.nextOrdinal(), this.context);
    const [delivery] = output.deliveries;
    const bytes = memberBytes + (output.message.body.kind === 'json' ? output.message.body.text.length : 0);
    const joining = { place, body, bytes, delivery: delivery?.id ?? '', message: { ...message, id: output.message.id } };
    this.session.join(this.key(name), joining);
    this.parts.add(output);
    return output.message.id;
  }

  private async members({ limit, ...name }: EffectOf<'members'>): Promise<readonly Member[]> {
    const key = this.key(name);
    await this.session.flushed(key);
    const after = this.session.leftThrough(key);
    const found = await this.context.runtime.store.read.members(key, after, limit, pageBytes);
    this.seqs ??= new Map();
    for (const { place, delivery } of found) this.seqs.set(place, delivery.seq);
    const stored = await Promise.all(found.map((member) => this.memberOf(member)));
    return [...stored, ...this.session.joined(key)].sort((a, b) => a.place - b.place).slice(0, limit);
  }

  private async has({ place, ...name }: EffectOf<'has'>): Promise<boolean> {
    const key = this.key(name);
    if (this.session.joined(key).some((joining) => joining.place === place)) return true;
    await this.session.flushed(key);
    const [found] = await this.context.runtime.store.read.members(key, place - 1, 1, 1);
    return found?.place === place;
  }

  private async memberOf({ place, message, delivery }: StoredMember): Promise<Member> {
    const loaded = toMessage(message, await loadBody(message.body, this.context.runtime.blobs));
    const { expiresAtMs } = (delivery.options ?? {}) as { readonly expiresAtMs?: number };
    const properties = { ...loaded.properties, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
    return { place, message: { ...loaded, properties } };
  }

  private leave({ from, through, into, ...name }: EffectOf<'leave'>): void {
    const end = { from, through, state: 'done' as const, endedAtMs: this.nowMs };
    this.session.leave(this.key(name), { ...end, ...(into === undefined ? {} : { into }) });
  }

  private due({ place, dueAtMs, ...name }: EffectOf<'due'>): void {
    const seq = this.seqs?.get(place);
    const joining = this.session.joined(this.key(name)).find((one) => one.place === place);
    if (joining) this.parts.due(joining.delivery, dueAtMs);
    else if (seq !== undefined) this.changes.push({ seq, from: ['held'], state: 'held', dueAtMs });
  }

  private async proceed({ step, message, lane, member }: EffectOf<'proceed'>): Promise<string> {
    const output = await renderProceeding(message, step, lane, member?.message.id, this.parts.nextOrdinal(), this.context);
    this.parts.add(output);
    return output.message.id;
  }

  /** The number rides with the commit of the attempt; what failed has drawn none, unless a system has seen it. */
  private async draw({ name, from, to }: EffectOf<'draw'>): Promise<number> {
    const { delivery, message } = this.context.work;
    const call = deriveId(message.root, delivery.id, sequenceStep, name, this.drawOrdinal++);
    const before = await this.parts.recordedValue(call);
    if (typeof before === 'number') return before;
    const key: StateKey = { flow: '', step: sequenceStep, key: name };
    const kept = (await this.session.take(key)) as { readonly next?: number } | undefined;
    const next = kept?.next ?? from;
    const number = next < from || next > to ? from : next;
    this.session.keep(key, { next: number + 1 });
    this.draws.push({ delivery: delivery.id, call, reply: { body: { kind: 'json', text: String(number) } } });
    return number;
  }

  private async register({ entry, message }: EffectOf<'register'>): Promise<void> {
    const { flow, work } = this.context;
    const key = sagaKey(flow.name, work.delivery.id);
    const place = ++this.registerOrdinal;
    const { last = 0 } = ((await this.session.take(key)) ?? {}) as { readonly last?: number };
    if (place <= last) return;
    const ordinal = `${entry}/${place}`;
    const output = await renderMember(message, entry, { key: key.key, place }, undefined, ordinal, this.context);
    const [delivery] = output.deliveries;
    this.session.join(key, { place, body: undefined, bytes: memberBytes, delivery: delivery?.id ?? '', message });
    this.session.keep(key, { last: place });
    const only = (one: StateKey): boolean => one === key || (one.step === key.step && one.key === key.key);
    await this.parts.commitBeside(
      { messages: [output.message], deliveries: output.deliveries, states: this.session.gather(only) },
      (written) => this.session.handOver(written, only),
    );
  }

  private key({ step, key }: StateName): StateKey {
    return { flow: this.context.flow.name, step, key };
  }

  private get nowMs(): number {
    return this.context.runtime.clock.nowMs();
  }
}
