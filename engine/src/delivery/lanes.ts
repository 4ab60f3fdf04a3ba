// Lanes: of the deliveries of one destination with the same key, only the first may run.

import type { Work } from './work.ts';

/** What waits in a lane: a delivery in memory, or only the number under which it lies on disk. */
export type Ticket = Work | number;

interface Lane {
  /** One of the lane is running, or waits for its next attempt. */
  busy: boolean;
  /** A dead one, or one in doubt, holds up the lane until a person decides: its numbers. */
  readonly heldBy: Set<number>;
  readonly behind: Ticket[];
}

/** So many of a lane stay in memory behind its first; more are only numbers, so that one held lane cannot fill the memory. */
const bodiesBehindMax = 4;

export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  /** How many wait behind others. */
  behind = 0;

  /** Puts a delivery into its lane: it may run now, or it waits there. */
  enter(work: Work): Work | undefined {
    const { lane: key } = work.delivery;
    if (key === undefined) return work;
    const lane = this.lane(key);
    if (!lane.busy && lane.heldBy.size === 0 && lane.behind.length === 0) {
      lane.busy = true;
      return work;
    }
    lane.behind.push(lane.behind.length < bodiesBehindMax ? work : work.delivery.seq);
    this.behind += 1;
    return undefined;
  }

  /** One of the lane has ended: the next may run. */
  leave(key: string | undefined): Ticket | undefined {
    const lane = key === undefined ? undefined : this.lanes.get(key);
    if (!lane) return undefined;
    lane.busy = false;
    return this.advance(key as string, lane);
  }

  /** From now on the lane waits for a person. */
  hold(key: string, seq: number): void {
    const lane = this.lane(key);
    lane.heldBy.add(seq);
  }

  /** A person has decided about this one: the next may run, unless another holds the lane. */
  release(key: string, seq: number): Ticket | undefined {
    const lane = this.lanes.get(key);
    if (!lane?.heldBy.delete(seq)) return undefined;
    return lane.busy ? undefined : this.advance(key, lane);
  }

  /** Puts one back that held up the lane, or was held itself: before those that came later, so that it runs in its turn. */
  retry(work: Work): Work | undefined {
    const key = work.delivery.lane;
    if (key === undefined) return work;
    const lane = this.lane(key);
    lane.heldBy.delete(work.delivery.seq);
    if (!lane.busy && lane.heldBy.size === 0) {
      lane.busy = true;
      return work;
    }
    const later = lane.behind.findIndex((ticket) => numberOf(ticket) > work.delivery.seq);
    lane.behind.splice(later < 0 ? lane.behind.length : later, 0, work);
    this.behind += 1;
    return undefined;
  }

  get held(): readonly string[] {
    return [...this.lanes].filter(([, lane]) => lane.heldBy.size > 0).map(([key]) => key);
  }

  private advance(key: string, lane: Lane): Ticket | undefined {
    if (lane.heldBy.size > 0) return undefined;
    const next = lane.behind.shift();
    if (next === undefined) {
      this.lanes.delete(key);
      return undefined;
    }
    lane.busy = true;
    this.behind -= 1;
    return next;
  }

  private lane(key: string): Lane {
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = { busy: false, heldBy: new Set(), behind: [] }));
    return lane;
  }
}

function numberOf(ticket: Ticket): number {
  return typeof ticket === 'number' ? ticket : ticket.delivery.seq;
}
