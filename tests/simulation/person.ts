// The operator of a simulation: looks at what is in doubt or died with the process, and gives up what holds up others.

import type { StoredDelivery } from '../../engine/src/store/store.ts';
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
    const open = rows.filter(({ delivery }) => isUnclear(delivery) || delivery.holdsLane === true);
    for (const { delivery } of open) if (!this.deciding.has(delivery.id)) this.act(life, delivery);
    return open.length;
  }

  /** The process has ended, and with it what was asked of it. */
  forget(): void {
    this.deciding.clear();
  }

  private act(life: Life, delivery: StoredDelivery): void {
    const { id } = delivery;
    const { operations } = life.engine;
    this.deciding.add(id);
    this.touched.add(id);
    const mayRetry = isUnclear(delivery) && !this.peers.has(id);
    const acting = mayRetry ? operations.retry(id) : operations.discard(id, 'It was decided.');
    void acting.catch(() => undefined).then(() => this.deciding.delete(id));
  }
}

/** Whether its peer did it is not known; or it is not its fault: three deaths of the process in a row, each while it ran alone. */
function isUnclear({ state, error }: StoredDelivery): boolean {
  return state === 'in-doubt' || (state === 'dead' && error?.code === 'MORTISE_DELIVERY_CRASHED');
}
