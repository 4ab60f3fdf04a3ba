// For tests of the crash test: an engine with a planted fault, by the word that MORTISE_TEST_FAULT says.

import type { Commit, Store } from '../../store/store.ts';
import { runKillable } from './run-killable.ts';
import type { Seams } from './run-killable.ts';

/** A store that is asked to write something else than the engine said. */
function storeThat(store: Store, change: (commit: Commit) => Commit): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'commit') return (commit: Commit) => target.commit(change(commit));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

let settled = 0;
let sent = 0;

/** Each is a mistake that an engine or a connector could have. */
const faults: Readonly<Record<string, Seams>> = {
  /** Now and then a settle leaves out what it puts out. */
  'forgets-outputs': {
    store: (store) =>
      storeThat(store, (commit) => {
        const outputs = commit.deliveries?.filter(
          ({ parent, destination }) => parent !== undefined && destination.startsWith('outbound:'),
        );
        if (!outputs?.length || ++settled % 5 !== 0) return commit;
        return { ...commit, deliveries: commit.deliveries?.filter((one) => !outputs.includes(one)) ?? [] };
      }),
  },
  /** Says that the system has it, and gives it nothing. */
  'drops-sends': {
    outbound: (outbound) => ({
      ...outbound,
      send: async (message, context) => (++sent % 4 === 0 ? {} : outbound.send(message, context)),
    }),
  },
  /** Sends again under the same id what is not the same. */
  'changes-content': {
    outbound: (outbound) => ({
      ...outbound,
      send: async (message, context) => {
        await outbound.send(message, context);
        return outbound.send({ ...message, body: { again: Math.random() } }, context);
      },
    }),
  },
  /** Gives every attempt an id of its own. */
  'gives-new-ids': {
    outbound: (outbound) => ({
      ...outbound,
      send: (message, context) => outbound.send(message, { ...context, deliveryId: `${context.deliveryId}-${process.pid}` }),
    }),
  },
  /** Acknowledges what is only in memory: the first to be killed loses it. */
  'acknowledges-early': {
    store: (store) =>
      storeThat(store, (commit) => {
        const isAccept = commit.once !== undefined && commit.changes === undefined;
        return isAccept && ++settled % 3 === 0 ? {} : commit;
      }),
  },
};

await runKillable(faults[process.env['MORTISE_TEST_FAULT'] ?? ''] ?? {});
