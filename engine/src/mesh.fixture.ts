// For tests of the engine: a whole mesh in memory, whose one system `peer` records what it gets and fails as it is told.

import { EventEmitter } from 'node:events';
import { defineInbound, defineOutbound, field } from '@mortise/sdk';
import type { AcceptOptions, Accepted, Clock, Logger, OutboundDeclaration, Receipt, SendContext } from '@mortise/sdk';
import { Engine } from './engine.ts';
import { compileFlow } from './flow/compile.ts';
import type { CompiledFlow } from './flow/compiled.ts';
import type { BlobFolder } from './flow/body.ts';
import type {
  Definitions,
  InboundDefinition,
  LookupTable,
  ModelDefinition,
  OutboundDefinition,
  SystemDefinition,
} from './flow/definitions.ts';
import { openSqliteStore } from './store/sqlite/open.ts';
import type { JournalRow, Store } from './store/store.ts';

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export interface Sent {
  readonly outbound: string;
  readonly body: unknown;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface MeshOptions {
  readonly flows: Readonly<Record<string, unknown>>;
  readonly channels?: Readonly<Record<string, { kind?: 'publish-subscribe' | 'point-to-point'; model?: ModelDefinition }>>;
  readonly models?: readonly ModelDefinition[];
  readonly tables?: readonly LookupTable[];
  /** What an outbound of `peer` does; a receipt, or a throw. Names: any. */
  readonly send?: (sent: Sent, context: SendContext) => Promise<Receipt> | Receipt;
  /** Outbounds whose repetition may have a second effect. */
  readonly unsafe?: readonly string[];
  readonly clock?: Clock;
  readonly store?: Store;
  readonly folder?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly functions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly window?: { readonly deliveries: number; readonly bytes: number };
  readonly log?: Logger;
  /** Whether the thread has had no time to spare. */
  readonly isBusy?: () => boolean;
  /** Of the system `peer`. */
  readonly limits?: SystemDefinition['limits'];
  readonly maintenance?: SystemDefinition['maintenance'];
  /** Of each outbound of `peer`. */
  readonly rate?: OutboundDefinition['rate'];
  /** Whether there is a second system, `other`, with an outbound `take`. */
  readonly other?: boolean;
  /** Makes `peer.in` one that is polled, every second. */
  readonly poll?: () => Promise<'more' | 'idle'>;
}

/** A clock for tests that should not wait: real time, a hundred times as fast. */
export const fastClock: Clock = {
  nowMs: () => Math.round(start + (performance.now() - begun) * 100),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs / 100);
    return { cancel: () => clearTimeout(timer) };
  },
};
const start = Date.now();
const begun = performance.now();

export class Mesh {
  readonly engine: Engine;
  readonly store: Store;
  readonly sent: Sent[] = [];
  private readonly changes = new EventEmitter();
  private options: MeshOptions;

  private constructor(options: MeshOptions, store: Store) {
    this.options = options;
    this.store = store;
    this.engine = new Engine({
      project: projectOf(options),
      store,
      blobs: memoryBlobs(),
      clock: options.clock ?? fastClock,
      log: options.log ?? silent,
      ...(options.window ? { window: options.window } : {}),
      ...(options.isBusy ? { isBusy: options.isBusy } : {}),
      connections: {
        resolve: (_fields, values) => values,
        inbound: async () => ({ close: async () => undefined, ...(options.poll ? { poll: options.poll } : {}) }),
        outbound: async (definition) => ({
          send: (message, context) => this.record(definition, message.body, context),
          close: async () => undefined,
        }),
      },
    });
  }

  static async open(options: MeshOptions): Promise<Mesh> {
    const store =
      options.store ??
      (await openSqliteStore({ folder: options.folder ?? ':memory:', nowMs: (options.clock ?? fastClock).nowMs }));
    const mesh = new Mesh(options, store);
    await mesh.engine.start();
    return mesh;
  }

  /** Hands a value to `peer.in`, as its inbound would. */
  async accept(body: unknown, key?: string, options: AcceptOptions = {}): Promise<Accepted> {
    const once = key === undefined ? options : { ...options, key };
    const [accepted] = (await this.engine.inbound('peer.in')?.([{ body }], once)) ?? [];
    if (!accepted) throw new Error('nothing was accepted');
    return accepted;
  }

  async apply(change: Partial<MeshOptions>): Promise<void> {
    this.options = { ...this.options, ...change };
    await this.engine.apply(projectOf(this.options));
  }

  /** The journal's rows, oldest first. */
  async journal(): Promise<readonly JournalRow[]> {
    return [...(await this.store.read.journal({ limit: 1000 }))].reverse();
  }

  /** How the deliveries stand, as `destination state`. */
  async states(): Promise<readonly string[]> {
    return (await this.journal()).map(({ delivery }) => `${delivery.destination} ${delivery.state}`);
  }

  /** Waits until a question is answered with yes. */
  async until(holds: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`${what} did not come; states: ${(await this.states()).join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until nothing is waiting any more. */
  async settled(): Promise<void> {
    await this.until(async () => (await this.states()).every((state) => !state.endsWith(' waiting')), 'everything settled');
  }

  async close(): Promise<void> {
    await this.engine.stop();
    await this.store.close();
  }

  private async record({ name }: OutboundDefinition, body: unknown, context: SendContext): Promise<Receipt> {
    const { deliveryId, attempt, options } = context;
    const sent = { outbound: name, body, deliveryId, attempt, options };
    this.sent.push(sent);
    this.changes.emit('sent');
    return (await this.options.send?.(sent, context)) ?? {};
  }
}

const inbound = defineInbound({ doc: 'Gives values.', mode: 'listening', gives: 'value', options: {} });
const outboundOptions = { path: field.text({ doc: 'A path.', optional: true }) };

function outboundDeclaration(unsafe: boolean): OutboundDeclaration {
  return defineOutbound({
    doc: 'Takes values.',
    takes: 'value',
    replies: true,
    repeats: unsafe ? 'unsafe' : 'safe',
    options: outboundOptions,
  });
}

function projectOf(options: MeshOptions) {
  const definitions = definitionsOf(options);
  const compiled = new Map<string, CompiledFlow>();
  for (const [name, value] of Object.entries(options.flows)) {
    const source = { name, source: { file: `flows/${name}.yaml`, value, locate: () => ({ line: 1, column: 1 }) } };
    const { flow, problems } = compileFlow(source, definitions);
    if (!flow) throw new Error(problems.map(({ code, message, remedy }) => `${code} ${message} ${remedy}`).join('\n'));
    compiled.set(name, flow);
  }
  const settings = {
    name: 'mesh',
    listeners: { inbound: '', control: '' },
    limits: { messageBytes: 1024 ** 2, freeDiskBytes: 0, stallMs: 30_000 },
    journal: { keepMs: 0, atMostBytes: 0, bodies: 'all' as const },
    log: { level: 'silent' as const, format: 'structured' as const },
    alerts: { receivers: {} },
  };
  return { settings, definitions, compiled, revision: 'test' };
}

export function definitionsOf({
  channels = {},
  models = [],
  tables = [],
  unsafe = [],
  files = {},
  functions = {},
  limits = {},
  maintenance = [],
  rate,
  other = false,
}: Omit<MeshOptions, 'flows'>): Definitions {
  const connection = { system: 'peer', name: 'default', connector: 'peer', values: {} };
  const inboundDefinition: InboundDefinition = {
    system: 'peer',
    name: 'in',
    connection,
    uses: 'in',
    declaration: inbound,
    options: {},
  };
  const outbounds = new Map(
    ['a', 'b', 'c', 'once'].map((name) => [
      name,
      { ...outboundOf(name, connection, unsafe.includes(name)), ...(rate ? { rate } : {}) },
    ]),
  );
  outbounds.set('path', { ...outboundOf('path', connection, false), options: { path: '/orders/${id}' } });
  const system: SystemDefinition = {
    name: 'peer',
    file: 'systems/peer.yaml',
    connections: new Map([['default', connection]]),
    inbounds: new Map([['in', inboundDefinition]]),
    outbounds,
    limits,
    maintenance,
  };
  return {
    folder: '/',
    systems: new Map([['peer', system], ...(other ? [['other', otherSystem(system)] as const] : [])]),
    channels: new Map(
      Object.entries(channels).map(([name, { kind = 'publish-subscribe', model }]) => [
        name,
        { name, kind, ...(model ? { model } : {}) },
      ]),
    ),
    models: new Map(models.map((model) => [model.name, model])),
    tables: new Map(tables.map((table) => [table.name, table])),
    format: (written) => ({ problem: `no format ${JSON.stringify(written)}`, remedy: 'none' }),
    inlineInbound: () => ({ problems: [] }),
    inlineOutbound: () => ({ problems: [] }),
    text: (file) => files[file],
    functions: async (file) => functions[file] ?? {},
  };
}

function otherSystem(peer: SystemDefinition): SystemDefinition {
  const connection = { system: 'other', name: 'default', connector: 'peer', values: {} };
  const take = { ...outboundOf('take', connection, false), system: 'other' };
  return {
    ...peer,
    name: 'other',
    file: 'systems/other.yaml',
    connections: new Map([['default', connection]]),
    inbounds: new Map(),
    outbounds: new Map([['take', take]]),
  };
}

function outboundOf(name: string, connection: OutboundDefinition['connection'], isUnsafe: boolean): OutboundDefinition {
  const onInDoubt = isUnsafe ? ('hold' as const) : ('retry' as const);
  const declaration = outboundDeclaration(isUnsafe);
  return { system: 'peer', name, connection, uses: name, declaration, options: {}, onInDoubt, timeoutMs: 60_000, concurrency: 4 };
}

/** A model that wants these properties. */
export function modelOf(name: string, ...required: readonly string[]): ModelDefinition {
  return {
    name,
    file: `models/${name}`,
    schema: { required: [...required] },
    check: (value) => {
      const missing = required.filter(
        (property) => typeof value !== 'object' || value === null || !Object.hasOwn(value, property),
      );
      return missing.length > 0 ? missing.map((property) => ({ path: `/${property}`, message: 'is missing' })) : undefined;
    },
  };
}

function memoryBlobs(): BlobFolder {
  const blobs = new Map<string, Uint8Array>();
  return {
    async write(chunks) {
      const parts: Uint8Array[] = [];
      if (chunks instanceof Uint8Array) parts.push(chunks);
      else for await (const chunk of chunks) parts.push(chunk);
      const blob = `blob-${blobs.size}`;
      const bytes = Buffer.concat(parts);
      blobs.set(blob, bytes);
      return { blob, sizeBytes: bytes.length };
    },
    async *open(blob) {
      yield blobs.get(blob) ?? new Uint8Array();
    },
  };
}
