// The time that one send may take, as a signal that is made when the connector looks at it: many never do.

import type { Clock } from '@mortise/sdk';

/**
 * Whom to tell when a signal is aborted. All sends of a destination share one signal: its listeners would be a list that is walked through for
 * each that comes and goes, while this is a set.
 */
const followers = new WeakMap<AbortSignal, Set<AbortController>>();

export class SendTime {
  readonly #clock: Clock;
  readonly #outer: AbortSignal;
  readonly #endsAtMs: number;
  #own: AbortController | undefined;
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
    if (this.#own) followers.get(this.#outer)?.delete(this.#own);
  }

  #begin(): AbortController {
    const own = new AbortController();
    if (this.#outer.aborted) own.abort(this.#outer.reason);
    else {
      followersOf(this.#outer).add(own);
      const leftMs = Math.max(0, this.#endsAtMs - this.#clock.nowMs());
      this.#timer = this.#clock.after(leftMs, () => own.abort(new Error('timeout')));
    }
    return own;
  }
}

function followersOf(outer: AbortSignal): Set<AbortController> {
  const known = followers.get(outer);
  if (known) return known;
  const all = new Set<AbortController>();
  followers.set(outer, all);
  outer.addEventListener(
    'abort',
    () => {
      for (const one of all) one.abort(outer.reason);
    },
    { once: true },
  );
  return all;
}
