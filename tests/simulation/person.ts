// The operator of a simulation: looks at what is in doubt, and gives up what holds up others.

import type { Life } from './life.ts';
import type { Peers } from './peers.ts';

export class Person {
  /** Deliveries about which the person decided: they may be out of order. */
  readonly touched = new Set<string>();
  private readonly deciding = new Set<string>();
  private readonly peers: Peers;

  constructor(peers: Peers) {
    this.peers = peers;
  }

  /** Decides about all that waits for a person; gives how many that were. */
  async decide(life: Life): Promise<number> {
    const rows = await life.opened.ask('journal', { states: ['in-doubt', 'dead'], limit: 1000 });
    const open = rows.filter(({ delivery }) => delivery.state === 'in-doubt' || delivery.holdsLane === true);
    for (const { delivery } of open) if (!this.deciding.has(delivery.id)) this.act(life, delivery.id, delivery.state);
    return open.length;
  }

  /** The process has ended, and with it what was asked of it. */
  forget(): void {
    this.deciding.clear();
  }

  private act(life: Life, id: string, state: string): void {
    const { operations } = life.engine;
    this.deciding.add(id);
    this.touched.add(id);
    const mayRetry = state === 'in-doubt' && !this.peers.has(id);
    const acting = mayRetry ? operations.retry(id) : operations.discard(id, 'It was decided.');
    void acting.catch(() => undefined).then(() => this.deciding.delete(id));
  }
}
