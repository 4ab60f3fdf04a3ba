// The time that one send may take, as a signal that is made when the connector looks at it: many never do.

import type { Clock } from '@mortise/sdk';

/**
 * Whom to tell when a signal is aborted. All sends of a destination share one signal: its listeners would be a list that is walked through for
 * each that comes and goes; here each knows its place. A set would make a new table every now and then, and an old one keeps the new one alive
 * with all that is in it.
 */
const followers = new WeakMap<AbortSignal, SendTime[]>();

export class SendTime {
  readonly #clock: Clock;
  readonly #outer: AbortSignal;
  readonly #endsAtMs: number;
  #own: AbortController | undefined;
  /** Among the followers; none before the signal is made, and after the end. */
  #place = -1;
  #timer: { cancel(): void } | undefined;

  /** Time begins now. `outer`: what else ends it. */
  constructor(clock: Clock, outer: AbortSignal, timeoutMs: number) {
    this.#clock = clock;
    this.#outer = outer;
    this.#endsAtMs = clock.nowMs() + timeoutMs;
  }

  get signal(): AbortSignal {
    return (this.#own ??= this.#begin()).signal;
  }

  /** The send has ended: nothing aborts it any more. */
  end(): void {
    this.#timer?.cancel();
    if (this.#place >= 0) this.#leave(followersOf(this.#outer));
  }

  #abort(reason: unknown): void {
    this.#own?.abort(reason);
  }

  #join(others: SendTime[]): void {
    this.#place = others.length;
    others.push(this);
  }

  /** The last one takes the place. */
  #leave(others: SendTime[]): void {
    const last = others.pop();
    if (last && last !== this) {
      others[this.#place] = last;
      last.#place = this.#place;
    }
    this.#place = -1;
  }

  static followed(outer: AbortSignal): SendTime[] {
    const all: SendTime[] = [];
    const tell = (): void => {
      // Who is told may leave.
      for (const one of all.slice()) one.#abort(outer.reason);
    };
    outer.addEventListener('abort', tell, { once: true });
    return all;
  }

  #begin(): AbortController {
    const own = new AbortController();
    if (this.#outer.aborted) own.abort(this.#outer.reason);
    else {
      this.#join(followersOf(this.#outer));
      const leftMs = Math.max(0, this.#endsAtMs - this.#clock.nowMs());
      this.#timer = this.#clock.after(leftMs, () => own.abort(new Error('timeout')));
    }
    return own;
  }
}

function followersOf(outer: AbortSignal): SendTime[] {
  let known = followers.get(outer);
  if (!known) followers.set(outer, (known = SendTime.followed(outer)));
  return known;
}
