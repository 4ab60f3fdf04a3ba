// Settles an attempt: one commit with the delivery's end, its outputs, what it changed, and its row of the journal.

import { Busy, InDoubt, MortiseError, Unavailable } from '@mortise/sdk';
import type { Json } from '@mortise/sdk';
import type { Commit, DeliveryChange, Draft, StoredDelivery, StoredError } from '../store/store.ts';
import type { Permission } from './breaker.ts';
import { engineError } from './errors.ts';
import type { Dispatching } from './dispatching.ts';
import { factsOf, writesDebug } from './facts.ts';
import { leftAloneUntilMs, standsStill, wasNotMade } from './not-made.ts';
import type { Backlog } from './backlog.ts';
import { pauseMs } from './retry.ts';
import type { Destination, Outcome, Work } from './work.ts';

export interface Circumstances {
  readonly destination: Destination;
  readonly backlog: Backlog;
  readonly permission: Permission;
  readonly startedAtMs: number;
}

type Facts = Pick<DeliveryChange, 'error' | 'revision'>;

/** What the journal's row keeps of attempts. */
interface Journal {
  readonly firstFailedAtMs?: number;
  readonly position?: Readonly<Record<string, number>>;
  readonly tookMs?: number;
  readonly failures?: readonly { readonly atMs: number; readonly code: string; readonly message: string }[];
}

/** So many failed attempts are kept in a row of the journal, the newest. */
const failuresKept = 10;

/** Error codes that say: the message itself is not what it should be. */
const invalidCodes = new Set(['MORTISE_STEP_INVALID', 'MORTISE_STEP_NO_BRANCH', 'MORTISE_STEP_NO_RECIPIENT']);

export class Settler {
  private readonly dispatcher: Dispatching;

  constructor(dispatcher: Dispatching) {
    this.dispatcher = dispatcher;
  }

  /** Writes what came of an attempt. */
  settle(work: Work, outcome: Outcome, at: Circumstances): Promise<void> {
    this.tellBreaker(outcome, at);
    this.countFailure(outcome, at);
    const written = outcome.kind === 'ended' ? this.ended(work, outcome, at) : this.failed(work, outcome, at);
    outcome.handedOver?.(written);
    return outcome.settled ? written.finally(outcome.settled) : written;
  }

  /** Writes the outputs so far of an attempt that goes on. */
  async checkpoint(work: Work, also: Commit, position: Readonly<Record<string, number>>): Promise<Work> {
    const { delivery } = work;
    const journal = { ...journalOf(delivery), position } as Json;
    const outputs = (delivery.outputs ?? 0) + countOutputs(also, delivery);
    const change: DeliveryChange = {
      seq: delivery.seq,
      from: ['waiting'],
      state: 'waiting',
      journal,
      outputs,
      marked: work.suspect,
    };
    await this.write(change, also);
    return { ...work, delivery: { ...delivery, journal, outputs } };
  }

  private tellBreaker(outcome: Outcome, { destination: { breaker }, permission }: Circumstances): void {
    if (outcome.kind === 'failed') breaker?.tell(outcome.error, permission);
    else breaker?.succeeded();
  }

  private countFailure(outcome: Outcome, { destination }: Circumstances): void {
    if (outcome.kind === 'failed' && !wasNotMade(outcome.error)) this.dispatcher.traffic.countFailure(destination.name);
  }

  private ended(
    work: Work,
    outcome: Extract<Outcome, { kind: 'ended' }>,
    { backlog, startedAtMs }: Circumstances,
  ): Promise<void> {
    const { delivery } = work;
    const nowMs = this.dispatcher.clock.nowMs();
    const outputs = (delivery.outputs ?? 0) + countOutputs(outcome.also, delivery);
    const { state, revision, detail } = outcome;
    const change: Draft<DeliveryChange> = {
      seq: delivery.seq,
      from: ['waiting'],
      state,
      attempts: delivery.attempts + 1,
      endedAtMs: nowMs,
      journal: { ...journalOf(delivery), tookMs: nowMs - startedAtMs },
    };
    if (outputs > 0) change.outputs = outputs;
    if (revision !== undefined) change.revision = revision;
    if (detail !== undefined) change.detail = detail;
    if (delivery.error) change.error = null;
    const written = this.write(change, outcome.also);
    return written.then(() => {
      this.tellEnded(work, state);
      backlog.proceed(backlog.lanes.leave(delivery.lane));
    });
  }

  private tellEnded(work: Work, state: string): void {
    const { log, tracer } = this.dispatcher;
    tracer?.ended(work, state);
    if (writesDebug(log))
      log.debug({ event: 'delivery.ended', ...factsOf(work), state }, `${work.delivery.destination} is ${state}.`);
  }

  private async failed(
    work: Work,
    { error, revision, also }: Extract<Outcome, { kind: 'failed' }>,
    at: Circumstances,
  ): Promise<void> {
    const untilMs = leftAloneUntilMs(error);
    if (untilMs !== undefined) {
      // The system's breaker is open: nothing was attempted, nothing is counted, and nothing has to be written.
      at.backlog.delay(work, untilMs);
      return;
    }
    if (standsStill(error)) return this.rest(work, at);
    if (at.permission === 'probe' && error instanceof Unavailable) {
      at.backlog.putBack({ ...work, suspect: false });
      return;
    }
    const facts = { ...(revision === undefined ? {} : { revision }), error: toStoredError(error) };
    if (at.destination.staysInDoubt(error)) return this.inDoubt(work, facts, at);
    if (error instanceof Unavailable || error instanceof Busy || error instanceof InDoubt) {
      if (await this.retryLater(work, error, facts, also, at)) return;
    }
    await this.giveUp(work, error, facts, also, at);
  }

  /** Nothing was attempted. That it might have been is taken back, where a person would be asked about it after a crash. */
  private async rest(work: Work, { destination, backlog }: Circumstances): Promise<void> {
    const { seq } = work.delivery;
    if (destination.suspects === 'doubt' && !work.suspect) await this.write({ seq, from: ['waiting'], state: 'waiting' });
    backlog.rest(work, this.dispatcher.clock.nowMs());
  }

  private async inDoubt(work: Work, facts: Facts, { destination, backlog }: Circumstances): Promise<void> {
    const { delivery } = work;
    const holdsLane = delivery.lane !== undefined && destination.holdsLane(delivery);
    await this.write({
      seq: delivery.seq,
      from: ['waiting'],
      state: 'in-doubt',
      attempts: delivery.attempts + 1,
      holdsLane,
      ...facts,
    });
    this.alert(work, 'in-doubt', facts.error, holdsLane);
    if (holdsLane) backlog.lanes.hold(delivery.lane as string, delivery.seq);
    backlog.proceed(backlog.lanes.leave(delivery.lane));
  }

  /** Counts the attempt and waits for the next; false where it was retried for as long as it may. */
  private async retryLater(
    work: Work,
    error: MortiseError,
    facts: Facts,
    also: Commit | undefined,
    { destination, backlog }: Circumstances,
  ): Promise<boolean> {
    const { delivery } = work;
    const nowMs = this.dispatcher.clock.nowMs();
    const policy = destination.retryPolicy(delivery);
    const attempts = delivery.attempts + 1;
    const wait = error instanceof Busy ? error.retryAfterMs : pauseMs(policy, attempts, this.dispatcher.random);
    const journal = withFailure(journalOf(delivery), error, nowMs);
    if (nowMs + wait > (journal.firstFailedAtMs ?? nowMs) + policy.forMs) return false;
    const dueAtMs = nowMs + wait;
    const change: DeliveryChange = {
      seq: delivery.seq,
      from: ['waiting'],
      state: 'waiting',
      attempts,
      dueAtMs,
      journal: journal as Json,
      ...facts,
    };
    await this.write(change, also);
    this.dispatcher.log.debug(
      { event: 'delivery.delayed', ...factsOf(work), attempts, dueAt: new Date(dueAtMs).toISOString(), code: error.code },
      `${delivery.destination} is tried again: ${error.message}`,
    );
    const next = { ...delivery, attempts, dueAtMs, journal: journal as Json, ...(facts.error ? { error: facts.error } : {}) };
    backlog.delay({ ...work, suspect: false, delivery: next }, dueAtMs);
    return true;
  }

  private async giveUp(
    work: Work,
    error: MortiseError,
    facts: Facts,
    attempted: Commit | undefined,
    { destination, backlog }: Circumstances,
  ): Promise<void> {
    const { delivery } = work;
    const nowMs = this.dispatcher.clock.nowMs();
    const state = isInvalid(error) ? 'invalid' : 'dead';
    // Of what is damaged no copy is made: it would be one of an empty message.
    const copies = work.damage === undefined ? await destination.onEnd(work, state, error) : {};
    // People look for what failed by its business keys too.
    const kept = state === 'dead' ? attempted : attempted?.keys && { keys: attempted.keys };
    const also = { ...kept, ...copies };
    const holdsLane = state === 'dead' && delivery.lane !== undefined && destination.holdsLane(delivery);
    const journal = withFailure(journalOf(delivery), error, nowMs) as Json;
    const outputs = (delivery.outputs ?? 0) + countOutputs(also, delivery);
    const ended: DeliveryChange = {
      seq: delivery.seq,
      from: ['waiting'],
      state,
      attempts: delivery.attempts + 1,
      endedAtMs: nowMs,
      journal,
      holdsLane,
    };
    await this.write({ ...ended, ...(outputs > 0 ? { outputs } : {}), ...facts }, also);
    this.alert(work, state, facts.error ?? undefined, holdsLane);
    if (holdsLane) backlog.lanes.hold(delivery.lane as string, delivery.seq);
    backlog.proceed(backlog.lanes.leave(delivery.lane));
  }

  private write(change: DeliveryChange, also: Commit = {}): Promise<unknown> {
    return this.dispatcher.commit({ ...also, changes: [change, ...(also.changes ?? [])] });
  }

  private alert(work: Work, state: string, error: StoredError | null | undefined, holdsLane: boolean): void {
    this.dispatcher.tracer?.ended(work, state, error?.code ?? 'unknown');
    this.dispatcher.log.warn(
      { event: 'delivery.failed', ...factsOf(work), state, code: error?.code, holdsLane },
      `${work.delivery.destination} is ${state}: ${error?.message ?? 'no reason'}`,
    );
  }
}

/** The message is not what it should be. A value that a format cannot write is a mistake of the project, not of the message. */
export function isInvalid({ code }: MortiseError): boolean {
  return invalidCodes.has(code) || (code.startsWith('MORTISE_FORMAT_') && code !== 'MORTISE_FORMAT_UNWRITABLE');
}

/** An error as the journal keeps it. */
export function toStoredError(error: MortiseError): StoredError {
  const details = Object.keys(error.details).length > 0 ? { details: JSON.parse(JSON.stringify(error.details)) as Json } : {};
  return { code: error.code, message: error.message, remedy: error.remedy, ...details };
}

/** Any thrown thing as a MortiseError. */
export function toMortiseError(error: unknown): MortiseError {
  if (error instanceof MortiseError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return engineError('MORTISE_DELIVERY_FAULT', message, { cause: error });
}

export function journalOf({ journal }: StoredDelivery): Journal {
  return (journal ?? {}) as Journal;
}

function withFailure(journal: Journal, error: MortiseError, atMs: number): Journal {
  const failures = [...(journal.failures ?? []), { atMs, code: error.code, message: error.message.slice(0, 500) }];
  return { ...journal, firstFailedAtMs: journal.firstFailedAtMs ?? atMs, failures: failures.slice(-failuresKept) };
}

/** Deliveries that name this one as their parent. */
function countOutputs(also: Commit | undefined, { id }: StoredDelivery): number {
  let count = 0;
  for (const { parent } of also?.deliveries ?? []) if (parent === id) count += 1;
  return count;
}
