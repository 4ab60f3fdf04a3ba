// Bugs that a test plants at the seams of the engine, to see that the simulation finds them. Nothing of this is in the engine.

import { deriveId } from '../../engine/src/delivery/ids.ts';
import type {
  Commit,
  DeliveryChange,
  Store,
  StoredDelivery,
  StoredMessage,
  WaitingDelivery,
} from '../../engine/src/store/store.ts';
import type { Bug } from './life.ts';
import type { Random } from './random.ts';

/** A store that does something else with a commit. */
type Act = (commit: Commit, store: Store, random: Random) => ReturnType<Store['commit']>;

/** `over`: what is answered to a question otherwise. */
function storeWith(store: Store, commit: Store['commit'], read: Partial<Store['read']> = {}): Store {
  return {
    recovered: store.recovered,
    read: { ...store.read, ...read },
    failed: store.failed,
    takeSeq: () => store.takeSeq(),
    findDedupe: (key, nowMs) => store.findDedupe(key, nowMs),
    close: () => store.close(),
    commit,
    get queuedBytes() {
      return store.queuedBytes;
    },
  };
}

const acting = (act: Act): Bug => ({
  store: (store, random) => storeWith(store, (commit) => act(commit, store, random)),
});

const changing = (change: (commit: Commit, store: Store, random: Random) => Commit): Bug =>
  acting((commit, store, random) => store.commit(change(commit, store, random)));

const without = (...names: readonly (keyof Commit)[]): Bug =>
  changing((commit) => Object.fromEntries(Object.entries(commit).filter(([name]) => !names.includes(name as keyof Commit))));

const eachDelivery = (change: (delivery: StoredDelivery) => StoredDelivery): Bug =>
  changing((commit) => (commit.deliveries ? { ...commit, deliveries: commit.deliveries.map(change) } : commit));

const eachChange = (change: (one: DeliveryChange) => DeliveryChange): Bug =>
  changing((commit) => (commit.changes ? { ...commit, changes: commit.changes.map(change) } : commit));

/** Adds copies of deliveries, each with a message of its own, as if an output had been made twice. */
const copying = (isCopied: (delivery: StoredDelivery, commit: Commit) => boolean): Bug =>
  changing((commit, store) => {
    const { deliveries = [], messages = [] } = commit;
    const chosen = deliveries.filter((delivery) => isCopied(delivery, commit));
    const copies = chosen.map((delivery) => copyOf(delivery, messages, store));
    return {
      ...commit,
      messages: [...messages, ...copies.map(({ message }) => message)],
      deliveries: [...deliveries, ...copies.map(({ delivery }) => delivery)],
    };
  });

function copyOf(delivery: StoredDelivery, messages: readonly StoredMessage[], store: Store) {
  const original = messages.find(({ id }) => id === delivery.message);
  if (!original) throw new Error('A delivery without its message.');
  const id = deriveId(original.root, original.id, 'copy', delivery.destination);
  const message = { ...original, id };
  return { message, delivery: { ...delivery, id: deriveId(original.root, id), message: id, seq: store.takeSeq() } };
}

/** What is read from disk is not what was written. */
const rendering = (change: (message: StoredMessage) => StoredMessage): Bug => ({
  store: (store) => {
    const again = <T extends WaitingDelivery>(found: T): T => ({ ...found, message: change(found.message) });
    return storeWith(store, (commit) => store.commit(commit), {
      waiting: async (...asked) => (await store.read.waiting(...asked)).map(again),
      delivery: async (by) => {
        const found = await store.read.delivery(by);
        return found && again(found);
      },
    });
  },
});

const isOutput = ({ parent, state }: StoredDelivery): boolean => parent !== undefined && state === 'waiting';
const isToOutbound = ({ destination }: StoredDelivery): boolean => destination.startsWith('outbound:');
const isEnd = (commit: Commit): boolean => commit.changes?.some(({ state }) => state === 'done') ?? false;

export const bugs: Readonly<Record<string, Bug>> = {
  'acknowledges before the commit': acting((commit, store) => {
    const written = store.commit(commit);
    if (!commit.once) return written;
    written.catch(() => undefined);
    return Promise.resolve({});
  }),
  'forgets the cursor': without('cursor'),
  'forgets the key of the sender': without('once'),
  'commits the key of the sender after the message': acting(async (commit, store) => {
    const { once, ...rest } = commit;
    const result = await store.commit(rest);
    return once ? { ...result, ...(await store.commit({ once })) } : result;
  }),
  'loses the lane of what is on disk': eachDelivery(({ lane: _lane, ...delivery }) => delivery),
  'settles twice': copying((delivery, commit) => isEnd(commit) && isToOutbound(delivery) && delivery.state === 'waiting'),
  'commits outputs before the end that made them': acting(async (commit, store) => {
    const { messages, deliveries, ...rest } = commit;
    if (!isEnd(commit) || !deliveries || !messages) return store.commit(commit);
    await store.commit({ messages, deliveries });
    return store.commit(rest);
  }),
  'commits the dedupe key after the end': acting(async (commit, store) => {
    const { dedupe, ...rest } = commit;
    const result = await store.commit(rest);
    if (dedupe) await store.commit({ dedupe });
    return result;
  }),
  'forgets dedupe keys': without('dedupe'),
  'releases the dedupe key of what is dead': changing((commit) => {
    const isDead = commit.changes?.some(({ state }) => state === 'dead');
    const roots = commit.dedupe?.map(({ root }) => root) ?? [];
    const { dedupe: _dedupe, ...rest } = commit;
    return isDead && roots.length > 0 ? rest : commit;
  }),
  'renders again after the commit': rendering((message) =>
    message.body.kind === 'json' && message.parent !== undefined
      ? { ...message, body: { kind: 'json', text: message.body.text.replace(/\}$/, ',"again":true}') } }
      : message,
  ),
  'forgets the mark of what is being sent': eachChange(({ marked: _marked, ...change }) => change),
  'drops a timer': {
    store: (store) =>
      storeWith(store, (commit) => store.commit(commit), {
        heldDue: async (untilMs, limit) => {
          const found = await store.read.heldDue(untilMs, limit);
          return { ...found, due: found.due.filter((seq) => seq % 5 !== 0) };
        },
      }),
  },
  'emits a group twice': copying(({ entry, state }) => entry === 'group' && state === 'waiting'),
  'loses a member': changing((commit) => {
    const states = commit.states?.map((state) => ({ ...state, join: state.join?.slice(0, (state.was % 3) - 1) ?? [] }));
    return states ? { ...commit, states } : commit;
  }),
  'draws a number twice': changing((commit) => {
    const isKept = ({ step }: { readonly step: string }): boolean => step !== 'sequence';
    return commit.states ? { ...commit, states: commit.states.filter(isKept) } : commit;
  }),
  'counts no failed attempt': eachChange(({ attempts, ...change }) =>
    change.state === 'waiting' || attempts === undefined ? change : { ...change, attempts },
  ),
  'counts an attempt too much': eachChange((change) =>
    change.attempts === undefined || change.state !== 'done' ? change : { ...change, attempts: change.attempts + 1 },
  ),
  'publishes to one subscriber twice': copying(
    (delivery, commit) =>
      isOutput(delivery) &&
      delivery.entry === undefined &&
      delivery.destination.startsWith('flow:') &&
      (commit.messages?.length ?? 0) < (commit.deliveries?.length ?? 0),
  ),
  'forgets outputs': changing((commit, _store, random) => {
    if (!isEnd(commit) || !commit.deliveries || !random.chance(0.2)) return commit;
    return { ...commit, messages: [], deliveries: [] };
  }),
  'sends each attempt under an id of its own': {
    peers: (connections) => ({
      ...connections,
      outbound: async (definition, signal) => {
        const inner = await connections.outbound(definition, signal);
        const send: typeof inner.send = (message, context) =>
          inner.send(message, { ...context, deliveryId: `${context.deliveryId}-${context.attempt}` });
        return { ...inner, send };
      },
    }),
  },
};
