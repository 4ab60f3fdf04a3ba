// What is on disk after the last process has ended: the journal of the engine, and what its recorders noted.

import { balanceView } from '../../control/balance.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import type { StoredDelivery } from '../../store/store.ts';
import type { Campaign } from './campaign.ts';
import { journalOf } from './drain-life.ts';
import { readArrivals } from './record.ts';
import type { Arrival } from './record.ts';
import { workFiles } from './run-killable.ts';

/** A row of the journal, and the message with which its journey began. */
export interface EndedDelivery
  extends Pick<StoredDelivery, 'seq' | 'id' | 'destination' | 'flow' | 'lane' | 'state' | 'parent' | 'message'> {
  readonly root: string;
  readonly error?: string;
}

export interface Evidence extends Pick<Campaign, 'inputs' | 'acknowledged' | 'refused' | 'retried'> {
  readonly deliveries: readonly EndedDelivery[];
  readonly arrivals: readonly Arrival[];
  /** Why the balance is uneven; empty where it is even. */
  readonly uneven: readonly string[];
}

export async function readEvidence(workFolder: string, campaign: Campaign): Promise<Evidence> {
  const files = workFiles(workFolder);
  const store = await openSqliteStore({ folder: files.data, inThread: false });
  try {
    const deliveries = (await journalOf(store)).map(({ delivery, message }) => endedDelivery(delivery, message.root));
    const { reasons } = balanceView(await store.read.balance());
    const { inputs, acknowledged, refused, retried } = campaign;
    return { inputs, acknowledged, refused, retried, deliveries, arrivals: readArrivals(files.arrivals), uneven: reasons };
  } finally {
    await store.close();
  }
}

function endedDelivery(delivery: StoredDelivery, root: string): EndedDelivery {
  const { seq, id, destination, flow, lane, state, parent, message, error } = delivery;
  return {
    seq,
    id,
    destination,
    flow,
    state,
    message,
    root,
    ...(lane === undefined ? {} : { lane }),
    ...(parent === undefined ? {} : { parent }),
    ...(error === undefined ? {} : { error: `${error.code}: ${error.message}` }),
  };
}
