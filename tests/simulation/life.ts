// One life of an engine: from its start on what the life before left, to its end.

import type { AcceptOptions, Clock, Inbound } from '@mortise/sdk';
import { Engine } from '../../engine/src/engine.ts';
import type { Connections, RunnableProject } from '../../engine/src/engine.ts';
import { memoryBlobs } from '../../engine/src/harness/memory-blobs.ts';
import { silent } from '../../engine/src/mesh.fixture.ts';
import type { Store } from '../../engine/src/store/store.ts';
import type { Disk, Durable, OpenedStore } from './durable.ts';
import type { Body, Peers } from './peers.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

/** A bug that a test plants between the engine and what it stands on. */
export interface Bug {
  readonly store?: (store: Store, random: Random) => Store;
  readonly peers?: (connections: Connections) => Connections;
}

export interface World {
  readonly timeline: Timeline;
  readonly durable: Durable;
  readonly disk: Disk;
  readonly peers: Peers;
  readonly random: Random;
  readonly window: number;
  readonly bug: Bug;
  /** What the feed has from this position on, by now. */
  feed(from: number): readonly Body[];
}

/** So many are taken from the feed at once. */
const feedBatch = 3;

export class Life {
  readonly engine: Engine;
  readonly opened: OpenedStore;
  isOver = false;
  /** The store can write no more: the process has to end. */
  hasFailed = false;
  private readonly clock: Clock & { end(): void };

  constructor(project: RunnableProject, world: World) {
    const { timeline, durable, disk, random, window, bug } = world;
    this.clock = timeline.life();
    this.opened = durable.open(this.clock, disk, random.fork());
    const store = bug.store?.(this.opened.store, random.fork()) ?? this.opened.store;
    const connections = connectionsOf(world);
    this.engine = new Engine({
      project,
      store,
      blobs: memoryBlobs(),
      clock: this.clock,
      log: silent,
      random: random.fork().next,
      randomBytes: random.fork().bytes,
      window: { deliveries: window, bytes: 1024 ** 2 },
      connections: bug.peers?.(connections) ?? connections,
    });
    void this.opened.store.failed.then(() => (this.hasFailed = true));
    this.engine.start().catch(() => (this.hasFailed = true));
  }

  async accept(body: Body, key: string): Promise<string> {
    const options: AcceptOptions = { key };
    const [accepted] = (await this.engine.inbound('peer.in')?.([{ body }], options)) ?? [];
    if (!accepted) throw new Error('Nothing was accepted.');
    return accepted.id;
  }

  /** As by SIGTERM. */
  async stop(): Promise<void> {
    await this.engine.stop();
    await this.opened.store.close();
    this.end();
  }

  /** As by SIGKILL. */
  end(): void {
    this.isOver = true;
    this.clock.end();
    this.engine.dispatcher.stopping = true;
    this.opened.kill();
  }
}

function connectionsOf(world: World): Connections {
  return {
    resolve: (_fields, values) => values,
    inbound: async ({ name }, { accept, cursor }): Promise<Inbound> => {
      if (name !== 'feed') return { close: async () => undefined };
      let position = typeof cursor === 'number' ? cursor : 0;
      const poll = async (): Promise<'more' | 'idle'> => {
        const bodies = world.feed(position).slice(0, feedBatch);
        if (bodies.length === 0) return 'idle';
        await accept(
          bodies.map((body) => ({ body })),
          { cursor: position + bodies.length },
        );
        position += bodies.length;
        return 'more';
      };
      return { poll, close: async () => undefined };
    },
    outbound: async ({ name }) => ({
      send: (message, context) => world.peers.send(name, message.body as Body, context),
      close: async () => undefined,
    }),
  };
}
