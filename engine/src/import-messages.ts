// Gives messages of an export back, each as a new one that names the old: once, however often the same file is imported.

import type { Headers } from '@mortise/sdk';
import {} from '@mortise/sdk';
import type { Dispatcher } from './delivery/dispatcher.ts';
import { engineError } from './delivery/errors.ts';
import { storeBody } from './flow/body.ts';
import type { CompiledFlow } from './flow/compiled.ts';
import type { ChannelDefinition, ModelDefinition } from './flow/definitions.ts';
import { laneOf, newDelivery, publish } from './flow/outputs.ts';
import type { FlowRuntime } from './flow/runtime.ts';
import { stepError } from './step/errors.ts';
import type { StoredDelivery, StoredMessage } from './store/store.ts';

export type ImportTarget = { readonly flow: string } | { readonly channel: string };

export interface ImportedMessage {
  /** Of the message as it was exported. */
  readonly id: string;
  readonly type: string;
  readonly source?: string;
  readonly subject?: string;
  readonly time?: string;
  readonly contentType?: string;
  readonly headers: Headers;
  readonly keys: Readonly<Record<string, string>>;
  /** A value, or bytes. */
  readonly body: unknown;
}

export interface ImporterOptions {
  readonly runtime: FlowRuntime;
  readonly dispatcher: Dispatcher;
  readonly newId: (nowMs: number) => string;
  /** Throws where nothing may be taken in. */
  readonly guard: () => void;
  channel(name: string): ChannelDefinition | undefined;
}

/** So long an import may be repeated without effect. */
const keyKeptMs = 90 * 86_400_000;

/** Where imported messages go, resolved. */
interface Place {
  readonly source?: string;
  readonly model: ModelDefinition | undefined;
  deliveries(message: StoredMessage, body: unknown): Promise<readonly StoredDelivery[]>;
}

export class Importer {
  private readonly options: ImporterOptions;

  constructor(options: ImporterOptions) {
    this.options = options;
  }

  /**
   * One message of the file that `file` names: the same again is a duplicate. Throws MORTISE_DELIVERY_NO_DESTINATION where
   * there is no such flow or channel, MORTISE_STEP_INVALID where the body does not fit its model.
   */
  async import(
    target: ImportTarget,
    file: string,
    given: ImportedMessage,
  ): Promise<{ readonly id: string; readonly duplicate: boolean }> {
    const { runtime, dispatcher, newId } = this.options;
    this.options.guard();
    const place = this.placeOf(target);
    checkFits(place.model, given.body);
    const nowMs = runtime.clock.nowMs();
    const id = newId(nowMs);
    const message: StoredMessage = {
      ...attributesOf(given, place, nowMs),
      id,
      root: id,
      acceptedAtMs: nowMs,
      body: await storeBody(given.body, runtime.blobs),
    };
    const scope = `import:${'flow' in target ? `flow:${target.flow}` : `channel:${target.channel}`}`;
    const { duplicateOf } = await dispatcher.commit({
      once: { scope, key: `${file}:${given.id}`, messages: [id], keepUntilMs: nowMs + keyKeptMs },
      messages: [message],
      deliveries: await place.deliveries(message, given.body),
      keys: Object.entries(given.keys).map(([name, value]) => ({ name, value, root: id })),
    });
    return { id: duplicateOf?.[0] ?? id, duplicate: duplicateOf !== undefined };
  }

  private placeOf(target: ImportTarget): Place {
    if ('flow' in target) {
      const flow = this.options.runtime.flow(target.flow);
      if (flow) return this.intoFlow(flow);
    } else {
      const channel = this.options.channel(target.channel);
      if (channel) return this.intoChannel(channel);
    }
    const named = 'flow' in target ? `flow "${target.flow}"` : `channel "${target.channel}"`;
    throw engineError('MORTISE_DELIVERY_NO_DESTINATION', `There is no ${named}.`);
  }

  private intoFlow(flow: CompiledFlow): Place {
    const { runtime } = this.options;
    const { model } = flow.from.kind === 'channel' ? flow.from.channel : flow.from.inbound;
    const destination = { destination: flow.destination, flow: flow.name };
    return {
      model,
      deliveries: async (message, body) => [
        newDelivery(message, runtime, undefined, { ...destination, ...(await laneOf(flow, message, body)) }),
      ],
    };
  }

  private intoChannel(channel: ChannelDefinition): Place {
    const { runtime } = this.options;
    return {
      source: `/channels/${channel.name}`,
      model: channel.model,
      deliveries: (message, body) => publish(channel, message, body, runtime, undefined),
    };
  }
}

function attributesOf(
  { id, type, source, subject, time, contentType, headers, keys }: ImportedMessage,
  place: Place,
  nowMs: number,
): Omit<StoredMessage, 'id' | 'root' | 'acceptedAtMs' | 'body'> {
  return {
    replayOf: id,
    source: place.source ?? source ?? '/imports',
    type,
    time: time ?? new Date(nowMs).toISOString(),
    headers,
    keys,
    variables: {},
    ...(subject === undefined ? {} : { subject }),
    ...(contentType === undefined ? {} : { dataContentType: contentType }),
    ...(place.model ? { dataSchema: place.model.name } : {}),
  };
}

function checkFits(model: ModelDefinition | undefined, body: unknown): void {
  const faults = model?.check(body);
  if (!faults) return;
  const sentence = faults.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  throw stepError('MORTISE_STEP_INVALID', `Not a valid ${model?.name}: ${sentence}`);
}
